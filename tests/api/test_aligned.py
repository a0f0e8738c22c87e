"""Two marks laid over each other."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from api.pictures.aligned import FrameParams, frame, through


def drawing() -> NDArray[np.uint8]:
    """A smooth picture with no symmetry, 300 wide and 200 high."""
    noise = np.random.default_rng(3).integers(0, 255, (10, 15, 3), np.uint8)
    return cv2.resize(noise, (300, 200), interpolation=cv2.INTER_CUBIC).astype(np.uint8)


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    inside = (slice(8, -8), slice(8, -8))
    return float(np.abs(one[inside].astype(float) - other[inside].astype(float)).mean())


@pytest.mark.parametrize(("scale", "mirrored"), [(1.0, False), (0.7, True), (3.0, False), (4.0, True)])
def test_a_turned_scaled_and_mirrored_query_lies_exactly_over_the_reference(scale: float, mirrored: bool) -> None:
    reference = drawing()
    angle = np.radians(25)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
    if mirrored:
        turn = turn @ np.diag([-1.0, 1.0])
    to_query = np.eye(3)
    to_query[:2, :2] = turn
    corners = np.array([[0, 0], [300, 0], [300, 200], [0, 200]]) @ turn.T
    to_query[:2, 2] = 5 - corners.min(axis=0)
    size = tuple(int(side) for side in np.ceil(np.ptp(corners, axis=0) + 10))
    query = cv2.warpPerspective(reference, to_query, size, flags=cv2.INTER_CUBIC).astype(np.uint8)

    window = frame([[80, 50], [220, 50], [220, 150], [80, 150]], photograph=(300, 200), width=240)
    left = through(query, window, np.linalg.inv(to_query))
    right = through(reference, window)
    assert left.shape == right.shape == (window.height, window.width, 3)
    plain = through(query, window)
    assert difference(left, right) < 4 < difference(plain, right)


def test_the_margin_ends_where_the_photograph_ends() -> None:
    params = FrameParams(margin=0.5)
    middle = frame([[100, 80], [140, 80], [140, 120], [100, 120]], photograph=(300, 200), width=80, params=params)
    assert np.allclose(middle.to_window @ [80, 60, 1], [0, 0, 1])
    assert (middle.width, middle.height) == (80, 80)
    whole = frame([[0, 0], [300, 0], [300, 200], [0, 200]], photograph=(300, 200), width=300, params=params)
    assert np.allclose(whole.to_window, np.eye(3))
    assert (whole.width, whole.height) == (300, 200)


def test_a_thin_upright_mark_makes_no_endless_picture() -> None:
    window = frame([[100, 0], [102, 0], [102, 200], [100, 200]], photograph=(300, 200), width=50, params=FrameParams())
    assert window.height <= 150 + 1
    low, high = (np.linalg.inv(window.to_window) @ np.array([[0, 50], [0, window.height], [1, 1]])).T[:, :2]
    assert low[0] < 100 < 102 < high[0]


def test_outside_the_photograph_it_is_grey() -> None:
    window = frame([[0, 0], [100, 0], [100, 100], [0, 100]], photograph=(300, 200), width=100)
    far = np.array([[1.0, 0, 5000], [0, 1.0, 0], [0, 0, 1]])
    assert np.all(through(drawing(), window, far) == FrameParams().surround)
