"""Made-up photographs with words on them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Placed = tuple[str, tuple[int, int], float]
"""Words, their middle, and the turn in degrees, against the clock as seen."""


def written(placed: Sequence[Placed], *, size: tuple[int, int] = (640, 480), height: int = 34) -> NDArray[np.uint8]:
    """Write words on a ground of soft spots, each at its place and turn; RGB."""
    chance = np.random.default_rng(len(placed))
    ground = chance.integers(120, 255, (size[1] // 8, size[0] // 8, 3), dtype=np.uint8)
    picture = np.asarray(cv2.resize(ground, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 12), np.uint8)
    for words, (x, y), turn in placed:
        canvas = np.zeros((4 * height, height * (len(words) + 2)), np.uint8)
        cv2.putText(canvas, words, (height, int(2.4 * height)), (255,), cv2.FontFace("sans"), int(1.35 * height), 600)
        ys, xs = np.nonzero(canvas)
        ink = canvas[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
        matrix = cv2.getRotationMatrix2D((ink.shape[1] / 2, ink.shape[0] / 2), turn, 1.0)
        matrix[:, 2] += [x - ink.shape[1] / 2, y - ink.shape[0] / 2]
        cover = cv2.warpAffine(ink, matrix, size)[:, :, None] / 255
        picture = np.asarray(picture * (1 - cover) + np.array([30, 25, 70]) * cover, np.uint8)
    return picture


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """Encode RGB as JPEG."""
    return bytes(cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
