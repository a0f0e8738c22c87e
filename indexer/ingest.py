"""Take photographs in: accept them, and work on them.

Accept (:func:`accept`), before anything is acknowledged:

1. Decode the bytes fully in a worker process, under a time and memory limit; a crash there is a refusal.
2. Store the original under its hash, durably.
3. Commit its row, queued.

Work (:func:`work`), at leisure, and again after a crash at any moment:

4. Claim a queued photograph, with a lease.
5. Measure its quality, find its regions and describe them, in a worker process.
6. Write quality, marks, features and the journal of the index in one transaction.
7. Bring the index up to it.
8. Search with it, and store the comparisons: a hit is found the day its photograph comes in.
9. Read what is written on it, where nothing waits for stages 4 to 8 (:mod:`indexer.texts.reading`).

A photograph is acknowledged after stage 3. Stages 4 to 6 are begun again until stage 6 is committed; 7 follows from the
journal, 8 from a photograph that is ready and was never searched, and 9 from one that was searched and never read.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, and_, col, or_, select

from forensics.errors import ForensicsError, PhotoRefused
from indexer import hits, jobs, photographs, regions, seizures, tasks
from indexer.errors import NotFound, Refused
from indexer.originals import OriginalDamaged
from indexer.records import (
    Change,
    Comparison,
    FoundBy,
    Mark,
    Photograph,
    PhotographState,
    Purpose,
    Status,
    journal,
    utc_now,
)
from indexer.recovery import clear_unsettled
from indexer.texts import reading
from indexer.workers import WorkerFailed, WorkersClosed

if TYPE_CHECKING:
    from indexer.memory import Memory

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
"""How often the work loop looks for what other processes have queued; its own process wakes it at once."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A photograph that is kept, whatever happens next.

    Attributes
    ----------
    photograph_id : UUID
        Its key.
    sha256 : str
        Of its bytes.
    already_known : bool
        Whether the same bytes were here before.
    seizure_id : UUID or None
        The seizure that it belongs to.
    in_other_seizure : bool
        Whether that is another than the one asked for; it stays there.
    """

    photograph_id: UUID
    sha256: str
    already_known: bool
    seizure_id: UUID | None
    in_other_seizure: bool


def accept(
    memory: Memory,
    data: bytes,
    *,
    file_name: str,
    seizure_id: UUID | None = None,
    job_id: UUID | None = None,
    purpose: Purpose = Purpose.EXHIBIT,
) -> Accepted:
    """Keep a photograph. When this returns, it survives a crash at any moment and will be described and searched.

    Parameters
    ----------
    memory : Memory
        The installation.
    data : bytes
        The file, as it came.
    file_name : str
        What it was called; only shown, never trusted.
    seizure_id : UUID, optional
        The seizure that it belongs to.
    job_id : UUID, optional
        The job that counts it.
    purpose : Purpose
        Whether it is an exhibit, or only asked with.

    Returns
    -------
    Accepted
        The same photograph for the same bytes, however often they come. One that was only asked with becomes an
        exhibit when it is accepted as one; one that could not be described is tried again; an original that is
        missing or damaged is put back.

    Raises
    ------
    PhotoRefused
        With the reason; also ``decoder_crashed`` and ``decoder_timeout``. Nothing is kept.
    NotFound
        There is no such seizure.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    known = _known(memory, sha256, data, seizure_id=seizure_id, job_id=job_id, purpose=purpose)
    if known is not None:
        return known
    # 1. Decode.
    facts = _inspect(memory, data)
    photograph = Photograph(
        sha256=sha256,
        # A name on a disk need not be text; what is none cannot be stored.
        file_name=file_name.encode("utf-8", "replace").decode()[:500],
        size_bytes=len(data),
        media_type=facts.media_type,
        width=facts.width,
        height=facts.height,
        bit_depth=facts.bit_depth,
        camera_make=facts.camera_make,
        camera_model=facts.camera_model,
        camera_lens=facts.camera_lens,
        taken_at=facts.taken_at,
        metres_per_pixel=facts.metres_per_pixel,
        purpose=purpose,
        seizure_id=seizure_id if purpose is Purpose.EXHIBIT else None,
        job_id=job_id,
    )
    try:
        with memory.originals.keeping():
            # 2. The original.
            memory.originals.put(sha256, data)
            # 3. The row.
            with memory.writing() as session:
                if photograph.seizure_id is not None:
                    seizures.get(session, photograph.seizure_id)
                session.add(photograph)
            memory.originals.settle(sha256)
    except IntegrityError:
        # The same bytes came twice at once, and the other was first.
        clear_unsettled(memory, sha256)
        known = _known(memory, sha256, data, seizure_id=seizure_id, job_id=job_id, purpose=purpose)
        if known is None:
            raise
        return known
    except BaseException:
        clear_unsettled(memory, sha256)
        raise
    memory.wake()
    return Accepted(photograph.id, sha256, False, photograph.seizure_id, False)


