"""The generator of practice sets: designs, tools, impressions, scenes, chemistry, and the truth of it all."""

from reference_samples.generator.caption import CAPTION
from reference_samples.generator.chemistry import Batch, ChemistryParams
from reference_samples.generator.design import Design, make_design, redraw
from reference_samples.generator.impression import ImpressionPicture, Pressure, render_impression, render_series
from reference_samples.generator.light import DIFFUSE, RAKING_SERIES, Light, raking
from reference_samples.generator.practice import METADATA_COLUMNS, PracticeParams, PracticeSet, make_practice_set
from reference_samples.generator.tool import Tool, ToolParams, make_tool
from reference_samples.generator.truth import MarkTruth, PhotographTruth, RulerTruth, Truth, read_truth

__all__ = [
    "CAPTION",
    "DIFFUSE",
    "METADATA_COLUMNS",
    "RAKING_SERIES",
    "Batch",
    "ChemistryParams",
    "Design",
    "ImpressionPicture",
    "Light",
    "MarkTruth",
    "PhotographTruth",
    "PracticeParams",
    "PracticeSet",
    "Pressure",
    "RulerTruth",
    "Tool",
    "ToolParams",
    "Truth",
    "make_design",
    "make_practice_set",
    "make_tool",
    "raking",
    "read_truth",
    "redraw",
    "render_impression",
    "render_series",
]
