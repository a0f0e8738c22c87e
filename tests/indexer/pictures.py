"""Small made-up photographs: a drawn design, laid on a blurred ground, turned and scaled."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 180


def design(number: int) -> NDArray[np.uint8]:
    """Draw the design of that number: lines, rings and letters, always the same."""
    chance = np.random.default_rng(number)
    picture = np.full((SIDE, SIDE, 3), 245, np.uint8)
    for _ in range(16):
        colour = tuple(int(value) for value in chance.integers(0, 180, 3))
        here, there = (tuple(int(value) for value in chance.integers(15, SIDE - 15, 2)) for _ in range(2))
        width = int(chance.integers(2, 5))
        kind = chance.integers(0, 3)
        if kind == 0:
            cv2.circle(picture, here, int(chance.integers(6, 40)), colour, width)
        elif kind == 1:
            cv2.line(picture, here, there, colour, width)
        else:
            letters = "".join(chr(65 + int(letter)) for letter in chance.integers(0, 26, 3))
            cv2.putText(picture, letters, here, cv2.FONT_HERSHEY_SIMPLEX, 0.9, colour, 2)
    return picture


def pixels(number: int, take: int, *, size: tuple[int, int] = (320, 240)) -> NDArray[np.uint8]:
    """Lay a design on a ground, turned and moved: another take is another photograph of the same design."""
    chance = np.random.default_rng([number, take, 7])
    ground = chance.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    picture = np.asarray(cv2.GaussianBlur(ground, (0, 0), 6), np.uint8)
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), float(chance.uniform(0, 360)), float(chance.uniform(0.85, 1)))
    turn[:, 2] += [float(chance.uniform(20, size[0] - SIDE - 20)), float(chance.uniform(15, size[1] - SIDE - 15))]
    laid = cv2.warpAffine(design(number), turn, size)
    where = cv2.warpAffine(np.full((SIDE, SIDE), 255, np.uint8), turn, size)
    picture[where > 0] = laid[where > 0]
    return picture


def photograph(number: int, take: int = 0, *, zoom: float = 1.0) -> bytes:
    """Return a photograph of a design, as JPEG; zoomed where a test needs a mark of more pixels."""
    picture = cv2.resize(pixels(number, take), None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