def describe_now(memory: Memory, photograph_id: UUID, *, seconds: float = 120.0) -> Photograph:
    """Describe a photograph in this call, ahead of the queue, or wait for whoever is at it.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_id : UUID
        The photograph. A failure to describe it is written on it, not raised.
    seconds : float
        How long to wait for another that is describing it.

    Returns
    -------
    Photograph
        As it is now: ready, or failed.

    Raises
    ------
    NotFound
        There is no such photograph.
    Refused
        ``still_describing``: another process was not done in that time.
    """
    until = time.monotonic() + seconds
    while True:
        with memory.writing() as session:
            photograph = photographs.get(session, photograph_id)
            if photograph.state in (PhotographState.READY, PhotographState.FAILED):
                return photograph
            free = photograph.state is PhotographState.QUEUED
            if free:
                _claim(memory, session, photograph)
        if free:
            # Where a worker failed it is queued again, and tried again here.
            if _describe(memory, photograph, urgent=True):
                _search(memory, photograph.id)
            continue
        if time.monotonic() > until:
            raise Refused(
                "still_describing",
                expected=f"the photograph to be described within {seconds:g} seconds",
                found="that it is still being worked on",
                hint="Look at it again in a moment.",
            )
        time.sleep(0.02)


def work(memory: Memory, stop: threading.Event) -> None:
    """Describe and search what is queued until told to stop, several at a time.

    Parameters
    ----------
    memory : Memory
        The installation.
    stop : threading.Event
        Ends it; what is in hand is finished first. Call ``memory.wake()`` after setting it, to end at once.
    """
    last_save = time.monotonic()

    def loop() -> None:
        while not stop.is_set():
            seen = memory.calls
            try:
                more = _one(memory) or reading.read_next(memory)
            except WorkersClosed:
                return
            except Exception:
                # Such as a full disk: it may pass, and what is queued stays queued.
                log.exception("the work on photographs was disturbed; it goes on in a moment")
                more = False
            if not more:
                memory.wait_for_call(seen, IDLE_SECONDS)

    with ThreadPoolExecutor(_at_a_time(memory), thread_name_prefix="ingest") as threads:
        running = [threads.submit(loop) for _ in range(_at_a_time(memory))]
        while not stop.wait(IDLE_SECONDS):
            if memory.index.worth_saving and time.monotonic() - last_save > memory.params.save_seconds:
                memory.index.save()
                last_save = time.monotonic()
        memory.wake()
    for loop_done in running:
        loop_done.result()


def run_until_empty(
    memory: Memory,
    progress: Callable[[int, int], None] | None = None,
    *,
    coming: Callable[[], bool] | None = None,
) -> None:
    """Describe and search everything that is queued, and return when nothing is left. It is not read yet.

    Parameters
    ----------
    memory : Memory
        The installation.
    progress : callable, optional
        Told how many are done, and of how many.
    coming : callable, optional
        Whether more may still be queued, by whoever calls ``memory.wake()`` at the last: until then it waits for it.
    """
    with memory.reading() as session:
        total = photographs.waiting(session)
    _drain(memory, _one, total, progress, coming)


def read_until_empty(memory: Memory, progress: Callable[[int, int], None] | None = None) -> None:
    """Read what is written on all that is described and was not read, and return when nothing is left.

    Parameters
    ----------
    memory : Memory
        The installation.
    progress : callable, optional
        Told how many are done, and of how many.
    """
    with memory.reading() as session:
        total = reading.unread(session)
    _drain(memory, reading.read_next, total, progress)


