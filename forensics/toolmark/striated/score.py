"""Several measurements of two striated marks weighed into log odds, as the marks of screwdrivers taught.

For tools that it never saw it tells no better than the evidence alone, which nothing was fitted for (``python -m
benchmarks toolmarks`` prints both): marks are ranked by the evidence, and this is one measurement beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forensics.toolmark.striated.align import Batch, Placed
from forensics.toolmark.striated.signals import BANDS, MAIN, Signals

Array = NDArray[np.float64]

NAMES = (
    "evidence",
    "whole",
    "lead",
    *MAIN,
    *(f"band_{low:.0f}_{high:.0f}" for low, high in BANDS),
    *(f"freedom_{name}" for name in MAIN),
)
"""What is weighed: the evidence of windows, that of the whole, its lead over the best other place, correlations
(Fisher's transform) in the main signals and the narrow bands, and how many independent values a main signal has
(logarithm of the part of all)."""

_MOST = 0.98


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression on standardised values.

    Attributes
    ----------
    mean, deviation, weight : ndarray of shape (len(NAMES),), float64
        Of each value of :func:`values`.
    offset : float
        At even odds of a match.
    """

    mean: Array
    deviation: Array
    weight: Array
    offset: float

    def score(self, measured: Array) -> Array:
        """Weigh rows of values; shape (J, len(NAMES)) to (J,)."""
        return (measured - self.mean) / self.deviation @ self.weight + self.offset


def values(query: Signals, batch: Batch, placed: Placed) -> Array:
    """Return what is weighed, one row a reference.

    Parameters
    ----------
    query : Signals
        The one.
    batch : Batch
        The others.
    placed : Placed
        As :func:`forensics.toolmark.striated.align.place` found it.

    Returns
    -------
    ndarray of shape (J, len(NAMES)), float64
        In the order of :data:`NAMES`.
    """
    return np.column_stack(
        [
            placed.evidence,
            placed.whole,
            placed.whole - placed.second,
            np.arctanh(np.clip(placed.correlation, -_MOST, _MOST)),
            np.arctanh(np.clip(placed.bands, -_MOST, _MOST)),
            freedom(query, batch),
        ]
    ).astype(np.float64)


def freedom(query: Signals, batch: Batch) -> Array:
    """Return the logarithm of the part of a pair's values that are independent; shape (J, len(MAIN)).

    Two profiles that both are smooth agree by chance more easily than two that are rough: the variance of their
    correlation grows with the sum of the products of their correlations with themselves (Bartlett, 1935).
    """
    lags = query.likeness.shape[1]
    smaller = np.minimum(query.size, batch.sizes)[:, None]
    taper = np.maximum(1 - np.arange(1, lags + 1)[None] / smaller, 0.0)
    total = 1 + 2 * np.einsum("jl,cl,jcl->jc", taper, query.likeness, batch.likeness)
    return np.asarray(-np.log(np.maximum(total, 0.2)), np.float64)


@cache
def weights() -> Weights:
    """Read the weights that the program carries; ``training/striated_score`` makes them anew."""
    stored = json.loads(Path(__file__).with_name("score.json").read_text(encoding="utf-8"))
    if tuple(stored["names"]) != NAMES:
        raise RuntimeError(f"expected weights for {NAMES}; found {stored['names']}. Fit them again.")
    mean, deviation, weight = (np.array(stored[name], float) for name in ("mean", "deviation", "weight"))
    return Weights(mean, deviation, weight, float(stored["offset"]))
