"""Tablets of known size, shape and colour are measured within what is stated."""

import cv2
import numpy as np
import pytest

from forensics.photo import Photo
from forensics.photo.srgb import lab, linear
from forensics.scale import correct_colour, find_cards, find_scales
from forensics.wrapping import measure_tablets
from tests.forensics.scale.cards import photographed
from tests.forensics.scale.rulers import laid, ruler

FINE = 2
PINK = (205, 130, 140)


def ground(shape=(500, 700)) -> np.ndarray:
    rng = np.random.default_rng(2)
    return np.clip(110 + rng.normal(0, 3, (*shape, 1)), 0, 255).repeat(3, axis=2).astype(np.uint8)


def with_tablet(
    picture, kind, *, at=(350.0, 240.0), length=240.0, width=240.0, turn=0.0, colour=PINK, second=None, score=None
) -> Photo:
    """Draw a tablet finer than the picture, and lay it on."""
    big = cv2.resize(picture, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_NEAREST)
    y, x = np.indices(big.shape[:2])
    x, y = (x + 0.5) / FINE - 0.5 - at[0], (y + 0.5) / FINE - 0.5 - at[1]
    c, s = np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))
    u, v = c * x + s * y, -s * x + c * y
    inside = {
        "ellipse": (2 * u / length) ** 2 + (2 * v / width) ** 2 <= 1,
        "capsule": np.hypot(np.maximum(np.abs(u) - (length - width) / 2, 0), v) <= width / 2,
        "rectangle": (np.abs(u) <= length / 2) & (np.abs(v) <= width / 2),
    }[kind]
    big[inside] = colour
    if second is not None:
        big[inside & (u > 0)] = second
    if score is not None:
        way = np.deg2rad(score)
        line = np.abs(-np.sin(way) * x + np.cos(way) * y) < 2
        big[inside & line] = np.array(colour) * 0.7
    small = cv2.resize(big, picture.shape[1::-1], interpolation=cv2.INTER_AREA)
    return Photo(cv2.GaussianBlur(small, (0, 0), 0.8), "", "image/png")


@pytest.mark.parametrize(
    ("kind", "length", "width", "shape"),
    [
        ("ellipse", 240, 240, "round"),
        ("ellipse", 300, 170, "oval"),
        ("capsule", 320, 130, "capsule"),
        ("rectangle", 260, 120, "rectangle"),
    ],
)
@pytest.mark.parametrize("turn", [0, 33])
def test_shape_length_and_width_are_found(kind, length, width, shape, turn):
    (tablet,) = measure_tablets(with_tablet(ground(), kind, length=length, width=width, turn=turn))

    assert tablet.shape == shape
    assert tablet.length.pixels == pytest.approx(length, abs=2 * tablet.length.pixels_uncertainty)
    assert tablet.width.pixels == pytest.approx(width, abs=2 * tablet.width.pixels_uncertainty)
    assert tablet.length.millimetres is None
    assert (tablet.diameter is None) == (shape != "round")
    assert tablet.score_line is None


def test_a_ruler_gives_millimetres_and_is_no_tablet():
    picture, _ = laid(ground(), ruler(51, 10.0), at=(0.5, 0.88))
    photo = with_tablet(picture, "ellipse", at=(350, 200), length=200, width=200)
    (scale,) = find_scales(photo)

    (tablet,) = measure_tablets(photo, scale, leave_out=[scale.polygon])

    assert tablet.diameter.millimetres == pytest.approx(20, abs=2 * tablet.diameter.uncertainty)
    assert tablet.diameter.uncertainty < 0.3


def test_a_card_gives_the_scale_at_the_tablet_and_its_colour():
    picture, _ = photographed("small", pixels=6, size=(900, 1200))
    photo = with_tablet(picture, "ellipse", at=(600, 150), length=150, width=150)
    tinted = Photo(np.clip(photo.pixels * [1.0, 0.85, 0.7], 0, 255).astype(np.uint8), "", "image/png")
    (card,) = find_cards(tinted)
    correction = correct_colour(tinted, card)

    (tablet,) = measure_tablets(tinted, card, colours=correction, leave_out=[card.polygon])

    assert tablet.diameter.millimetres == pytest.approx(25, abs=2 * tablet.diameter.uncertainty)
    (colour,) = tablet.colours
    truth = lab(linear(np.array(PINK, np.uint8)))
    assert np.linalg.norm(np.array(colour.lab) - truth) < 3 * colour.uncertainty + 1


@pytest.mark.parametrize("score", [0, 48, 90])
def test_a_score_line_is_found_with_its_direction(score):
    (tablet,) = measure_tablets(with_tablet(ground(), "ellipse", score=score))

    assert np.degrees(tablet.score_line.angle) % 180 == pytest.approx(score, abs=3)
    assert tablet.score_line.seen > 0.8


def test_a_line_that_stops_halfway_is_no_score_line():
    photo = with_tablet(ground(), "ellipse")
    pixels = photo.pixels.copy()
    cv2.line(pixels, (350, 240), (350, 330), (120, 60, 70), 4)

    (tablet,) = measure_tablets(Photo(pixels, "", "image/png"))

    assert tablet.score_line is None


def test_a_capsule_of_two_colours_has_both():
    photo = with_tablet(ground(), "capsule", length=320, width=130, second=(40, 80, 160))

    (tablet,) = measure_tablets(photo)

    truths = [lab(linear(np.array(rgb, np.uint8))) for rgb in (PINK, (40, 80, 160))]
    assert len(tablet.colours) == 2
    for truth in truths:
        assert min(np.linalg.norm(np.array(colour.lab) - truth) for colour in tablet.colours) < 2
    assert all(colour.uncertainty is None for colour in tablet.colours)


def test_what_the_edge_cuts_or_is_not_solid_is_left_out():
    assert measure_tablets(with_tablet(ground(), "ellipse", at=(60, 240))) == ()
    picture = ground()
    cv2.line(picture, (200, 100), (500, 100), (250, 250, 250), 60)
    cv2.line(picture, (200, 100), (200, 400), (250, 250, 250), 60)
    assert measure_tablets(Photo(picture, "", "image/png")) == ()


@pytest.mark.parametrize("shape", [(1, 1), (9, 300), (64, 64)])
def test_a_bare_ground_has_none(shape):
    assert measure_tablets(Photo(np.full((*shape, 3), 128, np.uint8), "", "image/png")) == ()
