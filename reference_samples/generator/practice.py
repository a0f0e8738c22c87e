"""Make a practice set: seizures that belong together or only look so, photographed and measured, and the truth."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import combinations
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from reference_samples.generator.camera import bright, take
from reference_samples.generator.caption import burn_in, encode
from reference_samples.generator.chemistry import ChemistryParams, measure, write_csv
from reference_samples.generator.light import RAKING_SERIES, Light
from reference_samples.generator.panel import apply
from reference_samples.generator.studio import Exhibit, Flaw, Shot, View, compose
from reference_samples.generator.table import TABLES
from reference_samples.generator.tool import Tool
from reference_samples.generator.truth import (
    BatchTruth,
    DefectTruth,
    LightTruth,
    Link,
    MarkTruth,
    PhotographTruth,
    RulerTruth,
    SeizureTruth,
    ToolTruth,
    Trap,
    Truth,
    write_truth,
)  # fmt: skip
from reference_samples.generator.world import PlannedSeizure, World, date_and_fill, lay_out, lay_out_tools

METADATA_COLUMNS = (
    "file", "case_reference", "date", "country", "place", "substance", "conveyance", "departure", "transit",
    "destination", "concealment", "notes",
)  # fmt: skip
"""Header of ``metadata.csv``: one row a photograph."""

Progress = Callable[[int, int], None]
"""Told how many photographs are done, of how many."""

_NOTE = "generated practice data"

_COUNTRIES = (
    *("NL", "BE", "DE", "ES", "PT", "FR", "IT", "GB", "PL", "GR", "SE", "US", "CA", "MX", "BR"),
    *("AR", "CL", "ZA", "KE", "SN", "MA", "AE", "IN", "TH", "JP", "KR", "AU", "NZ", "SG", "TR"),
)
_PLACES = (
    "Practice Harbour",
    "Practice Airport, cargo hall",
    "Practice Bridge checkpoint",
    "Practice Parcel Centre",
    "Practice Central Station",
    "Practice Ferry Terminal",
    "Practice Motorway, km 12",
    "Practice Industrial Park",
    "Practice Market Street 4",
    "Practice Marina",
)
_CARRIED = {
    "container ship": ("inside reefer panels", "among fruit boxes", "in sports bags behind the door"),
    "lorry": ("under a false floor", "in the spare wheel", "between pallets"),
    "car": ("behind the dashboard", "in the door panels", "in the spare wheel well"),
    "air freight": ("inside machine parts", "in picture frames", "in coffee packs"),
    "parcel post": ("in a toy box", "between book covers", "in a vacuum-packed garment"),
    "passenger": ("in a suitcase lining", "in hand luggage", "strapped to the body"),
    "yacht": ("in the keel locker", "under the bunks", "in fenders"),
}


@dataclass(frozen=True, slots=True)
class PracticeParams:
    """Size and make-up of a practice set.

    Attributes
    ----------
    seizures : int
        Bounds 16 to 5,000; 16 are needed to lay every trap.
    photographs : int
        At least one a seizure and five more for a light series, at most 100 a seizure.
    longest : int
        Longer side of a photograph in pixels. Bounds 240 to 6,000; 1,600 is what a page shows.
    quality : int
        Of the JPEG. Bounds 50 to 100; 88 is a telephone's.
    flawed : float
        Share of photographs spoiled on purpose (blurred, glaring, dark) for the quality gate. Bounds 0 to 0.5.
    turned : float
        Share stored sideways with an EXIF tag, as telephones do. Bounds 0 to 1.
    series_share : float
        Share of photographs that belong to light series of five. Bounds 0 to 0.5.
    layout : str
        ``casework``: links, traps and seizures that stand alone. ``tools``: for every design two tools and one that was
        drawn anew, so that same tool and other tool can be told apart in numbers.
    chemistry : ChemistryParams
        Spread of the profiles.
    """

    seizures: int = 60
    photographs: int = 200
    longest: int = 1600
    quality: int = 88
    flawed: float = 0.03
    turned: float = 0.04
    series_share: float = 0.15
    layout: Literal["casework", "tools"] = "casework"
    chemistry: ChemistryParams = field(default_factory=ChemistryParams)

    def __post_init__(self) -> None:
        """Hold the bounds."""
        within = (
            16 <= self.seizures <= 5000 and self.seizures + 5 <= self.photographs <= 100 * self.seizures
            and 240 <= self.longest <= 6000 and 50 <= self.quality <= 100 and 0 <= self.flawed <= 0.5
            and 0 <= self.turned <= 1 and 0 <= self.series_share <= 0.5
        )  # fmt: skip
        if not within:
            raise ValueError(
                f"expected a practice set within its bounds; found {self}. See PracticeParams: at least 16 seizures, "
                "and at least five photographs more than seizures."
            )


@dataclass(frozen=True, slots=True)
class PracticeSet:
    """A practice set on disk.

    Attributes
    ----------
    folder, photographs, metadata, chemistry, truth_file : Path
        The folder, and in it the folder of photographs, the two tables, and the truth.
    truth : Truth
        What is true of it.
    """

    folder: Path
    photographs: Path
    metadata: Path
    chemistry: Path
    truth_file: Path
    truth: Truth


def make_practice_set(
    folder: Path, *, seed: int = 1, params: PracticeParams | None = None, progress: Progress | None = None
) -> PracticeSet:
    """Make a practice set in a folder.

    1. Lay out the world: designs, tools, batches, and the seizures they meet in, traps first.
    2. Give every seizure its day, its paper and its exhibits.
    3. Photograph: scene, lamps, camera; the words that say it is generated; JPEG.
    4. Measure the batches. 5. Write the tables and the truth.

    Parameters
    ----------
    folder : Path
        Made where missing; files of the same names are replaced.
    seed : int
        The same seed and parameters give the same bytes on the same machine and library versions.
    params : PracticeParams, optional
        Size and make-up.
    progress : callable, optional
        Called with (done, total) after each photograph.

    Returns
    -------
    PracticeSet
        Where everything is, and the truth.

    Raises
    ------
    OSError
        Where the folder cannot be written.
    """
    params = params or PracticeParams()
    # 1.
    world = World(seed)
    (lay_out_tools if params.layout == "tools" else lay_out)(world, params.seizures)
    # 2.
    date_and_fill(world)
    # 3.
    pictures = folder / "photographs"
    pictures.mkdir(parents=True, exist_ok=True)
    photographs: list[PhotographTruth] = []
    for truth, data in _photograph_all(world, params):
        (pictures / truth.file).write_bytes(data)
        photographs.append(truth)
        if progress is not None:
            progress(len(photographs), params.photographs)
    # 4.
    rows = []
    rng = np.random.default_rng([seed, 0xC4E3])
    for seizure in world.seizures:
        for k in range(1 + int(rng.integers(0, 3))):
            rows += measure(
                seizure.batch,
                seizure.case_reference,
                f"S{k + 1}",
                seed=int(rng.integers(1, 2**31)),
                params=params.chemistry,
            )
    chemistry = folder / "chemistry.csv"
    write_csv(chemistry, rows)
    # 5.
    metadata = folder / "metadata.csv"
    _write_metadata(metadata, world, photographs)
    truth_of_all = _truth(world, photographs)
    return PracticeSet(folder, pictures, metadata, chemistry, write_truth(folder, truth_of_all), truth_of_all)


def _plan(world: World, params: PracticeParams) -> list[list[View]]:
    """Which views each seizure gets, together as many as asked for."""
    rng = np.random.default_rng([world.seed, 0x91A4])
    relief = [s.number for s in world.seizures if s.line.tool is not None and s.line.form in ("brick", "tablet")]
    spare = params.photographs - params.seizures
    series = max(1, min(round(params.series_share * params.photographs / 5), len(relief), spare // 5)) if relief else 0
    chosen = set(rng.permutation(relief)[:series].tolist())
    counts = np.ones(params.seizures, int)
    left = spare - 5 * series
    while left:
        weights = 1.0 / counts**1.5
        counts[int(rng.choice(params.seizures, p=weights / weights.sum()))] += 1
        left -= 1
    plans: list[list[View]] = []
    for seizure, count in zip(world.seizures, counts, strict=True):
        marked, tablets = seizure.line.tool is not None, seizure.line.form == "tablet"
        first: list[View] = (
            ["tablets", "close-up", "close-up", "back"]
            if tablets
            else ["exhibit", "close-up", "overview", "exhibit", "back"]
        )
        if not marked:
            first = ["tablets", "back"] if tablets else ["exhibit", "overview", "back"]
        elif not tablets and rng.random() < 0.3:
            first = ["overview", *first]
        views = [first[k % len(first)] for k in range(count)]
        if seizure.number in chosen:
            views.append("light series")
        plans.append(views)
    return plans


def _spoiled(world: World, plans: list[list[View]], params: PracticeParams) -> dict[tuple[int, int], Flaw]:
    """Which photographs are spoiled, and how: never a seizure's first, an overview, or one of a light series."""
    rng = np.random.default_rng([world.seed, 0xF1A3])
    open_to_it = [
        (number, k)
        for number, views in enumerate(plans)
        for k, view in enumerate(views)
        if k > 0 and view not in ("overview", "light series")
    ]
    kinds: tuple[Flaw, ...] = ("blurred", "glare", "dark")
    count = min(round(params.flawed * params.photographs), len(open_to_it))
    chosen = rng.permutation(len(open_to_it))[:count]
    return {open_to_it[int(at)]: kinds[n % len(kinds)] for n, at in enumerate(chosen)}


