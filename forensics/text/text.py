"""What is written somewhere on a photograph."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

METHOD = "text/1"
"""The reading method and its version: raised whenever the same photograph would be read differently."""


@dataclass(frozen=True, slots=True)
class Text:
    """One line that was read on a photograph.

    Attributes
    ----------
    polygon : ndarray of shape (4, 2), float32
        Around the line, in pixels of the photograph: from where its first letter begins, along the tops of the letters,
        and back along their feet. So it also says which way up the line stands.
    words : str
        What was read, with its spaces, capitals and accents.
    confidence : float
        The mean over the letters of how sure the network was, from 0 to 1. It ranks; it is no probability of being
        right.
    """

    polygon: NDArray[np.float32]
    words: str
    confidence: float


def covered(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return which part of the smaller of two lines' polygons the other covers.

    Parameters
    ----------
    one, other : ndarray of shape (N, 2), float32
        Convex polygons.

    Returns
    -------
    float
        From 0 to 1.
    """
    if (one.max(axis=0) < other.min(axis=0)).any() or (other.max(axis=0) < one.min(axis=0)).any():
        return 0.0
    shared, _ = cv2.intersectConvexConvex(one, other)
    smaller = min(cv2.contourArea(one), cv2.contourArea(other))
    return float(shared / smaller) if smaller > 0 else 0.0
