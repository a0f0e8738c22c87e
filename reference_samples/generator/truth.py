"""What is true of a practice set: who made which mark, what belongs together, and which traps are laid."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

TRUTH_FILE = "truth.json"
FORMAT = "cachet-practice-truth/2"

Point = tuple[float, float]
Transform = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class MarkTruth:
    """One mark on one photograph.

    Attributes
    ----------
    kind : str
        ``embossed``, ``ink``, ``sticker`` or ``punch``.
    polygon : tuple of four (x, y)
        Around the design, in pixels of the upright photograph; it may pass the picture's edge.
    visible : float
        Share of the polygon that lies on the picture.
    design_id, tool_id : str
        What it is, and what made it.
    uses : int
        How often the tool had been used before.
    wear : float
        The tool's wear at that use, in [0, 1).
    exhibit : str
        The thing that bears it, such as ``"2"``: the same on every photograph of the seizure that shows the same thing.
    impression : str
        Names one physical impression; it is the same on all photographs that show it.
    metres_per_pixel : float
        Scale in the plane of the mark.
    design_to_photograph : 3 x 3 floats
        Takes the unit square of the design's mask to pixels.
    """

    kind: str
    polygon: tuple[Point, ...]
    visible: float
    design_id: str
    tool_id: str
    uses: int
    wear: float
    exhibit: str
    impression: str
    metres_per_pixel: float
    design_to_photograph: Transform


@dataclass(frozen=True, slots=True)
class RulerTruth:
    """A scale bar that lies in the picture.

    Attributes
    ----------
    polygon : tuple of four (x, y)
        Its corners, in pixels of the upright photograph; it may pass the picture's edge.
    visible : float
        Share of the polygon that lies on the picture; what lies on it is not taken off.
    metres_per_pixel : float
        Mean scale along the feet of its ticks.
    tick_metres : float
        From one tick to the next.
    """

    polygon: tuple[Point, ...]
    visible: float
    metres_per_pixel: float
    tick_metres: float


@dataclass(frozen=True, slots=True)
class LightTruth:
    """The lamp of a photograph, in degrees: azimuth 0 is the right of the picture, 90 its top."""

    azimuth_degrees: float
    elevation_degrees: float
    diffuse: float


@dataclass(frozen=True, slots=True)
class PhotographTruth:
    """One photograph.

    Attributes
    ----------
    file : str
        Its name in the folder ``photographs``.
    case_reference : str
        The seizure.
    view : str
        ``overview``, ``exhibit``, ``close-up``, ``tablets``, ``back`` or ``light series``.
    batch_id : str
        What it shows.
    light : LightTruth
        The lamp.
    series : str or None
        Names the light series that it belongs to: same scene, same camera, other lamp.
    flaw : str or None
        ``blurred``, ``glare`` or ``dark`` where it was spoiled on purpose.
    ruler : RulerTruth or None
        The scale bar, where one lies in the picture.
    width, height : int
        Upright, in pixels.
    marks : tuple of MarkTruth
        What can be seen on it; empty where it bears none.
    """

    file: str
    case_reference: str
    view: str
    batch_id: str
    light: LightTruth
    series: str | None
    flaw: str | None
    ruler: RulerTruth | None
    width: int
    height: int
    marks: tuple[MarkTruth, ...]


@dataclass(frozen=True, slots=True)
class DefectTruth:
    """One individual defect of a tool: see ``tool.Defect``."""

    kind: str
    x: float
    y: float
    size: float
    since: int


@dataclass(frozen=True, slots=True)
class ToolTruth:
    """One tool."""

    tool_id: str
    kind: str
    design_id: str
    size_metres: float
    raised: bool
    life: int
    seed: int
    defects: tuple[DefectTruth, ...]


@dataclass(frozen=True, slots=True)
class DesignTruth:
    """One design: ``seed`` and ``small`` make it again; a redrawn one also needs ``redraw_seed``."""

    design_id: str
    seed: int
    small: bool
    redrawn_from: str | None
    redraw_seed: int | None
    words: str


@dataclass(frozen=True, slots=True)
class BatchTruth:
    """One batch."""

    batch_id: str
    substance: str
    seed: int


@dataclass(frozen=True, slots=True)
class SeizureTruth:
    """One seizure: what was in it and which tools marked it."""

    case_reference: str
    date: str
    substance: str
    batch_id: str
    tool_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Two seizures that share something; pairs that are not listed share nothing."""

    first: str
    second: str
    same_tool: bool
    same_design: bool
    same_batch: bool


