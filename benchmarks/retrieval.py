"""Measures of ranked lists and of open sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program answered to one query.

    Attributes
    ----------
    ranked : sequence of str
        Names of the pictures it gave, best first; those it did not give count as not found.
    score : float
        Its best score; 0 where it gave none.
    """

    ranked: Sequence[str]
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Means over queries: right answer first, among the first five, and average precision."""

    r1: float
    r5: float
    mean_ap: float


def ranking(answers: Sequence[Answer], relevant: Sequence[frozenset[str]]) -> Ranking:
    """Measure ranked lists against the names that are relevant to each query."""
    first, five, precision = [], [], []
    for answer, wanted in zip(answers, relevant, strict=True):
        right = np.array([name in wanted for name in answer.ranked], bool)
        first.append(bool(right[:1].any()))
        five.append(bool(right[:5].any()))
        places = np.flatnonzero(right)
        precision.append(float((np.arange(1, len(places) + 1) / (places + 1)).sum() / len(wanted)))
    return Ranking(float(np.mean(first)), float(np.mean(five)), float(np.mean(precision)))


def area_under_curve(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative; ties count half."""
    gap = np.asarray(positive)[:, None] - np.asarray(negative)[None]
    return float((gap > 0).mean() + 0.5 * (gap == 0).mean())


def true_positive_rate(positive: Sequence[float], negative: Sequence[float], *, false_alarms: float) -> float:
    """Return the part of positives above the score that at most this part of the negatives exceeds."""
    allowed = int(np.floor(false_alarms * len(negative)))
    threshold = np.sort(np.asarray(negative))[::-1][allowed]
    return float((np.asarray(positive) > threshold).mean())
