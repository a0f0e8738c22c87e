from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.logo.tool.bend import Bend, bend
from tests.forensics.logo.tool.marks import SIDE, mark, tool

Field = NDArray[np.float32]

Y, X = np.mgrid[:SIDE, :SIDE].astype(np.float32)
ALL = np.ones((SIDE, SIDE), np.float32)


@pytest.fixture(scope="module")
def picture() -> Field:
    return np.asarray(cv2.cvtColor(mark(tool(1), 1).pixels, cv2.COLOR_RGB2GRAY), np.float32)


def moved(field: Field, right: Field, down: Field) -> Field:
    """Put what is at a pixel that far beside it."""
    out = cv2.remap(field, X - right, Y - down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    noise = np.random.default_rng(5).normal(0, 1.5, field.shape)
    return np.asarray(out + noise, np.float32)


def error(found: Bend, right: Field, down: Field) -> float:
    """Root mean square of what is wrong with a flow, in pixels, where it is known."""
    gap = (found.flow[..., 0] - right) ** 2 + (found.flow[..., 1] - down) ** 2
    return float(np.sqrt((found.weight * gap).sum() / found.weight.sum()))


def size(found: Bend) -> float:
    return float(np.sqrt((found.weight * (found.shift**2).sum(axis=2)).sum() / found.weight.sum()))


def test_a_move_of_the_camera_is_found_and_is_no_bend(picture: Field) -> None:
    right, down = 1.3 + 0.004 * (X - SIDE / 2), -0.8 - 0.003 * (X - SIDE / 2) + 0.002 * (Y - SIDE / 2)
    found = bend(moved(picture, right, down), picture, ALL, span=0.75 * SIDE)
    assert error(found, right, down) < 0.15
    assert size(found) < 0.15


def test_a_bend_is_found_beyond_its_noise(picture: Field) -> None:
    wave = (0.8 * np.sin(X / 45)).astype(np.float32)
    found = bend(moved(picture, wave, 0 * wave), picture, ALL, span=0.75 * SIDE)
    assert size(found) > 0.3
    assert size(found) ** 2 > 5 * found.noise
    again = bend(moved(picture, 0 * wave, 0 * wave), picture, ALL, span=0.75 * SIDE)
    assert size(again) < size(found) / 3


def test_a_mark_lies_over_itself_under_no_bend(picture: Field) -> None:
    found = bend(picture, picture, ALL, span=0.75 * SIDE)
    assert np.abs(found.flow).max() < 0.01
    assert min(found.together) > 0.99
    assert found.noise < 1e-4


def test_a_flake_of_light_moves_nothing(picture: Field) -> None:
    flaked = picture.copy()
    cv2.ellipse(flaked, (SIDE // 2, SIDE // 3), (30, 6), 20, 0, 360, (255.0,), -1)
    found = bend(flaked, picture, ALL, span=0.75 * SIDE)
    assert error(found, 0 * X, 0 * X) < 0.25


def test_where_nothing_is_nothing_is_found() -> None:
    empty = np.full((SIDE, SIDE), 128, np.float32)
    found = bend(empty, empty, ALL, span=0.75 * SIDE)
    assert np.isfinite(found.shift).all()
    assert np.abs(found.flow).max() == 0
