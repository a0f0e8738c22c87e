"""Rulers as they are printed, drawn here stroke by stroke; and things that look a little like them."""

from __future__ import annotations

import cv2
import numpy as np

from forensics.photo import Photo

FINE = 4
"""Drawn so many times finer than the picture."""

METRIC = (10, 6, 6, 6, 6, 8, 6, 6, 6, 6)
HALF_MILLIMETRES = (12, 5, 7, 5, 7, 5, 7, 5, 7, 5, 9.5, 5, 7, 5, 7, 5, 7, 5, 7, 5)
SIXTEENTHS = (14, 5, 7, 5, 9, 5, 7, 5, 11.5, 5, 7, 5, 9, 5, 7, 5)


def photo(picture: np.ndarray) -> Photo:
    return Photo(np.ascontiguousarray(picture), "", "image/png")


def table(shape=(700, 1000), seed=1) -> np.ndarray:
    """A grainy table."""
    rng = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(rng.normal(0, 14, shape).astype(np.float32), (0, 0), 1.5)
    return np.clip(np.array([126, 110, 92]) + 1.4 * grain[..., None], 0, 255).astype(np.uint8)


def ruler(
    ticks: int, pitch: float, lengths=METRIC, *, unit: float = 2.2, every: int = 10, word: str = "", ink=25, paper=235
) -> np.ndarray:
    """Draw a ruler: ``lengths`` of its ticks repeat, ``unit`` pixels each; a figure at ``every`` one."""
    longest = max(lengths) * unit
    width, height = (ticks - 1) * pitch + 4 * longest, 2.6 * longest
    drawn = np.full((round(height * FINE), round(width * FINE)), paper, np.uint8)
    for k in range(ticks):
        x = round((2 * longest + k * pitch) * FINE)
        thick = max(1, round(0.22 * pitch * FINE)) if pitch < 12 else 2 * FINE
        length = round(lengths[k % len(lengths)] * unit * FINE)
        cv2.rectangle(drawn, (x - thick // 2, 0), (x - thick // 2 + thick - 1, length), ink, -1)
        if every and k % every == 0:
            write(drawn, str(k // every), x, 1.75 * longest * FINE, 0.6 * longest * FINE, ink)
    if word:
        write(drawn, word, longest * FINE, 0.8 * longest * FINE, 0.5 * longest * FINE, ink)
    size = (round(width), round(height))
    return cv2.merge([cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)] * 3)


def write(drawn: np.ndarray, text: str, x: float, y: float, height: float, ink: int) -> None:
    """Write centred at a place, so many pixels tall."""
    (wide, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1, 2)
    size = height / tall
    at = (round(x - 0.5 * wide * size), round(y + 0.5 * height))
    cv2.putText(drawn, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, ink, max(1, round(2.4 * size)), cv2.LINE_AA)


def laid(
    ground: np.ndarray, thing: np.ndarray, *, turn: float = 0.0, mirrored: bool = False, at=(0.5, 0.5), slant=0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Lay a thing on a table, turned by degrees; the picture, and the thing's four corners on it."""
    h, w = thing.shape[:2]
    H, W = ground.shape[:2]
    a = np.deg2rad(turn)
    c, s = np.cos(a), np.sin(a)
    flip = -1.0 if mirrored else 1.0
    to_middle = np.array([[1, 0, -w / 2], [0, 1, -h / 2], [0, 0, 1]])
    turned = np.array([[flip * c, -s, at[0] * W], [flip * s, c, at[1] * H], [0, 0, 1.0]])
    far = np.array([[1, 0, 0], [0, 1, 0], [slant / w, 0, 1.0]])
    matrix = turned @ far @ to_middle
    seen = cv2.warpPerspective(thing, matrix, (W, H), dst=ground.copy(), borderMode=cv2.BORDER_TRANSPARENT)
    corners = cv2.perspectiveTransform(np.array([[[0, 0], [w, 0], [w, h], [0, h]]], np.float64), matrix)[0]
    return cv2.GaussianBlur(seen, (0, 0), 0.6), corners


def covered(polygon: np.ndarray, corners: np.ndarray) -> float:
    """Part of a thing that a polygon covers."""
    one, other = (cv2.convexHull(p.astype(np.float32)) for p in (polygon, corners))
    return cv2.intersectConvexConvex(one, other)[0] / cv2.contourArea(other)
