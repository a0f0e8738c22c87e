"""Which ids a space holds, at eight bytes each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_RECENT = 65_536


class IdSet:
    """A set of integers as sorted arrays: one large, and a small one of what came last.

    A Python set would take ten times the memory of the vectors' own ids.
    """

    def __init__(self, ids: NDArray[np.int64] | None = None) -> None:
        self._settled = np.sort(ids) if ids is not None else np.empty(0, np.int64)
        self._recent = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._settled) + len(self._recent)

    def add(self, ids: NDArray[np.int64]) -> None:
        """Add ids that are not there yet."""
        self._recent = np.sort(np.concatenate([self._recent, ids]))
        if len(self._recent) > _RECENT:
            # In this order, so that one who reads without a lock sees an id twice and never not at all.
            self._settled = self.all()
            self._recent = np.empty(0, np.int64)

    def held(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of each id whether it is there."""
        found = np.zeros(len(ids), bool)
        for part in (self._settled, self._recent):
            if len(part):
                place = np.minimum(np.searchsorted(part, ids), len(part) - 1)
                found |= part[place] == ids
        return found

    def discard(self, ids: NDArray[np.int64]) -> None:
        """Take ids away; those that are not there are no error."""
        self._settled = self._settled[~np.isin(self._settled, ids)] if len(ids) else self._settled
        self._recent = self._recent[~np.isin(self._recent, ids)] if len(ids) else self._recent

    def within(self, ranges: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
        """Return the ids in the ranges, each from its first to before its second."""
        parts = [
            part[slice(*np.searchsorted(part, np.array(span, np.int64)))]
            for part in (self._settled, self._recent)
            for span in ranges
        ]
        return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)

    def all(self) -> NDArray[np.int64]:
        """Return every id, ascending."""
        return np.sort(np.concatenate([self._settled, self._recent]), kind="stable")
