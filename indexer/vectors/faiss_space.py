"""A vector space on one machine, by FAISS: parts that do not change, and beside them what is fresh."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.vectors import space_file
from indexer.vectors.gate import Gate
from indexer.vectors.id_set import IdSet
from indexer.vectors.layout import Centres, SpaceParams
from indexer.vectors.part import Part, in_blocks
from indexer.vectors.space import IdRange, Metric, Saved, SpaceUnusable, VectorsRefused

log = logging.getLogger(__name__)

_BLOCK = 65_536
_MOMENT = 2_048
"""Rows that can be put elsewhere while changes wait: some tens of milliseconds."""


class FaissSpace:
    """Vectors under ids, kept without loss: bytes as bytes, or floating point in 16 bits.

    Parts that do not change hold most of it: in a file once it was saved, of which memory holds what is looked at. A
    search of them takes no lock, and what is removed from them is only noted. What is added goes into a small part
    beside them, the only one that changes. Saving, and cutting the space into more lists as it grows, write all parts
    into a new one aside and exchange it in a moment.

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
        params: SpaceParams | None = None,
        expected: int = 0,
    ) -> None:
        self.dimension = dimension
        self.metric = metric
        self.params = params = params or SpaceParams()
        self._dtype = np.dtype(dtype)
        self._expected = expected
        # Changes go one at a time, and only the moment of a change keeps searches waiting.
        self._changing = threading.Lock()
        self._gate = Gate()
        # One at a time of saving and cutting.
        self._reshaping = threading.Lock()
        self._centres = Centres.one(dimension, params=params)
        self._parts: tuple[Part, ...] = ()
        self._fresh: Any = self._lists(self._centres)
        self._fresh_ids = IdSet()
        self._growing: threading.Thread | None = None
        self._gave_up = False

    def __len__(self) -> int:
        return len(self._fresh_ids) + sum(len(part) for part in self._parts)

    @property
    def lists(self) -> int:
        """Into how many lists the space is cut; 1 for exact search."""
        return len(self._centres)

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.generic]) -> None:
        """Add vectors; an id that is already there is replaced. See :meth:`VectorSpace.add`."""
        numbers = np.ascontiguousarray(ids, np.int64)
        rows = self._checked(vectors)
        if numbers.ndim != 1 or len(numbers) != len(rows):
            raise VectorsRefused(f"expected one id a vector; found {numbers.shape} ids of {len(rows)} vectors.")
        if not len(numbers):
            return
        new = IdSet(numbers)
        if int(numbers.min()) < 0 or len(new) != len(numbers):
            raise VectorsRefused("expected ids from 0 up, each once; found a negative id or one twice.")
        with self._changing:
            self._threads(len(rows))
            lists = self._centres.own(rows)
            with self._gate.alone():
                self._take_out(numbers)
                _put(self._fresh, numbers, rows, lists)
                self._fresh_ids = self._fresh_ids | new
            self._grow()

    def settle(self) -> None:
        """Wait until the space is laid out for what it holds."""
        while (growing := self._growing) is not None and growing.is_alive():
            growing.join()

    def remove(self, ids: NDArray[np.int64]) -> int:
        """Remove ids. See :meth:`VectorSpace.remove`."""
        with self._changing:
            return self._remove(np.unique(np.asarray(ids, np.int64)))

    def remove_ranges(self, ranges: Sequence[IdRange]) -> int:
        """Remove every id in the ranges."""
        with self._changing:
            return self._remove(self._within(ranges).all())

    def search(
        self, vectors: NDArray[np.generic], k: int, *, exclude: Sequence[IdRange] = ()
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Find the nearest. See :meth:`VectorSpace.search`."""
        rows = self._checked(vectors)
        if k < 1:
            raise VectorsRefused(f"expected to look for one neighbour or more; found k = {k}.")
        values = np.full((len(rows), k), self._worst, np.float32)
        ids = np.full((len(rows), k), -1, np.int64)
        spans = [span for span in exclude if self.count([span])]
        # What must not be found is found and passed over: twice as many are looked for, and only for a row that then
        # has too few, more again.
        wanted = 2 * k if spans or any(len(part.gone) for part in self._parts) else k
        asked = np.arange(len(rows))
        while len(asked):
            values[asked], ids[asked], enough = self._nearest(rows[asked], wanted, k, spans)
            asked = asked[~enough]
            wanted *= 2
        return values, ids

    def count(self, ranges: Sequence[IdRange]) -> int:
        """Return how many ids lie in the ranges."""
        return len(self._within(ranges))

    def ids(self) -> NDArray[np.int64]:
        """Return every id, ascending."""
        with self._changing:
            held = self._fresh_ids
            for part in self._parts:
                held = held | (part.ids - part.gone)
        return held.all()

    def save(self, path: Path) -> Saved:
        """Write everything to a file, durably, and go on with what is in it.

        Neither searches nor changes wait for the disk. What changes meanwhile is not in the file.
        """
        with self._reshaping:
            with self._changing:
                self._freeze()
                parts, centres = self._parts, self._centres
            saved = space_file.write(path, parts, centres, kind=self._kind)
            _, written = self._open(path)
            with self._changing, self._gate.alone():
                self._parts = self._exchanged(parts, written)
            return saved

    def load(self, path: Path, saved: Saved) -> None:
        """Take everything from a file, of which every byte is checked and then only what is looked at is in memory.

        Raises
        ------
        SpaceUnusable
            Where the file is missing, or is not what was saved.
        """
        space_file.check(path, saved)
        centres, part = self._open(path)
        if len(part) != saved.rows:
            raise SpaceUnusable(f"stale: {path.name} holds {len(part)} vectors, and not {saved.rows}")
        self.settle()
        with self._reshaping, self._changing, self._gate.alone():
            self._centres, self._parts = centres, (part,) if len(part) else ()
            self._fresh, self._fresh_ids = self._lists(centres), IdSet()

    @property
    def _worst(self) -> np.float32:
        return np.float32(np.inf if self.metric == "squared_euclidean" else -np.inf)

    @property
    def _kind(self) -> str:
        return f"{self.dimension} x {self._dtype.name}, {self.metric}"

    def _lists(self, centres: Centres) -> Any:
        """Make empty lists about centres."""
        kind = {
            "uint8": faiss.ScalarQuantizer.QT_8bit_direct,
            "float16": faiss.ScalarQuantizer.QT_fp16,
        }[self._dtype.name]
        metric = faiss.METRIC_L2 if self.metric == "squared_euclidean" else faiss.METRIC_INNER_PRODUCT
        lists: Any = faiss.IndexIVFScalarQuantizer(centres.index, self.dimension, len(centres), kind, metric, False)
        lists.is_trained, lists.nprobe = True, min(self.params.probes, len(centres))
        return lists

    def _open(self, path: Path) -> tuple[Centres, Part]:
        width = self.dimension * self._dtype.itemsize
        centres, ids, content = space_file.read(path, kind=self._kind, width=width, params=self.params)
        lists = self._lists(centres)
        lists.replace_invlists(content, True)
        content.this.disown()
        lists.ntotal = len(ids)
        return centres, Part(lists, ids)

    def _nearest(
        self, rows: NDArray[np.float32], wanted: int, k: int, spans: Sequence[IdRange]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.bool_]]:
        """Find the k nearest among the so many nearest of each part, and tell of each row whether that is certain."""
        self._threads()
        with self._gate.shared():
            centres, parts = self._centres, self._parts
            places = centres.nearest(rows)
            found = [self._look(self._fresh, rows, wanted, places)]
        found += [self._look(part.index, rows, wanted, places) for part in parts]
        sign = np.float32(1 if self.metric == "squared_euclidean" else -1)
        # Farther than the last that a part gave there may be more in it, and nearer there are none.
        limit = np.min([np.where(ids[:, -1] < 0, np.inf, sign * values[:, -1]) for values, ids in found], axis=0)
        for (_, ids), part in zip(found[1:], parts, strict=True):
            if len(part.gone):
                ids[part.gone.held(ids)] = -1
        values, ids = (np.concatenate([one[column] for one in found], axis=1) for column in (0, 1))
        for first, end in spans:
            ids[(ids >= first) & (ids < end)] = -1
        values = np.where(ids < 0, self._worst, values)
        order = np.argsort(sign * values, axis=1, kind="stable")[:, :k]
        values, ids = np.take_along_axis(values, order, axis=1), np.take_along_axis(ids, order, axis=1)
        last = np.where(ids[:, -1] < 0, np.inf, sign * values[:, -1])
        return values, ids, (last <= limit) | np.isinf(limit)

    def _look(
        self, lists: Any, rows: NDArray[np.float32], k: int, places: tuple[NDArray[np.float32], NDArray[np.int64]]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        distances, numbers = places
        values, ids = lists.search_preassigned(rows, k, numbers, distances)
        return values, ids

    def _within(self, ranges: Sequence[IdRange]) -> IdSet:
        held = self._fresh_ids.within(ranges)
        for part in self._parts:
            held = held | part.within(ranges)
        return held

    def _remove(self, numbers: NDArray[np.int64]) -> int:
        with self._gate.alone():
            return self._take_out(numbers)

    def _take_out(self, numbers: NDArray[np.int64]) -> int:
        """Take ids out, those that are here; the gate is held alone."""
        fresh = numbers[self._fresh_ids.held(numbers)]
        if len(fresh):
            self._threads()
            self._fresh.remove_ids(faiss.IDSelectorBatch(fresh))
            self._fresh_ids = self._fresh_ids - IdSet(fresh)
        gone = [IdSet(numbers[part.held(numbers)]) for part in self._parts]
        self._parts = tuple(part.without(ids) for part, ids in zip(self._parts, gone, strict=True))
        return len(fresh) + sum(len(ids) for ids in gone)

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

    def _threads(self, rows: int = 0) -> None:
        # Holds for the calling thread only: said before every call that would otherwise take them all. Many rows at
        # once are added when everything is built again, and then nobody is served meanwhile.
        faiss.omp_set_num_threads(self.params.build_threads if rows > _BLOCK // 4 else self.params.threads)

    def _freeze(self) -> None:
        """Make what is fresh a part, and begin afresh. Changes wait."""
        if not len(self._fresh_ids):
            return
        with self._gate.alone():
            self._parts = (*self._parts, Part(self._fresh, self._fresh_ids))
            self._fresh, self._fresh_ids = self._lists(self._centres), IdSet()

    def _exchanged(self, old: Sequence[Part], new: Part) -> tuple[Part, ...]:
        """Return the parts with one in place of those that it was made from, as they were then."""
        before = {id(part.index): part for part in old}
        others = []
        for part in self._parts:
            if (then := before.get(id(part.index))) is None:
                others.append(part)
            else:
                new = new.without(part.gone - then.gone)
        return (new, *others) if len(new) else tuple(others)

    def _outgrown(self) -> int:
        """Return how many lists the space should be cut into now; 0 where it is well as it is."""
        rows = len(self)
        for due in (self.params.lists(max(rows, self._expected)), self.params.lists(rows)):
            if due > self.lists and rows >= due * self.params.sample:
                return due
        return 0

    def _grow(self) -> None:
        """Cut the space anew where it has outgrown its lists: made aside by a thread, then exchanged."""
        if self._gave_up or (self._growing is not None and self._growing.is_alive()):
            return
        lists = self._outgrown()
        if lists:
            self._growing = threading.Thread(target=self._cut, args=(lists,), name="cut a vector space")
            self._growing.start()

    def _cut(self, lists: int) -> None:
        with self._reshaping:
            try:
                self._cut_into(lists)
            except Exception:
                # Such as too little memory: what is there goes on being searched as it is.
                log.exception("the vector space could not be cut into %d lists; searches get slower", lists)
                self._gave_up = True

    def _cut_into(self, lists: int) -> None:
        """Make new lists and put everything into them, part by part, until so little is left that changes can wait."""
        self._threads()
        with self._changing:
            self._freeze()
            waiting = self._parts
        centres = Centres.learnt(self._sample(waiting, lists * self.params.sample), lists, params=self.params)
        new, taken = self._lists(centres), list(waiting)
        while waiting:
            self._fill(new, centres, waiting)
            with self._changing:
                if len(self._fresh_ids) > _MOMENT:
                    self._freeze()
                done = {id(part.index) for part in taken}
                waiting = tuple(part for part in self._parts if id(part.index) not in done)
                taken += waiting
                if not waiting:
                    self._finish(centres, new, taken)

    def _finish(self, centres: Centres, new: Any, taken: Sequence[Part]) -> None:
        """Go over to new lists. Changes wait."""
        fresh = self._lists(centres)
        self._fill(fresh, centres, [Part(self._fresh, self._fresh_ids)])
        ids = IdSet()
        for part in taken:
            ids = ids | (part.ids - part.gone)
        parts = self._exchanged(taken, Part(new, ids))
        with self._gate.alone():
            self._centres, self._parts, self._fresh = centres, parts, fresh

    def _fill(self, lists: Any, centres: Centres, parts: Sequence[Part]) -> None:
        for ids, codes in in_blocks(parts, _BLOCK):
            rows = self._values(codes)
            _put(lists, ids, rows, centres.own(rows))

    def _values(self, codes: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return vectors from what is kept of them."""
        return np.ascontiguousarray(codes).view(self._dtype).astype(np.float32)

    def _sample(self, parts: Sequence[Part], size: int) -> NDArray[np.float32]:
        # Every n-th row: the same for the same content, and from all of it.
        every = max(1, sum(len(part) for part in parts) // size)
        taken, passed = [], 0
        for ids, codes in in_blocks(parts, _BLOCK):
            taken.append(self._values(codes[(-passed) % every :: every]))
            passed += len(ids)
        return np.concatenate(taken)


def _put(lists: Any, ids: NDArray[np.int64], rows: NDArray[np.float32], numbers: NDArray[np.int64]) -> None:
    """Put rows into the lists of these numbers."""
    lists.add_core(len(ids), *(faiss.swig_ptr(one) for one in (rows, ids, numbers)))
