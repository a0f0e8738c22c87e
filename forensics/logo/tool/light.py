"""What is left of a picture when light, contrast and the way of marking are taken out of it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]

_FLOOR = 2.0
"""Grey levels: contrast under this is noise of the camera, and is not raised to that of a line."""


def blurred(field: Field, sigma: float) -> Field:
    """Blur by a Gaussian; the edge is mirrored. A wide one is done on a coarser grid: it leaves nothing finer."""
    step = min(8, int(sigma / 4))
    if step < 2:
        return np.asarray(cv2.GaussianBlur(field, (0, 0), float(sigma), borderType=cv2.BORDER_REFLECT), np.float32)
    height, width = field.shape
    size = (max(2, width // step), max(2, height // step))
    small = cv2.resize(field, size, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), float(sigma) / step, borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def levelled(grey: Field, sigma: float) -> Field:
    """Take out light and contrast that change slowly.

    Parameters
    ----------
    grey : ndarray of shape (H, W), float32
        Grey levels, 0 to 255.
    sigma : float
        Over how many pixels light and contrast may change.

    Returns
    -------
    ndarray of shape (H, W), float32
        Of mean 0 and deviation about 1 around every pixel; less where there is nothing but noise.
    """
    apart = grey - blurred(grey, sigma)
    return np.asarray(apart / (np.sqrt(blurred(apart * apart, sigma)) + _FLOOR), np.float32)


def directions(level: Field, sigma: float) -> Field:
    """Return how strong the edges are and which way they run, whichever side of them is the brighter.

    A wall of a relief is bright under one lamp and dark under another. Doubling the angle of the gradient makes both
    the same (Bigun and Granlund, ICCV 1987).

    Parameters
    ----------
    level : ndarray of shape (H, W), float32
        A levelled picture.
    sigma : float
        Deviation of the blur before, in pixels: finer lines are not seen.

    Returns
    -------
    ndarray of shape (H, W, 2), float32
        The gradient's strength times the cosine and the sine of twice its angle.
    """
    soft = blurred(level, sigma)
    along_x = np.asarray(cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3), np.float32)
    along_y = np.asarray(cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3), np.float32)
    strength = np.sqrt(along_x**2 + along_y**2) + np.float32(1e-6)
    return np.dstack([(along_x**2 - along_y**2) / strength, 2 * along_x * along_y / strength])


def band(level: Field, sigma: float) -> Field:
    """Return what lies between two blurs, ``sigma`` and twice that; shape (H, W, 1): brightness keeps its sign."""
    return (blurred(level, sigma) - blurred(level, 2 * sigma))[..., None]
