"""Sizes and colours of tablets: against readings by hand, and one side of a tablet against the other."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from benchmarks.bench import Result, Rows, data_folder
from forensics.photo import decode
from forensics.scale import find_scales
from forensics.wrapping import Tablet, measure_tablets

REFERENCE = Path(__file__).with_name("tablets_reference.csv")
"""Fifteen photographs of ``tablets_nih``, drawn by chance: the edges of the first tablet in pixels, read by eye to
half a pixel on enlarged cuttings before the measuring was written, and not looked at while it was tuned. Empty: not to
be read."""

_FOUND = 20
"""A tablet with an edge further from its reading than so many pixels is counted as not found."""

_SIDES = ("left", "right", "top", "bottom")


def run() -> Result:
    """Measure edges against hand readings, and the two views of a tablet against each other."""
    folder = data_folder("toolmarks", "tablets_nih")
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        reference = {row["file"]: row for row in csv.DictReader(file)}
    edges: list[float] = []
    sizes: list[float] = []
    missed = 0
    lengths, widths, colours, millimetres = [], [], [], []
    pairs = shapes = total = 0
    for path in sorted(folder.glob("*.jpg")):
        total += 1
        photo = decode(path.read_bytes())
        scales = find_scales(photo)
        scale = scales[0] if scales and scales[0].millimetres_per_pixel is not None else None
        found = measure_tablets(photo, scale, leave_out=[one.polygon for one in scales])
        if path.name in reference:
            off, size = _against(reference[path.name], found)
            missed += not off
            edges += off
            sizes += size
        if len(found) == 2:
            pairs += 1
            one, other = found
            shapes += one.shape == other.shape
            lengths.append(_apart(one.length.pixels, other.length.pixels))
            widths.append(_apart(one.width.pixels, other.width.pixels))
            colours.append(float(np.linalg.norm(np.subtract(one.colours[0].lab, other.colours[0].lab))))
            if one.length.uncertainty is not None and one.length.millimetres:
                millimetres.append(one.length.uncertainty / one.length.millimetres)
    tables = (
        Rows(
            f"edges read by hand, {len(reference) - missed} of {len(reference)} photographs",
            ("", "n", "median", "90 % under", "largest"),
            [
                ("distance of an edge, pixels", *_spread(edges, 1)),
                ("length or width, part of it", *_spread(sizes, 4)),
            ],
        ),
        Rows(
            f"the two sides of a tablet on one photograph: two were found on {pairs} of {total} photographs, of one "
            f"shape on {shapes}",
            ("difference", "n", "median", "90 % under", "largest"),
            [
                ("length, part of it", *_spread(lengths, 4)),
                ("width, part of it", *_spread(widths, 4)),
                ("main colour, CIELAB (no card: as the camera gave it)", *_spread(colours, 1)),
                ("stated standard uncertainty of a length in millimetres", *_spread(millimetres, 4)),
            ],
        ),
    )
    return Result(
        "tablets",
        f"tablets_nih ({total} photographs), {len(reference)} of them read by hand",
        "readings were made before the measuring; its settings were looked at on other photographs of the set, so the "
        "differences of the two sides are no independent figures",
        tables,
        {
            "tablets.edge_px_median": float(np.median(edges)),
            "tablets.size_err_median": float(np.median(sizes)),
            "tablets.two_found": pairs / total,
            "tablets.length_repeat_median": float(np.median(lengths)),
            "tablets.width_repeat_median": float(np.median(widths)),
            "tablets.colour_repeat_median": float(np.median(colours)),
        },
    )


def _against(row: dict[str, str], found: tuple[Tablet, ...]) -> tuple[list[float], list[float]]:
    """Distances of the edges that were read, and relative errors of the sizes, of the tablet that lies there."""
    read = {side: float(row[side]) for side in _SIDES if row[side]}
    best: tuple[list[float], list[float]] = ([], [])
    for tablet in found:
        # A contour runs through the middles of pixels, the readings along their edges.
        low, high = tablet.outline.min(axis=0) + 0.5, tablet.outline.max(axis=0) + 0.5
        own = {"left": low[0], "right": high[0], "top": low[1], "bottom": high[1]}
        off = [abs(own[side] - value) for side, value in read.items()]
        sizes = [
            _apart(own[far] - own[near], read[far] - read[near])
            for near, far in (("left", "right"), ("top", "bottom"))
            if near in read and far in read
        ]
        if max(off) <= _FOUND and (not best[0] or sum(off) < sum(best[0])):
            best = (off, sizes)
    return best


def _apart(one: float, other: float) -> float:
    return abs(one - other) / ((one + other) / 2)


def _spread(values: list[float], digits: int) -> tuple[str, ...]:
    shown = (np.median(values), np.quantile(values, 0.9), np.max(values))
    return (str(len(values)), *(f"{value:.{digits}f}" for value in shown))
