"""Pairs of known ground truth, from which scores become likelihood ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forensics.errors import EvidenceRefused

Array = NDArray[np.float64]


class Origin(StrEnum):
    """Where known pairs come from. Pairs of several origins are never one set."""

    DECISIONS = "decisions"
    REFERENCE = "reference"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class CalibrationSet:
    """Scores of known matches and known non-matches, with the sources of each pair.

    Attributes
    ----------
    name : str
        What people call it.
    version : int
        Raised whenever a pair is added, removed or corrected.
    method : str
        The comparing method that gave the scores, such as ``"tool/2"``.
    origin : Origin
        Where the ground truth comes from.
    scores : ndarray of shape (P,), float64
        Finite; higher is more alike.
    same : ndarray of shape (P,), bool
        Whether both sides of a pair are of one source.
    first, second : ndarray of shape (P,), int64
        The source (tool, press, pane, batch) of each side, numbered from 0; the same number for a known match.
    """

    name: str
    version: int
    method: str
    origin: Origin
    scores: Array
    same: NDArray[np.bool_]
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        *,
        name: str,
        version: int,
        method: str,
        origin: Origin,
        scores: ArrayLike,
        first: Sequence[object] | NDArray[np.generic],
        second: Sequence[object] | NDArray[np.generic],
    ) -> Self:
        """Make a set from scores and the names of the sources of each pair.

        Parameters
        ----------
        name, version, method, origin
            As the attributes.
        scores : array_like of shape (P,)
            Of each pair.
        first, second : sequence of P names
            The source of each side. A pair is a known match where both are equal.

        Raises
        ------
        EvidenceRefused
            With code ``"lengths"`` where these are of different lengths, ``"not_finite"`` where a score is no number.
        """
        values = np.asarray(scores, np.float64).ravel()
        if not len(values) == len(first) == len(second):
            raise EvidenceRefused(
                "lengths",
                expected="one score and two sources for every pair",
                found=f"{len(values)} scores, {len(first)} and {len(second)} sources",
                hint="Give the three in the same order.",
            )
        unusable = int((~np.isfinite(values)).sum())
        if unusable:
            raise EvidenceRefused(
                "not_finite",
                expected="a finite score for every pair",
                found=f"{unusable} that are infinite or no number",
                hint="Leave out pairs that could not be compared, and say how many they are.",
            )
        numbers: dict[str, int] = {}
        one, other = (
            np.array([numbers.setdefault(str(source), len(numbers)) for source in side], np.int64)
            for side in (first, second)
        )
        return cls(name, version, method, origin, values, one == other, one, other)

    @property
    def same_pairs(self) -> int:
        """How many known matches it holds."""
        return int(self.same.sum())

    @property
    def different_pairs(self) -> int:
        """How many known non-matches it holds."""
        return len(self.same) - self.same_pairs

    @property
    def sources(self) -> int:
        """How many sources its pairs come from."""
        return len(np.union1d(self.first, self.second))

    @property
    def matched_sources(self) -> int:
        """How many sources its known matches come from."""
        return len(np.unique(self.first[self.same]))
