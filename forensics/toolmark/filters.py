"""Gaussian profile filters after ISO 16610-21; as in ISO 16610-31 a line is fitted, not a mean, to keep the ends."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

_ALPHA = float(np.sqrt(np.log(2) / np.pi))
"""Makes the transmission one half at the cut-off wavelength (ISO 16610-21)."""

_REACH = 1.0
"""Cut-offs on each side that the weights are kept for; beyond it they are below one in a million."""

Array = NDArray[np.float64]


def smooth(values: Array, cutoff: float) -> Array:
    """Return the waves of a profile that are longer than a cut-off.

    Parameters
    ----------
    values : ndarray of shape (..., N), float64
        Profiles, evenly sampled, without gaps.
    cutoff : float
        Wavelength at which half of the amplitude passes, in samples.

    Returns
    -------
    ndarray of shape (..., N), float64
        At each place the height of the straight line that fits its Gaussian neighbourhood best, so that a slope passes
        unchanged to the very ends.
    """
    weight, along = _kernel(cutoff)
    rows = values.reshape(-1, values.shape[-1])
    zeroth, first, second = _moments(values.shape[-1], cutoff)
    of_values, of_slopes = _convolve(rows, weight), _convolve(rows, weight * along)
    level: Array = (second * of_values - first * of_slopes) / np.maximum(zeroth * second - first * first, 1e-12)
    return np.reshape(level, values.shape)


def mean(values: Array, cutoff: float) -> Array:
    """Return the Gaussian weighted mean about each place; at the ends of what is there.

    Parameters
    ----------
    values : ndarray of shape (..., N), float64
        Profiles.
    cutoff : float
        As for :func:`smooth`, in samples.

    Returns
    -------
    ndarray of shape (..., N), float64
        Never negative where the values are not.
    """
    weight, _ = _kernel(cutoff)
    rows = values.reshape(-1, values.shape[-1])
    level: Array = _convolve(rows, weight) / _moments(values.shape[-1], cutoff)[0]
    return np.reshape(level, values.shape)


def band(values: Array, shortest: float, longest: float) -> Array:
    """Return the waves of a profile between two cut-offs.

    Parameters
    ----------
    values : ndarray of shape (..., N), float64
        Profiles.
    shortest, longest : float
        Cut-off wavelengths, in samples.

    Returns
    -------
    ndarray of shape (..., N), float64
        About zero.
    """
    without_noise = smooth(values, shortest)
    return without_noise - smooth(without_noise, longest)


def even_out(values: Array, cutoff: float, *, floor: float) -> Array:
    """Divide a profile by its own roughness nearby, so that one deep scratch or a shallow end does not rule it.

    Parameters
    ----------
    values : ndarray of shape (..., N), float64
        Band-passed profiles.
    cutoff : float
        Over which the roughness is taken, in samples.
    floor : float
        Part of the mean roughness that is added everywhere, so that places with nothing on them stay quiet.

    Returns
    -------
    ndarray of shape (..., N), float64
        Without unit; zeros for a profile that is flat.
    """
    rough = np.sqrt(np.maximum(mean(values * values, cutoff), 0.0))
    level = rough.mean(axis=-1, keepdims=True)
    even: Array = values / np.maximum(rough + floor * level, np.finfo(np.float64).tiny ** 0.5)
    return even


def masked_smooth(image: Array, valid: NDArray[np.bool_], cutoff: float) -> Array:
    """Return the waves of a surface that are longer than a cut-off, from its measured places alone.

    Parameters
    ----------
    image : ndarray of shape (H, W), float64
        What it holds outside of the mask does not matter.
    valid : ndarray of shape (H, W), bool
        Measured places.
    cutoff : float
        In pixels.

    Returns
    -------
    ndarray of shape (H, W), float64
        Zero where nothing was measured nearby.
    """
    sigma = cutoff * _ALPHA / np.sqrt(2 * np.pi)
    known = valid.astype(np.float64)
    total = cv2.GaussianBlur(np.where(valid, image, 0.0), (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    share = cv2.GaussianBlur(known, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    return np.where(share > 1e-3, total / np.maximum(share, 1e-3), 0.0)


def _kernel(cutoff: float) -> tuple[Array, Array]:
    reach = max(1, round(_REACH * cutoff))
    along = np.arange(-reach, reach + 1, dtype=np.float64)
    weight = np.exp(-np.pi * (along / (_ALPHA * cutoff)) ** 2)
    return weight / weight.sum(), along


@lru_cache(maxsize=256)
def _moments(size: int, cutoff: float) -> tuple[Array, Array, Array]:
    """Return sums of the weights, of weighted places and of their squares about every place of a profile."""
    weight, along = _kernel(cutoff)
    ones = np.ones((1, size))
    zeroth, first, second = (_convolve(ones, weight * along**power) for power in (0, 1, 2))
    return zeroth, first, second


def _convolve(rows: Array, kernel: Array) -> Array:
    """Weigh the neighbours of every place; beyond the ends there are none."""
    kept = cv2.filter2D(rows, cv2.CV_64F, kernel[None], borderType=cv2.BORDER_CONSTANT)
    return np.asarray(kept, np.float64)
