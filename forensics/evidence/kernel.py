"""Log likelihood ratios from the densities of both kinds of score: Gaussian kernels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Array = NDArray[np.float64]

_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class KernelParams:
    """How densities are smoothed.

    Attributes
    ----------
    width : float
        Factor on Silverman's width; positive. 1 is his rule, best for a normal density.
    spacing : float
        Kernels stand on a grid this part of a width apart, each score shared between its two neighbours; 1/64
        changes a density by less than a ten-thousandth within four widths, and 100,000 scores cost no more than
        a few thousand.
    """

    width: float = 1.0
    spacing: float = 1 / 64


@dataclass(frozen=True, slots=True)
class Density:
    """Weighted Gaussian kernels.

    Attributes
    ----------
    centres : ndarray of shape (K,)
        Where they stand.
    log_weight : ndarray of shape (K,)
        Natural logarithm of the weights, which sum to one.
    width : float
        Their standard deviation.
    """

    centres: Array
    log_weight: Array
    width: float

    def log(self, scores: Array) -> Array:
        """Return natural logarithms of the density at scores of shape (P,)."""
        found = np.empty(len(scores))
        rows = max(1, _AT_ONCE // len(self.centres))
        for start in range(0, len(scores), rows):
            some = slice(start, start + rows)
            apart = (scores[some, None] - self.centres) / self.width
            found[some] = logsumexp(self.log_weight - 0.5 * apart**2, axis=1)
        return np.asarray(found - np.log(self.width * np.sqrt(2 * np.pi)))


@dataclass(frozen=True, slots=True)
class Kernel:
    """Two densities.

    Attributes
    ----------
    same, different : Density
        Of known matches and known non-matches.
    lowest, highest : float
        Scores beyond these count as these: far out, the wider kernel wins whatever the scores say.
    """

    same: Density
    different: Density
    lowest: float
    highest: float

    def log10_lr(self, scores: Array) -> Array:
        """Return base-10 log likelihood ratios of scores of shape (P,)."""
        within = np.clip(scores, self.lowest, self.highest)
        return np.asarray((self.same.log(within) - self.different.log(within)) / np.log(10))


def fit_kernel(scores: Array, same: NDArray[np.bool_], *, params: KernelParams = KernelParams()) -> Kernel | None:
    """Fit a density to the known matches and one to the known non-matches.

    Parameters
    ----------
    scores : ndarray of shape (P,)
        Finite.
    same : ndarray of shape (P,), bool
        Known matches.
    params : KernelParams
        Their smoothing.

    Returns
    -------
    Kernel or None
        None where all scores of a kind are the same.

    References
    ----------
    B. W. Silverman, Density estimation for statistics and data analysis (1986), equation 3.28. C. G. G. Aitken and
    F. Taroni, Statistics and the evaluation of evidence for forensic scientists (2004), chapter 10.
    """
    one, other = (_density(scores[chosen], params) for chosen in (same, ~same))
    if one is None or other is None:
        return None
    return Kernel(one, other, float(scores.min()), float(scores.max()))


def _density(scores: Array, params: KernelParams) -> Density | None:
    spread = float(scores.std())
    if not spread > np.finfo(np.float64).eps * np.abs(scores).max():
        return None
    width = params.width * spread * (4 / (3 * len(scores))) ** 0.2
    step = width * params.spacing
    place = (scores - scores.min()) / step
    below = np.floor(place).astype(np.int64)
    part = place - below
    used, at = np.unique(np.concatenate([below, below + 1]), return_inverse=True)
    weight = np.bincount(at, np.concatenate([1 - part, part])) / len(scores)
    kept = weight > 0
    return Density(scores.min() + used[kept] * step, np.log(weight[kept]), width)
