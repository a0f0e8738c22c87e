"""What lists and pages show, read from the database in a few queries whatever their length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from forensics.text import fold
from indexer import comparison_detail, photographs, regions, review, seizures
from indexer.batches import some_at_a_time
from indexer.comparison_detail import Detail
from indexer.errors import NotFound
from indexer.memory import Memory
from indexer.records import Comparison, Decision, Job, Mark, Organisation, Photograph, Purpose, Seizure, TextLine, User


@dataclass(frozen=True, slots=True)
class SeizureRow:
    """A seizure as lists show it.

    Attributes
    ----------
    record : Seizure
        What is recorded of it.
    owner : str
        The name of its owner.
    photographs : int
        How many it has.
    cover : UUID or None
        The first of them.
    """

    record: Seizure
    owner: str
    photographs: int
    cover: UUID | None


@dataclass(frozen=True, slots=True)
class PhotographRow:
    """A photograph with its marks and its seizure."""

    record: Photograph
    seizure: Seizure | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """A comparison with both sides, where they agree, and its history.

    Attributes
    ----------
    record : Comparison
        Score, measurements, status.
    detail : Detail
        Where the two marks agree.
    query_mark, reference_mark : Mark
        The two marks.
    query_photograph, reference_photograph : Photograph
        That they are on.
    query_seizure, reference_seizure : SeizureRow or None
        That those belong to.
    decisions : tuple of (Decision, str)
        Each with the name of who decided, oldest first.
    """

    record: Comparison
    detail: Detail
    query_mark: Mark
    reference_mark: Mark
    query_photograph: Photograph
    reference_photograph: Photograph
    query_seizure: SeizureRow | None
    reference_seizure: SeizureRow | None
    decisions: tuple[tuple[Decision, str], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """The size of the memory, and the photographs that wait to be described."""

    seizures: int
    photographs: int
    marks: int
    waiting: int


SEARCHED = (
    Seizure.case_reference,
    Seizure.country,
    Seizure.place,
    Seizure.substance,
    Seizure.conveyance,
    Seizure.departure,
    Seizure.transit,
    Seizure.destination,
    Seizure.concealment,
    Seizure.notes,
)
"""The fields of a seizure that a text is looked for in."""

LEAST_WRITTEN = 3
"""Shorter words are not looked for on photographs: two letters are somewhere on most of them."""


def counts(memory: Memory) -> Counts:
    """Count what is in the memory.

    Parameters
    ----------
    memory : Memory
        The installation.

    Returns
    -------
    Counts
        Photographs that were only asked with, and their marks, are not counted.
    """
    with memory.reading() as session:
        exhibits = select(func.count(col(Photograph.id))).where(Photograph.purpose == Purpose.EXHIBIT)
        marks = (
            select(func.count(col(Mark.id)))
            .join(Photograph, col(Photograph.id) == col(Mark.photograph_id))
            .where(Photograph.purpose == Purpose.EXHIBIT)
        )
        return Counts(
            seizures=session.exec(select(func.count(col(Seizure.id)))).one(),
            photographs=session.exec(exhibits).one(),
            marks=session.exec(marks).one(),
            waiting=photographs.waiting(session),
        )


def list_seizures(memory: Memory, *, text: str, limit: int, offset: int) -> tuple[list[SeizureRow], int]:
    """List seizures, the latest recorded first.

    Parameters
    ----------
    memory : Memory
        The installation.
    text : str
        Only those that hold each of its words in one of their fields, in any case, or on one of their photographs,
        where letters that look alike are the same; empty: all.
    limit, offset : int
        Which page.

    Returns
    -------
    rows : list of SeizureRow
        The page.
    total : int
        How many there are on all pages.
    """
    found = [
        # Each word somewhere.
        or_(*(col(field).icontains(word, autoescape=True) for field in SEARCHED), *_written(word))
        for word in text.split()
    ]
    with memory.reading() as session:
        total = session.exec(select(func.count(col(Seizure.id))).where(*found)).one()
        page = select(Seizure).where(*found).order_by(col(Seizure.id).desc()).limit(limit).offset(offset)
        return _seizure_rows(session, session.exec(page).all()), total


def _written(word: str) -> list[ColumnElement[bool]]:
    folded = fold(word)
    if len(folded) < LEAST_WRITTEN:
        return []
    bearing = (
        select(Photograph.seizure_id)
        .join(TextLine, col(TextLine.photograph_id) == col(Photograph.id))
        .where(col(TextLine.folded).contains(folded, autoescape=True), col(Photograph.seizure_id).is_not(None))
    )
    return [col(Seizure.id).in_(bearing)]


def seizure_rows(session: Session, seizure_ids: Iterable[UUID]) -> dict[UUID, SeizureRow]:
    """Read several seizures at once.

    Parameters
    ----------
    session : Session
        That is open.
    seizure_ids : iterable of UUID
        Which; those that are not there are left out.

    Returns
    -------
    dict of UUID to SeizureRow
        By key.
    """
    wanted = set(seizure_ids)
    if not wanted:
        return {}
    records = session.exec(select(Seizure).where(col(Seizure.id).in_(wanted))).all()
    return {row.record.id: row for row in _seizure_rows(session, records)}


def get_seizure_row(memory: Memory, seizure_id: UUID) -> SeizureRow:
    """Read a seizure as lists show it.

    Parameters
    ----------
    memory : Memory
        The installation.
    seizure_id : UUID
        Which.

    Returns
    -------
    SeizureRow
        The seizure.

    Raises
    ------
    NotFound
        There is no such seizure.
    """
    with memory.reading() as session:
        return _seizure_rows(session, [seizures.get(session, seizure_id)])[0]


def get_seizure(memory: Memory, seizure_id: UUID) -> tuple[SeizureRow, list[PhotographRow]]:
    """Read a seizure with its photographs.

    Parameters
    ----------
    memory : Memory
        The installation.
    seizure_id : UUID
        Which.

    Returns
    -------
    row : SeizureRow
        The seizure.
    photographs : list of PhotographRow
        In the order in which they came.

    Raises
    ------
    NotFound
        There is no such seizure.
    """
    with memory.reading() as session:
        seizure = seizures.get(session, seizure_id)
        records = session.exec(
            select(Photograph).where(Photograph.seizure_id == seizure_id).order_by(col(Photograph.id))
        ).all()
        return _seizure_rows(session, [seizure])[0], photograph_rows(session, records)


def get_seizure_rows(memory: Memory, seizure_ids: Iterable[UUID]) -> dict[UUID, SeizureRow]:
    """Read several seizures as lists show them; see :func:`seizure_rows`."""
    with memory.reading() as session:
        return seizure_rows(session, seizure_ids)


def get_photographs(memory: Memory, photograph_ids: Sequence[UUID]) -> list[PhotographRow]:
    """Read several photographs at once.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_ids : sequence of UUID
        Which.

    Returns
    -------
    list of PhotographRow
        In the order asked for; those that are not there are left out.
    """
    rows: dict[UUID, PhotographRow] = {}
    with memory.reading() as session:
        for keys in some_at_a_time(photograph_ids):
            records = session.exec(select(Photograph).where(col(Photograph.id).in_(keys))).all()
            rows |= {row.record.id: row for row in photograph_rows(session, records)}
    return [rows[key] for key in photograph_ids if key in rows]


def get_photograph(memory: Memory, photograph_id: UUID) -> PhotographRow:
    """Read a photograph.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_id : UUID
        Which.

    Returns
    -------
    PhotographRow
        With its marks and its seizure.

    Raises
    ------
    NotFound
        There is no such photograph.
    """
    rows = get_photographs(memory, [photograph_id])
    if not rows:
        raise NotFound("photograph", photograph_id)
    return rows[0]


def get_mark(memory: Memory, mark_id: UUID) -> tuple[Mark, Photograph]:
    """Read a mark and its photograph.

    Parameters
    ----------
    memory : Memory
        The installation.
    mark_id : UUID
        Which.

    Returns
    -------
    mark : Mark
        The mark.
    photograph : Photograph
        That it is on.

    Raises
    ------
    NotFound
        There is no such mark.
    """
    both = select(Mark, Photograph).join(Photograph, col(Photograph.id) == col(Mark.photograph_id))
    with memory.reading() as session:
        found = session.exec(both.where(Mark.id == mark_id)).first()
    if found is None:
        raise NotFound("mark", mark_id)
    return found


def get_comparison(memory: Memory, comparison_id: UUID) -> ComparisonView:
    """Read a comparison with all that a page shows beside it.

    Parameters
    ----------
    memory : Memory
        The installation.
    comparison_id : UUID
        Which.

    Returns
    -------
    ComparisonView
        Both sides.

    Raises
    ------
    NotFound
        There is no such comparison.
    """
    decisions = review.decisions(memory, comparison_id)
    with memory.reading() as session:
        record = review.get(session, comparison_id)
        query_photograph = photographs.get(session, record.query_photograph_id)
        reference_photograph = photographs.get(session, record.reference_photograph_id)
        both = {photograph.seizure_id for photograph in (query_photograph, reference_photograph)}
        rows = seizure_rows(session, [key for key in both if key])
        people = session.exec(
            select(User.id, User.display_name).where(col(User.id).in_({decision.user_id for decision in decisions}))
        ).all()
        name = dict(people)
        return ComparisonView(
            record,
            comparison_detail.unpack(record.detail),
            regions.get(session, record.query_mark_id),
            regions.get(session, record.reference_mark_id),
            query_photograph,
            reference_photograph,
            rows.get(query_photograph.seizure_id) if query_photograph.seizure_id else None,
            rows.get(reference_photograph.seizure_id) if reference_photograph.seizure_id else None,
            tuple((decision, name[decision.user_id]) for decision in decisions),
        )


def list_jobs(memory: Memory, *, limit: int) -> list[Job]:
    """List jobs, the latest first.

    Parameters
    ----------
    memory : Memory
        The installation.
    limit : int
        How many.

    Returns
    -------
    list of Job
        The records.
    """
    with memory.reading() as session:
        return list(session.exec(select(Job).order_by(col(Job.id).desc()).limit(limit)).all())


def get_job(memory: Memory, job_id: UUID) -> Job:
    """Read a job.

    Parameters
    ----------
    memory : Memory
        The installation.
    job_id : UUID
        Which.

    Returns
    -------
    Job
        The record.

    Raises
    ------
    NotFound
        There is no such job.
    """
    with memory.reading() as session:
        job = session.get(Job, job_id)
    if job is None:
        raise NotFound("job", job_id)
    return job


def photograph_rows(session: Session, records: Sequence[Photograph]) -> list[PhotographRow]:
    """Add their marks and seizures to photographs.

    Parameters
    ----------
    session : Session
        That is open.
    records : sequence of Photograph
        The photographs.

    Returns
    -------
    list of PhotographRow
        In the same order; the marks in the order in which they were found or drawn.
    """
    keys = [record.id for record in records]
    marks: dict[UUID, list[Mark]] = defaultdict(list)
    for some in some_at_a_time(keys):
        for mark in session.exec(select(Mark).where(col(Mark.photograph_id).in_(some)).order_by(col(Mark.id))).all():
            marks[mark.photograph_id].append(mark)
    owners = {record.seizure_id for record in records if record.seizure_id}
    of_key = {seizure.id: seizure for seizure in session.exec(select(Seizure).where(col(Seizure.id).in_(owners))).all()}
    return [
        PhotographRow(record, of_key.get(record.seizure_id) if record.seizure_id else None, tuple(marks[record.id]))
        for record in records
    ]


def _seizure_rows(session: Session, records: Sequence[Seizure]) -> list[SeizureRow]:
    keys = [record.id for record in records]
    photographs: dict[UUID, list[UUID]] = defaultdict(list)
    of_seizures = select(Photograph.seizure_id, Photograph.id).where(col(Photograph.seizure_id).in_(keys))
    for seizure_id, photograph_id in session.exec(of_seizures.order_by(col(Photograph.id))).all():
        if seizure_id is not None:
            photographs[seizure_id].append(photograph_id)
    names = session.exec(
        select(Organisation.id, Organisation.name).where(
            col(Organisation.id).in_({record.owner_id for record in records})
        )
    ).all()
    owner = dict(names)
    return [
        SeizureRow(
            record,
            owner[record.owner_id],
            len(photographs[record.id]),
            photographs[record.id][0] if photographs[record.id] else None,
        )
        for record in records
    ]
