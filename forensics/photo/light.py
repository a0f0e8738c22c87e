"""How the light fell: clipped whites, glare, and the spread from dark to light."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def middle(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut out the middle half of a picture along each side, where people put what they photograph."""
    height, width = picture.shape[:2]
    top, left = height // 4, width // 4
    return picture[top : height - top, left : width - left]


def clipped(rgb: NDArray[np.uint8], level: int) -> NDArray[np.uint8]:
    """Mark the pixels of which every channel has reached a level; 1 there and 0 elsewhere."""
    red, green, blue = cv2.split(rgb)
    return np.asarray(cv2.min(cv2.min(red, green), blue) >= level, np.uint8)


def lightness_spread(rgb: NDArray[np.uint8]) -> float:
    """Give the spread of CIE lightness, from the darkest fiftieth to the lightest, in L* of 0 to 100."""
    lightness = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2LAB)[..., 0]
    low, high = np.percentile(lightness, (2, 98))
    return float(high - low) * 100 / 255


def glare_share(
    white: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    *,
    smallest: float,
    largest: float,
    halo: float,
    halo_level: float,
) -> float:
    """Measure how much of a picture is covered by highlights.

    A highlight is a clipped patch that does not touch the border and fades into what is around it; white print is as
    bright but ends at its edge, and a white table reaches the border.

    Parameters
    ----------
    white : ndarray of shape (height, width), uint8
        1 where a pixel is clipped.
    grey : ndarray of shape (height, width), uint8
        The picture.
    smallest, largest : float
        Shares of the picture between which a patch is taken for a highlight.
    halo : float
        Where its fading is looked at: a ring around it, this share of the longer side away and as wide.
    halo_level : float
        The mean level of that ring from which a patch counts as fading.

    Returns
    -------
    float
        Share of the picture, 0 to 1.
    """
    height, width = white.shape
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(white, connectivity=8, ltype=cv2.CV_32S)
    left, top, across, down, area = boxes.T
    inside = (left > 0) & (top > 0) & (left + across < width) & (top + down < height)
    patch = inside & (area >= smallest * white.size) & (area <= largest * white.size)
    # Label 0 is what is not clipped.
    patch[0] = False
    if not patch.any():
        return 0.0
    numbers = np.where(patch, np.arange(count), 0)[labels].astype(np.float32)
    reach = max(1, round(halo * max(height, width)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    near = cv2.dilate(numbers, kernel)
    ring = cv2.dilate(near, kernel)
    ring[(near > 0) | (white > 0)] = 0
    owners = ring.astype(np.int64).ravel()
    pixels = np.bincount(owners, minlength=count)
    levels = np.bincount(owners, weights=grey.ravel(), minlength=count) / np.maximum(pixels, 1)
    fading = patch & (pixels > 0) & (levels >= halo_level)
    return float(area[fading].sum() / white.size)
