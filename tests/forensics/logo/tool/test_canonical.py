from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.logo.tool.canonical import canonical


def relief(seed: int) -> NDArray[np.float32]:
    """Hills of about ten pixels."""
    return np.asarray(cv2.GaussianBlur(np.random.default_rng(seed).normal(size=(160, 160)), (0, 0), 5), np.float32)


def slope(height: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    """What a low lamp in a direction shows of a relief."""
    down, right = np.gradient(height)
    angle = np.radians(degrees)
    return np.asarray(100 * (np.cos(angle) * right + np.sin(angle) * down), np.float32)


def alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(abs(np.corrcoef(one[10:-10, 10:-10].ravel(), other[10:-10, 10:-10].ravel())[0, 1]))


def test_two_lamps_on_one_relief_show_one_thing() -> None:
    here, there = slope(relief(1), 0), slope(relief(1), 90)
    assert alike(here, there) < 0.2, "the pictures themselves have nothing in common"
    pair = canonical(here, there, np.ones_like(here), sigma=1.0)
    assert pair.together[0] > 0.95
    assert alike(pair.query[..., 0], pair.reference[..., 0]) > 0.95
    assert pair.together[1] < 0.5, "one derivative is shared, not two"


def test_two_reliefs_show_two_things() -> None:
    here, there = slope(relief(1), 0), slope(relief(2), 90)
    assert canonical(here, there, np.ones_like(here), sigma=1.0).together[0] < 0.5


def test_print_agrees_in_every_direction_even_inverted() -> None:
    picture = relief(3)
    assert min(canonical(picture, -2 * picture, np.ones_like(picture), sigma=1.0).together) > 0.99


def test_nothing_agrees_with_nothing() -> None:
    flat = np.zeros((40, 40), np.float32)
    pair = canonical(flat, flat, np.ones_like(flat), sigma=1.0)
    assert pair.together[0] == 0
    assert np.isfinite(pair.query).all()
