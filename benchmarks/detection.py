"""How well scores tell known matches from known non-matches, and how sure that is when tools are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REPLICATES = 200
SEED = 1


@dataclass(frozen=True, slots=True)
class Detection:
    """Measures of pooled pairs.

    Attributes
    ----------
    area : float
        Under the curve: the chance that a known match scores above a known non-match.
    equal_error : float
        Where as large a part of the matches is missed as of the non-matches is taken for matches.
    sensitivity : float
        Part of the matches above the score that the allowed part of the non-matches exceeds.
    """

    area: float
    equal_error: float
    sensitivity: float


def detection(scores: Array, same: NDArray[np.bool_], *, specificity: float, weight: Array | None = None) -> Detection:
    """Measure scores of pairs.

    Parameters
    ----------
    scores : ndarray of shape (P,)
        Higher speaks for a match; minus infinity for a pair that could not be compared, which counts as missed or
        rejected. Ties are cut between: in both directions at once.
    same : ndarray of shape (P,), bool
        Known matches.
    specificity : float
        Part of the non-matches that must be rejected for the sensitivity.
    weight : ndarray of shape (P,), optional
        How often each pair counts; once by default.

    Returns
    -------
    Detection
        Of the pairs as they are weighed.
    """
    counts = np.ones(len(scores)) if weight is None else weight
    levels, level = np.unique(-scores, return_inverse=True)
    hits = np.bincount(level, counts * same, len(levels)).cumsum()
    alarms = np.bincount(level, counts * ~same, len(levels)).cumsum()
    found, alarmed = np.append(0.0, hits / hits[-1]), np.append(0.0, alarms / alarms[-1])
    area = float(np.trapezoid(found, alarmed))
    # Where the straight lines between the points cross the diagonal of equal errors.
    gap = alarmed - (1 - found)
    at = int(np.searchsorted(gap, 0.0))
    before = max(at - 1, 0)
    part = 0.0 if gap[at] == gap[before] else -gap[before] / (gap[at] - gap[before])
    equal = float(alarmed[before] + part * (alarmed[at] - alarmed[before]))
    allowed = int(np.searchsorted(alarmed, 1 - specificity + 1e-12, side="right")) - 1
    return Detection(area, equal, float(found[allowed]))


def intervals(
    scores: Array,
    same: NDArray[np.bool_],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    *,
    specificity: float,
    replicates: int = REPLICATES,
) -> tuple[Detection, Detection]:
    """Return the 95 % interval of each measure, by drawing tools anew.

    Parameters
    ----------
    scores, same : ndarray of shape (P,)
        As for :func:`detection`.
    first, second : ndarray of shape (P,), int64
        The tool of each mark of the pair, from 0. Pairs of one tool hang together, so tools are drawn, with
        replacement, and a pair counts as often as both of its tools were drawn together.
    specificity : float
        As for :func:`detection`.
    replicates : int
        Draws.

    Returns
    -------
    low, high : Detection
        Percentiles 2.5 and 97.5.
    """
    chance = np.random.default_rng(SEED)
    tools = int(max(first.max(), second.max())) + 1
    order = np.argsort(-scores, kind="stable")
    scores, same, first, second = scores[order], same[order], first[order], second[order]
    drawn = []
    for _ in range(replicates):
        times = np.bincount(chance.integers(0, tools, tools), minlength=tools).astype(float)
        weight = np.where(first == second, times[first], times[first] * times[second])
        if (weight * same).any() and (weight * ~same).any():
            kept = weight > 0
            drawn.append(detection(scores[kept], same[kept], specificity=specificity, weight=weight[kept]))
    table = np.array([(found.area, found.equal_error, found.sensitivity) for found in drawn])
    low, high = np.percentile(table, [2.5, 97.5], axis=0)
    return Detection(*low.tolist()), Detection(*high.tolist())
