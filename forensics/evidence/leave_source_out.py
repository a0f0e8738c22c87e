"""Likelihood ratios of known pairs, each from a curve that never saw its sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forensics.evidence.calibration_set import CalibrationSet

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Curve(Protocol):
    """What turns scores into log likelihood ratios."""

    def log10_lr(self, scores: Array) -> Array:
        """Return base-10 log likelihood ratios of scores of shape (P,)."""
        ...


Fit = Callable[[Array, Flags], Curve | None]


@dataclass(frozen=True, slots=True)
class FoldParams:
    """How sources are left out.

    Attributes
    ----------
    folds : int
        Parts into which sources are dealt; 2 or more. Ten leave four fifths of the sources, and so about two thirds
        of the non-matches, to fit on when two parts are out.
    seed : int
        Of the dealing.
    """

    folds: int = 10
    seed: int = 1


def deal(known: CalibrationSet, *, params: FoldParams = FoldParams()) -> NDArray[np.int64]:
    """Deal the sources into parts: shape (number of sources,), the part of each source by its number.

    Sources with known matches are dealt first, so that no part is without them where they suffice.
    """
    total = int(max(known.first.max(), known.second.max())) + 1
    folds = min(params.folds, known.sources)
    order = np.random.default_rng(params.seed).permutation(total)
    matched = np.isin(order, known.first[known.same])
    order = np.concatenate([order[matched], order[~matched]])
    part = np.empty(total, np.int64)
    part[order] = np.arange(total) % folds
    return part


def leave_source_out(known: CalibrationSet, fit: Fit, *, params: FoldParams = FoldParams()) -> Array:
    """Weigh every known pair by a curve fitted without either of its sources.

    1. Deal the sources into parts.
    2. For each pair of parts, fit on the pairs with no side in either, and weigh those between the two.

    Parameters
    ----------
    known : CalibrationSet
        The pairs.
    fit : callable
        Takes scores and truth, returns a curve or None.
    params : FoldParams
        How sources are left out.

    Returns
    -------
    ndarray of shape (P,)
        Base-10 log likelihood ratios; NaN where nothing could be fitted without the sources of a pair.
    """
    # 1
    part = deal(known, params=params)
    one, other = part[known.first], part[known.second]
    low, high = np.minimum(one, other), np.maximum(one, other)
    # 2
    found = np.full(len(known.scores), np.nan)
    for a, b in np.unique(np.column_stack([low, high]), axis=0):
        out = (low == a) & (high == b)
        left = ~np.isin(one, (a, b)) & ~np.isin(other, (a, b))
        same = known.same[left]
        if not same.any() or same.all():
            continue
        curve = fit(known.scores[left], same)
        if curve is not None:
            found[out] = curve.log10_lr(known.scores[out])
    return found
