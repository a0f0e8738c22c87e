"""Impressed marks: press plates, punches, knurls, heat-seal bars."""

from forensics.toolmark.impressed.cells import CellParams
from forensics.toolmark.impressed.compare import Comparer, ImpressedParams, compare, compare_all
from forensics.toolmark.impressed.describe import (
    DescribeParams,
    describe_field,
    describe_photograph,
    describe_surface,
)
from forensics.toolmark.impressed.features import METHOD, ImpressedFeatures
from forensics.toolmark.impressed.register import RegisterParams
from forensics.toolmark.impressed.scale import ScaleParams

__all__ = [
    "METHOD",
    "CellParams",
    "Comparer",
    "DescribeParams",
    "ImpressedFeatures",
    "ImpressedParams",
    "RegisterParams",
    "ScaleParams",
    "compare",
    "compare_all",
    "describe_field",
    "describe_photograph",
    "describe_surface",
]
