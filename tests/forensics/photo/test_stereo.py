"""A surface that is known is found again from photographs under lamps, and shown under another."""

import cv2
import numpy as np
import pytest

from forensics.photo import Photo
from forensics.photo.align import align
from forensics.photo.srgb import lab, levels, linear
from forensics.photo.stereo import StereoParams, find_relief, towards

SHAPE = (120, 160)
LAMPS = np.array([towards(np.deg2rad(a), np.deg2rad(35)) for a in (0, 90, 180, 270)])


def surface(shape=SHAPE) -> np.ndarray:
    """Hills and pits, in pixels."""
    noise = np.random.default_rng(5).normal(0, 1, shape).astype(np.float32)
    height = cv2.GaussianBlur(noise, (0, 0), 7)
    return 4 * height / np.abs(height).max()


def normals_of(height: np.ndarray) -> np.ndarray:
    down, across = np.gradient(height.astype(float))
    normals = np.stack([-across, -down, np.ones_like(across)], axis=-1)
    return normals / np.linalg.norm(normals, axis=-1, keepdims=True)


def ink(shape=SHAPE) -> np.ndarray:
    """Two kinds of matter."""
    noise = np.random.default_rng(8).normal(0, 1, shape).astype(np.float32)
    return np.where(cv2.GaussianBlur(noise, (0, 0), 4) > 0, 0.75, 0.45)


def photographs(lamps=LAMPS, *, shifts=None, strengths=None, shape=SHAPE) -> list[Photo]:
    normals, albedo = normals_of(surface(shape)), ink(shape)
    taken = []
    for number, lamp in enumerate(lamps):
        light = albedo * np.maximum(normals @ lamp, 0) * (1 if strengths is None else strengths[number])
        grey = levels(light)
        if shifts is not None:
            move = np.array([[1, 0, shifts[number][0]], [0, 1, shifts[number][1]]], float)
            grey = cv2.warpAffine(grey, move, shape[::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        taken.append(Photo(cv2.merge([grey] * 3), "", "image/png"))
    return taken


def angles(relief) -> np.ndarray:
    cosine = (relief.normals * normals_of(surface())).sum(axis=-1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def test_normals_matter_and_height_are_found_again():
    relief = find_relief(photographs(), LAMPS, params=StereoParams(strengths="given"))

    assert relief
    assert relief.known.all()
    assert angles(relief).mean() < 0.5
    assert relief.albedo == pytest.approx(ink(), abs=0.02)
    truth = surface() - surface().mean()
    assert np.abs(relief.height - truth).max() < 0.1 * np.ptp(truth)
    assert relief.residual < 0.01


@pytest.mark.parametrize("azimuth", [20, 135, 250])
def test_it_is_shown_under_a_lamp_that_was_not_there(azimuth):
    relief = find_relief(photographs(), LAMPS, params=StereoParams(strengths="given"))
    lamp = towards(np.deg2rad(azimuth), np.deg2rad(25))

    shown = relief.lit(lamp)

    (truth,) = photographs([lamp])
    assert np.abs(shown.astype(int) - truth.pixels[..., 0]).mean() < 2
    assert np.ptp(relief.lit(lamp, plain=True)) > 20


def test_exposures_that_differ_are_evened_out_by_the_flat_ground():
    uneven = photographs(strengths=(1.0, 0.6, 0.8, 0.5))

    flat, given = (find_relief(uneven, LAMPS, params=StereoParams(strengths=kind)) for kind in ("flat", "given"))

    assert angles(flat).mean() < 2 < 5 < angles(given).mean()


def test_strengths_of_many_lamps_are_fitted():
    lamps = np.array([towards(np.deg2rad(45 * k), np.deg2rad(30 + 20 * (k % 2))) for k in range(8)])
    strengths = np.array([1.0, 0.7, 0.9, 1.0, 0.8, 1.0, 0.6, 1.0])

    taken = photographs(lamps, strengths=strengths)
    relief, given = (
        find_relief(taken, lamps, params=StereoParams(strengths=kind, rounds=40)) for kind in ("fitted", "given")
    )

    assert np.linalg.norm(relief.lamps, axis=1) == pytest.approx(strengths / strengths.mean(), rel=0.06)
    assert angles(relief).mean() < 0.6 * angles(given).mean()


@pytest.mark.parametrize("fault", ["shadow", "highlight"])
def test_a_cast_shadow_and_a_highlight_do_not_count(fault):
    lamps = np.array([towards(np.deg2rad(60 * k), np.deg2rad(40)) for k in range(6)])
    taken = photographs(lamps)
    spoilt = taken[2].pixels.copy()
    spoilt[30:70, 40:90] = 3 if fault == "shadow" else 255
    taken[2] = Photo(spoilt, "", "image/png")

    relief = find_relief(taken, lamps, params=StereoParams(strengths="given"))

    assert angles(relief)[30:70, 40:90].mean() < 1
    assert relief.weights[2, 30:70, 40:90].max() < 0.5 < relief.weights[1].mean()
    assert relief.residual_kept < 0.02 < relief.residual


def test_a_nudged_camera_is_put_right_and_one_at_rest_left_alone():
    shifts = [(0, 0), (4, -3), (-5, 2), (3, 6)]
    nudged = photographs(shifts=shifts, shape=(300, 400))

    found = align([photo.pixels for photo in nudged])

    assert np.array([one.shift for one in found]) == pytest.approx(np.array(shifts), abs=0.8)
    still = align([photo.pixels for photo in photographs(shape=(300, 400))])
    assert {one.shift for one in still} == {(0.0, 0.0)}


@pytest.mark.parametrize(
    ("lamps", "words"),
    [(LAMPS[:2], "three or more"), (LAMPS[[0, 2, 0]], "line"), (LAMPS * [[1], [0], [1], [1]], "direction")],
)
def test_lamps_that_do_not_tell_are_refused_with_the_reason(lamps, words):
    relief = find_relief(photographs(LAMPS)[: len(lamps)], lamps)

    assert not relief
    assert words in relief.reason
    assert relief.hint


def test_photographs_of_two_sizes_are_refused():
    taken = photographs()
    taken[1] = Photo(taken[1].pixels[:-1].copy(), "", "image/png")

    relief = find_relief(taken, LAMPS)

    assert not relief
    assert "size" in relief.reason


def test_light_and_levels_are_inverse_and_white_is_white():
    every = np.arange(256, dtype=np.uint8)

    assert np.array_equal(levels(linear(every)), every)
    assert lab(np.ones((1, 3)))[0] == pytest.approx([100, 0, 0], abs=0.02)
