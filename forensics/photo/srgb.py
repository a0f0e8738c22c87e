"""sRGB levels, light and CIELAB (IEC 61966-2-1; D65, 2 degrees)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from skimage.color import rgb2lab


def linear(levels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Give light, 0 to 1, of sRGB levels of eight bits; the shape stays."""
    encoded = np.arange(256) / 255
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return light[np.asarray(levels, np.uint8)]


def levels(light: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Give sRGB levels of eight bits of light; what lies outside of 0 to 1 is clipped."""
    return np.rint(255 * _encoded(light)).astype(np.uint8)


def lab(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give CIELAB of linear RGB light; shapes (..., 3)."""
    return np.asarray(rgb2lab(_encoded(light)), np.float64)


def _encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