def retry(memory: Memory, photograph_id: UUID) -> Photograph:
    """Queue a photograph that could not be described again.

    Raises
    ------
    NotFound
        There is no such photograph.
    Refused
        ``not_failed``: there is nothing to try again.
    """
    with memory.writing() as session:
        photograph = photographs.get(session, photograph_id)
        if photograph.state is not PhotographState.FAILED:
            raise Refused(
                "not_failed",
                expected="a photograph that could not be described",
                found=f"one that is {photograph.state}",
                hint="Only failed photographs are tried again.",
            )
        _requeue(session, photograph)
    memory.wake()
    return photograph


def promote(memory: Memory, photograph_id: UUID, seizure_id: UUID) -> Photograph:
    """Make a photograph that was only asked with an exhibit of a seizure: from now on it is found.

    Raises
    ------
    NotFound
        There is no such photograph or seizure.
    Refused
        ``already_exhibit``: it belongs to a seizure.
    """
    with memory.writing() as session:
        photograph = photographs.get(session, photograph_id)
        seizures.get(session, seizure_id)
        if photograph.seizure_id is not None and photograph.seizure_id != seizure_id:
            raise Refused(
                "already_exhibit",
                expected="a photograph that belongs to no seizure",
                found=f"one that belongs to the seizure {photograph.seizure_id}",
                hint="Open that seizure.",
            )
        _attach(session, photograph, seizure_id)
    memory.index.catch_up()
    memory.wake()
    return photograph


def _drain(
    memory: Memory,
    one: Callable[[Memory], bool],
    total: int,
    progress: Callable[[int, int], None] | None,
    coming: Callable[[], bool] | None = None,
) -> None:
    """Do a kind of work, several at a time, until none is left and none is coming."""
    done = 0
    counting = threading.Lock()
    stopped = threading.Event()

    def loop() -> None:
        nonlocal done, total
        while not stopped.is_set():
            # Asked for before it is looked: what comes between the two is looked for again.
            seen, last = memory.calls, coming is None or not coming()
            if not one(memory):
                if last:
                    return
                memory.wait_for_call(seen, IDLE_SECONDS)
                continue
            with counting:
                done += 1
                total = max(total, done)
                if progress:
                    progress(done, total)

    with ThreadPoolExecutor(_at_a_time(memory), thread_name_prefix="ingest") as threads:
        try:
            for loop_done in [threads.submit(loop) for _ in range(_at_a_time(memory))]:
                loop_done.result()
        finally:
            # Where somebody interrupts it, what is in hand is finished and the rest stays queued.
            stopped.set()


def _at_a_time(memory: Memory) -> int:
    # One more than there are workers: while one photograph is searched, which no worker does, all workers describe.
    return memory.workers.count + 1


def _known(
    memory: Memory, sha256: str, data: bytes, *, seizure_id: UUID | None, job_id: UUID | None, purpose: Purpose
) -> Accepted | None:
    with memory.reading() as session:
        if session.exec(select(Photograph.id).where(Photograph.sha256 == sha256)).first() is None:
            return None
    _mend(memory, sha256, data)
    with memory.writing() as session:
        photograph = session.exec(select(Photograph).where(Photograph.sha256 == sha256)).first()
        if photograph is None:
            return None
        if seizure_id is not None:
            seizures.get(session, seizure_id)
        if purpose is Purpose.EXHIBIT and (photograph.purpose is Purpose.QUERY or photograph.seizure_id is None):
            _attach(session, photograph, seizure_id)
        if photograph.state is PhotographState.FAILED:
            _requeue(session, photograph)
        # Counted at once, and not when described: that counts for the job that brought it.
        jobs.count(session, job_id, done=1)
    memory.index.catch_up()
    memory.wake()
    return Accepted(
        photograph.id,
        sha256,
        True,
        photograph.seizure_id,
        seizure_id is not None and photograph.seizure_id != seizure_id,
    )


