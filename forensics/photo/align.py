"""Photographs of one thing under different light laid onto the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.photo.shrink import shrunk


@dataclass(frozen=True, slots=True)
class AlignParams:
    """What :func:`align` can be set to.

    Attributes
    ----------
    working_side : int
        Longest side in pixels of the copies that are compared (200 to 2,000).
    blur : float
        Standard deviation in pixels of the copy that edges are smoothed by (0.5 to 4): light moves them a little.
    most : float
        The largest shift, as a part of the longer side (0.005 to 0.2): a tripod's, not a free hand's.
    least : float
        Shifts shorter than so many pixels of the copy are left alone (0.3 to 2): light moves edges as far, so that a
        camera at rest is left at rest.
    sure : float
        Least height of the correlation's peak, 0 to 1 (0.03 to 0.4).
    """

    working_side: int = 1200
    blur: float = 1.5
    most: float = 0.05
    least: float = 1.2
    sure: float = 0.1


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a photograph lies on the first.

    Attributes
    ----------
    shift : tuple of two floats
        Right and down, in pixels: takes places of the first to places of this one.
    sure : float
        Height of the correlation's peak, 0 to 1.
    """

    shift: tuple[float, float]
    sure: float

    def moved(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Lay this photograph's pixels onto the first."""
        if self.shift == (0.0, 0.0):
            return pixels
        matrix = np.array([[1, 0, self.shift[0]], [0, 1, self.shift[1]]])
        size = (pixels.shape[1], pixels.shape[0])
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(pixels, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    def inside(self, shape: tuple[int, int]) -> NDArray[np.bool_]:
        """Say which pixels of the first this photograph covers; shape (H, W)."""
        right, down = self.shift
        y, x = np.ogrid[: shape[0], : shape[1]]
        across = (x + right >= 0) & (x + right <= shape[1] - 1)
        return np.asarray(across & (y + down >= 0) & (y + down <= shape[0] - 1), np.bool_)


def align(pictures: Sequence[NDArray[np.uint8]], *, params: AlignParams = AlignParams()) -> tuple[Alignment, ...]:
    """Find how photographs must be shifted to lie on the first.

    Stages:

    1. How strong edges are, of small copies: a lamp from the other side turns light into shade, and leaves an edge.
    2. The shift by phase correlation (Foroosh, Zerubia, Berthod, Transactions on Image Processing 2002).
    3. Left alone where it is too short, too long or not sure.

    Parameters
    ----------
    pictures : sequence of ndarray of shape (H, W, 3), uint8
        Of one size.
    params : AlignParams
        See there.

    Returns
    -------
    tuple of Alignment
        One each; the first's moves nothing.
    """
    if not pictures:
        return ()
    height, width = pictures[0].shape[:2]
    shrink = min(1.0, params.working_side / max(height, width))
    # 1.
    first, *others = (_edges(picture, shrink, params) for picture in pictures)
    found = [Alignment((0.0, 0.0), 1.0)]
    window = cv2.createHanningWindow((first.shape[1], first.shape[0]), cv2.CV_32F)
    for other in others:
        # 2.
        (right, down), sure = cv2.phaseCorrelate(first, other, window)
        # 3.
        far = float(np.hypot(right, down))
        moves = params.least <= far <= params.most * max(first.shape) and sure >= params.sure
        found.append(Alignment((right / shrink, down / shrink) if moves else (0.0, 0.0), float(sure)))
    return tuple(found)


def _edges(picture: NDArray[np.uint8], shrink: float, params: AlignParams) -> NDArray[np.float32]:
    """1."""
    height, width = picture.shape[:2]
    small = shrunk(picture, (max(1, round(width * shrink)), max(1, round(height * shrink))))
    grey = cv2.cvtColor(np.ascontiguousarray(small), cv2.COLOR_RGB2GRAY)
    # By the light around it: the lamp's side is lighter.
    blurred = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), params.blur)
    smooth = np.asarray(blurred / (cv2.GaussianBlur(blurred, (0, 0), 12 * params.blur) + 8), np.float32)
    return np.asarray(
        cv2.magnitude(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)), np.float32
    )
