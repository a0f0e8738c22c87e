"""Many striated marks that one is compared with at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.toolmark.striated.align import AlignParams, Batch, Placed, place
from forensics.toolmark.striated.features import StriatedFeatures
from forensics.toolmark.striated.score import NAMES, values
from forensics.toolmark.striated.signals import SignalParams, Signals, signals

_AT_ONCE = 64
"""References in one batch: their transforms stay in a processor's cache."""


@dataclass(frozen=True, slots=True)
class StriatedParams:
    """How striated marks are compared.

    Attributes
    ----------
    signal : SignalParams
        The step and the bands.
    align : AlignParams
        The places that are looked at.
    reversible : bool
        Whether the query may have been measured from its other end, as where nobody knows which way the tool went over
        a piece that lay either way round. Default False: looking twice doubles what agrees by chance.
    """

    signal: SignalParams = field(default_factory=SignalParams)
    align: AlignParams = field(default_factory=AlignParams)
    reversible: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A query measured against every mark of a gallery.

    Attributes
    ----------
    possible : ndarray of shape (J,), bool
        Whether there was enough to compare; other rows hold no number.
    values : ndarray of shape (J, len(NAMES)), float64
        What is weighed into a score.
    stretch : ndarray of shape (J,), float64
        Of the query.
    offset, overlap : ndarray of shape (J,), float64
        Metres: of the stretched query's first value from the reference's first, and of profile that both have.
    reversed : ndarray of shape (J,), bool
        Whether the query agrees better from its other end; never where the parameters forbid it.
    """

    possible: NDArray[np.bool_]
    values: NDArray[np.float64]
    stretch: NDArray[np.float64]
    offset: NDArray[np.float64]
    overlap: NDArray[np.float64]
    reversed: NDArray[np.bool_]

    @property
    def scores(self) -> NDArray[np.float64]:
        """The scores of the comparisons, shape (J,); minus infinity where none is possible."""
        return np.where(self.possible, self.values[:, NAMES.index("evidence")], -np.inf)


class Gallery:
    """Described striated marks, prepared once for many comparisons.

    Parameters
    ----------
    marks : sequence of StriatedFeatures
        All of one kind.
    params : StriatedParams
        How they are compared.
    """

    def __init__(self, marks: Sequence[StriatedFeatures], *, params: StriatedParams | None = None) -> None:
        self.params = params or StriatedParams()
        self.marks = tuple(marks)
        self._own = np.array([self.params.signal.level(mark) for mark in self.marks], int)
        self._coarsest = np.array([self.params.signal.coarsest(mark) for mark in self.marks], int)
        self._signals: dict[tuple[int, int], Signals] = {}
        self._batches: dict[tuple[int, ...], Batch] = {}

    def __len__(self) -> int:
        return len(self.marks)

    def measure(self, query: StriatedFeatures, *, only: Sequence[int] | None = None) -> Measured:
        """Measure a query against the marks, each at the level that suits the pair.

        Parameters
        ----------
        query : StriatedFeatures
            The one.
        only : sequence of int, optional
            Places in the gallery; all of them by default. Other rows of the answer are not possible.

        Returns
        -------
        Measured
            One row a mark of the gallery.
        """
        count = len(self.marks)
        answer = Measured(
            np.zeros(count, bool), np.zeros((count, len(NAMES))), np.ones(count), np.zeros(count), np.zeros(count),
            np.zeros(count, bool),
        )  # fmt: skip
        params = self.params.signal
        chosen = range(count) if only is None else only
        groups: dict[int, list[int]] = defaultdict(list)
        for number in chosen:
            if self.marks[number].kind == query.kind:
                groups[self.level(query, number)].append(number)
        for level, numbers in groups.items():
            here = signals(query, level=level, params=params)
            for start in range(0, len(numbers), _AT_ONCE):
                part = numbers[start : start + _AT_ONCE]
                self._fill(answer, here, level, part)
        return answer

    def level(self, query: StriatedFeatures, number: int) -> int:
        """Return the level that a query is compared with one of the marks at, in half octaves."""
        params = self.params.signal
        wanted = min(params.level(query), int(self._own[number]))
        return max(wanted, params.coarsest(query), int(self._coarsest[number]))

    def _fill(self, answer: Measured, query: Signals, level: int, part: list[int]) -> None:
        batch = self._batch(level, part)
        placed = place(query, batch, params=self.params.align)
        found, turned = values(query, batch, placed), np.zeros(len(part), bool)
        if self.params.reversible:
            back = query.reversed()
            other = place(back, batch, params=self.params.align)
            turned = other.possible & (other.evidence > placed.evidence)
            found = np.where(turned[:, None], values(back, batch, other), found)
            placed = _chosen(placed, other, turned)
        step = self.params.signal.step_at(level)
        answer.possible[part], answer.values[part], answer.reversed[part] = placed.possible, found, turned
        answer.stretch[part], answer.offset[part] = placed.stretch, placed.lag * step
        answer.overlap[part] = placed.overlap * step

    def _batch(self, level: int, part: list[int]) -> Batch:
        key = (level, *part)
        if key not in self._batches:
            for number in part:
                if (level, number) not in self._signals:
                    made = signals(self.marks[number], level=level, params=self.params.signal)
                    self._signals[level, number] = made
            self._batches[key] = Batch([self._signals[level, number] for number in part])
        return self._batches[key]


def _chosen(first: Placed, second: Placed, turned: NDArray[np.bool_]) -> Placed:
    def of(one: NDArray[np.generic], other: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.where(turned.reshape(-1, *[1] * (one.ndim - 1)), other, one)

    names = Placed.__slots__
    return Placed(*(of(getattr(first, name), getattr(second, name)) for name in names))  # type: ignore[arg-type]
