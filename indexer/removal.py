"""Take things away, everywhere: rows, features, vectors, comparisons, derived pictures and the original."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from indexer import jobs, photographs, regions, seizures
from indexer.records import Mark, Photograph, PhotographState
from indexer.recovery import clear_unsettled

if TYPE_CHECKING:
    from indexer.memory import Memory


def remove_photograph(memory: Memory, photograph_id: UUID) -> None:
    """Remove a photograph.

    Stages:

    1. Mark its original unsettled, so that a crash from here on cannot leave the file behind.
    2. Delete the rows, and note it for the index, in one transaction.
    3. Remove the files, and follow in the index.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_id : UUID
        The photograph. One that is being described is dropped when that is done.

    Raises
    ------
    NotFound
        There is no such photograph.
    """
    with memory.reading() as session:
        photograph = photographs.get(session, photograph_id)
    # 1. Before the row goes.
    memory.originals.unsettle(photograph.sha256)
    # 2. The rows.
    with memory.writing() as session:
        photographs.get(session, photograph_id)
        _delete(session, col(Photograph.id) == photograph_id)
    # 3. Files and index.
    clear_unsettled(memory, photograph.sha256)
    memory.index.catch_up()


def remove_seizure(memory: Memory, seizure_id: UUID) -> None:
    """Remove a seizure with its photographs, packages, samples and profiles.

    Raises
    ------
    NotFound
        There is no such seizure.
    """
    with memory.reading() as session:
        seizures.get(session, seizure_id)
        hashes = session.exec(select(Photograph.sha256).where(Photograph.seizure_id == seizure_id)).all()
    for sha256 in hashes:
        memory.originals.unsettle(sha256)
    with memory.writing() as session:
        seizure = seizures.get(session, seizure_id)
        # Photographs that came in since are taken along; their originals are marked here.
        now = session.exec(select(Photograph.sha256).where(Photograph.seizure_id == seizure_id)).all()
        late = set(now) - set(hashes)
        for sha256 in late:
            memory.originals.unsettle(sha256)
        _delete(session, col(Photograph.seizure_id) == seizure_id)
        session.delete(seizure)
    everything = [*hashes, *late]
    if everything:
        clear_unsettled(memory, *everything)
    memory.index.catch_up()


def _delete(session: Session, which: ColumnElement[bool]) -> None:
    for photograph in session.exec(select(Photograph).where(which)).all():
        if photograph.state in (PhotographState.QUEUED, PhotographState.DESCRIBING):
            # Its job no longer waits for it.
            jobs.count(session, photograph.job_id, total=-1)
    regions.delete_marks(session, col(Mark.photograph_id).in_(select(Photograph.id).where(which)))
    session.exec(delete(Photograph).where(which))
