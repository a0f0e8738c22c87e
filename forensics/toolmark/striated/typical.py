"""How a score stands among the scores that each of its two marks has with marks of other tools."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 20
"""Marks of other tools below which their scores say too little."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """A mark's scores against marks of other tools.

    Attributes
    ----------
    mean, deviation : float
        Of the scores.
    size : int
        How many there were.
    """

    mean: float
    deviation: float
    size: int


def cohort(scores: NDArray[np.floating]) -> Cohort | None:
    """Sum up a mark's scores against a reference population.

    Parameters
    ----------
    scores : ndarray of shape (N,)
        Against marks that other tools left; NaN where they could not be compared. No mark of the tools in question may
        be among them.

    Returns
    -------
    Cohort or None
        None for fewer than :data:`LEAST`.
    """
    known = np.asarray(scores, np.float64)
    known = known[np.isfinite(known)]
    if len(known) < LEAST:
        return None
    return Cohort(float(known.mean()), float(max(known.std(), 1e-3)), len(known))


def normalise(score: float, query: Cohort | None, reference: Cohort | None) -> float:
    """Return how far a score lies above what each of its marks has with other tools, in standard deviations.

    A mark with a few broad striae agrees well with many, one with fine and rare ones with few: the same score means
    more for the second. The mean of both marks' standardised scores is the symmetric normalisation of speaker
    recognition (Kenny, 2010).

    Parameters
    ----------
    score : float
        Of the pair.
    query, reference : Cohort or None
        Of each mark; None where there is no reference population for it.

    Returns
    -------
    float
        The score itself where neither mark has a population.
    """
    known = [(score - one.mean) / one.deviation for one in (query, reference) if one is not None]
    return float(np.mean(known)) if known else score
