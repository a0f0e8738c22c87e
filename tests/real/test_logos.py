"""Logos on photographs that nobody here made."""

import csv
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from forensics.logo import LogoFeatures, compare, describe, find_regions, whole
from forensics.photo import decode
from tests.forensics.logo.designs import photo, through

DATA = Path(os.environ.get("CACHET_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))

pytestmark = pytest.mark.real


def rows(*parts):
    folder = DATA.joinpath("logos", *parts)
    if not folder.is_dir():
        pytest.skip(f"expected real photographs in {folder}; found none. Set CACHET_DATA to the folder that holds them")
    return folder


def described(file: Path) -> LogoFeatures:
    picture = decode(file.read_bytes())
    return describe(picture, whole(picture))


@pytest.mark.parametrize(("view", "limit"), [(2, 0.03), (3, 0.06)])
def test_a_painted_wall_seen_from_the_side_is_laid_where_it_was_measured(view, limit):
    folder = rows("oxford_affine", "graf")
    one, other = (
        photo(cv2.cvtColor(cv2.imread(str(folder / f"img{number}.ppm")), cv2.COLOR_BGR2RGB)) for number in (1, view)
    )
    truth = np.loadtxt(folder / f"H1to{view}p")

    result = compare(describe(one, whole(one)), describe(other, whole(other)))

    assert result
    assert result.measurements["inliers"] >= 10
    # The points that agree lie where the measured homography says, within a part of the picture's width.
    gap = np.linalg.norm(through(truth, result.query_points) - result.reference_points, axis=1)
    assert np.median(gap) < limit * one.width / 4


def test_queries_that_nearly_repeat_a_picture_are_found_first_among_others():
    folder = rows("flickr_logos_27")
    with (folder / "leakage.csv").open(newline="") as lines:
        pairs = {row["query_image"]: row["train_image"] for row in csv.DictReader(lines) if row["train_image"]}
    others = sorted(path.name for path in (folder / "images").iterdir())[:40]
    gallery = {name: described(folder / name) for name in {*pairs.values(), *(f"images/{name}" for name in others)}}
    for query, repeated in pairs.items():
        asked = described(folder / query)
        scores = {
            name: result.score for name, seen in gallery.items() if name != query and (result := compare(asked, seen))
        }

        assert max(scores, key=scores.__getitem__) == repeated


def test_caps_are_told_apart_at_any_rotation():
    folder = rows("bottle_caps")
    with (folder / "ground_truth.csv").open(newline="") as lines:
        truth = list(csv.DictReader(lines))
    queries = [row for row in truth if row["split"] == "query"]
    gallery = {
        row["image"]: (row["class"], described(folder / row["image"]))
        for row in truth
        if row["split"] == "gallery" and row["class"] in {query["class"] for query in queries}
    }
    right = 0
    for query in queries:
        asked = described(folder / query["image"])
        scores = {
            name: result.score if (result := compare(asked, seen)) else 0.0 for name, (_, seen) in gallery.items()
        }
        right += gallery[max(scores, key=scores.__getitem__)][0] == query["class"]

    assert right >= len(queries) - 1


def test_most_logos_of_a_sample_are_covered_by_a_found_region():
    folder = rows("flickr_logos_27")
    with (folder / "ground_truth.csv").open(newline="") as lines:
        boxes = [row for row in csv.DictReader(lines) if row["w"] and float(row["w"]) * float(row["h"]) > 0][::40]
    covered = 0
    for row in boxes:
        left, top, across, down = (float(row[name]) for name in ("x", "y", "w", "h"))
        for region in find_regions(decode((folder / row["image"]).read_bytes())):
            start, above, end, below = region.box
            shared = max(min(end, left + across) - max(start, left), 0) * max(
                min(below, top + down) - max(above, top), 0
            )
            if shared >= 0.5 * across * down:
                covered += 1
                break

    assert covered >= 0.85 * len(boxes)