@dataclass(frozen=True, slots=True)
class Trap:
    """A place where a careless reader errs.

    Attributes
    ----------
    kind : str
        ``same design, two tools``; ``one tool, two batches``; ``look-alike tablets``; ``redrawn design``;
        ``one batch, two marks``; ``batch without a mark``.
    case_references : tuple of str
        The seizures in it.
    words : str
        What is true.
    """

    kind: str
    case_references: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is true of one practice set."""

    seed: int
    seizures: tuple[SeizureTruth, ...]
    photographs: tuple[PhotographTruth, ...]
    designs: tuple[DesignTruth, ...]
    tools: tuple[ToolTruth, ...]
    batches: tuple[BatchTruth, ...]
    links: tuple[Link, ...]
    traps: tuple[Trap, ...]
    generated: str = "Everything here is generated for practice. It shows no real case, place or person."
    format: str = FORMAT


def write_truth(folder: Path, truth: Truth) -> Path:
    """Write ``truth.json`` into a practice set's folder; return its path."""
    path = folder / TRUTH_FILE
    path.write_text(json.dumps(asdict(truth), indent=1) + "\n", encoding="utf-8")
    return path


def read_truth(folder: Path) -> Truth:
    """Read the truth of a practice set.

    Raises
    ------
    FileNotFoundError
        Where the folder holds no ``truth.json``.
    ValueError
        Where the file is of another format.
    """
    path = folder / TRUTH_FILE
    if not path.is_file():
        raise FileNotFoundError(f"expected {path}; found no such file. Name the folder that make_practice_set wrote.")
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if data.get("format") != FORMAT:
        raise ValueError(
            f"expected format {FORMAT!r} in {path}; found {data.get('format')!r}. Make the practice set anew."
        )
    return Truth(
        seed=int(data["seed"]),
        seizures=tuple(SeizureTruth(**{**row, "tool_ids": tuple(row["tool_ids"])}) for row in data["seizures"]),
        photographs=tuple(_photograph(row) for row in data["photographs"]),
        designs=tuple(DesignTruth(**row) for row in data["designs"]),
        tools=tuple(
            ToolTruth(**{**row, "defects": tuple(DefectTruth(**d) for d in row["defects"])}) for row in data["tools"]
        ),
        batches=tuple(BatchTruth(**row) for row in data["batches"]),
        links=tuple(Link(**row) for row in data["links"]),
        traps=tuple(Trap(**{**row, "case_references": tuple(row["case_references"])}) for row in data["traps"]),
        generated=str(data["generated"]),
        format=FORMAT,
    )


def _photograph(row: dict[str, Any]) -> PhotographTruth:
    marks = tuple(
        MarkTruth(
            **{
                **mark,
                "polygon": tuple((float(x), float(y)) for x, y in mark["polygon"]),
                "design_to_photograph": tuple(tuple(float(v) for v in line) for line in mark["design_to_photograph"]),
            }
        )
        for mark in row["marks"]
    )
    ruler = row["ruler"]
    if ruler is not None:
        ruler = RulerTruth(**{**ruler, "polygon": tuple((float(x), float(y)) for x, y in ruler["polygon"])})
    return PhotographTruth(**{**row, "light": LightTruth(**row["light"]), "ruler": ruler, "marks": marks})
