"""How far from 1 a likelihood ratio may go: empirical upper and lower bounds (ELUB)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoundsParams:
    """How bounds are looked for.

    Attributes
    ----------
    misleading : int
        Pairs of each kind added that mislead without limit; 1 or more. One is what the paper adds: the next pair may
        always be the one that had not been seen.
    step : float
        Accuracy, base-10 logarithm; the paper's 0.01.
    """

    misleading: int = 1
    step: float = 0.01


@dataclass(frozen=True, slots=True)
class Bounds:
    """Base-10 log likelihood ratios that are never left.

    Attributes
    ----------
    lower, upper : float
        At most 0, and at least 0.
    """

    lower: float
    upper: float

    def hold(self, log10_lr: Array) -> Array:
        """Move what lies beyond a bound onto it."""
        return np.clip(log10_lr, self.lower, self.upper)


def elub(log10_lr: Array, same: NDArray[np.bool_], *, params: BoundsParams = BoundsParams()) -> Bounds:
    """Find the bounds within which deciding by these likelihood ratios beats deciding without them.

    For each threshold, the expected loss of accepting what lies above it is compared with that of always deciding the
    same, after misleading pairs were added to both sides. A bound is the last threshold, going away from 1, before
    the system first loses.

    Parameters
    ----------
    log10_lr : ndarray of shape (P,)
        Base-10 log likelihood ratios of pairs that they were not fitted on.
    same : ndarray of shape (P,), bool
        Known matches.
    params : BoundsParams
        How it is looked for.

    Returns
    -------
    Bounds
        No further from 1 than the numbers of pairs plus one, or the largest likelihood ratio that was found.

    References
    ----------
    P. Vergeer, A. van Es, A. de Jongh, I. Alberink and R. Stoel, Numerical likelihood ratios outputted by LR systems
    are often based on extrapolation: when to stop extrapolating?, Science and Justice 56 (2016) 482-491.
    """
    matches, others = np.sort(log10_lr[same]), np.sort(log10_lr[~same])
    lowest = max(log10_lr.min(), -np.log10(len(matches) + 1))
    highest = min(log10_lr.max(), np.log10(len(others) + 1))
    first, last = min(0, int(lowest // params.step)), max(0, int(highest // params.step) + 1)
    threshold = np.arange(first, last + 1) * params.step
    odds = 10.0**threshold
    missed = np.searchsorted(matches, threshold, side="right") + params.misleading
    alarmed = len(others) - np.searchsorted(others, threshold, side="right") + params.misleading
    loss = missed / (len(matches) + params.misleading) + odds * alarmed / (len(others) + params.misleading)
    loses = loss > np.minimum(1.0, odds)
    below, above = threshold[loses & (threshold <= 0)], threshold[loses & (threshold >= 0)]
    lower = min(below.max() + params.step, 0.0) if len(below) else threshold[0]
    upper = max(above.min() - params.step, 0.0) if len(above) else threshold[-1]
    return Bounds(float(lower), float(upper))
