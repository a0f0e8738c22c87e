"""What is put right at opening, after a crash at any moment."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import col, select

from indexer import jobs
from indexer.records import Job, JobKind, JobState, Photograph, PhotographState

if TYPE_CHECKING:
    from indexer.memory import Memory

log = logging.getLogger(__name__)


def recover(memory: Memory) -> None:
    """Bring files, claims and jobs in order.

    Stages:

    1. Files: remove originals whose row was never committed, or is deleted.
    2. Claims: queue again what a process that is gone was describing.
    3. Jobs: a job whose leader is gone gets no more photographs than it has.

    Parameters
    ----------
    memory : Memory
        Not yet handed out: its index is not open.
    """
    clear_unsettled(memory)
    _release_claims(memory)
    _settle_jobs(memory)
    memory.presence.clear()


def clear_unsettled(memory: Memory, *hashes: str) -> None:
    """Settle originals by asking the database: those without a row are removed, with what was derived from them.

    Parameters
    ----------
    memory : Memory
        The installation.
    *hashes : str
        Which; by default all that are unsettled.
    """
    if not hashes and not memory.originals.unsettled():
        return
    with memory.originals.clearing():
        for sha256 in hashes or memory.originals.unsettled():
            with memory.reading() as session:
                known = session.exec(select(Photograph.id).where(Photograph.sha256 == sha256)).first()
            if known is None:
                memory.originals.remove(sha256)
                memory.derivatives.remove(sha256)
            memory.originals.settle(sha256)


def _release_claims(memory: Memory) -> None:
    with memory.writing() as session:
        claimed = session.exec(select(Photograph).where(col(Photograph.claimed_by).is_not(None))).all()
        for photograph in claimed:
            if memory.presence.lives(photograph.claimed_by):
                continue
            photograph.claimed_by, photograph.lease_until = None, None
            session.add(photograph)
            if photograph.state is not PhotographState.DESCRIBING:
                continue
            if photograph.attempts < memory.params.attempts:
                photograph.state = PhotographState.QUEUED
                continue
            photograph.state = PhotographState.FAILED
            photograph.failure = (
                f"the program ended {photograph.attempts} times while it was describing this photograph. Look at the "
                "log, save the photograph anew from another program, and try it again."
            )
            jobs.count(session, photograph.job_id, failed=1)
            log.error("photograph %s is no longer tried: %s", photograph.id, photograph.failure)


def _settle_jobs(memory: Memory) -> None:
    with memory.writing() as session:
        for job in session.exec(select(Job).where(Job.state == JobState.RUNNING)).all():
            if memory.presence.lives(job.held_by):
                continue
            if job.kind is not JobKind.INGEST:
                jobs.finish(session, job, JobState.FAILED, "it was cut off by a restart. Start it again.")
                continue
            waiting = session.exec(
                select(func.count(col(Photograph.id))).where(
                    Photograph.job_id == job.id,
                    col(Photograph.state).in_([PhotographState.QUEUED, PhotographState.DESCRIBING]),
                )
            ).one()
            accepted = job.done + job.failed + waiting
            if accepted < job.total:
                job.message = f"a restart cut it off: {accepted} of {job.total} photographs had come in."
                job.total = accepted
            job.held_by = memory.presence.name
            session.add(job)
            jobs.count(session, job.id)
