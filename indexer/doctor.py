"""Look an installation over: files, rows, features, vectors, disk and database; each finding with what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import func
from sqlmodel import col, select

from forensics.errors import ForensicsError
from forensics.logo import METHOD, LogoFeatures
from forensics.text import METHOD as READING
from indexer import reindex
from indexer.index import indexable
from indexer.originals import OriginalDamaged
from indexer.records import Mark, MarkFeatures, Photograph, PhotographState
from indexer.records.sqlite import decide_journal, describe
from indexer.regions import row_number
from indexer.shortlist import entries

if TYPE_CHECKING:
    from indexer.index import Progress
    from indexer.memory import Memory


@dataclass(frozen=True, slots=True)
class DoctorParams:
    """When something is worth a word.

    Attributes
    ----------
    free_part : float
        Less free disk than this part of it is a finding (0 to 1).
    free_bytes : int
        So is less than this: some thousand photographs.
    named : int
        How many of a kind are named; the rest are counted (1 to 1,000).
    """

    free_part: float = 0.05
    free_bytes: int = 5 * 1024**3
    named: int = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    code : str
        What was looked at.
    ok : bool
        Whether it is as it should be.
    words : str
        What was found.
    advice : str
        What to do; empty where nothing is to be done.
    """

    code: str
    ok: bool
    words: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was looked at."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether all of it is as it should be."""
        return all(finding.ok for finding in self.findings)


def examine(memory: Memory, *, progress: Progress | None = None, params: DoctorParams = DoctorParams()) -> Report:
    """Look an open installation over. Nothing is changed.

    Stages:

    1. The database: library, journal, integrity.
    2. The originals: every one is read and hashed; files without a row.
    3. The features: photographs without marks, marks without features, other methods, damaged rows.
    4. The index: the same marks and points as in the database.
    5. The work: what failed, what is not read.
    6. The disk.

    Parameters
    ----------
    memory : Memory
        The installation.
    progress : callable, optional
        Told what is looked at and how much of it is.
    params : DoctorParams
        When something is worth a word.

    Returns
    -------
    Report
        The findings, also the good ones.
    """

    def told(what: str, part: float) -> None:
        if progress:
            progress(what, part)

    return Report(
        (
            *_database(memory),
            *_originals(memory, told, params),
            *_features(memory, told, params),
            *_work(memory),
            *_texts(memory),
            *_disk(memory, params),
        )
    )


def _database(memory: Memory) -> Iterator[Finding]:
    # 1. The database.
    if not memory.database.is_sqlite:
        yield Finding("database", True, f"The database is {memory.database.engine.dialect.name}.")
        return
    said = describe(memory.database.engine)
    journal = decide_journal(tuple(int(part) for part in said["version"].split(".")))
    yield Finding(
        "database_library",
        journal.mode == "wal",
        journal.reason,
        "" if journal.mode == "wal" else "Safe, but slower with several users. Install pysqlite3.",
    )
    settings = {"journal_mode": journal.mode, "synchronous": "2", "foreign_keys": "1", "secure_delete": "1"}
    wrong = [f"{name} is {said[name]}, not {value}" for name, value in settings.items() if said[name] != value]
    yield Finding(
        "database_settings",
        not wrong,
        "; ".join(wrong) or f"The journal is {said['journal_mode']}, every commit reaches the disk.",
        "Close every other program that has the database file open, and start again." if wrong else "",
    )
    sound = said["quick_check"] == "ok" and said["broken_references"] == "0"
    yield Finding(
        "database_integrity",
        sound,
        "The database file is sound."
        if sound
        else f"The check says: {said['quick_check']}; {said['broken_references']} rows refer to nothing.",
        "" if sound else "Stop the program, keep a copy of the data folder as it is, and restore the last backup.",
    )


def _originals(memory: Memory, told: Callable[[str, float], None], params: DoctorParams) -> Iterator[Finding]:
    # 2. The originals.
    with memory.reading() as session:
        rows = session.exec(select(Photograph.sha256, Photograph.file_name)).all()
    bad = []
    for done, (sha256, file_name) in enumerate(rows):
        told("reading the originals", done / len(rows))
        try:
            memory.originals.read(sha256)
        except OriginalDamaged:
            with memory.reading() as session:
                still = session.exec(select(Photograph.id).where(Photograph.sha256 == sha256)).first()
            if still is not None:
                bad.append(f"{file_name} ({sha256[:12]})")
    yield Finding(
        "originals",
        not bad,
        f"{len(rows)} originals are what was uploaded." if not bad else f"Missing or altered: {_some(bad, params)}.",
        "Restore them from a backup into the folder originals, or upload the same files again." if bad else "",
    )
    # Held while comparing, so that one that is just being written does not look forgotten.
    with memory.originals.clearing():
        with memory.reading() as session:
            known = set(session.exec(select(Photograph.sha256)).all())
        stray = [sha256 for sha256 in memory.originals if sha256 not in known]
    yield Finding(
        "stray_originals",
        not stray,
        "No file without a row." if not stray else f"Files that belong to no photograph: {_some(stray, params)}.",
        "They can be deleted. They are left by a restored database that is older than the folder." if stray else "",
    )


