"""Jobs: how far a piece of work has come, counted in the transaction that does each part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session

from indexer.errors import NotFound
from indexer.records import Job, JobKind, JobState, utc_now

if TYPE_CHECKING:
    from indexer.memory import Memory


def start(memory: Memory, kind: JobKind, *, total: int = 0, message: str = "") -> Job:
    """Begin a job.

    Parameters
    ----------
    memory : Memory
        The installation.
    kind : JobKind
        What is being done.
    total : int
        How many parts it has.
    message : str
        What to tell about it.

    Returns
    -------
    Job
        The new record.
    """
    job = Job(kind=kind, total=total, message=message, held_by=memory.presence.name)
    with memory.writing() as session:
        session.add(job)
        session.flush()
        count(session, job.id)
    return job


def advance(
    memory: Memory, job_id: UUID, *, done: int = 0, failed: int = 0, total: int = 0, message: str | None = None
) -> Job:
    """Count parts of a job that are done or failed, or add to its total.

    Parameters
    ----------
    memory : Memory
        The installation.
    job_id : UUID
        The job.
    done, failed, total : int
        To be added.
    message : str, optional
        What to tell about it from now on.

    Returns
    -------
    Job
        As it is now.

    Raises
    ------
    NotFound
        There is no such job.
    """
    with memory.writing() as session:
        job = count(session, job_id, done=done, failed=failed, total=total)
        if job is None:
            raise NotFound("job", job_id)
        if message is not None:
            job.message = message
        return job


def count(session: Session, job_id: UUID | None, *, done: int = 0, failed: int = 0, total: int = 0) -> Job | None:
    """Count within a transaction; the job is done once every part is. None where there is no such job."""
    job = session.get(Job, job_id) if job_id else None
    if job is None:
        return None
    job.done += done
    job.failed += failed
    job.total += total
    if job.done + job.failed >= job.total and job.kind is JobKind.INGEST:
        finish(session, job, JobState.DONE, job.message)
    else:
        job.state, job.finished_at = JobState.RUNNING, None
    session.add(job)
    return job


def finish(session: Session, job: Job, state: JobState, message: str) -> None:
    """End a job."""
    job.state, job.message, job.finished_at = state, message, utc_now()
    session.add(job)
