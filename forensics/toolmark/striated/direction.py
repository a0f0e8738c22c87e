"""Which way the striae of a mark run."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.toolmark.field import Field, coarser, turned

Array = NDArray[np.float64]

_FINE = np.deg2rad(np.arange(-3.0, 3.01, 0.25))
"""Directions about the tensor's that are tried in turn: long striae smear at half a degree."""


_SIDE = 800
"""Pixels of the longer side that directions are found on: a quarter of a degree moves the ends of striae by three."""


def direction(field: Field, *, smoothing: float = 1.5) -> tuple[float, float]:
    """Find the direction of striae by the structure tensor, and refine it by how sharp they stand.

    Stages: 1. gradients, away from the border of what is known; 2. strong ones cut to what is usual, so that one deep
    scratch does not rule; 3. the tensor's axis across which the surface changes least (Bigün and Granlund, 1987);
    4. of the directions within three degrees, that along which the mean profile keeps most of its roughness.

    Parameters
    ----------
    field : Field
        Levelled.
    smoothing : float
        Standard deviation in pixels, before the gradient is taken.

    Returns
    -------
    direction : float
        Radians from 0 to pi, from x towards y.
    coherence : float
        From 0, gradients every way, to 1, all across one direction. 0 where there is nothing.
    """
    longest = max(field.values.shape)
    field = coarser(field, field.spacing * max(1.0, longest / _SIDE))
    # 1.
    share = cv2.GaussianBlur(field.valid.astype(np.float64), (0, 0), smoothing)
    smooth = cv2.GaussianBlur(field.values, (0, 0), smoothing) / np.maximum(share, 1e-6)
    reach = 2 * int(np.ceil(2 * smoothing)) + 1
    inside = cv2.erode(
        field.valid.astype(np.uint8), np.ones((reach, reach), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0
    ).astype(bool)
    if not inside.any():
        return 0.0, 0.0
    across_x = cv2.Sobel(smooth, cv2.CV_64F, 1, 0, ksize=3)[inside]
    across_y = cv2.Sobel(smooth, cv2.CV_64F, 0, 1, ksize=3)[inside]
    # 2.
    size = np.hypot(across_x, across_y)
    usual = float(np.percentile(size, 75))
    if usual == 0:
        return 0.0, 0.0
    cut = np.minimum(1.0, usual / np.maximum(size, 1e-300))
    across_x, across_y = across_x * cut, across_y * cut
    # 3.
    xx, yy, xy = (across_x**2).sum(), (across_y**2).sum(), (across_x * across_y).sum()
    coherence = float(np.hypot(xx - yy, 2 * xy) / (xx + yy))
    along = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    # 4. On the smoothed field: turning smooths it too, but least along the grid, which noise would prefer.
    without_noise = replace(field, values=np.where(field.valid, smooth, 0.0))
    sharp = [sharpness(without_noise, along + change) for change in _FINE]
    best = int(np.argmax(sharp)) if max(sharp) > 0 else len(_FINE) // 2
    return float((along + _FINE[best]) % np.pi), coherence


def sharpness(field: Field, along: float) -> float:
    """Return how rough the mean profile across a direction is: the mean square of its steps."""
    upright, _ = turned(field, np.pi / 2 - along)
    count = upright.valid.sum(axis=0)
    profile = upright.values.sum(axis=0) / np.maximum(count, 1)
    steps = np.diff(profile)
    known = np.minimum(count[1:], count[:-1]) >= 0.5 * count.max(initial=1)
    return float((steps[known] ** 2).mean()) if known.any() else 0.0
