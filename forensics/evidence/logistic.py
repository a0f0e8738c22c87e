"""Log likelihood ratios as a straight line of the score: logistic regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STEPS = 200
_SETTLED = 1e-10


@dataclass(frozen=True, slots=True)
class LogisticParams:
    """How stiff the line is.

    Attributes
    ----------
    ridge : float
        Penalty on half the squared slope, the score being standardised; positive. 0.01 is a normal prior of
        deviation 10: steeper than that, a change of one deviation of the score would be worth a factor of twenty
        thousand. It keeps the slope finite where known matches and non-matches do not overlap.
    """

    ridge: float = 0.01


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted line.

    Attributes
    ----------
    mean, deviation : ndarray of shape (D,)
        By which scores are standardised, matches and non-matches counting alike.
    slope : ndarray of shape (D,)
        Of the standardised scores, natural logarithm.
    offset : float
        Natural logarithm of the likelihood ratio at the mean.
    """

    mean: Array
    deviation: Array
    slope: Array
    offset: float

    def log10_lr(self, scores: Array) -> Array:
        """Return base-10 log likelihood ratios of scores of shape (P,), or (P, D) for several scores a pair."""
        columns = scores.reshape(len(scores), -1)
        return np.asarray(((columns - self.mean) / self.deviation @ self.slope + self.offset) / np.log(10))


def fit_logistic(
    scores: Array, same: NDArray[np.bool_], *, params: LogisticParams = LogisticParams()
) -> Logistic | None:
    """Fit by penalised maximum likelihood, matches and non-matches having equal total weight.

    Scores are standardised first: a penalty, and a solver's tolerance, mean nothing on a score of unknown scale
    (distances near 1e-7 would give a slope of nothing without a word).

    1. Standardise.
    2. Newton steps, halved while they do not lower the loss, until none moves a coefficient.

    Parameters
    ----------
    scores : ndarray of shape (P,) or (P, D)
        Finite.
    same : ndarray of shape (P,), bool
        Known matches.
    params : LogisticParams
        Its stiffness.

    Returns
    -------
    Logistic or None
        None where a score is the same for all pairs.

    References
    ----------
    N. Brümmer and J. du Preez, Application-independent evaluation of speaker detection, Computer Speech and
    Language 20 (2006) 230-275. G. S. Morrison, Tutorial on logistic-regression calibration and fusion, Australian
    Journal of Forensic Sciences 45 (2013) 173-197.
    """
    # 1
    columns = scores.reshape(len(scores), -1)
    weight = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum()) * len(same)
    mean = np.average(columns, axis=0, weights=weight)
    deviation = np.sqrt(np.average((columns - mean) ** 2, axis=0, weights=weight))
    if not np.all(deviation > np.finfo(np.float64).eps * np.abs(mean)):
        return None
    design = np.column_stack([(columns - mean) / deviation, np.ones(len(columns))])
    penalty = np.append(np.full(columns.shape[1], params.ridge), 0.0)
    sign = np.where(same, -1.0, 1.0)

    # 2
    def loss(at: Array) -> float:
        return float(weight @ np.logaddexp(0.0, sign * (design @ at)) + 0.5 * penalty @ at**2)

    at = np.zeros(len(penalty))
    lowest = loss(at)
    for _ in range(_STEPS):
        chance = 0.5 * (1 + np.tanh(0.5 * (design @ at)))
        gradient = design.T @ (weight * (chance - same)) + penalty * at
        curvature = (design * (weight * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        while (new := loss(at - step)) > lowest and np.abs(step).max() > _SETTLED:
            step = step / 2
        at, lowest = at - step, new
        if np.abs(step).max() <= _SETTLED:
            break
    return Logistic(mean, deviation, at[:-1], float(at[-1]))
