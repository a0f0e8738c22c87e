"""A pen that draws filled shapes, strokes and letters as coverage, in the coordinates of a design."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
Face = Literal["sans", "italic", "uni"]

_SHIFT = 4  # bits of a pixel's fraction that OpenCV's polygon filler takes


class Pen:
    """Draws on a square canvas; the origin is its middle, y points down, and 1 is 0.45 of its side.

    Parameters
    ----------
    size : int
        Side of the canvas in pixels.

    Attributes
    ----------
    coverage : ndarray of shape (size, size), uint8
        255 where the design is raised, cut or inked.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.unit = 0.45 * size
        self.coverage: NDArray[np.uint8] = np.zeros((size, size), np.uint8)

    def _pixels(self, points: ArrayLike) -> NDArray[np.int32]:
        at = np.asarray(points, np.float64) * self.unit + self.size / 2 - 0.5
        return np.rint(at * (1 << _SHIFT)).astype(np.int32).reshape(-1, 1, 2)

    def fill(self, points: ArrayLike, value: int = 255) -> None:
        """Fill a closed outline."""
        cv2.fillPoly(self.coverage, [self._pixels(points)], (value,), cv2.LINE_AA, _SHIFT)

    def cut(self, points: ArrayLike) -> None:
        """Take a closed outline out of what is drawn."""
        self.fill(points, 0)

    def stroke(self, points: ArrayLike, width: float, *, closed: bool = False, value: int = 255) -> None:
        """Draw a line of a given width with round ends."""
        pixels = max(1, round(width * self.unit))
        cv2.polylines(self.coverage, [self._pixels(points)], closed, (value,), pixels, cv2.LINE_AA, _SHIFT)

    def disc(self, x: float, y: float, radius: float, value: int = 255) -> None:
        """Fill a disc."""
        self.fill(circle(x, y, radius), value)

    def letters(
        self, text: str, x: float, y: float, height: float, *, width: float, face: Face, weight: int, value: int = 255
    ) -> None:
        """Write a word centred at (x, y), its capitals ``height`` tall, squeezed to ``width`` where it is longer."""
        word = lettering(text, face, weight)
        tall = height * self.unit
        wide = min(word.shape[1] * tall / word.shape[0], width * self.unit)
        self.stamp(word, x, y, wide / self.unit, height, value=value)

    def stamp(
        self, picture: NDArray[np.uint8], x: float, y: float, width: float, height: float, *, turn: float = 0.0,
        value: int = 255,
    ) -> None:  # fmt: skip
        """Lay a coverage picture down, centred at (x, y) and turned by ``turn`` radians."""
        h, w = picture.shape
        sx, sy = width * self.unit / w, height * self.unit / h
        c, s = math.cos(turn), math.sin(turn)
        centre = np.array([x, y]) * self.unit + self.size / 2
        matrix = np.array([[c * sx, -s * sy], [s * sx, c * sy]])
        offset = centre - matrix @ np.array([w / 2, h / 2])
        laid = cv2.warpAffine(picture, np.column_stack([matrix, offset]), (self.size, self.size), flags=cv2.INTER_AREA)
        if value:
            np.maximum(self.coverage, laid, out=self.coverage)
        else:
            np.minimum(self.coverage, 255 - laid, out=self.coverage)


@lru_cache(maxsize=512)
def lettering(text: str, face: Face, weight: int) -> NDArray[np.uint8]:
    """Coverage of a word, cropped to its ink; 160 pixels to a capital's height."""
    size = 220
    canvas = np.zeros((size * 2, size * (len(text) + 2)), np.uint8)
    cv2.putText(canvas, text, (size // 2, int(size * 1.4)), (255,), cv2.FontFace(face), size, weight)
    ys, xs = np.nonzero(canvas)
    if not len(xs):
        return np.zeros((160, 40), np.uint8)
    return np.ascontiguousarray(canvas[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1])


def circle(x: float, y: float, radius: float, *, squash: float = 1.0, steps: int = 90) -> Points:
    """Outline of a circle, or of an ellipse ``squash`` times as tall as wide."""
    t = np.linspace(0, 2 * math.pi, steps, endpoint=False)
    return np.column_stack([x + radius * np.cos(t), y + radius * squash * np.sin(t)])


def regular(corners: int, radius: float = 1.0, *, turn: float = 0.0, x: float = 0.0, y: float = 0.0) -> Points:
    """Outline of a regular polygon with one corner up."""
    t = np.linspace(0, 2 * math.pi, corners, endpoint=False) - math.pi / 2 + turn
    return np.column_stack([x + radius * np.cos(t), y + radius * np.sin(t)])


def star(points: int, outer: float, inner: float, *, turn: float = 0.0, x: float = 0.0, y: float = 0.0) -> Points:
    """Outline of a star with one point up."""
    t = np.arange(2 * points) * math.pi / points - math.pi / 2 + turn
    r = np.where(np.arange(2 * points) % 2 == 0, outer, inner)
    return np.column_stack([x + r * np.cos(t), y + r * np.sin(t)])


def box(width: float, height: float, radius: float = 0.0, *, x: float = 0.0, y: float = 0.0) -> Points:
    """Outline of a rectangle with rounded corners."""
    w, h = width / 2, height / 2
    if radius <= 0:
        return np.array([[x - w, y - h], [x + w, y - h], [x + w, y + h], [x - w, y + h]])
    t = np.linspace(0, math.pi / 2, 10)
    corners = ((w, h, 0.0), (-w, h, 0.5), (-w, -h, 1.0), (w, -h, 1.5))
    parts = []
    for cx, cy, quarter in corners:
        mx, my = cx - math.copysign(radius, cx), cy - math.copysign(radius, cy)
        a = t + quarter * math.pi
        parts.append(np.column_stack([x + mx + radius * np.cos(a), y + my + radius * np.sin(a)]))
    return np.vstack(parts)


def mirror(half: Sequence[tuple[float, float]]) -> Points:
    """Close a half outline, given from top to bottom with x >= 0, by its mirror image."""
    right = np.asarray(half, np.float64)
    return np.vstack([right, right[::-1] * [-1, 1]])


def smooth(points: ArrayLike, *, closed: bool = True, steps: int = 10) -> Points:
    """Catmull-Rom curve through the points (centripetal feel is not needed at these spacings)."""
    p = np.asarray(points, np.float64)
    before, after, beyond = np.roll(p, 1, 0), np.roll(p, -1, 0), np.roll(p, -2, 0)
    if not closed:
        before[0], after[-1], beyond[-1], beyond[-2] = p[0], p[-1], p[-1], p[-1]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (q[:, None, :] for q in (before, p, after, beyond))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    if not closed:
        return np.vstack([curve[:-1].reshape(-1, 2), p[-1:]])
    return curve.reshape(-1, 2)


def turned(points: ArrayLike, angle: float, *, x: float = 0.0, y: float = 0.0, scale: float = 1.0) -> Points:
    """Turn about the origin by radians, scale, then move to (x, y)."""
    c, s = math.cos(angle) * scale, math.sin(angle) * scale
    return np.asarray(np.asarray(points, np.float64) @ np.array([[c, s], [-s, c]]) + np.array([x, y]), np.float64)