def _mend(memory: Memory, sha256: str, data: bytes) -> None:
    """Put the original of a known photograph back where it is missing or damaged."""
    try:
        memory.originals.read(sha256)
    except OriginalDamaged as damaged:
        log.warning("an original is put back from the same upload: %s", damaged)
        try:
            with memory.originals.keeping():
                memory.originals.put(sha256, data)
        finally:
            # Its photograph may have been deleted meanwhile.
            clear_unsettled(memory, sha256)


def _attach(session: Session, photograph: Photograph, seizure_id: UUID | None) -> None:
    if photograph.purpose is Purpose.QUERY:
        photograph.purpose = Purpose.EXHIBIT
        # It is found from now on, and the search on save is still owed.
        photograph.searched_up_to = None
        journal.note(session, Change.ADDED, regions.numbers(session, col(Mark.photograph_id) == photograph.id))
    photograph.seizure_id = seizure_id
    session.add(photograph)


def _requeue(session: Session, photograph: Photograph) -> None:
    photograph.state, photograph.failure, photograph.attempts = PhotographState.QUEUED, None, 0
    photograph.claimed_by, photograph.lease_until = None, None
    session.add(photograph)
    jobs.count(session, photograph.job_id, failed=-1)


def _inspect(memory: Memory, data: bytes) -> tasks.Facts:
    task = partial(tasks.inspect, data, params=memory.params.decode)
    try:
        return memory.workers.run(task, seconds=memory.params.decode_seconds, urgent=True)
    except WorkerFailed as failed:
        raise PhotoRefused(
            f"decoder_{failed.code}",
            expected="a photograph that can be decoded",
            found=f"a file on which the decoder failed: {failed.reason}",
            hint="Open it in another program and save it anew as JPEG or PNG, then upload that.",
        ) from None


def _one(memory: Memory) -> bool:
    """Do the next piece of work; False where there is none."""
    # Looked for without the write lock first: most of the time there is nothing.
    with memory.reading() as session:
        if _next(memory, session) is None:
            return False
    with memory.writing() as session:
        photograph = _next(memory, session)
        if photograph is None:
            return False
        to_describe = photograph.state is not PhotographState.READY
        _claim(memory, session, photograph)
    if to_describe and not _describe(memory, photograph):
        return True
    _search(memory, photograph.id)
    return True


