import hashlib
import re
import threading
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import pytest

from forensics.logo import embedding
from forensics.logo.embedding import D_DESIGN, EmbeddingParams, embed
from reference_samples.generator import make_design
from tests.forensics.logo.designs import ground, placed, warped

CARD = Path(__file__).parents[3] / "docs" / "models" / "design.md"
SEEDS = [3, 11, 19, 27, 38]


def printed(seed, *, degrees=0.0, blur=0.0, centre=(150.0, 150.0), number=1):
    """A design of the generator in dark ink on a package."""
    mask = make_design(seed).mask()
    drawn = np.repeat(np.round(235 - 190 * cv2.resize(mask, (240, 240))).astype(np.uint8)[..., None], 3, axis=2)
    pixels = warped(drawn, placed(degrees, 0.75, centre), ground(number, 300, 300))
    return cv2.GaussianBlur(pixels, (0, 0), blur) if blur else pixels


def box(left, top, right, bottom):
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


WHOLE = box(0, 0, 300, 300)


@pytest.fixture(scope="module")
def known():
    return np.concatenate([embed(printed(seed), [WHOLE]) for seed in SEEDS])


@pytest.mark.parametrize("view", [{"degrees": 90.0}, {"degrees": 180.0}, {"degrees": 270.0}, {"blur": 2.0}])
def test_a_design_turned_by_right_angles_or_blurred_is_nearest_to_itself(known, view):
    seen = np.concatenate([embed(printed(seed, **view), [WHOLE]) for seed in SEEDS])

    assert (seen @ known.T).argmax(axis=1).tolist() == list(range(len(SEEDS)))


def test_a_design_turned_by_other_angles_on_another_package_is_mostly_nearest_to_itself(known):
    """The network sees two turns at a right angle; between them designs of thin lines come close to each other."""
    right = []
    for degrees in (20.0, 65.0, 110.0, 200.0, 320.0):
        seen = np.concatenate([embed(printed(seed, degrees=degrees, number=7), [WHOLE]) for seed in SEEDS])
        right += ((seen @ known.T).argmax(axis=1) == np.arange(len(SEEDS))).tolist()

    # By chance five of 25.
    assert sum(right) >= 20


def test_a_drawn_region_shows_what_lies_in_it(known):
    wide = np.concatenate([printed(SEEDS[0]), printed(SEEDS[1], degrees=70.0)], axis=1)

    seen = embed(wide, [box(0, 0, 300, 300), box(300, 0, 600, 300)])

    assert (seen @ known.T).argmax(axis=1).tolist() == [0, 1]


def test_rows_are_of_unit_length_in_the_order_of_the_regions():
    pixels = printed(SEEDS[2])
    regions = [WHOLE, box(30, 30, 270, 270), box(100, 20, 140, 280)]

    rows = embed(pixels, regions)

    assert rows.shape == (3, D_DESIGN)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for row, region in zip(rows, regions, strict=True):
        np.testing.assert_allclose(embed(pixels, [region])[0], row, atol=1e-4)


def test_the_same_picture_gives_the_same_rows():
    pixels = printed(SEEDS[3])

    np.testing.assert_array_equal(embed(pixels, [WHOLE]), embed(pixels.copy(), [WHOLE.copy()]))


def test_more_regions_than_a_batch_are_all_embedded():
    pixels = printed(SEEDS[0])
    regions = [box(10 * k, 0, 200 + 10 * k, 200) for k in range(7)]

    few = embed(pixels, regions, params=EmbeddingParams(batch=3))

    np.testing.assert_allclose(few, embed(pixels, regions), atol=1e-4)


@pytest.mark.parametrize("region", [box(150, 150, 151, 151), box(299, 0, 300, 300), box(0, 10, 300, 11)])
def test_a_tiny_region_has_a_row_too(region):
    (row,) = embed(printed(SEEDS[0]), [region])

    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("region", [box(400, 10, 500, 90), box(-80, -80, -10, -10), box(300, 0, 320, 300)])
def test_a_region_off_the_photograph_has_a_row_of_zeros_beside_the_others(region):
    pixels = printed(SEEDS[0])

    rows = embed(pixels, [region, WHOLE])

    assert not rows[0].any()
    np.testing.assert_allclose(rows[1], embed(pixels, [WHOLE])[0], atol=1e-5)


def test_no_region_gives_no_row():
    assert embed(printed(SEEDS[0]), []).shape == (0, D_DESIGN)


def test_a_region_that_reaches_over_the_edge_is_seen_with_grey_beyond():
    pixels = printed(SEEDS[1])
    grey = cv2.copyMakeBorder(pixels[:, :200], 0, 0, 50, 50, cv2.BORDER_CONSTANT, value=(127, 127, 127))

    (cut,) = embed(pixels[:, :200], [box(0, 0, 200, 300)], params=EmbeddingParams(margin=0))
    (edged,) = embed(grey, [WHOLE], params=EmbeddingParams(margin=0))
    (going_on,) = embed(pixels, [WHOLE], params=EmbeddingParams(margin=0))

    assert cut @ edged > 0.98
    assert cut @ edged > cut @ going_on


def test_photographs_embedded_side_by_side_share_one_network(monkeypatch):
    monkeypatch.setattr(embedding, "_sessions", [])
    pictures = [printed(seed) for seed in SEEDS]
    expected = [embed(picture, [WHOLE]) for picture in pictures]
    monkeypatch.setattr(embedding, "_sessions", [])
    rows = [None] * len(pictures)

    def work(k):
        rows[k] = embed(pictures[k], [WHOLE])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(len(pictures))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(embedding._sessions) == 1
    for found, alone in zip(rows, expected, strict=True):
        np.testing.assert_allclose(found, alone, atol=1e-5)


def test_the_model_card_speaks_of_this_file():
    digest = hashlib.sha256((files("forensics.logo") / "design.onnx").read_bytes()).hexdigest()

    assert re.findall(r"\b[0-9a-f]{64}\b", CARD.read_text())[0] == digest
