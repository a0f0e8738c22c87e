"""A vector space on one machine, in memory, by FAISS."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.durable import write_durably
from indexer.vectors.gate import Gate
from indexer.vectors.id_set import IdSet
from indexer.vectors.space import IdRange, Metric, Saved, SpaceUnusable, VectorsRefused

log = logging.getLogger(__name__)

_BLOCK = 65_536

_Missed = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]

_untyped: Any = faiss
# Its stubs do not know the arguments of search parameters.


@dataclass(frozen=True, slots=True)
class SpaceParams:
    """How a space is laid out as it grows.

    Attributes
    ----------
    steps : tuple of (rows, lists)
        From that many rows on, the space is cut into that many lists (inverted file), of which a search looks into
        some; below the first step the search is exact. Ascending. The defaults keep some 50 to 1,000 rows a list up
        to a few million rows, and training under a minute.
    probes : int
        Lists looked into (1 to all): more finds more and takes longer. Of the nearest local descriptors of real
        photographs among two million, 16 find about 88 %, 48 about 97 %.
    sample : int
        Rows a list that the cutting is learnt from (39 to 256, FAISS warns under 39).
    rounds : int
        Rounds of learning (1 to 25). Further ones hardly change what is found.
    threads : int
        Threads of one search. One is faster than two for the short searches here, and leaves the rest to others.
    """

    steps: tuple[tuple[int, int], ...] = ((50_000, 1024), (500_000, 4096))
    probes: int = 48
    sample: int = 40
    rounds: int = 5
    threads: int = 1

    def lists(self, rows: int) -> int:
        """Return how many lists a space of so many rows has; 0 for exact search."""
        return max((lists for least, lists in self.steps if rows >= least), default=0)


class FaissSpace:
    """Vectors under ids, kept without loss: bytes as bytes, or floating point in 16 bits.

    Parameters
    ----------
    dimension : int
        Values of a vector.
    metric : {"squared_euclidean", "inner_product"}
        What nearness is.
    dtype : {"uint8", "float16"}
        What a value is kept as. Other values are refused, not rounded (float16: rounded as float16 rounds).
    params : SpaceParams
        How it is laid out.
    expected : int
        How many rows it will soon hold: laid out for them as soon as there are enough to learn from.
    """

    def __init__(
        self,
        dimension: int,
        *,
        metric: Metric,
        dtype: str,
        params: SpaceParams = SpaceParams(),
        expected: int = 0,
    ) -> None:
        self.dimension = dimension
        self.metric = metric
        self.params = params
        self._dtype = np.dtype(dtype)
        self._kind = {
            "uint8": faiss.ScalarQuantizer.QT_8bit_direct,
            "float16": faiss.ScalarQuantizer.QT_fp16,
        }[self._dtype.name]
        self._expected = expected
        self._gate = Gate()
        # Changes go one at a time, and only the moment of a change keeps searches waiting.
        self._changing = threading.Lock()
        self._index: Any = self._exact()
        self._ids = IdSet()
        # While new lists are made: what was removed, and what was added under which ids.
        self._missed: list[_Missed] | None = None
        self._growing: threading.Thread | None = None
        self._gave_up = False

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def lists(self) -> int:
        """Into how many lists the space is cut; 0 for exact search."""
        return int(self._index.nlist) if isinstance(self._index, faiss.IndexIVF) else 0

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.generic]) -> None:
        """Add vectors; an id that is already there is replaced. See :meth:`VectorSpace.add`."""
        numbers = np.ascontiguousarray(ids, np.int64)
        rows = self._checked(vectors)
        if numbers.ndim != 1 or len(numbers) != len(rows):
            raise VectorsRefused(f"expected one id a vector; found {numbers.shape} ids of {len(rows)} vectors.")
        if not len(numbers):
            return
        if int(numbers.min()) < 0 or len(np.unique(numbers)) != len(numbers):
            raise VectorsRefused("expected ids from 0 up, each once; found a negative id or one twice.")
        with self._changing:
            known = numbers[self._ids.held(numbers)]
            with self._gate.alone():
                _one_thread(self.params.threads)
                if len(known):
                    self._index.remove_ids(faiss.IDSelectorBatch(known))
                self._index.add_with_ids(rows, numbers)
            self._ids.discard(known)
            self._ids.add(numbers)
            self._note(known, numbers, rows)
            self._grow()

    def settle(self) -> None:
        """Wait until the space is laid out for what it holds."""
        while (growing := self._growing) is not None and growing.is_alive():
            growing.join()

    def remove(self, ids: NDArray[np.int64]) -> int:
        """Remove ids. See :meth:`VectorSpace.remove`."""
        with self._changing:
            numbers = np.unique(np.asarray(ids, np.int64))
            return self._remove(numbers[self._ids.held(numbers)])

    def remove_ranges(self, ranges: Sequence[IdRange]) -> int:
        """Remove every id in the ranges."""
        with self._changing:
            return self._remove(self._ids.within(ranges))

    def search(
        self, vectors: NDArray[np.generic], k: int, *, exclude: Sequence[IdRange] = ()
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Find the nearest. See :meth:`VectorSpace.search`."""
        rows = self._checked(vectors)
        if k < 1:
            raise VectorsRefused(f"expected to look for one neighbour or more; found k = {k}.")
        if not len(rows):
            return np.empty((0, k), np.float32), np.empty((0, k), np.int64)
        spans = [span for span in exclude if self.count([span])]
        if not spans:
            return self._nearest(rows, k)
        # Asking of every row whether it is left out costs as much as comparing it. Twice as many are found instead,
        # and only who then has too few is searched the slow way.
        values, ids = self._nearest(rows, 2 * k)
        kept = (ids >= 0) & ~np.logical_or.reduce([(ids >= first) & (ids < end) for first, end in spans])
        first_kept = np.argsort(~kept, axis=1, kind="stable")[:, :k]
        enough = (kept.sum(axis=1) >= k) | (ids[:, -1] < 0)
        values = np.where(kept, values, self._worst)
        values, ids = (
            np.take_along_axis(part, first_kept, axis=1) for part in (values, np.where(kept, ids, np.int64(-1)))
        )
        if not enough.all():
            values[~enough], ids[~enough] = self._nearest(rows[~enough], k, _outside(spans))
        return values, ids

    def count(self, ranges: Sequence[IdRange]) -> int:
        """Return how many ids lie in the ranges."""
        return len(self._ids.within(ranges))

    def ids(self) -> NDArray[np.int64]:
        """Return every id, ascending."""
        with self._changing:
            return self._ids.all()

    def save(self, path: Path) -> Saved:
        """Write everything to a file, durably: new file, fsync, rename, fsync of the folder."""
        # Copied at once and written at leisure: neither searches nor changes wait for the disk.
        with self._changing:
            rows = len(self._ids)
            content = memoryview(_untyped.serialize_index(self._index))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, content)
        return Saved(hashlib.sha256(content).hexdigest(), rows)

    def load(self, path: Path, saved: Saved) -> None:
        """Take everything from a file, which FAISS itself would believe with any byte of it altered.

        Raises
        ------
        SpaceUnusable
            Where the file is missing, or is not what was saved.
        """
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            raise SpaceUnusable(f"missing: there is no file {path.name}") from None
        if found != saved.sha256:
            raise SpaceUnusable(f"corrupt: {path.name} is not the file that was saved (SHA-256 {found[:12]}...)")
        try:
            index: Any = faiss.read_index(str(path))
        except RuntimeError as failure:
            raise SpaceUnusable(f"corrupt: {path.name} cannot be read ({failure})") from None
        wanted = faiss.METRIC_L2 if self.metric == "squared_euclidean" else faiss.METRIC_INNER_PRODUCT
        if index.d != self.dimension or index.metric_type != wanted or index.ntotal != saved.rows:
            raise SpaceUnusable(f"stale: {path.name} holds {index.ntotal} vectors of {index.d} values")
        self.settle()
        with self._changing:
            ids = IdSet(np.concatenate([np.empty(0, np.int64), *(ids for ids, _ in _blocks(index, self._dtype))]))
            with self._gate.alone():
                self._index, self._ids = index, ids

    @property
    def _worst(self) -> np.float32:
        return np.float32(np.inf if self.metric == "squared_euclidean" else -np.inf)

    def _nearest(
        self, rows: NDArray[np.float32], k: int, selector: Any = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        with self._gate.shared():
            _one_thread(self.params.threads)
            if isinstance(self._index, faiss.IndexIVF):
                how = _untyped.SearchParametersIVF(sel=selector, nprobe=min(self.params.probes, self._index.nlist))
            else:
                how = _untyped.SearchParameters(sel=selector)
            values, ids = self._index.search(rows, k, params=how)
        values[ids < 0] = self._worst
        return values, ids

    def _remove(self, present: NDArray[np.int64]) -> int:
        if len(present):
            with self._gate.alone():
                _one_thread(self.params.threads)
                self._index.remove_ids(faiss.IDSelectorBatch(present))
            self._ids.discard(present)
            self._note(present, present[:0], np.empty((0, self.dimension), np.float32))
        return len(present)

    def _note(self, gone: NDArray[np.int64], ids: NDArray[np.int64], rows: NDArray[np.float32]) -> None:
        if self._missed is not None:
            self._missed.append((gone, ids, rows))

    def _checked(self, vectors: NDArray[np.generic]) -> NDArray[np.float32]:
        rows = np.ascontiguousarray(vectors, np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.dimension:
            raise VectorsRefused(f"expected vectors of shape (N, {self.dimension}); found {rows.shape}.")
        low, high = (float(rows.min()), float(rows.max())) if rows.size else (0.0, 0.0)
        if not np.isfinite(low + high):
            raise VectorsRefused("expected finite values; found one that is not a number, or infinite.")
        if self._dtype == np.uint8 and (low < 0 or high > 255 or not np.array_equal(rows, np.rint(rows))):
            raise VectorsRefused(f"expected whole numbers from 0 to 255; found values from {low:g} to {high:g}.")
        if self._dtype == np.float16 and max(-low, high) > 65504:
            raise VectorsRefused(f"expected values up to 65,504 in size; found some from {low:g} to {high:g}.")
        return rows

    def _exact(self) -> Any:
        return faiss.IndexIDMap(faiss.IndexScalarQuantizer(self.dimension, self._kind, self._faiss_metric()))

    def _faiss_metric(self) -> int:
        return int(faiss.METRIC_L2 if self.metric == "squared_euclidean" else faiss.METRIC_INNER_PRODUCT)

    def _outgrown(self) -> int:
        """Return how many lists the space should be cut into now; 0 where it is well as it is."""
        rows = len(self._ids)
        for due in (self.params.lists(max(rows, self._expected)), self.params.lists(rows)):
            if due > self.lists and rows >= due * self.params.sample:
                return due
        return 0

    def _grow(self) -> None:
        """Cut the space anew where it has outgrown its lists: made aside by a thread, then exchanged.

        Learning the lists of a large space takes seconds. Meanwhile the old ones are searched and changed, and what
        changes is written down for the new ones.
        """
        lists = self._outgrown()
        if lists and self._missed is None and not self._gave_up:
            self._missed = []
            # Copied, for the memory of the old lists moves as they change.
            content = [(ids.copy(), codes.copy()) for ids, codes in _blocks(self._index, self._dtype)]
            self._growing = threading.Thread(target=self._cut, args=(lists, content), name="cut a vector space")
            self._growing.start()

    def _cut(self, lists: int, content: list[tuple[NDArray[np.int64], NDArray[Any]]]) -> None:
        new: Any = None
        try:
            _one_thread(self.params.threads)
            coarse = faiss.IndexFlat(self.dimension, self._faiss_metric())
            new = faiss.IndexIVFScalarQuantizer(coarse, self.dimension, lists, self._kind, self._faiss_metric(), False)
            new.cp.niter = self.params.rounds
            new.train(_sample(content, lists * self.params.sample))
            while content:
                ids, codes = content.pop()
                for start in range(0, len(ids), _BLOCK):
                    block = np.ascontiguousarray(codes[start : start + _BLOCK], np.float32)
                    new.add_with_ids(block, np.ascontiguousarray(ids[start : start + _BLOCK]))
        except Exception:
            # Such as too little memory: what is there goes on being searched as it is.
            log.exception("the vector space could not be cut into %d lists; searches stay right and get slower", lists)
            new, self._gave_up = None, True
        finally:
            with self._changing:
                missed, self._missed = self._missed or [], None
                if new is not None:
                    for gone, ids, rows in missed:
                        if len(gone):
                            new.remove_ids(faiss.IDSelectorBatch(gone))
                        if len(ids):
                            new.add_with_ids(rows, ids)
                    with self._gate.alone():
                        self._index = new


def _sample(content: Sequence[tuple[NDArray[np.int64], NDArray[Any]]], size: int) -> NDArray[np.float32]:
    # Every n-th row: the same for the same content, and from all of it.
    every = max(1, sum(len(ids) for ids, _ in content) // size)
    taken, passed = [], 0
    for ids, codes in content:
        taken.append(codes[(-passed) % every :: every].astype(np.float32))
        passed += len(ids)
    return np.concatenate(taken)


def _one_thread(count: int) -> None:
    # Holds for the calling thread only: said before every call that would otherwise take them all.
    faiss.omp_set_num_threads(count)


def _outside(ranges: Sequence[IdRange]) -> Any:
    # Each row that is looked at is asked of each range: the marks of one photograph make one.
    joined: list[list[int]] = []
    for first, end in sorted(ranges):
        if joined and first <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([first, end])
    selector: Any = None
    for first, end in joined:
        inside = faiss.IDSelectorRange(first, end)
        selector = inside if selector is None else faiss.IDSelectorOr(selector, inside)
    return None if selector is None else faiss.IDSelectorNot(selector)


def _blocks(index: Any, dtype: np.dtype[Any]) -> Iterator[tuple[NDArray[np.int64], NDArray[Any]]]:
    """Go through ids and vectors as they are kept; the arrays are views of the index's own memory."""
    width = index.d
    if hasattr(index, "nlist"):
        for number in range(index.nlist):
            size = index.invlists.list_size(number)
            if size:
                ids = faiss.rev_swig_ptr(index.invlists.get_ids(number), size)
                codes = faiss.rev_swig_ptr(index.invlists.get_codes(number), size * index.code_size)
                yield ids, codes.view(dtype).reshape(size, width)
        return
    kept: Any = faiss.downcast_index(index.index)
    if index.ntotal:
        ids = faiss.rev_swig_ptr(index.id_map.data(), index.ntotal)
        codes = faiss.rev_swig_ptr(kept.codes.data(), index.ntotal * kept.code_size)
        yield ids, codes.view(dtype).reshape(index.ntotal, width)
