"""Two marks laid over each other: both in the frame of the reference mark, at the same size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FrameParams:
    """How much is shown around a mark.

    Attributes
    ----------
    margin : float
        Of the longer side of the mark, on each side (0 to 1): the eye wants to see where the mark ends.
    tallest : float
        The most height per width (over 0): a thin upright mark must not make a picture without end.
    surround : int
        The grey shown where a photograph ends (0 to 255): dark, so that it is not taken for packaging.
    """

    margin: float = 0.15
    tallest: float = 3.0
    surround: int = 40


@dataclass(frozen=True, slots=True)
class Frame:
    """A window on the plane of the reference photograph.

    Attributes
    ----------
    to_window : ndarray of shape (3, 3), float64
        Takes pixels of the reference photograph to pixels of the window.
    width, height : int
        Of the window, in pixels.
    surround : int
        The grey outside a photograph.
    """

    to_window: Matrix
    width: int
    height: int
    surround: int


def frame(
    polygon: Sequence[Sequence[float]], *, photograph: tuple[int, int], width: int, params: FrameParams = FrameParams()
) -> Frame:
    """Lay a window around a mark, with a margin that ends where its photograph ends.

    Parameters
    ----------
    polygon : sequence of (x, y)
        The mark, in pixels of its photograph.
    photograph : tuple of int
        Width and height of its photograph, in pixels.
    width : int
        Of the window, in pixels.
    params : FrameParams
        How much is shown around it.

    Returns
    -------
    Frame
        Of the mark's proportions.
    """
    corners = np.asarray(polygon, np.float64)
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = params.margin * float((high - low).max())
    low = np.maximum(low - margin, 0.0)
    high = np.minimum(high + margin, np.asarray(photograph, np.float64))
    span = np.maximum(high - low, 1.0)
    if span[1] > params.tallest * span[0]:
        low[0] -= (span[1] / params.tallest - span[0]) / 2
        span[0] = span[1] / params.tallest
    scale = width / span[0]
    to_window = np.array([[scale, 0.0, -scale * low[0]], [0.0, scale, -scale * low[1]], [0.0, 0.0, 1.0]])
    return Frame(to_window, width, max(1, math.ceil(span[1] * scale)), params.surround)


def through(pixels: Pixels, window: Frame, to_reference: Matrix | None = None) -> Pixels:
    """Show a photograph through a window.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        The photograph.
    window : Frame
        Laid on the reference photograph.
    to_reference : ndarray of shape (3, 3), float64, optional
        Takes pixels of this photograph to pixels of the reference photograph, a turning over included; left out for
        the reference itself.

    Returns
    -------
    ndarray of shape (window.height, window.width, 3), uint8
        What is seen.
    """
    matrix = window.to_window if to_reference is None else window.to_window @ to_reference
    # A warp samples points: anything much larger than the window is shrunk by areas first, or it would glitter.
    scale = math.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    if scale < 0.5:
        height, width = pixels.shape[:2]
        smaller = (max(1, round(width * scale)), max(1, round(height * scale)))
        back = np.diag([width / smaller[0], height / smaller[1], 1.0])
        # Pixel centres lie half a pixel inside their area.
        back[:2, 2] = (np.diag(back)[:2] - 1.0) / 2.0
        pixels = np.asarray(cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA), np.uint8)
        matrix = matrix @ back
    seen = cv2.warpPerspective(
        pixels,
        matrix,
        (window.width, window.height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(window.surround,) * 3,
    )
    return np.asarray(seen, np.uint8)