def _photograph_all(world: World, params: PracticeParams) -> Iterator[tuple[PhotographTruth, bytes]]:
    plans = _plan(world, params)
    flaws = _spoiled(world, plans, params)
    for seizure, views in zip(world.seizures, plans, strict=True):
        rng = np.random.default_rng([world.seed, seizure.number, 0xF070])
        tables = [str(rng.choice(TABLES)) for _ in range(2)]
        shot_number = 0
        for k, view in enumerate(views):
            exhibits = _chosen(seizure, view, k)
            flaw = flaws.get((seizure.number, k))
            shot = compose(view, exhibits, longest=params.longest, table_kind=tables[k % 2], rng=rng, flaw=flaw)
            lights = RAKING_SERIES if view == "light series" else (shot.light,)
            reference = None
            for light in lights:
                shot_number += 1
                lit = shot.scene.light_up(light)
                if view == "light series":
                    # One exposure for the four lamps, as on a stand; the diffuse one has its own.
                    reference = bright(lit) if reference is None or light.diffuse > 0.5 else reference
                pixels = take(lit, replace(shot.exposure, quality=params.quality), rng, reference=reference)
                burn_in(pixels, rng)
                name = f"{seizure.case_reference}_{shot_number:02d}.jpg"
                truth = _photograph_truth(seizure, shot, light, view, name, flaw, pixels.shape)
                taken_at = datetime.combine(seizure.day, time(9, 0)) + timedelta(
                    minutes=int(rng.integers(0, 60)) + 7 * shot_number
                )
                turned = int(rng.random() < params.turned and view != "light series")
                data = encode(
                    pixels, quality=params.quality, description=f"{seizure.case_reference}, {view}", taken_at=taken_at,
                    quarter_turns=turned,
                )  # fmt: skip
                yield truth, data
            del shot, lit, pixels  # the next scene is built before these names are bound again