def _next(memory: Memory, session: Session) -> Photograph | None:
    # 4. In the order in which they came; then what was described and is owed a search.
    over = or_(col(Photograph.lease_until).is_(None), col(Photograph.lease_until) < utc_now())
    owed = (
        select(Photograph)
        .where(
            # Described, and so ready; asked by its state, the database would go through all that are.
            col(Photograph.described_at).is_not(None),
            Photograph.purpose == Purpose.EXHIBIT,
            col(Photograph.searched_up_to).is_(None),
            over,
        )
        .order_by(col(Photograph.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    queued = (
        select(Photograph)
        .where(
            or_(
                col(Photograph.state) == PhotographState.QUEUED,
                (col(Photograph.state) == PhotographState.DESCRIBING) & over,
            )
        )
        .order_by(col(Photograph.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.exec(queued).first() or (session.exec(owed).first() if memory.index.complete else None)


def _claim(memory: Memory, session: Session, photograph: Photograph) -> None:
    if photograph.state is not PhotographState.READY:
        photograph.state = PhotographState.DESCRIBING
        photograph.attempts += 1
    photograph.claimed_by = memory.presence.name
    photograph.lease_until = utc_now() + timedelta(seconds=memory.params.lease_seconds)
    session.add(photograph)


def _describe(memory: Memory, photograph: Photograph, *, urgent: bool = False) -> bool:
    """Describe a claimed photograph; False where that failed or it is gone."""
    # 5. Quality, regions, features.
    try:
        data = memory.originals.read(photograph.sha256)
        task = partial(tasks.describe_photograph, data, params=memory.params.decode)
        described = memory.workers.run(task, seconds=memory.params.describe_seconds, urgent=urgent)
    except WorkersClosed:
        _put_back(memory, photograph.id, unbegun=True)
        raise
    except WorkerFailed as failed:
        if photograph.attempts < memory.params.attempts:
            log.warning("photograph %s is tried again: %s", photograph.id, failed.reason)
            _put_back(memory, photograph.id)
        else:
            _fail(memory, photograph.id, f"describing it failed {photograph.attempts} times: {failed.reason}")
        return False
    except (ForensicsError, OriginalDamaged) as refused:
        _fail(memory, photograph.id, str(refused))
        return False
    except Exception as failure:
        log.exception("photograph %s could not be described", photograph.id)
        _fail(memory, photograph.id, f"an error of the program, {type(failure).__name__}: {failure}")
        return False
    # 6. All of it, or nothing.
    with memory.writing() as session:
        row = _still_ours(memory, session, photograph.id)
        if row is None:
            return False
        regions.delete_marks(session, and_(col(Mark.photograph_id) == row.id, col(Mark.found_by) != FoundBy.PERSON))
        for region in described.regions:
            mark = Mark(
                photograph_id=row.id,
                found_by=FoundBy(region.found_by),
                polygon=region.polygon,
                score=region.score,
            )
            regions.add_features(session, row, mark, region)
        row.quality, row.quality_measurements = described.findings, described.measurements
        row.metres_per_pixel = described.metres_per_pixel
        row.state, row.described_at, row.searched_up_to = PhotographState.READY, utc_now(), None
        if row.purpose is Purpose.QUERY:
            row.claimed_by, row.lease_until = None, None
        session.add(row)
        jobs.count(session, row.job_id, done=1)
    return row.purpose is Purpose.EXHIBIT


def _search(memory: Memory, photograph_id: UUID) -> None:
    if not memory.index.complete:
        # While the index is built again, a search would miss what is not in it yet: it stays owed.
        with memory.writing() as session:
            row = session.get(Photograph, photograph_id)
            if row is not None:
                row.claimed_by, row.lease_until = None, None
                session.add(row)
        return
    failed = False
    try:
        # 7. and 8.
        hits.search_photograph(memory, photograph_id)
        if memory.typicality.learnt():
            _reconsider_all(memory)
    except NotFound:
        return
    except Exception:
        log.exception(
            "the search with the new photograph %s failed; it is tried again, or made when it is looked at",
            photograph_id,
        )
        failed = True
    with memory.writing() as session:
        row = session.get(Photograph, photograph_id)
        if row is not None:
            row.claimed_by, row.lease_until = None, None
            if failed:
                # A full disk or a busy database passes; an error of the program does not.
                row.attempts += 1
                if row.attempts < memory.params.search_attempts:
                    row.lease_until = utc_now() + timedelta(seconds=memory.params.search_again_seconds)
                else:
                    row.searched_up_to = 0
            session.add(row)


def _reconsider_all(memory: Memory) -> None:
    """Put the stored hits right: what many seizures show was not known yet when their photographs came in."""
    log.info("enough seizures are known to tell what is typical; earlier hits are looked at again")
    with memory.reading() as session:
        asked = session.exec(
            select(Comparison.query_photograph_id).where(Comparison.status == Status.CANDIDATE).distinct()
        ).all()
    for photograph_id in asked:
        with suppress(NotFound):
            hits.reconsider(memory, photograph_id)


def _still_ours(memory: Memory, session: Session, photograph_id: UUID) -> Photograph | None:
    # It may have been deleted meanwhile, or the lease ran out and another has it.
    row = session.get(Photograph, photograph_id)
    if row is None or row.state is not PhotographState.DESCRIBING or row.claimed_by != memory.presence.name:
        return None
    return row


def _put_back(memory: Memory, photograph_id: UUID, *, unbegun: bool = False) -> None:
    with memory.writing() as session:
        row = _still_ours(memory, session, photograph_id)
        if row is not None:
            row.state, row.claimed_by, row.lease_until = PhotographState.QUEUED, None, None
            row.attempts -= unbegun
            session.add(row)


def _fail(memory: Memory, photograph_id: UUID, reason: str) -> None:
    with memory.writing() as session:
        row = _still_ours(memory, session, photograph_id)
        if row is not None:
            row.state, row.failure = PhotographState.FAILED, reason
            row.claimed_by, row.lease_until = None, None
            session.add(row)
            jobs.count(session, row.job_id, failed=1)
