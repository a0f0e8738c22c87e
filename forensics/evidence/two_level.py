"""Likelihood ratios of features themselves: normal within a source, kernels between sources."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import logsumexp

from forensics.evidence.no_evidence import NoEvidence

Array = NDArray[np.float64]

_AT_ONCE = 2_000_000

_FLAT = 1e-10
"""Least eigenvalue of a correlation matrix that can be inverted without losing every digit of what was measured."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The matrices of one pair of sample sizes, in the names of the paper.

    Attributes
    ----------
    U_h0, U_hx, U_hn : ndarray of shape (D, D)
        Covariance of the query's mean about a kernel, of the reference's mean about a kernel, and of the query's mean
        once the reference is known.
    T_hn : ndarray of shape (D, D)
        Covariance of a source's mean once the reference is known.
    """

    U_h0: Array
    U_hx: Array
    U_hn: Array
    T_hn: Array


@dataclass(frozen=True, slots=True)
class TwoLevel:
    """A fitted two-level model.

    Its likelihood ratios are scores: uncalibrated, they may be far too extreme. Calibrate them like any score.

    Attributes
    ----------
    means : ndarray of shape (S, D)
        Of the background's sources: where the kernels stand.
    within : ndarray of shape (D, D)
        Mean covariance within a source.
    between : ndarray of shape (D, D)
        Covariance of the true means of sources.
    width_squared : float
        Square of the kernels' width, as a part of ``between``.
    repeats : float
        Average measurements a source, as the paper's kappa.
    """

    means: Array
    within: Array
    between: Array
    width_squared: float
    repeats: float

    def terms(self, *, query_count: int, reference_count: int) -> Terms:
        """Return the matrices for means of so many measurements."""
        kernel = self.width_squared * self.between
        U_hx = kernel + self.within / reference_count
        T_hn = kernel - kernel @ cho_solve(cho_factor(U_hx), kernel)
        return Terms(kernel + self.within / query_count, U_hx, T_hn + self.within / query_count, T_hn)

    def expected(self, reference: Array, *, count: int) -> Array:
        """Return where the query's mean is expected once the reference is known, one row a kernel: the paper's mu_h.

        Parameters
        ----------
        reference : ndarray of shape (..., D)
            Mean of the reference's measurements.
        count : int
            How many they were.

        Returns
        -------
        ndarray of shape (..., S, D)
        """
        kernel, noise = self.width_squared * self.between, self.within / count
        solved = cho_factor(kernel + noise)
        pulled = cho_solve(solved, noise).T @ self.means.T
        return np.asarray((reference @ cho_solve(solved, kernel))[..., None, :] + pulled.T)

    def log10_lr(self, query: ArrayLike, reference: ArrayLike) -> float:
        """Weigh two samples.

        Parameters
        ----------
        query : array_like of shape (M, D)
            Measurements of the one.
        reference : array_like of shape (N, D)
            Measurements of the other.

        Returns
        -------
        float
            Base-10 log likelihood ratio of one source against two.
        """
        one, other = np.atleast_2d(np.asarray(query, np.float64)), np.atleast_2d(np.asarray(reference, np.float64))
        return float(
            self.log10_lrs(one.mean(0)[None], other.mean(0)[None], query_count=len(one), reference_count=len(other))[0]
        )

    def log10_lrs(self, query: Array, reference: Array, *, query_count: int, reference_count: int) -> Array:
        """Weigh many pairs of samples of the same sizes.

        1. The reference's mean about each kernel.
        2. The query's mean about where the reference and the kernel put it; summed over kernels: one source.
        3. Each mean by itself, summed over kernels: two sources.

        Parameters
        ----------
        query, reference : ndarray of shape (P, D)
            Means of the measurements of each side.
        query_count, reference_count : int
            How many measurements the means are of.

        Returns
        -------
        ndarray of shape (P,)
            Base-10 log likelihood ratios.
        """
        terms = self.terms(query_count=query_count, reference_count=reference_count)
        found = np.empty(len(query))
        rows = max(1, _AT_ONCE // self.means.size)
        for start in range(0, len(query), rows):
            one, other = query[start : start + rows], reference[start : start + rows]
            # 1
            alone = log_kernel(other[:, None, :] - self.means, terms.U_hx)
            # 2
            given = log_kernel(one[:, None, :] - self.expected(other, count=reference_count), terms.U_hn)
            # 3
            query_alone = log_kernel(one[:, None, :] - self.means, terms.U_h0)
            found[start : start + rows] = (
                logsumexp(alone + given, axis=1) - logsumexp(alone, axis=1) - logsumexp(query_alone, axis=1)
            )
        turned = _half_log_determinant(terms.U_h0) - _half_log_determinant(terms.U_hn)
        return np.asarray((found + np.log(len(self.means)) + turned) / np.log(10))


def fit_two_level(features: ArrayLike, sources: ArrayLike, *, method: str = "two-level/1") -> TwoLevel | NoEvidence:
    """Fit the model to a background of repeated measurements.

    1. The mean of each source, and the mean covariance within sources that were measured more than once.
    2. The covariance between sources, freed of what measurement adds; directions in which it would be negative get
       none.
    3. The kernels' width by Silverman's rule.

    Parameters
    ----------
    features : array_like of shape (N, D)
        Measurements, finite.
    sources : array_like of shape (N,)
        The source of each.
    method : str
        Named in a refusal.

    Returns
    -------
    TwoLevel or NoEvidence
        Falsy where the measurements do not fix the covariances: fewer repeats than features, or a feature that does
        not vary.

    References
    ----------
    A. Bolck, C. Weyermann, L. Dujourdy, P. Esseiva and J. van den Berg, Different likelihood ratio approaches to
    evaluate the strength of evidence of MDMA tablet comparisons, Forensic Science International 191 (2009) 42-51.
    C. G. G. Aitken and D. Lucy, Evaluation of trace evidence in the form of multivariate data, Applied Statistics 53
    (2004) 109-122. B. W. Silverman (1986), equation 4.14.
    """
    values = np.asarray(features, np.float64)
    names, source = np.unique(np.asarray(sources), return_inverse=True)
    size = values.shape[1]
    # 1
    repeats = np.bincount(source).astype(np.float64)
    means = np.column_stack([np.bincount(source, column) for column in values.T]) / repeats[:, None]
    apart = values - means[source]
    repeated = repeats > 1
    share = np.where(repeated, 1 / np.maximum(repeats - 1, 1), 0.0)[source]
    within = (apart * share[:, None]).T @ apart / max(int(repeated.sum()), 1)
    free = int((repeats - 1).sum())
    if len(names) < 2 or free < size or not _positive(within):
        return NoEvidence(
            method,
            "singular",
            f"expected repeated measurements of several sources that vary in every feature; found {len(values)} of "
            f"{len(names)} sources, with {free} repeats for {size} features",
            "Measure sources more than once, or leave out features that do not vary or that follow from others.",
        )
    # 2
    total = repeats.sum()
    kappa = (total - (repeats**2).sum() / total) / (len(names) - 1)
    spread = means - values.mean(axis=0)
    raw = ((spread * repeats[:, None]).T @ spread / (len(names) - 1) - within) / kappa
    # 3
    width = (4 / ((size + 2) * len(names))) ** (1 / (size + 4))
    return TwoLevel(means, within, _without_negative(raw), width**2, float(kappa))


def log_kernel(apart: Array, covariance: Array) -> Array:
    """Return the exponent of a normal density: minus half the squared distance; shape (..., D) to (...)."""
    factor = np.linalg.cholesky(covariance)
    scaled = np.linalg.solve(factor, apart.reshape(-1, apart.shape[-1]).T)
    return np.asarray(-0.5 * (scaled**2).sum(axis=0).reshape(apart.shape[:-1]))


def _half_log_determinant(covariance: Array) -> float:
    return float(np.log(np.diag(np.linalg.cholesky(covariance))).sum())


def _positive(covariance: Array) -> bool:
    deviation = np.sqrt(np.diag(covariance))
    if not np.all(deviation > 0):
        return False
    return bool(np.linalg.eigvalsh(covariance / np.outer(deviation, deviation))[0] > _FLAT)


def _without_negative(covariance: Array) -> Array:
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return covariance if values[0] >= 0 else np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)
