"""Thin straight strokes on a photograph: the ticks of rulers, and much else."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Strokes:
    """Strokes, one a row.

    Attributes
    ----------
    centre : ndarray of shape (N, 2), float64
        Pixels.
    direction : ndarray of shape (N, 2), float64
        Unit vectors along the strokes; which of the two ends they point to means nothing.
    length : ndarray of shape (N,), float64
        Pixels.
    dark : ndarray of shape (N,), bool
        Darker than what is beside it.
    """

    centre: Floats
    direction: Floats
    length: Floats
    dark: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StrokeParams:
    """What :func:`find_strokes` can be set to.

    Attributes
    ----------
    blur : float
        Deviation in pixels of the blur before the second derivatives (0.5 to 3); strokes of one to four pixels stand
        out.
    contrast : float
        Least second derivative across a stroke, in grey levels (2 to 60): the noise of a plain wall stays below.
    most_pixels : float
        Part of the picture that may be stroke (0.02 to 0.5); where more is, only the strongest is looked at, so that a
        picture full of texture costs no more than another.
    least_length : float
        Pixels (3 to 20); shorter ones have no direction.
    least_ratio : float
        Of length to width (1.2 to 5).
    """

    blur: float = 0.8
    contrast: float = 14.0
    most_pixels: float = 0.12
    least_length: float = 4.5
    least_ratio: float = 1.8


_SECTORS = 4
"""Strokes are traced in this many sectors of directions. Each overlaps its neighbours: no direction is cut in two."""

_HALF_SECTOR = np.deg2rad(30.0)


def find_strokes(grey: NDArray[np.uint8], *, params: StrokeParams = StrokeParams()) -> Strokes:
    """Find thin straight strokes, dark and light.

    Stages:

    1. The second derivatives, and from them how much of a line each pixel is, dark or light (Steger, IEEE PAMI 1998).
    2. The pixels that are, and the direction of each.
    3. In each sector of directions, what hangs together is one stroke: a tick parts from the line that it stands on.
    4. Centre, direction and length of each from its moments; blots and short ones are left out.

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8
        The picture.
    params : StrokeParams
        See there.

    Returns
    -------
    Strokes
        In no particular order; a stroke whose direction lies between two sectors may come twice.
    """
    # 1.
    soft = cv2.GaussianBlur(grey, (0, 0), params.blur).astype(np.float32)
    xx = cv2.Sobel(soft, cv2.CV_32F, 2, 0, ksize=3, scale=0.25)
    yy = cv2.Sobel(soft, cv2.CV_32F, 0, 2, ksize=3, scale=0.25)
    xy = cv2.Sobel(soft, cv2.CV_32F, 1, 1, ksize=3, scale=0.25)
    apart = xx - yy
    root = cv2.magnitude(apart, 2 * xy)
    trace = xx + yy
    found: list[tuple[Floats, Floats, Floats, bool]] = []
    for dark in (True, False):
        strength = 0.5 * (root + trace) if dark else 0.5 * (root - trace)
        # 2.
        level = params.contrast
        sample = strength[::4, ::4]
        if float((sample > level).mean()) > params.most_pixels:
            level = float(np.quantile(sample, 1 - params.most_pixels))
        rows, columns = np.nonzero(strength > level)
        if rows.size == 0:
            continue
        across = 0.5 * np.arctan2(2 * xy[rows, columns], apart[rows, columns])
        along = across + (np.pi / 2 if dark else 0.0)
        # 3.
        canvas = np.zeros(grey.shape, np.uint8)
        for sector in range(_SECTORS):
            middle = sector * np.pi / _SECTORS
            away = np.abs((along - middle + np.pi / 2) % np.pi - np.pi / 2)
            inside = away < _HALF_SECTOR
            r, c = rows[inside], columns[inside]
            if r.size == 0:
                continue
            canvas[r, c] = 1
            count, labels = cv2.connectedComponents(canvas, connectivity=8, ltype=cv2.CV_32S)
            canvas[r, c] = 0
            label = labels[r, c]
            found.append((*_moments(label, count, c.astype(np.float64), r.astype(np.float64), params), dark))
    if not found:
        nothing = np.zeros((0, 2))
        return Strokes(nothing, nothing, np.zeros(0), np.zeros(0, bool))
    return Strokes(
        np.concatenate([f[0] for f in found]),
        np.concatenate([f[1] for f in found]),
        np.concatenate([f[2] for f in found]),
        np.concatenate([np.full(len(f[2]), f[3]) for f in found]),
    )


def _moments(
    label: NDArray[np.int32], count: int, x: Floats, y: Floats, params: StrokeParams
) -> tuple[Floats, Floats, Floats]:
    """4."""
    area = np.bincount(label, minlength=count).astype(np.float64)
    safe = np.maximum(area, 1)
    cx, cy = np.bincount(label, x, count) / safe, np.bincount(label, y, count) / safe
    # A pixel is a square: its own spread is a twelfth.
    vx = np.bincount(label, x * x, count) / safe - cx * cx + 1 / 12
    vy = np.bincount(label, y * y, count) / safe - cy * cy + 1 / 12
    vxy = np.bincount(label, x * y, count) / safe - cx * cy
    root = np.sqrt((vx - vy) ** 2 + 4 * vxy * vxy)
    length = np.sqrt(6 * (vx + vy + root))
    width = np.sqrt(np.maximum(6 * (vx + vy - root), 1e-9))
    angle = 0.5 * np.arctan2(2 * vxy, vx - vy)
    keep = (area >= 4) & (length >= params.least_length) & (length >= params.least_ratio * width)
    keep &= area >= 0.6 * length * width
    return (
        np.column_stack([cx, cy])[keep],
        np.column_stack([np.cos(angle), np.sin(angle)])[keep],
        length[keep],
    )
