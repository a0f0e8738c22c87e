"""Scales are found with what they count; what is no scale is left alone."""

import cv2
import numpy as np
import pytest

from forensics.scale import ScaleParams, find_scales, with_scale
from tests.forensics.scale.rulers import (
    FINE,
    HALF_MILLIMETRES,
    SIXTEENTHS,
    covered,
    laid,
    photo,
    ruler,
    table,
    write,
)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn", [0, 17, 45, 90, 133, 180, 258, 311])
def test_a_millimetre_ruler_is_read_at_any_turn_and_mirrored(turn, mirrored):
    picture, corners = laid(table((900, 900)), ruler(61, 9.0), turn=turn, mirrored=mirrored)

    best, *others = find_scales(photo(picture))

    assert not others
    assert best.millimetres_per_pixel == pytest.approx(1 / 9, rel=0.003)
    assert (best.millimetres_per_tick, best.unit_from, best.ticks) == (1.0, "lengths", 61)
    assert covered(best.polygon, corners) > 0.85
    assert covered(corners, best.polygon) > 0.8


@pytest.mark.parametrize(
    ("lengths", "ticks", "pitch", "millimetres"),
    [(HALF_MILLIMETRES, 81, 8.0, 0.5), (SIXTEENTHS, 65, 9.0, 25.4 / 16)],
    ids=["half millimetres", "sixteenths of an inch"],
)
def test_the_order_of_the_lengths_tells_what_a_tick_counts(lengths, ticks, pitch, millimetres):
    picture, _ = laid(table(), ruler(ticks, pitch, lengths, every=0), turn=12)

    (best,) = find_scales(photo(picture))

    assert best.millimetres_per_tick == pytest.approx(millimetres)
    assert best.millimetres_per_pixel == pytest.approx(millimetres / pitch, rel=0.003)


@pytest.mark.parametrize(("word", "millimetres"), [("mm", 1.0), ("cm", 10.0)])
def test_the_word_beside_equal_ticks_tells_what_they_count(word, millimetres):
    picture, _ = laid(table(), ruler(14, 50.0, (10,), every=1, word=word), turn=-8)

    (best,) = find_scales(photo(picture))

    assert best.unit_from == "word"
    assert best.millimetres_per_pixel == pytest.approx(millimetres / 50, rel=0.003)


def test_numbered_ticks_without_a_word_are_a_scale_of_unknown_unit():
    picture, corners = laid(table(), ruler(14, 50.0, (10,), every=1), turn=5)

    (best,) = find_scales(photo(picture))

    assert best.millimetres_per_pixel is None
    assert best.uncertainty is None
    assert best.unit_from == "nothing"
    assert covered(best.polygon, corners) > 0.8
    assert with_scale(photo(picture), best).metres_per_pixel is None


def test_two_rulers_of_one_photograph_are_two_scales():
    one, first = laid(table((900, 1100)), ruler(51, 10.0), at=(0.4, 0.15), turn=2)
    two, second = laid(one, ruler(51, 6.5, ink=230, paper=30), at=(0.7, 0.7), turn=75)

    found = find_scales(photo(two))

    assert sorted(scale.pixels_per_tick for scale in found) == pytest.approx([6.5, 10.0], rel=0.01)
    assert [max(covered(scale.polygon, c) for scale in found) > 0.8 for c in (first, second)] == [True, True]


def test_light_ticks_on_a_dark_body_read_like_dark_ones_on_a_light_body():
    picture, _ = laid(table(), ruler(41, 11.0, ink=235, paper=20), turn=30)

    (best,) = find_scales(photo(picture))

    assert best.millimetres_per_pixel == pytest.approx(1 / 11, rel=0.003)


def test_a_slanting_ruler_says_that_its_scale_changes_along_it():
    straight, slanted = (laid(table(), ruler(61, 9.0), slant=slant)[0] for slant in (0.0, 0.2))

    flat, oblique = (find_scales(photo(picture))[0] for picture in (straight, slanted))

    assert oblique.unit_from == flat.unit_from == "lengths"
    assert flat.uncertainty < 0.005 < 0.02 < oblique.uncertainty


