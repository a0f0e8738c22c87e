"""Bring everything derived up to the methods in use: features described by another version, and the index."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from forensics.errors import ForensicsError
from forensics.logo import METHOD
from indexer import jobs, photographs, regions, tasks
from indexer.errors import NotFound
from indexer.index import Progress
from indexer.originals import OriginalDamaged
from indexer.records import Comparison, Job, JobState, Mark, MarkFeatures, Photograph, Status
from indexer.texts import reading
from indexer.workers import WorkerFailed

if TYPE_CHECKING:
    from indexer.memory import Memory

log = logging.getLogger(__name__)


def reindex(memory: Memory, *, progress: Progress | None = None, job_id: UUID | None = None) -> int:
    """Describe anew what another version of the method described, and build the index again.

    Stages:

    1. Describe the marks of each photograph that has features of another method, as they are drawn.
    2. Drop candidates that another method found; what somebody decided on stays.
    3. Have what another version read, or what could not be read, read anew once the rest is done.
    4. Build the index again. Searches are made anew when photographs are looked at.

    Parameters
    ----------
    memory : Memory
        The installation. It can be searched meanwhile.
    progress : callable, optional
        Told what is being done and how much of it is.
    job_id : UUID, optional
        The job that shows it; ended here.

    Returns
    -------
    int
        How many photographs were described anew. One that cannot be is logged, and left as it is.
    """
    try:
        described = _describe_outdated(memory, progress, job_id)
        with memory.writing() as session:
            session.exec(
                delete(Comparison).where(col(Comparison.status) == Status.CANDIDATE, col(Comparison.method) != METHOD)
            )
            # What was described anew is owed its search; otherwise looking at a photograph makes it.
            owed = None if described else 0
            session.exec(update(Photograph).where(col(Photograph.searched_up_to) >= 0).values(searched_up_to=owed))
            reading.forget_outdated(session)
        memory.wake()

        def told(what: str, part: float) -> None:
            if progress:
                progress(what, part)
            if job_id is not None:
                _show(memory, job_id, what, part)

        memory.index.rebuild(reason="asked for", progress=told)
    except BaseException as failure:
        _end(memory, job_id, JobState.FAILED, f"it was stopped: {failure}")
        raise
    _end(memory, job_id, JobState.DONE, f"{described} photographs described anew, and the index built again.")
    return described


def outdated(session: Session) -> list[UUID]:
    """Return the photographs that have features of another version of the method, or a mark without features."""
    with_other = (
        select(Mark.photograph_id)
        .outerjoin(MarkFeatures, col(MarkFeatures.mark_id) == col(Mark.id))
        .where(col(MarkFeatures.method).is_distinct_from(METHOD))
        .distinct()
    )
    return sorted(session.exec(with_other).all())


def _describe_outdated(memory: Memory, progress: Progress | None, job_id: UUID | None) -> int:
    with memory.reading() as session:
        todo = outdated(session)
    described = 0
    for done, photograph_id in enumerate(todo):
        part = done / len(todo)
        if progress:
            progress("describing anew", part)
        if job_id is not None:
            _show(memory, job_id, "describing anew", part)
        try:
            described += _describe(memory, photograph_id)
        except NotFound:
            # Deleted meanwhile.
            continue
        except (ForensicsError, OriginalDamaged, WorkerFailed) as failure:
            log.error("photograph %s could not be described anew: %s", photograph_id, failure)
    return described


def _describe(memory: Memory, photograph_id: UUID) -> bool:
    # 1. As the marks are drawn: they keep their keys, and with them their comparisons and decisions.
    with memory.reading() as session:
        photograph = photographs.get(session, photograph_id)
        drawn = session.exec(select(Mark).where(Mark.photograph_id == photograph_id).order_by(col(Mark.id))).all()
    data = memory.originals.read(photograph.sha256)
    task = partial(
        tasks.describe_regions,
        data,
        [(mark.polygon, mark.found_by.value) for mark in drawn],
        params=memory.params.decode,
    )
    described = memory.workers.run(task, seconds=memory.params.describe_seconds)
    with memory.writing() as session:
        photograph = photographs.get(session, photograph_id)
        for old, seen in zip(drawn, described, strict=True):
            mark = session.get(Mark, old.id)
            if mark is None or mark.polygon != old.polygon:
                # Removed or redrawn meanwhile: what is there is newer.
                continue
            regions.delete_features(session, col(Mark.id) == mark.id)
            regions.add_features(session, photograph, mark, seen)
    return True


def _show(memory: Memory, job_id: UUID, what: str, part: float) -> None:
    with memory.writing() as session:
        job = session.get(Job, job_id)
        if job is not None:
            job.total, job.done, job.message = 100, min(99, int(100 * part)), what
            session.add(job)


def _end(memory: Memory, job_id: UUID | None, state: JobState, message: str) -> None:
    if job_id is None:
        return
    with memory.writing() as session:
        job = session.get(Job, job_id)
        if job is not None:
            job.total = job.done = 100 if state is JobState.DONE else job.done
            jobs.finish(session, job, state, message)
