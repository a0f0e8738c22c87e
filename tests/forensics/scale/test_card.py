"""A printed card gives the scale, the plane and the colours; nothing else is taken for one."""

import cv2
import numpy as np
import pytest

from forensics.photo.srgb import lab, linear
from forensics.scale import correct_colour, find_cards, find_scales, rectified, with_scale
from forensics.scale.layout import LAYOUTS, dictionary, marker_bits
from tests.forensics.scale.cards import photographed
from tests.forensics.scale.rulers import laid, photo, ruler, table


def moved(matrix, points) -> np.ndarray:
    return cv2.perspectiveTransform(np.asarray(points, np.float64)[None], matrix)[0]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn", [0, 37, 90, 200])
@pytest.mark.parametrize(("name", "pixels"), [("a6", 4.0), ("small", 8.0)])
def test_a_card_is_found_at_any_turn_and_mirrored(name, pixels, turn, mirrored):
    picture, matrix = photographed(name, pixels=pixels, turn=turn, mirrored=mirrored)

    (found,) = find_cards(photo(picture))

    assert (found.name, found.mirrored) == (name, mirrored)
    assert found.millimetres_per_pixel == pytest.approx(1 / pixels, rel=0.004)
    assert found.uncertainty < 0.02
    layout = LAYOUTS[name]
    assert np.abs(found.polygon - moved(matrix, layout.corners)).max() < 2.5


def test_the_plane_is_rectified_to_true_millimetres():
    picture, matrix = photographed("a6", pixels=5, turn=20, slant=0.25)
    (found,) = find_cards(photo(picture))

    flat, transform = rectified(photo(picture), found)

    places = np.array([[0, 0], [100, 0], [100, 60], [0, 60]], float)
    seen = moved(transform @ matrix, places) * flat.metres_per_pixel * 1000
    sides = np.linalg.norm(seen - np.roll(seen, -1, axis=0), axis=1)
    assert sides == pytest.approx([100, 60, 100, 60], rel=0.005)
    assert find_cards(flat)[0].slant < 0.01 < 0.05 < found.slant


def test_the_scale_changes_over_a_slanting_plane():
    picture, matrix = photographed("a6", pixels=5, slant=0.25)
    (found,) = find_cards(photo(picture))
    at = np.array([[10.0, 50.0], [140.0, 50.0]])

    scales = found.millimetres_per_pixel_at(moved(matrix, at))

    step = 0.01
    for place, scale in zip(at, scales, strict=True):
        x, y = (moved(matrix, [place, place + d]) for d in ([step, 0], [0, step]))
        area = abs(np.linalg.det([x[1] - x[0], y[1] - y[0]])) / step**2
        assert scale == pytest.approx(area**-0.5, rel=0.01)


def test_a_card_of_which_a_part_is_covered_is_still_found():
    picture, _ = photographed("a6", pixels=4)
    picture[:, :520] = 90

    (found,) = find_cards(photo(picture))

    assert found.millimetres_per_pixel == pytest.approx(0.25, rel=0.006)
    assert found.corners < 50


def test_a_card_stands_before_rulers_and_is_not_searched_for_them():
    picture, _ = photographed("a6", pixels=4)
    both, _ = laid(picture, ruler(61, 9.0), at=(0.5, 0.07))

    scales = find_scales(photo(both))

    assert [scale.unit_from for scale in scales] == ["card", "lengths"]
    assert with_scale(photo(both), scales[0]).metres_per_pixel == pytest.approx(0.25e-3, rel=0.004)


def test_a_large_photograph_is_measured_in_its_own_pixels():
    picture, _ = photographed("a6", pixels=16, turn=8, size=(2600, 3400))

    (found,) = find_cards(photo(picture))

    assert found.millimetres_per_pixel == pytest.approx(1 / 16, rel=0.001)


@pytest.mark.parametrize("thing", ["table", "ruler", "chessboard", "other markers"])
def test_nothing_else_is_a_card(thing):
    picture = table()
    if thing == "ruler":
        picture, _ = laid(picture, ruler(61, 9.0))
    if thing == "chessboard":
        picture[:] = (255 * (np.indices(picture.shape[:2]) // 60).sum(axis=0) % 510)[..., None]
    if thing == "other markers":
        known = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_1000)
        picture[:] = 230
        for place in range(8):
            drawn = cv2.aruco.generateImageMarker(known, 500 + place, 90)
            picture[50:140, 20 + 120 * place : 110 + 120 * place] = drawn[..., None]

    assert find_cards(photo(picture)) == ()


def test_a_lone_marker_of_a_card_is_no_card():
    picture = np.full((300, 300, 3), 240, np.uint8)
    picture[100:196, 100:196] = 255 * np.kron(marker_bits(0), np.ones((16, 16)))[..., None]

    assert find_cards(photo(picture)) == ()


def test_every_marker_differs_from_every_turn_and_mirror_image_of_all():
    seen = [marker_bits(number)[1:-1, 1:-1] for number in range(dictionary()[1])]
    forms = [(n, np.rot90(side, k)) for n, bits in enumerate(seen) for side in (bits, bits[:, ::-1]) for k in range(4)]
    for number, bits in enumerate(seen):
        same = [other for n, other in forms if n == number]
        assert sum(np.array_equal(bits, other) for other in same) == 1
        assert min((bits != other).sum() for n, other in forms if n != number) >= 4


def test_colours_are_taken_to_what_the_patches_bear():
    picture, matrix = photographed("a6", pixels=5, turn=30)
    warm = np.clip(picture.astype(float) * [0.95, 0.8, 0.55], 0, 255).astype(np.uint8)
    (found,) = find_cards(photo(warm))

    correction = correct_colour(photo(warm), found)

    assert correction
    assert correction.uncertainty < 3
    for patch in found.layout.patches:
        x, y, wide, tall = patch.box
        column, row = np.rint(moved(matrix, [[x + wide / 2, y + tall / 2]])[0]).astype(int)
        assert np.linalg.norm(correction.lab(warm[row, column]) - patch.lab) < 4
        assert np.linalg.norm(lab(linear(warm[row, column])) - patch.lab) > 4


def test_colours_that_clip_are_not_corrected_and_it_is_said_why():
    picture, _ = photographed("a6", pixels=5)
    (found,) = find_cards(photo(picture))
    bright = np.clip(picture.astype(int) * 3, 0, 255).astype(np.uint8)

    correction = correct_colour(photo(bright), found)

    assert not correction
    assert "patches" in correction.reason