def _chosen(seizure: PlannedSeizure, view: View, k: int) -> list[Exhibit]:
    """Which exhibits a view shows: another one each time."""
    exhibits = seizure.exhibits
    if view in ("overview", "tablets"):
        return exhibits
    marked = [exhibit for exhibit in exhibits if exhibit.tool is not None]
    pool = marked if marked and view in ("close-up", "light series", "exhibit") else exhibits
    return [pool[(k // 2) % len(pool)]]


def _photograph_truth(
    seizure: PlannedSeizure, shot: Shot, light: Light, view: View, name: str, flaw: str | None, shape: tuple[int, ...]
) -> PhotographTruth:
    height, width = shape[:2]
    marks = []
    bearers = {id(panel): exhibit for (panel, _), exhibit in zip(shot.scene.items, shot.shown, strict=False)}
    for panel, mark, polygon, transform in shot.scene.marks():
        exhibit = bearers[id(panel)]
        area = abs(float(cv2.contourArea(polygon)))
        frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        seen, _ = cv2.intersectConvexConvex(polygon, frame)
        visible = min(1.0, float(seen) / area) if area else 0.0
        if visible < 0.25:
            continue
        across = np.linalg.norm(polygon[1] - polygon[0]) + np.linalg.norm(polygon[2] - polygon[3])
        left, _, right, _ = mark.tool.design.extent()
        scale = 2 * (right - left + 0.04) * mark.tool.size / float(across)
        t = [[round(float(v), 9) for v in line] for line in transform]
        marks.append(
            MarkTruth(
                kind=mark.kind,
                polygon=tuple((round(float(x), 2), round(float(y), 2)) for x, y in polygon),
                visible=round(visible, 4),
                design_id=mark.tool.design.design_id,
                tool_id=mark.tool.tool_id,
                uses=mark.pressure.uses,
                wear=round(mark.tool.wear(mark.pressure.uses), 5),
                exhibit=exhibit.name,
                impression=f"{seizure.case_reference}/{exhibit.name}",
                metres_per_pixel=float(f"{scale:.6g}"),
                design_to_photograph=(
                    (t[0][0], t[0][1], t[0][2]),
                    (t[1][0], t[1][1], t[1][2]),
                    (t[2][0], t[2][1], t[2][2]),
                ),
            )
        )
    azimuth = math.degrees(light.azimuth) % 360
    return PhotographTruth(
        file=name, case_reference=seizure.case_reference, view=view, batch_id=seizure.batch.batch_id,
        light=LightTruth(round(azimuth, 2), round(math.degrees(light.elevation), 2), round(light.diffuse, 3)),
        series=f"{seizure.case_reference}/lights" if view == "light series" else None, flaw=flaw,
        ruler=_ruler_truth(shot, width, height),
        width=width, height=height, marks=tuple(marks),
    )  # fmt: skip


def _ruler_truth(shot: Shot, width: int, height: int) -> RulerTruth | None:
    if shot.ruler is None:
        return None
    ruler, pose = shot.ruler
    to_picture = shot.scene.camera.plane(pose.z + ruler.panel.thickness) @ pose.matrix
    (left, top), (right, bottom) = ruler.panel.outline.min(axis=0), ruler.panel.outline.max(axis=0)
    polygon = apply(to_picture, [(left, top), (right, top), (right, bottom), (left, bottom)])
    one, other = apply(to_picture, ruler.feet)
    metres = math.dist(*ruler.feet)
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen, _ = cv2.intersectConvexConvex(polygon.astype(np.float32), frame)
    return RulerTruth(
        polygon=tuple((round(float(x), 2), round(float(y), 2)) for x, y in polygon),
        visible=round(min(1.0, float(seen) / abs(float(cv2.contourArea(polygon.astype(np.float32))))), 4),
        metres_per_pixel=float(f"{metres / math.dist(one, other):.6g}"),
        tick_metres=metres / ruler.ticks,
    )


def _write_metadata(path: Path, world: World, photographs: list[PhotographTruth]) -> None:
    rng = np.random.default_rng([world.seed, 0x3E7A])
    papers: dict[str, dict[str, str]] = {}
    for seizure in world.seizures:
        conveyance = str(rng.choice(list(_CARRIED)))
        country, departure, transit, destination = (str(code) for code in rng.choice(_COUNTRIES, 4, replace=False))
        papers[seizure.case_reference] = {
            "case_reference": seizure.case_reference, "date": seizure.day.isoformat(), "country": country,
            "place": str(rng.choice(_PLACES)), "substance": seizure.line.substance, "conveyance": conveyance,
            "departure": departure, "transit": transit if rng.random() < 0.5 else "", "destination": destination,
            "concealment": str(rng.choice(_CARRIED[conveyance])), "notes": _NOTE,
        }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, METADATA_COLUMNS)
        writer.writeheader()
        for photograph in photographs:
            writer.writerow({"file": photograph.file, **papers[photograph.case_reference]})


def _truth(world: World, photographs: list[PhotographTruth]) -> Truth:
    seizures = tuple(
        SeizureTruth(
            s.case_reference, s.day.isoformat(), s.line.substance, s.batch.batch_id,
            (s.line.tool.tool_id,) if s.line.tool else (),
        )
        for s in world.seizures
    )  # fmt: skip
    links = []
    for one, two in combinations(world.seizures, 2):
        a, b = one.line.tool, two.line.tool
        same_tool = a is not None and b is not None and a.tool_id == b.tool_id
        same_design = a is not None and b is not None and a.design.design_id == b.design.design_id
        same_batch = one.batch.batch_id == two.batch.batch_id
        if same_tool or same_design or same_batch:
            links.append(Link(one.case_reference, two.case_reference, same_tool, same_design, same_batch))
    return Truth(
        seed=world.seed,
        seizures=seizures,
        photographs=tuple(photographs),
        designs=tuple(world.designs.values()),
        tools=tuple(_tool_truth(tool) for tool in world.tools),
        batches=tuple(BatchTruth(batch.batch_id, batch.substance, batch.seed) for batch in world.batches),
        links=tuple(links),
        traps=tuple(Trap(kind, tuple(s.case_reference for s in group), words) for kind, group, words in world.traps),
    )


def _tool_truth(tool: Tool) -> ToolTruth:
    defects = (DefectTruth(d.kind, round(d.x, 5), round(d.y, 5), round(d.size, 5), d.since) for d in tool.defects())
    return ToolTruth(
        tool_id=tool.tool_id,
        kind=tool.kind,
        design_id=tool.design.design_id,
        size_metres=tool.size,
        raised=tool.raised,
        life=tool.life,
        seed=tool.seed,
        defects=tuple(defects),
    )