def _features(memory: Memory, told: Callable[[str, float], None], params: DoctorParams) -> Iterator[Finding]:
    # 3. The features.
    begun = memory.index.catch_up()
    with memory.reading() as session:
        other = reindex.outdated(session)
        bare = session.exec(
            select(Photograph.file_name)
            .outerjoin(Mark, col(Mark.photograph_id) == col(Photograph.id))
            .where(Photograph.state == PhotographState.READY, col(Mark.id).is_(None))
        ).all()
        total = session.exec(indexable(select(func.count(col(MarkFeatures.number))))).one()
    yield Finding(
        "method",
        not other,
        f"Every mark is described by {METHOD}."
        if not other
        else f"{len(other)} photographs have marks that {METHOD} did not describe; they are not found.",
        "Run: cachet reindex." if other else "",
    )
    yield Finding(
        "marks",
        not bare,
        "Every described photograph has its marks."
        if not bare
        else f"Described, yet without a mark: {_some(bare, params)}.",
        "Delete and upload them again." if bare else "",
    )
    numbers, points, damaged, last = [], 0, [], 0
    while True:
        with memory.reading() as session:
            rows = session.exec(
                indexable(select(MarkFeatures))
                .where(col(MarkFeatures.number) > last)
                .order_by(col(MarkFeatures.number))
                .limit(500)
            ).all()
        if not rows:
            break
        for row in rows:
            last = row_number(row)
            try:
                points += len(entries(last, LogoFeatures.from_bytes(row.data)).local_ids)
                numbers.append(last)
            except ForensicsError:
                damaged.append(str(row.mark_id))
        told("reading the features", min(1.0, (len(numbers) + len(damaged)) / max(total, 1)))
    yield Finding(
        "features",
        not damaged,
        f"The features of {len(numbers)} marks are sound." if not damaged else f"Damaged: {_some(damaged, params)}.",
        "The database file is damaged. Keep a copy, and restore the last backup." if damaged else "",
    )
    # 4. The index.
    spaces = memory.index.spaces
    agree = np.array_equal(spaces.vector.ids(), np.array(numbers, np.int64)) and len(spaces.local) == points
    busy = memory.index.status().state == "rebuilding" or memory.index.catch_up() != begun
    yield Finding(
        "index",
        agree or busy,
        "The index was changing meanwhile, and was not compared. Look again when nothing comes in."
        if busy
        else f"The index holds {len(spaces.vector)} marks with {len(spaces.local)} points"
        + (", as the database does." if agree else f"; the database has {len(numbers)} with {points}."),
        "" if agree or busy else "Run: cachet reindex.",
    )


def _work(memory: Memory) -> Iterator[Finding]:
    # 5. The work.
    with memory.reading() as session:
        counted = dict(
            session.exec(select(Photograph.state, func.count(col(Photograph.id))).group_by(col(Photograph.state))).all()
        )
    failed = counted.get(PhotographState.FAILED, 0)
    waiting = counted.get(PhotographState.QUEUED, 0) + counted.get(PhotographState.DESCRIBING, 0)
    yield Finding(
        "work",
        not failed,
        f"{counted.get(PhotographState.READY, 0)} photographs are described, {waiting} wait, {failed} failed.",
        "Open the failed ones: each says why, and can be tried again." if failed else "",
    )


def _texts(memory: Memory) -> Iterator[Finding]:
    with memory.reading() as session:
        counted = dict(
            session.exec(
                select(Photograph.read_by, func.count(col(Photograph.id))).group_by(col(Photograph.read_by))
            ).all()
        )
        failed = session.exec(
            select(func.count(col(Photograph.id))).where(col(Photograph.reading_failure).is_not(None))
        ).one()
    read = counted.pop(READING, 0)
    waiting = counted.pop(None, 0) - failed
    other = sum(counted.values())
    yield Finding(
        "texts",
        not failed and not other,
        f"{read} photographs are read by {READING}, {waiting} wait"
        + (f", {failed} could not be read" if failed else "")
        + (f", {other} were read by another version" if other else "")
        + ".",
        "Run: cachet reindex." if failed or other else "",
    )


def _disk(memory: Memory, params: DoctorParams) -> Iterator[Finding]:
    # 6. The disk.
    usage = shutil.disk_usage(memory.folder)
    enough = usage.free >= params.free_bytes and usage.free >= params.free_part * usage.total
    yield Finding(
        "disk",
        enough,
        f"{usage.free / 1e9:.1f} GB of {usage.total / 1e9:.1f} GB are free.",
        "" if enough else "Make room, or move the data folder to a larger disk: uploads are refused when it is full.",
    )


def _some(names: Sequence[str], params: DoctorParams) -> str:
    more = len(names) - params.named
    return ", ".join(names[: params.named]) + (f" and {more} more" if more > 0 else "")
