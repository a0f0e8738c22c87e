"""The index: both vector spaces in memory, following the database, which is the truth.

It is saved now and then to open quickly, and can be deleted at any moment: what is missing, stale or corrupt is built
again from the database.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import numpy as np
from sqlalchemy import func
from sqlmodel import Session, col, select

from forensics.errors import ForensicsError
from forensics.logo import D_GLOBAL, D_LOCAL, METHOD, LogoFeatures
from indexer.records import Change, IndexChange, IndexFile, Mark, MarkFeatures, Photograph, Purpose, journal
from indexer.records.engine import Database
from indexer.shortlist import Entries, entries, id_range
from indexer.vectors import FaissSpace, Saved, SpaceParams, SpaceUnusable, VectorSpace

log = logging.getLogger(__name__)

Progress = Callable[[str, float], None]
"""Called with what is being done and how much of it is, from 0 to 1."""

LOCAL = "logo.local"
VECTOR = "logo.vector"


@dataclass(frozen=True, slots=True)
class IndexParams:
    """How the index is laid out and followed.

    Attributes
    ----------
    local, vector : SpaceParams
        Of the two spaces. Global vectors are searched exactly up to some 250,000, which takes milliseconds.
    batch : int
        Marks read from the database at a time (10 to 10,000).
    points : int
        Points that a mark has in the mean (1 to 4,095): from how many marks there are, a space that is built again is
        laid out at once for what it will hold. A whole of 500, and eight parts of it that share them.
    unsaved_share, unsaved_most : float, int
        Saving writes the whole index: it is worth it once so large a part of the marks (0 to 1), or so many (100 to
        100,000), have changed since. What is not saved is followed again at the next start, some hundred a second.
    """

    local: SpaceParams = field(default_factory=SpaceParams)
    vector: SpaceParams = field(default_factory=lambda: SpaceParams(steps=((250_000, 1024), (2_000_000, 4096))))
    batch: int = 500
    points: int = 55
    unsaved_share: float = 0.02
    unsaved_most: int = 20_000


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How the index is.

    Attributes
    ----------
    state : {"ready", "rebuilding", "failed"}
        Whether everything in the database can be found; where building it again failed, only what came in since is.
    progress : float
        How far the rebuilding is, from 0 to 1.
    reason : str
        Why it was last built again; empty where it was not.
    rows : dict of str to int
        Vectors in each space.
    """

    state: Literal["ready", "rebuilding", "failed"]
    progress: float
    reason: str
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Spaces:
    """The two spaces that belong together."""

    local: VectorSpace
    vector: VectorSpace

    def named(self) -> tuple[tuple[str, VectorSpace], ...]:
        """Return both with their names."""
        return (LOCAL, self.local), (VECTOR, self.vector)

    def put(self, described: Sequence[tuple[int, LogoFeatures]]) -> None:
        """Add marks, in place of what was there under their numbers."""
        if not described:
            return
        self.drop(number for number, _ in described)
        parts: list[Entries] = [entries(number, features) for number, features in described]
        self.local.add(
            np.concatenate([part.local_ids for part in parts]), np.concatenate([part.local_vectors for part in parts])
        )
        self.vector.add(
            np.array([number for number, _ in described], np.int64), np.concatenate([part.vector for part in parts])
        )

    def drop(self, numbers: Iterable[int]) -> None:
        """Remove marks."""
        gone = list(numbers)
        self.local.remove_ranges([id_range(number) for number in gone])
        self.vector.remove(np.array(gone, np.int64))