def test_a_large_photograph_is_measured_in_its_own_pixels():
    small, corners = laid(table(), ruler(61, 9.0), turn=20)
    large = cv2.resize(small, None, fx=3.5, fy=3.5, interpolation=cv2.INTER_CUBIC)

    (best,) = find_scales(photo(large))

    assert best.millimetres_per_pixel == pytest.approx(1 / 31.5, rel=0.003)
    assert covered(best.polygon, 3.5 * corners) > 0.85


def test_a_ruler_too_small_for_the_copy_is_read_in_full():
    body = ruler(61, 8.0)
    large, _ = laid(table((2400, 3600)), body, turn=10)

    found = find_scales(photo(large), params=ScaleParams(working_side=2400))

    assert [scale.millimetres_per_pixel for scale in found] == pytest.approx([1 / 8], rel=0.005)


def test_the_photograph_takes_the_scale_in_metres():
    picture, _ = laid(table(), ruler(61, 9.0))
    taken = photo(picture)

    (best,) = find_scales(taken)

    assert with_scale(taken, best).metres_per_pixel == pytest.approx(1e-3 / 9, rel=0.003)
    assert taken.metres_per_pixel is None


def test_the_same_photograph_gives_the_same_answer():
    picture, _ = laid(table(), ruler(61, 9.0), turn=77)

    one, other = (find_scales(photo(picture)) for _ in range(2))

    assert [scale.millimetres_per_pixel for scale in one] == [scale.millimetres_per_pixel for scale in other]
    assert all(np.array_equal(a.polygon, b.polygon) for a, b in zip(one, other, strict=True))


def page() -> np.ndarray:
    """Lines of text."""
    rng = np.random.default_rng(6)
    drawn = np.full((560 * FINE, 760 * FINE), 240, np.uint8)
    for line in range(18):
        words = ["".join(rng.choice(list("iltmnuh1eao"), rng.integers(2, 9))) for _ in range(8)]
        write(drawn, " ".join(words), 380 * FINE, (30 + 29 * line) * FINE, 14 * FINE, 30)
    return cv2.merge([cv2.resize(drawn, (760, 560), interpolation=cv2.INTER_AREA)] * 3)


def barcode() -> np.ndarray:
    """Bars of one to four modules."""
    rng = np.random.default_rng(4)
    widths = rng.integers(1, 5, 90) * 3
    line = np.concatenate([np.full(width, 20 if k % 2 else 240, np.uint8) for k, width in enumerate(widths)])
    return cv2.merge([np.vstack([line] * 120)] * 3)


def stripes() -> np.ndarray:
    """A striped shirt, or a fence."""
    x = np.arange(700)
    return cv2.merge([np.vstack([np.where(x % 14 < 4, 40, 220).astype(np.uint8)] * 300)] * 3)


def grid() -> np.ndarray:
    """A cutting mat, or tiles."""
    drawn = np.full((500, 700), 90, np.uint8)
    drawn[::25], drawn[:, ::25] = 190, 190
    return cv2.merge([drawn] * 3)


def knurl() -> np.ndarray:
    """The edge of a punched cap: short strokes on a circle."""
    drawn = np.full((500, 500), 200, np.uint8)
    for k in range(90):
        c, s = np.cos(k * np.pi / 45), np.sin(k * np.pi / 45)
        ends = [(round(250 + r * c), round(250 + r * s)) for r in (180, 200)]
        cv2.line(drawn, ends[0], ends[1], 60, 2, cv2.LINE_AA)
    return cv2.merge([drawn] * 3)


@pytest.mark.parametrize("thing", [page, barcode, stripes, grid, knurl])
@pytest.mark.parametrize("turn", [0, 23])
def test_what_only_looks_like_ticks_is_no_scale(thing, turn):
    picture, _ = laid(table(), thing(), turn=turn)

    assert find_scales(photo(picture)) == ()


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (40, 40)])
def test_a_photograph_without_anything_has_no_scale(shape):
    assert find_scales(photo(np.full((*shape, 3), 128, np.uint8))) == ()
