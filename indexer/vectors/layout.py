"""How a space is cut into lists as it grows, and the centres of the lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

_untyped: Any = faiss
# Its stubs do not know every argument.


@dataclass(frozen=True, slots=True)
class SpaceParams:
    """How a space is laid out as it grows.

    Attributes
    ----------
    steps : tuple of (rows, lists)
        From that many rows on, the space is cut into that many lists (inverted file), of which a search looks into
        some; below the first step the search is exact. Ascending. The defaults keep some 60 to 4,000 rows a list.
    probes : int
        Lists looked into (1 to all): more finds more and takes longer.
    sample : int
        Rows a list that the cutting is learnt from (39 to 256, FAISS warns under 39).
    rounds : int
        Rounds of learning (1 to 25). Further ones hardly change what is found.
    flat : int
        Up to so many lists (256 to 4,096) every centre is looked at to find the nearest. With more, the centres are
        themselves cut into lists, the root of their number, or adding a row would take as long as searching.
    assign_probes, search_probes : int
        How many of those are looked into (1 to all) for a row that is added, and for one that is looked for.
    threads : int
        Threads of one search. One is faster than two for the short searches here, and leaves the rest to others.
    build_threads : int
        Threads where many thousand rows are added at once, as when everything is built again.
    """

    steps: tuple[tuple[int, int], ...] = (
        (20_000, 256),
        (100_000, 1024),
        (1_000_000, 4096),
        (5_000_000, 16_384),
        (20_000_000, 32_768),
    )
    probes: int = 16
    sample: int = 40
    rounds: int = 5
    flat: int = 1024
    assign_probes: int = 4
    search_probes: int = 24
    threads: int = 1
    build_threads: int = 2

    def lists(self, rows: int) -> int:
        """Return how many lists a space of so many rows has; 1 for exact search."""
        return max((lists for least, lists in self.steps if rows >= least), default=1)


class Centres:
    """The centres of the lists: a row is kept in the list of the nearest.

    Parameters
    ----------
    index : faiss index
        The centres, number by number.
    params : SpaceParams
        How they are looked at.
    """

    def __init__(self, index: Any, *, params: SpaceParams) -> None:
        self.index = index
        self._params = params

    def __len__(self) -> int:
        return int(self.index.ntotal)

    @classmethod
    def one(cls, dimension: int, *, params: SpaceParams) -> Centres:
        """Make a single one: every row is in its list, and a search is exact."""
        index = faiss.IndexFlatL2(dimension)
        index.add(np.zeros((1, dimension), np.float32))
        return cls(index, params=params)

    @classmethod
    def learnt(cls, sample: NDArray[np.float32], lists: int, *, params: SpaceParams) -> Centres:
        """Learn centres from rows.

        Many are learnt in two steps, which takes seconds in place of minutes: a root of their number, then within each
        of those its part of them. A centre lies in the cell that it was learnt in, for cells are convex; so what finds
        the cell finds the centre.

        Parameters
        ----------
        sample : ndarray of shape (N, dimension), float32
            Rows, many times as many as lists.
        lists : int
            How many centres.
        params : SpaceParams
            Settings.
        """
        dimension = sample.shape[1]
        if lists <= params.flat:
            index: Any = faiss.IndexFlatL2(dimension)
            index.add(_means(sample, lists, params))
            return cls(index, params=params)
        cells: Any = faiss.IndexFlatL2(dimension)
        cells.add(_means(sample, round(lists**0.5), params))
        nearest = cells.search(sample, 1)[1][:, 0]
        order = np.argsort(nearest, kind="stable")
        sizes = np.bincount(nearest, minlength=cells.ntotal)
        parts = np.split(order, np.cumsum(sizes)[:-1])
        index = faiss.IndexIVFFlat(cells, dimension, cells.ntotal, faiss.METRIC_L2)
        for rows, share in zip(parts, _shares(sizes, lists), strict=True):
            if share:
                index.add(_means(sample[rows], share, params))
        return cls(index, params=params)

    @classmethod
    def from_bytes(cls, data: NDArray[np.uint8], *, params: SpaceParams) -> Centres:
        """Take what :meth:`to_bytes` gave."""
        return cls(_untyped.deserialize_index(data), params=params)

    def to_bytes(self) -> NDArray[np.uint8]:
        """Give them as bytes of FAISS's own format."""
        return np.asarray(_untyped.serialize_index(self.index), np.uint8)

    def own(self, rows: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the list that each row belongs in, shape (N,)."""
        return np.ascontiguousarray(np.maximum(self._nearest(rows, 1, self._params.assign_probes)[1][:, 0], 0))

    def nearest(self, rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return squared distances and numbers of the lists to look into for each row, shape (N, probes)."""
        return self._nearest(rows, min(self._params.probes, len(self)), self._params.search_probes)

    def _nearest(
        self, rows: NDArray[np.float32], count: int, probes: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        how = (
            _untyped.SearchParametersIVF(nprobe=min(probes, self.index.nlist))
            if isinstance(self.index, faiss.IndexIVF)
            else None
        )
        values, numbers = self.index.search(rows, count, params=how)
        return values, numbers


def _means(rows: NDArray[np.float32], count: int, params: SpaceParams) -> NDArray[np.float32]:
    learning: Any = faiss.Clustering(rows.shape[1], count)
    learning.niter = params.rounds
    learning.min_points_per_centroid = 1
    learning.max_points_per_centroid = 256
    learning.train(rows, faiss.IndexFlatL2(rows.shape[1]))
    return np.asarray(faiss.vector_to_array(learning.centroids), np.float32).reshape(count, -1)


def _shares(sizes: NDArray[np.int64], total: int) -> Iterator[int]:
    """Deal out a total in proportion to sizes, at least one to each that is not empty."""
    exact = np.maximum(sizes / max(int(sizes.sum()), 1) * total, sizes > 0)
    shares = np.floor(exact).astype(np.int64)
    # The least of them were raised to one: the greatest give it back.
    for _ in range(int(shares.sum()) - total):
        shares[np.argmax(shares)] -= 1
    left = total - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:left]] += 1
    yield from np.minimum(shares, sizes).tolist()
