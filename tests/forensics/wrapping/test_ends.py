"""Ends that were one tape fit, in whatever way they lie; others do not."""

import cv2
import numpy as np
import pytest

from forensics.photo import Photo
from forensics.wrapping.ends import End, EndFit, compare_ends, describe_end
from reference_samples.generator.ends import KINDS, EndsParams, make_ends

PIXEL = EndsParams().pixel / 1000


def photo(pixels: np.ndarray) -> Photo:
    return Photo(np.ascontiguousarray(pixels), "", "image/png", metres_per_pixel=PIXEL)


def ends(kind="torn", seed=3) -> tuple[End, End]:
    one, other = make_ends(kind, np.random.default_rng(seed))
    return describe_end(photo(one)), describe_end(photo(other))


def drawn(reach: np.ndarray) -> np.ndarray:
    """Tape that reaches so many pixels in each row."""
    picture = np.full((len(reach) + 80, 400, 3), 40, np.uint8)
    for row, far in enumerate(reach):
        picture[row + 40, : int(far)] = (190, 150, 90)
    return picture


def waves() -> np.ndarray:
    y = np.arange(400)
    return 200 + 25 * np.sin(y / 23) + 14 * np.sin(y / 9 + 1) + y / 40


def test_the_contour_is_where_the_tape_ends():
    end = describe_end(photo(drawn(waves())))

    assert end.width == pytest.approx(400 * PIXEL, rel=0.01)
    rows = end.places[:, 1] - 40
    inside = (rows > 2) & (rows < 397)
    # Pixels 0 to n - 1 are tape: its edge is at n - 1/2.
    assert (
        np.abs(end.places[inside, 0] - (np.interp(rows[inside], np.arange(400), np.floor(waves())) - 0.5)).max() < 1.5
    )
    assert end.along / PIXEL == pytest.approx(end.places[:, 0])


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_it_is_the_same_whichever_way_the_end_points(turn):
    upright = drawn(waves())
    size = 700
    middle = np.array([(upright.shape[1] - 1) / 2, (upright.shape[0] - 1) / 2])
    a = np.deg2rad(turn)
    matrix = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    move = np.array([size / 2, size / 2]) - matrix @ middle
    # The tape goes on to the border.
    wide = cv2.copyMakeBorder(upright, 300, 300, 0, 300, cv2.BORDER_REPLICATE)
    wide = cv2.copyMakeBorder(wide, 0, 0, 300, 0, cv2.BORDER_REPLICATE)
    shifted = np.column_stack([matrix, move - matrix @ [300, 300]])
    turned = cv2.warpAffine(wide, shifted, (size, size), flags=cv2.INTER_CUBIC, borderValue=(40, 40, 40))

    straight, other = describe_end(photo(upright)), describe_end(photo(turned), direction=a)

    assert other
    count = min(len(straight.along), len(other.along)) - 20
    off = (other.along - other.along.mean())[10:count] - (straight.along - straight.along.mean())[10:count]
    assert np.abs(off - off.mean()).max() < 3.0 * PIXEL
    expected = straight.places[10:count] @ matrix.T + move
    assert np.linalg.norm(other.places[10:count] - expected, axis=1).max() < 6


@pytest.mark.parametrize("kind", KINDS)
def test_mates_fit_better_than_strangers(kind):
    pairs = [ends(kind, seed) for seed in range(4)]
    scores = np.array([[compare_ends(one, other).comparison.score for _, other in pairs] for one, _ in pairs])

    assert np.median(np.diag(scores)) > np.quantile(scores[~np.eye(4, dtype=bool)], 0.75)


def test_mates_torn_apart_fit_closely_and_the_fit_can_be_drawn():
    one, other = ends()

    fit = compare_ends(one, other)

    assert isinstance(fit, EndFit)
    assert fit.comparison.score > 12
    assert fit.comparison.measurements["gap_rms_m"] < 3e-4
    assert fit.gap == pytest.approx(fit.other[:, 1] - fit.one[:, 1])
    assert fit.comparison.query_points.shape == fit.comparison.reference_points.shape == (len(fit.gap), 2)
    assert not fit.comparison.mirrored


def test_points_that_face_each_other_are_named_on_both_photographs():
    one, other = ends()

    fit = compare_ends(one, other).comparison

    # Both photographs show the end pointing to the right: the top of one faces the foot of the other.
    assert np.corrcoef(fit.query_points[:, 1], fit.reference_points[:, 1])[0, 1] < -0.999
    assert np.corrcoef(fit.query_points[:, 0], fit.reference_points[:, 0])[0, 1] < -0.9


def test_an_end_that_was_turned_over_still_fits_and_it_is_said():
    one, other = make_ends("torn", np.random.default_rng(3))

    fit = compare_ends(describe_end(photo(one)), describe_end(photo(other[::-1])))

    assert fit.comparison.mirrored
    assert fit.comparison.score > 12
    assert np.corrcoef(fit.comparison.query_points[:, 1], fit.comparison.reference_points[:, 1])[0, 1] > 0.999


def test_the_order_of_the_two_does_not_matter_much():
    one, other = ends()

    there, back = compare_ends(one, other), compare_ends(other, one)

    assert there.comparison.score == pytest.approx(back.comparison.score, abs=1.5)


def test_what_cannot_be_compared_is_said():
    one, other = ends()
    straight = describe_end(photo(drawn(np.full(400, 200))))
    narrow = describe_end(photo(drawn(waves()[:300])))
    unknown = describe_end(Photo(drawn(waves()), "", "image/png"))
    bare = describe_end(photo(np.full((300, 300, 3), 90, np.uint8)))

    reasons = [
        compare_ends(straight, one).reason,
        compare_ends(narrow, other).reason,
        unknown.reason,
        bare.reason,
    ]

    assert [word in reason for word, reason in zip(["straight", "wide", "scale", "tape"], reasons, strict=True)] == [
        True
    ] * 4


def test_the_same_chance_makes_the_same_ends():
    first, second = (make_ends("dispenser", np.random.default_rng(9)) for _ in range(2))

    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
    assert not np.array_equal(first[0], first[1])
