"""The numbers behind the plots of a validation: Tippett, DET, PAV and ECE."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from forensics.evidence.isotonic import IsotonicParams, fit_isotonic
from forensics.evidence.measures import costs, error_rates

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tippett:
    """How many pairs of each kind exceed each likelihood ratio.

    Attributes
    ----------
    log10_lr : ndarray of shape (T,)
        Rising, each value that occurs.
    same, different : ndarray of shape (T,)
        Part of the known matches, and of the known non-matches, with at least that.
    """

    log10_lr: Array
    same: Array
    different: Array


@dataclass(frozen=True, slots=True)
class Det:
    """Both errors at each threshold (detection error trade-off).

    Attributes
    ----------
    missed, alarmed : ndarray of shape (T,)
        Part of the matches missed, and of the non-matches taken for matches.
    missed_probit, alarmed_probit : ndarray of shape (T,)
        The same on the axes of the plot; infinite at 0 and 1.
    """

    missed: Array
    alarmed: Array
    missed_probit: Array
    alarmed_probit: Array


@dataclass(frozen=True, slots=True)
class Pav:
    """Likelihood ratios against the best that a rising transformation makes of them.

    Attributes
    ----------
    log10_lr : ndarray of shape (T,)
        Rising, each value that occurs.
    best : ndarray of shape (T,)
        After pool adjacent violators; infinite at the ends where no pair stands against it. On the diagonal the
        likelihood ratios are well calibrated.
    """

    log10_lr: Array
    best: Array


@dataclass(frozen=True, slots=True)
class Ece:
    """What is left uncertain at each prior (empirical cross-entropy).

    Attributes
    ----------
    log10_prior : ndarray of shape (T,)
        Base-10 logarithm of the prior odds of one source.
    given : ndarray of shape (T,)
        In bits, with these likelihood ratios; at prior odds 1 it is Cllr.
    best : ndarray of shape (T,)
        After pool adjacent violators.
    neutral : ndarray of shape (T,)
        With a likelihood ratio of 1 throughout.
    """

    log10_prior: Array
    given: Array
    best: Array
    neutral: Array


def tippett(log10_lr: Array, same: Flags) -> Tippett:
    """Return the Tippett plot of likelihood ratios of shape (P,) of known truth."""
    levels = np.unique(log10_lr)
    matches, others = np.sort(log10_lr[same]), np.sort(log10_lr[~same])
    return Tippett(
        levels, 1 - np.searchsorted(matches, levels) / len(matches), 1 - np.searchsorted(others, levels) / len(others)
    )


def det(log10_lr: Array, same: Flags) -> Det:
    """Return the detection error trade-off of likelihood ratios, or scores, of shape (P,) of known truth.

    A. Martin and others, The DET curve in assessment of detection task performance, Eurospeech 1997.
    """
    missed, alarmed = error_rates(log10_lr, same)
    return Det(missed, alarmed, ndtri(missed), ndtri(alarmed))


def pav(log10_lr: Array, same: Flags) -> Pav:
    """Return the PAV plot of likelihood ratios of shape (P,) of known truth."""
    levels = np.unique(log10_lr)
    return Pav(levels, fit_isotonic(log10_lr, same, params=IsotonicParams(misleading=0)).log10_lr(levels))


def ece(log10_lr: Array, same: Flags, *, widest: float = 3.0, points: int = 121) -> Ece:
    """Return the empirical cross-entropy of likelihood ratios of shape (P,) of known truth.

    D. Ramos and J. Gonzalez-Rodriguez, Reliable support: measuring calibration of likelihood ratios, Forensic Science
    International 230 (2013) 156-169.

    Parameters
    ----------
    log10_lr : ndarray of shape (P,)
        Base-10 log likelihood ratios.
    same : ndarray of shape (P,), bool
        Known matches.
    widest : float
        Base-10 logarithm of the largest prior odds; the smallest are their inverse.
    points : int
        How many priors.
    """
    prior = np.linspace(-widest, widest, points)
    best = fit_isotonic(log10_lr, same, params=IsotonicParams(misleading=0)).log10_lr(log10_lr)
    return Ece(prior, *(_cross_entropy(values, same, prior) for values in (log10_lr, best, np.zeros(len(log10_lr)))))


def _cross_entropy(log10_lr: Array, same: Flags, log10_prior: Array) -> Array:
    chance = 1 / (1 + 10.0**-log10_prior)
    entropy = np.empty(len(log10_prior))
    for at, prior in enumerate(log10_prior):
        bits = costs(log10_lr + prior, same)
        entropy[at] = chance[at] * bits[same].mean() + (1 - chance[at]) * bits[~same].mean()
    return entropy
