"""Which ids a space holds, as runs of consecutive ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_NONE = np.empty(0, np.int64)


class IdSet:
    """A set of integers that never changes: what changes it returns another.

    The points of a mark have consecutive ids, and so have marks that came one after the other: fifty million ids are
    some hundred thousand runs, two megabytes in place of four hundred.

    Parameters
    ----------
    ids : ndarray of int64, optional
        The ids, in any order; once or more than once.
    """

    __slots__ = ("_ends", "_firsts", "_held")

    def __init__(self, ids: NDArray[np.int64] | None = None) -> None:
        # Sorted, for finding what is twice by hashing takes a hundred times as long here.
        ordered = np.sort(ids) if ids is not None else _NONE
        ordered = ordered[np.append(True, np.diff(ordered) != 0)[: len(ordered)]]
        begins = np.append(True, np.diff(ordered) != 1)[: len(ordered)]
        # A run ends where the next begins.
        self._set(ordered[begins], ordered[np.append(begins[1:], True)[: len(ordered)]] + 1)

    @classmethod
    def of_ranges(cls, ranges: Sequence[tuple[int, int]] | NDArray[np.int64]) -> IdSet:
        """Make it of ranges, each from its first to before its second, in any order and one over the other."""
        bounds = np.asarray(ranges, np.int64).reshape(-1, 2)
        bounds = bounds[bounds[:, 0] < bounds[:, 1]]
        return cls._covered(bounds[:, 0], bounds[:, 1], least=1)

    @property
    def runs(self) -> NDArray[np.int64]:
        """The runs, ascending and apart, shape (N, 2): from the first to before the second."""
        return np.column_stack([self._firsts, self._ends])

    def __len__(self) -> int:
        return self._held

    def held(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of each id whether it is there; any shape."""
        if not self._held:
            return np.zeros(ids.shape, bool)
        place = np.searchsorted(self._firsts, ids, side="right") - 1
        return (place >= 0) & (ids < self._ends[place])

    def __or__(self, other: IdSet) -> IdSet:
        """Return what is in either."""
        if not self or not other:
            return self or other
        return self._covered(*self._with(other), least=1)

    def __and__(self, other: IdSet) -> IdSet:
        """Return what is in both."""
        if not self or not other:
            return IdSet()
        return self._covered(*self._with(other), least=2)

    def __sub__(self, other: IdSet) -> IdSet:
        """Return what is here and not in the other."""
        if not self or not other:
            return self
        low, high = np.iinfo(np.int64).min, np.iinfo(np.int64).max
        outside = np.append(low, other._ends), np.append(other._firsts, high)
        return self._covered(
            np.concatenate([self._firsts, outside[0]]), np.concatenate([self._ends, outside[1]]), least=2
        )

    def within(self, ranges: Sequence[tuple[int, int]]) -> IdSet:
        """Return the ids in the ranges, each from its first to before its second."""
        asked = IdSet.of_ranges(ranges)
        if not self or not asked:
            return IdSet()
        # Only the runs that they may touch: a mark is looked for among hundred thousands.
        low = max(int(np.searchsorted(self._firsts, asked._firsts[0], side="right")) - 1, 0)
        high = int(np.searchsorted(self._firsts, asked._ends[-1]))
        near = IdSet._made(self._firsts[low:high], self._ends[low:high])
        return near & asked

    def all(self) -> NDArray[np.int64]:
        """Return every id, ascending."""
        lengths = self._ends - self._firsts
        skipped = np.repeat(self._firsts - np.cumsum(lengths) + lengths, lengths)
        return np.asarray(np.arange(self._held, dtype=np.int64) + skipped, np.int64)

    def _with(self, other: IdSet) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return np.concatenate([self._firsts, other._firsts]), np.concatenate([self._ends, other._ends])

    @classmethod
    def _covered(cls, firsts: NDArray[np.int64], ends: NDArray[np.int64], *, least: int) -> IdSet:
        """Return what so many of these runs hold."""
        places = np.concatenate([firsts, ends])
        steps = np.repeat(np.array([1, -1]), len(firsts))
        # Where one ends and another begins at the same place, they are one run.
        order = np.lexsort((-steps, places))
        places, inside = places[order], np.cumsum(steps[order]) >= least
        before = np.append(False, inside)[: len(inside)]
        begin, end = places[inside & ~before], places[~inside & before]
        return cls._made(begin[begin < end], end[begin < end])

    @classmethod
    def _made(cls, firsts: NDArray[np.int64], ends: NDArray[np.int64]) -> IdSet:
        made = cls.__new__(cls)
        made._set(firsts, ends)
        return made

    def _set(self, firsts: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        self._firsts, self._ends = firsts, ends
        self._held = int((ends - firsts).sum())
