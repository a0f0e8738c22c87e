"""Read what is written on the photographs that are described: after the search on save, so that no hit waits for it.

Stages, for each photograph in the order in which they came:

1. Claim it, with a lease.
2. Read it in a worker process.
3. Write the lines, and that it is read, in one transaction.

A crash at any moment leaves a photograph that is not read yet; whoever opens the installation next reads it.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, func, update
from sqlmodel import Session, col, or_, select

from forensics.errors import ForensicsError
from forensics.text import METHOD
from indexer import photographs, tasks
from indexer.errors import Refused
from indexer.originals import OriginalDamaged
from indexer.records import Photograph, PhotographState, Purpose, utc_now
from indexer.texts import lines
from indexer.workers import WorkerFailed, WorkersClosed

if TYPE_CHECKING:
    from indexer.memory import Memory

log = logging.getLogger(__name__)


def unread(session: Session) -> int:
    """Return how many exhibits are described and still to be read."""
    waiting = select(func.count(col(Photograph.id))).where(*_waiting(), Photograph.purpose == Purpose.EXHIBIT)
    return session.exec(waiting).one()


def read_next(memory: Memory) -> bool:
    """Read the photograph whose turn it is; False where none waits.

    Parameters
    ----------
    memory : Memory
        The installation.

    Returns
    -------
    bool
        Whether there was one. What becomes of it is written on it, not raised.
    """
    with memory.reading() as session:
        if _next(session) is None:
            return False
    # 1. Claim.
    with memory.writing() as session:
        photograph = _next(session)
        if photograph is None:
            return False
        photograph.reading_attempts += 1
        photograph.claimed_by = memory.presence.name
        photograph.lease_until = utc_now() + timedelta(seconds=memory.params.lease_seconds)
        session.add(photograph)
    if photograph.reading_attempts > memory.params.attempts:
        _let_go(memory, photograph.id, failure=f"the program ended {memory.params.attempts} times while reading it")
        return True
    # 2. Read.
    try:
        data = memory.originals.read(photograph.sha256)
        task = partial(tasks.read_photograph, data, params=memory.params.decode)
        read = memory.workers.run(task, seconds=memory.params.describe_seconds)
    except WorkersClosed:
        _let_go(memory, photograph.id, unbegun=True)
        raise
    except WorkerFailed as failed:
        if photograph.reading_attempts < memory.params.attempts:
            log.warning("photograph %s is read again: %s", photograph.id, failed.reason)
            _let_go(memory, photograph.id)
        else:
            _let_go(memory, photograph.id, failure=f"reading it failed {photograph.reading_attempts} times: {failed}")
        return True
    except (ForensicsError, OriginalDamaged) as refused:
        _let_go(memory, photograph.id, failure=str(refused))
        return True
    except Exception as failure:
        log.exception("photograph %s could not be read", photograph.id)
        _let_go(memory, photograph.id, failure=f"an error of the program, {type(failure).__name__}: {failure}")
        return True
    # 3. All of it, or nothing.
    with memory.writing() as session:
        row = _still_ours(memory, session, photograph.id)
        if row is not None:
            lines.store(session, row.id, read)
            row.read_by, row.reading_failure = METHOD, None
            row.claimed_by, row.lease_until = None, None
            session.add(row)
    return True


def read_again(memory: Memory, photograph_id: UUID) -> Photograph:
    """Have a photograph read anew that was read, or could not be; a person's lines stay.

    Raises
    ------
    NotFound
        There is no such photograph.
    Refused
        ``not_described``: it is read after it is described.
    """
    with memory.writing() as session:
        photograph = photographs.get(session, photograph_id)
        if photograph.state is not PhotographState.READY:
            raise Refused(
                "not_described",
                expected="a photograph that is described",
                found=f"one that is {photograph.state}",
                hint="It is read after that, without being asked.",
            )
        photograph.read_by, photograph.reading_failure, photograph.reading_attempts = None, None, 0
        session.add(photograph)
    memory.wake()
    return photograph


def forget_outdated(session: Session) -> None:
    """Have what another version of the method read, and what could not be read, read anew."""
    outdated = or_(col(Photograph.read_by) != METHOD, col(Photograph.reading_failure).is_not(None))
    session.exec(update(Photograph).where(outdated).values(read_by=None, reading_failure=None, reading_attempts=0))


def _waiting() -> tuple[ColumnElement[bool], ...]:
    return (
        col(Photograph.read_by).is_(None),
        col(Photograph.reading_failure).is_(None),
        # Described, which a photograph in any other state is not; asked by its state, the database would go through
        # all that are ready, again and again.
        col(Photograph.described_at).is_not(None),
        # An exhibit is searched first.
        or_(col(Photograph.purpose) == Purpose.QUERY, col(Photograph.searched_up_to).is_not(None)),
    )


def _next(session: Session) -> Photograph | None:
    free = or_(col(Photograph.lease_until).is_(None), col(Photograph.lease_until) < utc_now())
    query = select(Photograph).where(*_waiting(), free).order_by(col(Photograph.id)).limit(1)
    return session.exec(query.with_for_update(skip_locked=True)).first()


def _still_ours(memory: Memory, session: Session, photograph_id: UUID) -> Photograph | None:
    # It may have been deleted meanwhile, or the lease ran out and another has it.
    row = session.get(Photograph, photograph_id)
    return row if row is not None and row.claimed_by == memory.presence.name else None


def _let_go(memory: Memory, photograph_id: UUID, *, failure: str | None = None, unbegun: bool = False) -> None:
    with memory.writing() as session:
        row = _still_ours(memory, session, photograph_id)
        if row is not None:
            row.claimed_by, row.lease_until = None, None
            row.reading_failure = failure
            row.reading_attempts -= unbegun
            session.add(row)
