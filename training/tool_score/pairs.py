"""Measure pairs of generated marks: of one tool, of two tools of one design, and of a design drawn anew.

Stages: 1. a practice set laid out for tools, made where it is missing; 2. every photograph described as a whole; 3. two
photographs of two seizures with marks of one design, or of its imitation, compared as the program compares them: of
each label as many pairs as are asked for, chosen by chance among those whose marks are not known to be too small;
4. what :func:`forensics.logo.tool.compare.measure` says of those that were laid over each other by their marks.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.comparison import NoComparison
from forensics.logo import LogoFeatures, compare, describe, whole
from forensics.logo.tool import Alignment, RegisterParams
from forensics.logo.tool.compare import measure
from forensics.photo import Photo, decode
from reference_samples.generator import PhotographTruth, PracticeParams, Truth, make_practice_set, read_truth

log = logging.getLogger("training")

SMALL = 0.93
"""A mark that is smaller than this part of the least that is compared cannot come out larger by its margin."""


def practice(folder: Path, *, seed: int, designs: int) -> Truth:
    """Make a practice set laid out for tools, or find it; return what is true of it."""
    if not (folder / "truth.json").is_file():
        # Five seizures a design, two photographs each; one light series, which every set has.
        params = PracticeParams(seizures=5 * designs, photographs=10 * designs + 5, series_share=0.0, layout="tools")
        make_practice_set(folder, seed=seed, params=params)
    return read_truth(folder)


def label(truth: Truth, one: PhotographTruth, other: PhotographTruth) -> str | None:
    """Say what two photographs show: ``same`` tool, ``other`` tool, design ``redrawn``, or None of these."""
    if one.case_reference == other.case_reference or not one.marks or not other.marks:
        return None
    first, second = one.marks[0], other.marks[0]
    if first.tool_id == second.tool_id:
        return "same"
    if first.design_id == second.design_id:
        return "other"
    return "redrawn" if original(truth, first.design_id) == original(truth, second.design_id) else None


def original(truth: Truth, design_id: str) -> str:
    """Return the design that a redrawn one imitates, or the design itself."""
    return next(design.redrawn_from or design_id for design in truth.designs if design.design_id == design_id)


def on_marks(points: NDArray[np.float32], photograph: PhotographTruth) -> float:
    """Return the part of points that lie on a mark."""
    polygons = [np.array(mark.polygon, np.float32).reshape(-1, 1, 2) for mark in photograph.marks]
    inside = [
        any(cv2.pointPolygonTest(polygon, (float(x), float(y)), False) >= 0 for polygon in polygons) for x, y in points
    ]
    return float(np.mean(inside)) if inside else 0.0


def span(photograph: PhotographTruth) -> float:
    """Return the longest side of the largest mark, in pixels."""
    corners = [np.array(mark.polygon) for mark in photograph.marks]
    return max(float(np.linalg.norm(some - np.roll(some, 1, axis=0), axis=1).max()) for some in corners)


def chosen(truth: Truth, *, most: int) -> list[tuple[str, PhotographTruth, PhotographTruth]]:
    """Choose at most so many pairs of every label by chance, of marks that may be large enough."""
    least = SMALL * RegisterParams().least_span
    marked = [photograph for photograph in truth.photographs if photograph.marks and span(photograph) > least]
    pairs: dict[str, list[tuple[PhotographTruth, PhotographTruth]]] = {}
    for one, other in combinations(marked, 2):
        true = label(truth, one, other)
        if true is not None:
            pairs.setdefault(true, []).append((one, other))
    chance = np.random.default_rng(truth.seed)
    return [
        (true, *some[place]) for true, some in sorted(pairs.items()) for place in chance.permutation(len(some))[:most]
    ]


def measured_pairs(folder: Path, truth: Truth, *, most: int) -> Iterator[dict[str, object]]:
    """Measure pairs; yields the measurements, and with them what is true of it."""

    @lru_cache(maxsize=24)
    def photo(file: str) -> Photo:
        return decode((folder / "photographs" / file).read_bytes())

    @cache
    def features(file: str) -> LogoFeatures:
        return describe(photo(file), whole(photo(file)))

    left: dict[str, int] = {}
    for true, one, other in sorted(chosen(truth, most=most), key=lambda pair: (pair[1].file, pair[2].file)):
        found = compare(features(one.file), features(other.file))
        if not found or found.transform is None:
            left["no geometry"] = left.get("no geometry", 0) + 1
            continue
        if min(on_marks(found.query_points, one), on_marks(found.reference_points, other)) < 0.5:
            left["laid over each other by something else"] = left.get("laid over each other by something else", 0) + 1
            continue
        query, reference = photo(one.file), photo(other.file)
        alignment = Alignment(
            found.query_points, found.reference_points, found.transform, whole(query), whole(reference)
        )
        measured = measure(query, reference, alignment)
        if isinstance(measured, NoComparison):
            left[measured.hint] = left.get(measured.hint, 0) + 1
            continue
        yield {
            "label": true,
            "kind": one.marks[0].kind,
            "design": f"{truth.seed}/{original(truth, one.marks[0].design_id)}",
            "measurements": measured.measurements,
        }
    log.info("left out: %s", left)


def main() -> None:
    """Measure the pairs of one practice set and write them beside it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where practice sets and measured pairs are kept")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--designs", type=int, default=24)
    parser.add_argument("--most", type=int, default=130, help="most pairs of every label")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    cv2.setNumThreads(1)
    folder = asked.folder / f"tools-{asked.seed}"
    truth = practice(folder, seed=asked.seed, designs=asked.designs)
    rows = list(measured_pairs(folder, truth, most=asked.most))
    (asked.folder / f"pairs-{asked.seed}.json").write_text(json.dumps(rows))
    log.info("%d pairs measured", len(rows))


if __name__ == "__main__":
    main()
