"""Made-up designs and packages, always the same for the same number."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.photo import Photo

Picture = NDArray[np.uint8]


def photo(pixels: Picture) -> Photo:
    return Photo(np.ascontiguousarray(pixels), sha256="0" * 64, media_type="image/png")


def design(number: int, side: int = 240) -> Picture:
    """Rings, bars and letters in dark colours on white."""
    chance = np.random.default_rng(number)
    picture = np.full((240, 240, 3), 245, np.uint8)
    for kind in [0, 1, 2] * 6:
        colour = chance.integers(0, 190, 3).tolist()
        here, there = (chance.integers(20, 220, 2).tolist() for _ in range(2))
        if kind == 0:
            cv2.circle(picture, here, int(chance.integers(8, 45)), colour, int(chance.integers(2, 6)), cv2.LINE_AA)
        elif kind == 1:
            cv2.line(picture, here, there, colour, int(chance.integers(2, 6)), cv2.LINE_AA)
        else:
            letters = "".join(chr(65 + letter) for letter in chance.integers(0, 26, 3).tolist())
            cv2.putText(picture, letters, here, cv2.FONT_HERSHEY_SIMPLEX, 1.0, colour, 2, cv2.LINE_AA)
    return np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def ground(number: int, width: int, height: int) -> Picture:
    """Soft blotches: a package with nothing on it."""
    chance = np.random.default_rng([number, 1])
    coarse = chance.integers(90, 170, (height // 40 + 2, width // 40 + 2, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def warped(picture: Picture, matrix: NDArray[np.float64], onto: Picture) -> Picture:
    """Lay a picture on another through a homography."""
    size = (onto.shape[1], onto.shape[0])
    laid = cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_AREA)
    where = cv2.warpPerspective(np.full(picture.shape[:2], 255, np.uint8), matrix, size)
    return np.asarray(np.where((where > 127)[..., None], laid, onto), np.uint8)


def placed(degrees: float, zoom: float, centre: tuple[float, float], side: int = 240) -> NDArray[np.float64]:
    """Return the homography that turns and scales a design of that side and puts its middle at the centre."""
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D((side / 2, side / 2), degrees, zoom)
    matrix[:2, 2] += np.array(centre) - side / 2
    return matrix


def through(matrix: NDArray[np.float64], points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Take points through a homography."""
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])
