"""How good likelihood ratios are, on pairs of known ground truth that they were not fitted on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.evidence.isotonic import IsotonicParams, fit_isotonic

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_NATURAL = np.log(10)


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures of a set of likelihood ratios.

    Attributes
    ----------
    same_pairs, different_pairs : int
        How many pairs they are of.
    cllr : float
        Cost of the log likelihood ratios in bits: 0 is perfect, 1 is what "always 1" gives; infinite where one is
        infinite and misleads.
    cllr_min : float
        The same after the best rising transformation: what the scores can tell.
    cllr_cal : float
        The difference: what calibration loses.
    equal_error : float
        Where as large a part of the matches is missed as of the non-matches is taken for matches.
    misleading_same, misleading_different : float
        Part of the matches with a likelihood ratio below 1, and of the non-matches with one above 1.
    strongest_misleading_same, strongest_misleading_different : float
        The worst of them, base-10 logarithm; 0 where there is none.
    """

    same_pairs: int
    different_pairs: int
    cllr: float
    cllr_min: float
    cllr_cal: float
    equal_error: float
    misleading_same: float
    misleading_different: float
    strongest_misleading_same: float
    strongest_misleading_different: float


def measure(log10_lr: Array, same: Flags) -> Measures:
    """Take every measure.

    Parameters
    ----------
    log10_lr : ndarray of shape (P,)
        Base-10 log likelihood ratios.
    same : ndarray of shape (P,), bool
        Known matches; both kinds must be there.

    Returns
    -------
    Measures
        Of these pairs.
    """
    cost, least = cllr(log10_lr, same), cllr_min(log10_lr, same)
    return Measures(
        int(same.sum()),
        int((~same).sum()),
        cost,
        least,
        cost - least,
        equal_error(log10_lr, same),
        float((log10_lr[same] < 0).mean()),
        float((log10_lr[~same] > 0).mean()),
        float(min(log10_lr[same].min(), 0.0)),
        float(max(log10_lr[~same].max(), 0.0)),
    )


def cllr(log10_lr: Array, same: Flags, *, weight: Array | None = None) -> float:
    """Return the cost of log likelihood ratios, in bits.

    Parameters
    ----------
    log10_lr : ndarray of shape (P,)
        Base-10 log likelihood ratios.
    same : ndarray of shape (P,), bool
        Known matches.
    weight : ndarray of shape (P,), optional
        How often each pair counts; once by default.

    References
    ----------
    N. Brümmer and J. du Preez (2006), see :func:`forensics.evidence.logistic.fit_logistic`.
    """
    counts = np.ones(len(same)) if weight is None else weight
    bits = costs(log10_lr, same)
    return float((np.average(bits[same], weights=counts[same]) + np.average(bits[~same], weights=counts[~same])) / 2)


def costs(log10_lr: Array, same: Flags) -> Array:
    """Return what each log likelihood ratio costs at even prior odds, in bits; shape (P,)."""
    return np.asarray(np.logaddexp(0.0, np.where(same, -1.0, 1.0) * log10_lr * _NATURAL) / np.log(2))


def cllr_min(scores: Array, same: Flags, *, weight: Array | None = None) -> float:
    """Return the least cost that any rising transformation of scores can have on these pairs, in bits."""
    best = fit_isotonic(scores, same, params=IsotonicParams(misleading=0), weight=weight).log10_lr(scores)
    return cllr(best, same, weight=weight)


def equal_error(scores: Array, same: Flags, *, weight: Array | None = None) -> float:
    """Return the rate at which misses and false alarms are equal, on straight lines between the thresholds."""
    missed, alarmed = error_rates(scores, same, weight=weight)
    gap = alarmed - missed
    at = int(np.searchsorted(gap, 0.0))
    before = max(at - 1, 0)
    part = 0.0 if gap[at] == gap[before] else -gap[before] / (gap[at] - gap[before])
    return float(alarmed[before] + part * (alarmed[at] - alarmed[before]))


def error_rates(scores: Array, same: Flags, *, weight: Array | None = None) -> tuple[Array, Array]:
    """Return the part of matches missed and of non-matches taken for matches, from the strictest threshold down."""
    counts = np.ones(len(same)) if weight is None else weight
    levels, level = np.unique(-scores, return_inverse=True)
    hits = np.bincount(level, counts * same, len(levels)).cumsum()
    alarms = np.bincount(level, counts * ~same, len(levels)).cumsum()
    return 1 - np.append(0.0, hits / hits[-1]), np.append(0.0, alarms / alarms[-1])
