"""A part of a space that no longer changes, but for what is taken out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.vectors.id_set import IdSet

Rows = tuple[NDArray[np.int64], NDArray[np.uint8]]
"""Ids, shape (N,), and what is kept of their vectors, shape (N, bytes)."""


@dataclass(frozen=True, slots=True)
class Part:
    """Vectors in lists, in memory or in a file. Searching it takes no lock.

    Attributes
    ----------
    index : faiss.IndexIVF
        The lists. Never changed.
    ids : IdSet
        Of everything in them.
    gone : IdSet
        Those of them that are not to be found any more.
    """

    index: Any
    ids: IdSet
    gone: IdSet = field(default_factory=IdSet)

    def __len__(self) -> int:
        return len(self.ids) - len(self.gone)

    def held(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of each id whether it is to be found here."""
        return self.ids.held(ids) & ~self.gone.held(ids)

    def within(self, ranges: Sequence[tuple[int, int]]) -> IdSet:
        """Return the ids in the ranges that are to be found here."""
        return self.ids.within(ranges) - self.gone.within(ranges)

    def without(self, ids: IdSet) -> Part:
        """Return the same part with ids of it gone."""
        return replace(self, gone=self.gone | ids) if len(ids) else self

    def rows(self, number: int) -> Rows:
        """Return what is in a list. Views of the lists themselves where nothing is gone."""
        ids, codes = rows_of(self.index, number)
        if not len(self.gone):
            return ids, codes
        left = ~self.gone.held(ids)
        return ids[left], codes[left]


def rows_of(index: Any, number: int) -> Rows:
    """Return views of a list's own memory; they hold while the list is not changed."""
    lists = index.invlists
    size, width = lists.list_size(number), lists.code_size
    if not size:
        return np.empty(0, np.int64), np.empty((0, width), np.uint8)
    ids = faiss.rev_swig_ptr(lists.get_ids(number), size)
    codes = faiss.rev_swig_ptr(lists.get_codes(number), size * width)
    return ids, codes.reshape(size, width)


def in_blocks(parts: Sequence[Part], rows: int) -> Iterator[Rows]:
    """Go through parts in blocks of at least so many rows, but for the last."""
    waiting: list[Rows] = []
    count = 0
    for part in parts:
        for number in range(part.index.nlist):
            ids, codes = part.rows(number)
            for start in range(0, len(ids), rows):
                waiting.append((ids[start : start + rows], codes[start : start + rows]))
                count += len(waiting[-1][0])
                if count >= rows:
                    yield _joined(waiting)
                    waiting, count = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(blocks: Sequence[Rows]) -> Rows:
    return np.concatenate([ids for ids, _ in blocks]), np.concatenate([codes for _, codes in blocks])
