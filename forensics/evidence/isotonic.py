"""Log likelihood ratios as the steps that only rise with the score: isotonic regression, pool adjacent violators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IsotonicParams:
    """What keeps its ends finite.

    Attributes
    ----------
    misleading : int
        Known non-matches added above the highest score, and known matches below the lowest; 0 or more. With none,
        scores past the last pair of the other kind have infinite log likelihood ratios.
    """

    misleading: int = 1


@dataclass(frozen=True, slots=True)
class Isotonic:
    """Fitted steps.

    Attributes
    ----------
    scores : ndarray of shape (K,)
        Rising.
    chance : ndarray of shape (K,)
        Probability of a match at each, at even prior odds; between them it is interpolated, beyond them it stays.
    """

    scores: Array
    chance: Array

    def log10_lr(self, scores: Array) -> Array:
        """Return base-10 log likelihood ratios of scores of shape (P,); infinite where no pair stands against it."""
        chance = np.interp(scores, self.scores, self.chance)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log10(chance) - np.log10(1 - chance))


def fit_isotonic(
    scores: Array,
    same: NDArray[np.bool_],
    *,
    params: IsotonicParams = IsotonicParams(),
    weight: Array | None = None,
) -> Isotonic:
    """Fit rising steps, matches and non-matches having equal total weight.

    1. Add misleading pairs at both ends.
    2. Give equal scores one value.
    3. Pool adjacent violators.

    Parameters
    ----------
    scores : ndarray of shape (P,)
        May be infinite.
    same : ndarray of shape (P,), bool
        Known matches.
    params : IsotonicParams
        What is added.
    weight : ndarray of shape (P,), optional
        How often each pair counts; once by default.

    Returns
    -------
    Isotonic
        The steps.

    References
    ----------
    B. Zadrozny and C. Elkan, Transforming classifier scores into accurate multiclass probability estimates, KDD
    2002. N. Brümmer and J. du Preez (2006), see :func:`forensics.evidence.logistic.fit_logistic`.
    """
    counts = np.ones(len(scores)) if weight is None else weight
    # 1
    ends = np.repeat([scores.max() + 1, scores.min() - 1], params.misleading)
    scores = np.append(scores, ends)
    same = np.append(same, ends < scores.max())
    counts = np.append(counts, np.ones(len(ends)))
    counts = counts / np.where(same, counts[same].sum(), counts[~same].sum())
    # 2
    levels, level = np.unique(scores[counts > 0], return_inverse=True)
    same, counts = same[counts > 0], counts[counts > 0]
    total = np.bincount(level, counts)
    share = np.bincount(level, counts * same) / total
    # 3
    return Isotonic(levels, np.asarray(isotonic_regression(share, weights=total).x))
