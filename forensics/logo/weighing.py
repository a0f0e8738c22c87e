"""Several measurements of a comparison weighed into one score, as known matches and known non-matches taught."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

NAMES = ("first", "weight", "inliers", "dense_query", "dense_reference", "stretch", "global")
"""What is weighed, by the names of :func:`forensics.logo.compare`'s measurements."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """A logistic regression on standardised values.

    Attributes
    ----------
    mean, deviation, weight : ndarray of shape (len(NAMES),), float64
        Of each value of :func:`values`.
    offset : float
        At even odds of a match.
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    weight: NDArray[np.float64]
    offset: float


def values(measurements: Mapping[str, float]) -> NDArray[np.float64]:
    """Bring measurements to scales on which a step means about as much everywhere.

    Parameters
    ----------
    measurements : mapping of str to float
        Of :func:`forensics.logo.compare`.

    Returns
    -------
    ndarray of shape (len(NAMES),), float64
        Counts, weights and the stretch as logarithms.
    """
    of = measurements
    counts = [np.log1p(of[name]) for name in ("first", "weight", "inliers")]
    return np.array([*counts, of["dense_query"], of["dense_reference"], np.log(min(of["stretch"], 5.0)), of["global"]])


def weigh(measurements: Mapping[str, float]) -> float:
    """Return the score: the natural logarithm of the odds of a match, were matches as frequent as non-matches.

    It is a rank, not a likelihood ratio: the pairs that it was learnt from are generated (``made`` in weighing.json
    says how), and another collection has others.
    """
    learnt = _learnt()
    return float((values(measurements) - learnt.mean) / learnt.deviation @ learnt.weight + learnt.offset)


@cache
def _learnt() -> Weighing:
    stored = json.loads(Path(__file__).with_name("weighing.json").read_text())
    if tuple(stored["names"]) != NAMES:
        raise RuntimeError(f"expected weights for {NAMES}; found {stored['names']}. Fit them again.")
    mean, deviation, weight = (np.array(stored[name], float) for name in ("mean", "deviation", "weight"))
    return Weighing(mean, deviation, weight, float(stored["offset"]))