class Index:
    """The vector spaces of one installation, kept in step with its database.

    Parameters
    ----------
    database : Database
        The truth.
    folder : Path
        Where the spaces are saved.
    params : IndexParams
        Settings.
    """

    def __init__(self, database: Database, folder: Path, *, params: IndexParams = IndexParams()) -> None:
        self._database = database
        self._folder = folder
        self._params = params
        self._spaces = self._empty()
        self._applied = 0
        self._saved = 0
        self._complete = True
        self._following = threading.RLock()
        self._saving = threading.Lock()
        self._building = False
        self._progress = 1.0
        self._reason = ""
        self._builder: threading.Thread | None = None
        self._ready = threading.Event()
        self._ready.set()
        self._closing = threading.Event()

    @property
    def spaces(self) -> Spaces:
        """The spaces to search in."""
        return self._spaces

    @property
    def applied(self) -> int:
        """The number of the last change of the database that can be found."""
        return self._applied

    @property
    def unsaved(self) -> int:
        """How many changes the saved files lack."""
        return self._applied - self._saved

    @property
    def worth_saving(self) -> bool:
        """Whether so much is unsaved that the next start would take long."""
        marks = len(self._spaces.vector)
        return self.unsaved >= max(min(self._params.unsaved_share * marks, self._params.unsaved_most), 1)

    @property
    def complete(self) -> bool:
        """Whether everything in the database can be found; a search that is to be the last waits for it."""
        return self._complete and not self._building

    def status(self) -> IndexStatus:
        """Return how the index is."""
        return IndexStatus(
            "rebuilding" if self._building else "ready" if self._complete else "failed",
            self._progress if self._building else 1.0,
            self._reason,
            {name: len(space) for name, space in self._spaces.named()},
        )

    def wait_until_ready(self, seconds: float | None = None) -> bool:
        """Wait while it is being built again; False where that takes longer, or fails."""
        return self._ready.wait(seconds) and self._complete

    def open(self, *, progress: Progress | None = None, background: bool = False) -> None:
        """Load what was saved and catch up, or build everything again where that cannot be believed.

        Parameters
        ----------
        progress : callable, optional
            Told how far a rebuilding is.
        background : bool
            Whether to rebuild while the caller goes on; until it is done, searches find what is there.
        """
        try:
            self._load()
            self.catch_up()
        except SpaceUnusable as unusable:
            self._reason = str(unusable)
        else:
            return
        with self._database.reading() as session:
            last = journal.last(session)
        if last == 0:
            # A new installation: there is nothing to build from.
            self._reason = ""
            return
        # Until it is built, what is new is followed, and what was there before is not found.
        self._complete, self._applied = False, last
        log.warning("the saved index is not used: %s. It is built again from the database.", self._reason)
        if not background:
            self.rebuild(reason=self._reason, progress=progress)
            return
        self._begin_building()
        self._builder = threading.Thread(target=self._rebuild_aside, args=(self._reason, progress), name="rebuild")
        self._builder.start()

    def rebuild(self, *, reason: str, progress: Progress | None = None) -> None:
        """Build both spaces again from the database, aside, and exchange them when done.

        Stages:

        1. Note the last change of the database; later ones are caught up with at the end.
        2. Read the features of every exhibit, in the order of their numbers, into new spaces.
        3. Exchange the spaces, catch up, and save.

        Parameters
        ----------
        reason : str
            Why, for the status.
        progress : callable, optional
            Told how far it is.
        """
        self._begin_building()
        self._reason = reason
        try:
            # 1. Where the database stands.
            with self._database.reading() as session:
                position = journal.last(session)
                total = session.exec(indexable(select(func.count(col(MarkFeatures.number))))).one()
            # 2. Everything up to there, and perhaps more.
            spaces = self._empty(expected=total)
            done = 0
            for batch in self._everything():
                if self._closing.is_set():
                    return
                spaces.put(batch)
                done += len(batch)
                self._progress = min(1.0, done / max(total, 1))
                if progress:
                    progress("building the index again", self._progress)
            # 3. In place of the old.
            with self._following:
                self._spaces, self._applied, self._saved, self._complete = spaces, position, -1, True
                self.catch_up()
            self._settle()
            self.save()
        finally:
            self._building = False
            self._ready.set()

    def catch_up(self) -> int:
        """Follow what this process and others have changed in the database since last time.

        Returns
        -------
        int
            The number of the last change that is now followed.
        """
        with self._following:
            while True:
                with self._database.reading() as session:
                    changes = session.exec(
                        select(IndexChange)
                        .where(col(IndexChange.number) > self._applied)
                        .order_by(col(IndexChange.number))
                        .limit(self._params.batch)
                    ).all()
                    if not changes:
                        return self._applied
                    # Of several changes to one row only the last counts.
                    final = {change.feature_number: change.change for change in changes}
                    added = [number for number, change in final.items() if change is Change.ADDED]
                    described = _read(session, added)
                self._spaces.drop(final.keys() - {number for number, _ in described})
                self._spaces.put(described)
                self._applied = changes[-1].number or 0

    def save(self) -> None:
        """Save both spaces, so that the next opening need not build them. Does nothing where nothing has changed."""
        with self._saving:
            # What is followed while the files are written may be in them already: following it again does no harm.
            generation = self._applied
            if generation != self._saved and self._complete:
                self._save(generation)

    def _save(self, generation: int) -> None:
        files = {}
        for name, space in self._spaces.named():
            path = self._folder / f"{name}.{generation}-{secrets.token_hex(4)}.faiss"
            files[name] = (path, space.save(path))
        with self._database.writing() as session:
            old = []
            for name, (path, saved) in files.items():
                row = session.get(IndexFile, name) or IndexFile(
                    space=name, file_name="", sha256="", rows=0, method=METHOD, generation=0
                )
                old.append(row.file_name)
                row.sqlmodel_update(
                    {
                        "file_name": path.name,
                        "sha256": saved.sha256,
                        "rows": saved.rows,
                        "method": METHOD,
                        "generation": generation,
                    }
                )
                session.add(row)
        self._saved = generation
        for name in filter(None, old):
            (self._folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Save, and let go."""
        self._closing.set()
        if self._builder:
            self._builder.join()
        self._settle()
        self.save()

    def _settle(self) -> None:
        for _, space in self._spaces.named():
            space.settle()

    def _rebuild_aside(self, reason: str, progress: Progress | None) -> None:
        try:
            self.rebuild(reason=reason, progress=progress)
        except Exception as failure:
            self._reason = f"{reason}; building it again failed: {failure}"
            log.exception("the index could not be built again; it is tried anew at the next start")

    def _begin_building(self) -> None:
        self._building, self._progress = True, 0.0
        self._ready.clear()

    def _empty(self, *, expected: int = 0) -> Spaces:
        points = expected * self._params.points
        return Spaces(
            FaissSpace(D_LOCAL, metric="squared_euclidean", dtype="uint8", params=self._params.local, expected=points),
            FaissSpace(
                D_GLOBAL, metric="inner_product", dtype="float16", params=self._params.vector, expected=expected
            ),
        )

    def _load(self) -> None:
        with self._database.reading() as session:
            rows = {row.space: row for row in session.exec(select(IndexFile)).all()}
            last = journal.last(session)
        spaces = self._empty()
        for name, space in spaces.named():
            row = rows.get(name)
            if row is None:
                raise SpaceUnusable(f"missing: no {name} was saved")
            if row.method != METHOD:
                raise SpaceUnusable(f"stale: {name} holds features of {row.method}, and {METHOD} is in use")
            if row.generation > last or row.generation != next(iter(rows.values())).generation:
                raise SpaceUnusable(f"stale: {name} was saved after change {row.generation}; the database is at {last}")
            space.load(self._folder / row.file_name, Saved(row.sha256, row.rows))
        self._spaces = spaces
        self._applied = self._saved = next(iter(rows.values())).generation

    def _everything(self) -> Iterator[list[tuple[int, LogoFeatures]]]:
        last = 0
        while True:
            # A transaction a batch: one for all would keep writers waiting under a rollback journal.
            with self._database.reading() as session:
                rows = session.exec(
                    indexable(select(MarkFeatures.number, MarkFeatures.mark_id, MarkFeatures.data))
                    .where(col(MarkFeatures.number) > last)
                    .order_by(col(MarkFeatures.number))
                    .limit(self._params.batch)
                ).all()
            if not rows:
                return
            last = rows[-1][0]
            yield _unpacked(rows)


def indexable(query: Any) -> Any:
    """Narrow a query of features to what is to be found: of exhibits, by the method in use."""
    return (
        query.select_from(MarkFeatures)
        .join(Mark, col(MarkFeatures.mark_id) == col(Mark.id))
        .join(Photograph, col(Mark.photograph_id) == col(Photograph.id))
        .where(
            col(Photograph.purpose) == Purpose.EXHIBIT,
            col(MarkFeatures.line) == "logo",
            col(MarkFeatures.method) == METHOD,
        )
    )


def _read(session: Session, numbers: Sequence[int]) -> list[tuple[int, LogoFeatures]]:
    if not numbers:
        return []
    rows = indexable(select(MarkFeatures.number, MarkFeatures.mark_id, MarkFeatures.data))
    return _unpacked(session.exec(rows.where(col(MarkFeatures.number).in_(numbers))).all())


def _unpacked(rows: Sequence[tuple[int, UUID, bytes]]) -> list[tuple[int, LogoFeatures]]:
    described = []
    for number, mark_id, data in rows:
        try:
            described.append((number, LogoFeatures.from_bytes(data)))
        except ForensicsError as damaged:
            log.error("the features of mark %s cannot be read and are not searched: %s", mark_id, damaged)
    return described
