from __future__ import annotations

import signal
import threading
import time
from functools import partial
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest
from sqlmodel import col, select

from forensics.errors import ForensicsError, PhotoRefused
from indexer import Memory, ingest, jobs, search, seizures, tasks
from indexer.errors import NotFound, Refused
from indexer.memory import MemoryParams
from indexer.records import (
    Comparison,
    FoundBy,
    JobKind,
    JobState,
    Mark,
    Photograph,
    PhotographState,
    Purpose,
    Seizure,
    SeizureCreate,
    new_key,
    utc_now,
)
from indexer.workers import WorkerFailed
from tests.forensics.scale.cards import photographed as scale_card
from tests.indexer.conftest import Take
from tests.indexer.pictures import photograph


def get(memory: Memory, photograph_id: UUID) -> Photograph:
    with memory.reading() as session:
        return session.get_one(Photograph, photograph_id)


def test_the_scale_on_a_photograph_is_kept(memory: Memory, seizure: Seizure, take_in: Take) -> None:
    pixels, _ = scale_card("a6", pixels=5.0, turn=20.0)
    data = cv2.imencode(".png", np.ascontiguousarray(pixels[..., ::-1]))[1].tobytes()
    accepted = ingest.accept(memory, data, file_name="card.png", seizure_id=seizure.id)
    ingest.run_until_empty(memory)
    assert get(memory, accepted.photograph_id).metres_per_pixel == pytest.approx(0.001 / 5, rel=0.01)
    assert get(memory, take_in(1)).metres_per_pixel is None


def test_from_bytes_to_a_hit(memory: Memory, seizure: Seizure, take_in: Take) -> None:
    first, second, other = take_in(1, 0), take_in(1, 1), take_in(2, 0)
    row = get(memory, second)
    assert row.state is PhotographState.READY
    assert (row.width, row.height, row.media_type, row.file_name) == (320, 240, "image/jpeg", "1-1.jpg")
    assert row.quality is not None
    assert row.quality_measurements
    assert (row.claimed_by, row.lease_until) == (None, None)
    with memory.reading() as session:
        found_by = session.exec(select(Mark.found_by).where(Mark.photograph_id == second)).all()
    assert found_by.count(FoundBy.WHOLE) == 1
    # Searched on save: nobody has asked yet.
    with memory.reading() as session:
        stored = session.exec(
            select(Comparison.reference_photograph_id).where(Comparison.query_photograph_id == second)
        ).all()
    assert first in stored
    hits = search.search_photograph(memory, second)
    assert hits[0].reference_photograph.id == first
    assert hits[0].seizure is not None
    assert hits[0].seizure.id == seizure.id
    assert {hit.reference_photograph.id for hit in hits} <= {first, other}


def test_the_original_is_kept_untouched(memory: Memory, seizure: Seizure) -> None:
    accepted = ingest.accept(memory, photograph(3), file_name="x" * 900, seizure_id=seizure.id)
    assert memory.originals.read(accepted.sha256) == photograph(3)
    assert memory.originals.unsettled() == ()
    assert len(get(memory, accepted.photograph_id).file_name) == 500


def test_the_same_bytes_are_one_photograph(memory: Memory, seizure: Seizure) -> None:
    other = seizures.create(memory, SeizureCreate(case_reference="B-2"))
    first = ingest.accept(memory, photograph(1), file_name="a.jpg", seizure_id=seizure.id)
    again = ingest.accept(memory, photograph(1), file_name="b.jpg", seizure_id=seizure.id)
    elsewhere = ingest.accept(memory, photograph(1), file_name="c.jpg", seizure_id=other.id)
    asked = ingest.accept(memory, photograph(1), file_name="d.jpg", purpose=Purpose.QUERY)
    assert not first.already_known
    assert {again.photograph_id, elsewhere.photograph_id, asked.photograph_id} == {first.photograph_id}
    assert (again.already_known, again.in_other_seizure) == (True, False)
    assert (elsewhere.already_known, elsewhere.in_other_seizure, elsewhere.seizure_id) == (True, True, seizure.id)
    assert get(memory, first.photograph_id).purpose is Purpose.EXHIBIT


def test_the_same_bytes_at_the_same_time_are_one_photograph(memory: Memory, seizure: Seizure) -> None:
    results: list[ingest.Accepted] = []
    start = threading.Barrier(4)

    def upload() -> None:
        start.wait()
        results.append(ingest.accept(memory, photograph(1), file_name="a.jpg", seizure_id=seizure.id))

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({result.photograph_id for result in results}) == 1
    assert [result.already_known for result in results].count(False) == 1
    assert memory.originals.read(results[0].sha256) == photograph(1)
    assert memory.originals.unsettled() == ()


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "empty"), (b"no picture at all", "not_an_image"), (photograph(1)[:3000], "truncated")]
)
def test_what_is_refused_leaves_nothing(memory: Memory, seizure: Seizure, data: bytes, code: str) -> None:
    with pytest.raises(PhotoRefused) as refused:
        ingest.accept(memory, data, file_name="x.jpg", seizure_id=seizure.id)
    assert refused.value.code == code
    assert list(memory.originals) == []
    assert memory.originals.unsettled() == ()
    with memory.reading() as session:
        assert session.exec(select(Photograph)).all() == []


def test_a_decoder_that_crashes_is_a_refusal(memory: Memory, seizure: Seizure, monkeypatch: pytest.MonkeyPatch) -> None:
    run = memory.workers.run
    with monkeypatch.context() as poisoned:
        poisoned.setattr(
            memory.workers, "run", lambda task, **how: run(partial(signal.raise_signal, signal.SIGSEGV), **how)
        )
        with pytest.raises(PhotoRefused) as crashed:
            ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id)
        assert crashed.value.code == "decoder_crashed"
        poisoned.setattr(memory.workers, "run", lambda task, seconds, urgent: run(partial(time.sleep, 9), seconds=0.1))
        with pytest.raises(PhotoRefused) as hung:
            ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id)
        assert hung.value.code == "decoder_timeout"
    assert list(memory.originals) == []
    # No outage: the next one is taken.
    assert not ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id).already_known


def test_a_seizure_that_is_not_there_keeps_nothing(memory: Memory) -> None:
    with pytest.raises(NotFound, match="seizure"):
        ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=new_key())
    assert list(memory.originals) == []
    assert memory.originals.unsettled() == ()


def test_a_full_disk_keeps_nothing(memory: Memory, seizure: Seizure, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(sha256: str, data: bytes) -> None:
        memory.originals.unsettle(sha256)
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(memory.originals, "put", full)
        with pytest.raises(OSError, match="no space"):
            ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id)
    assert memory.originals.unsettled() == ()
    assert not ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id).already_known


def test_describing_that_fails_is_told_and_can_be_tried_again(
    memory: Memory, seizure: Seizure, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.start(memory, JobKind.INGEST, total=1)
    accepted = ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id, job_id=job.id)
    run = memory.workers.run
    tries = 0

    def crash(task: object, *, seconds: float, urgent: bool = False) -> object:
        nonlocal tries
        tries += 1
        return run(partial(signal.raise_signal, signal.SIGABRT), seconds=seconds)

    with monkeypatch.context() as poisoned:
        poisoned.setattr(memory.workers, "run", crash)
        ingest.run_until_empty(memory)
    row = get(memory, accepted.photograph_id)
    assert tries == memory.params.attempts
    assert row.state is PhotographState.FAILED
    assert row.failure is not None
    assert "failed 3 times" in row.failure
    with memory.reading() as session:
        counted = session.get_one(type(job), job.id)
        assert (counted.state, counted.done, counted.failed) == (JobState.DONE, 0, 1)
    ingest.retry(memory, accepted.photograph_id)
    ingest.run_until_empty(memory)
    assert get(memory, accepted.photograph_id).state is PhotographState.READY
    with memory.reading() as session:
        counted = session.get_one(type(job), job.id)
        assert (counted.state, counted.done, counted.failed) == (JobState.DONE, 1, 0)
    with pytest.raises(Refused) as refused:
        ingest.retry(memory, accepted.photograph_id)
    assert refused.value.code == "not_failed"


def test_a_failed_one_that_is_uploaded_again_is_tried_again(
    memory: Memory, seizure: Seizure, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id)
    with monkeypatch.context() as broken:

        def refuse(task: object, **how: object) -> object:
            raise ForensicsError("odd", expected="one thing", found="another", hint="Do this.")

        broken.setattr(memory.workers, "run", refuse)
        ingest.run_until_empty(memory)
    failed = get(memory, accepted.photograph_id)
    assert failed.failure == "expected one thing; found another. Do this."
    ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id)
    ingest.run_until_empty(memory)
    assert get(memory, accepted.photograph_id).state is PhotographState.READY


def test_an_altered_original_is_told(memory: Memory, folder: Path, seizure: Seizure) -> None:
    accepted = ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id)
    sha256 = accepted.sha256
    (folder / "originals" / sha256[:2] / sha256[2:4] / sha256).write_bytes(photograph(2))
    ingest.run_until_empty(memory)
    failure = get(memory, accepted.photograph_id).failure
    assert failure is not None
    assert "Restore it from a backup" in failure


@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_a_damaged_original_is_put_back_by_the_same_upload(
    memory: Memory, folder: Path, seizure: Seizure, damage: str
) -> None:
    sha256 = ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id).sha256
    path = folder / "originals" / sha256[:2] / sha256[2:4] / sha256
    if damage == "altered":
        path.write_bytes(photograph(2))
    else:
        path.unlink()
    ingest.run_until_empty(memory)
    again = ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id)
    assert again.already_known
    assert memory.originals.read(sha256) == photograph(1)
    assert memory.originals.unsettled() == ()
    ingest.run_until_empty(memory)
    assert get(memory, again.photograph_id).state is PhotographState.READY


def test_a_name_that_is_no_text_is_kept_as_far_as_it_is(memory: Memory) -> None:
    accepted = ingest.accept(memory, photograph(1), file_name="caf\udce9.jpg")
    assert get(memory, accepted.photograph_id).file_name == "caf?.jpg"


def test_a_search_that_could_not_be_made_is_no_search_without_hits(
    memory: Memory, seizure: Seizure, take_in: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = take_in(1, 0)
    describe, failures = memory.workers.run, 1

    def fail(task: partial[object], *, seconds: float, urgent: bool = False) -> object:
        nonlocal failures
        if task.func is tasks.describe_photograph and failures:
            failures -= 1
            raise WorkerFailed("crashed", "the process ended with status -9")
        return describe(task, seconds=seconds, urgent=urgent)

    monkeypatch.setattr(memory.workers, "run", fail)
    # A worker that fails once is not the photograph's fault.
    found = search.search_file(memory, photograph(1, 1), file_name="q.jpg")
    assert found.hits[0].reference_photograph.id == known
    failures = memory.params.attempts
    with pytest.raises(Refused, match="failed 3 times") as refused:
        search.search_file(memory, photograph(1, 2), file_name="r.jpg")
    assert refused.value.code == "not_described"
    # The same once more is tried again.
    assert search.search_file(memory, photograph(1, 2), file_name="r.jpg").hits


def test_a_query_is_described_and_never_found_until_it_is_promoted(
    memory: Memory, seizure: Seizure, take_in: Take
) -> None:
    exhibit = take_in(1, 0)
    asked = search.search_file(memory, photograph(1, 1), file_name="q.jpg")
    assert [hit.reference_photograph.id for hit in asked.hits] == [exhibit]
    assert get(memory, asked.photograph_id).purpose is Purpose.QUERY
    assert search.search_photograph(memory, exhibit) == []
    ingest.promote(memory, asked.photograph_id, seizure.id)
    assert [hit.reference_photograph.id for hit in search.search_photograph(memory, exhibit)] == [asked.photograph_id]
    ingest.promote(memory, asked.photograph_id, seizure.id)
    other = seizures.create(memory, SeizureCreate(case_reference="B-2"))
    with pytest.raises(Refused) as refused:
        ingest.promote(memory, asked.photograph_id, other.id)
    assert refused.value.code == "already_exhibit"


def test_a_query_that_is_uploaded_as_an_exhibit_becomes_one(memory: Memory, seizure: Seizure) -> None:
    asked = search.search_file(memory, photograph(1), file_name="q.jpg")
    accepted = ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id)
    assert (accepted.photograph_id, accepted.already_known) == (asked.photograph_id, True)
    row = get(memory, asked.photograph_id)
    assert (row.purpose, row.seizure_id) == (Purpose.EXHIBIT, seizure.id)
    assert len(memory.index.spaces.vector) > 0


def test_the_loop_works_and_stops(memory: Memory, seizure: Seizure) -> None:
    stop = threading.Event()
    loop = threading.Thread(target=ingest.work, args=(memory, stop))
    loop.start()
    job = jobs.start(memory, JobKind.INGEST, total=3)
    for take in range(2):
        ingest.accept(memory, photograph(1, take), file_name=f"{take}", seizure_id=seizure.id, job_id=job.id)
    # The third of the job is known already.
    ingest.accept(memory, photograph(1, 0), file_name="again", seizure_id=seizure.id, job_id=job.id)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with memory.reading() as session:
            counted = session.get_one(type(job), job.id)
        if counted.state is JobState.DONE:
            break
        time.sleep(0.05)
    stop.set()
    memory.wake()
    loop.join(30)
    assert not loop.is_alive()
    assert (counted.total, counted.done, counted.failed) == (3, 3, 0)
    assert counted.finished_at is not None


def test_ingest_and_search_at_the_same_time(folder: Path) -> None:
    with Memory.open(folder, workers=2) as memory:
        asked = search.search_file(memory, photograph(1, 9), file_name="q.jpg").photograph_id
        failures: list[BaseException] = []
        stop = threading.Event()

        def searching() -> None:
            try:
                while not stop.wait(0.05):
                    search.search_photograph(memory, asked, params=search.SearchParams())
            except BaseException as failure:  # noqa: BLE001
                failures.append(failure)

        searcher = threading.Thread(target=searching)
        searcher.start()
        accepted = [
            ingest.accept(memory, photograph(number, take), file_name=f"{number}-{take}")
            for number in (1, 2)
            for take in range(2)
        ]
        ingest.run_until_empty(memory)
        stop.set()
        searcher.join()
        assert failures == []
        found = {hit.reference_photograph.id for hit in search.search_photograph(memory, asked)[:2]}
        assert found == {one.photograph_id for one in accepted[:2]}


def test_a_claim_of_a_process_that_is_gone_is_taken_over(folder: Path) -> None:
    with Memory.open(folder, workers=1) as memory:
        ids = [ingest.accept(memory, photograph(1, take), file_name=f"{take}.jpg").photograph_id for take in range(3)]
        with memory.writing() as session:
            rows = session.exec(select(Photograph).order_by(col(Photograph.id))).all()
            for row, attempts in zip(rows, (1, 3, 1), strict=True):
                row.state, row.claimed_by, row.attempts = PhotographState.DESCRIBING, "gone", attempts
                row.lease_until = utc_now()
                session.add(row)
            rows[2].claimed_by = memory.presence.name
        with Memory.open(folder, workers=1, params=MemoryParams()) as other:
            states = [get(other, photograph_id).state for photograph_id in ids]
    assert states == [PhotographState.QUEUED, PhotographState.FAILED, PhotographState.DESCRIBING]


def test_a_lease_that_ran_out_is_taken_over(memory: Memory) -> None:
    accepted = ingest.accept(memory, photograph(1), file_name="x.jpg")
    with memory.writing() as session:
        row = session.get_one(Photograph, accepted.photograph_id)
        row.state, row.claimed_by, row.lease_until = PhotographState.DESCRIBING, "on another machine", utc_now()
        session.add(row)
    ingest.run_until_empty(memory)
    assert get(memory, accepted.photograph_id).state is PhotographState.READY


def test_a_cut_off_job_ends(folder: Path) -> None:
    with Memory.open(folder, workers=1) as memory:
        job = jobs.start(memory, JobKind.INGEST, total=10)
        rebuild = jobs.start(memory, JobKind.REINDEX, total=100)
        ingest.accept(memory, photograph(1), file_name="x.jpg", job_id=job.id)
    with Memory.open(folder, workers=1) as memory:
        ingest.run_until_empty(memory)
        with memory.reading() as session:
            counted, stopped = session.get_one(type(job), job.id), session.get_one(type(job), rebuild.id)
    assert (counted.state, counted.total, counted.done) == (JobState.DONE, 1, 1)
    assert "1 of 10" in counted.message
    assert stopped.state is JobState.FAILED


def test_what_is_deleted_while_it_is_described_stays_deleted(
    memory: Memory, seizure: Seizure, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexer import removal

    accepted = ingest.accept(memory, photograph(1), file_name="x.jpg", seizure_id=seizure.id)
    run = memory.workers.run

    def delete_meanwhile(task: object, **how: object) -> object:
        removal.remove_photograph(memory, accepted.photograph_id)
        return run(task, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(memory.workers, "run", delete_meanwhile)
    ingest.run_until_empty(memory)
    with memory.reading() as session:
        assert session.exec(select(Photograph)).all() == []
        assert session.exec(select(Mark)).all() == []
    assert len(memory.index.spaces.vector) == 0


def test_waiting_for_another_that_describes_has_an_end(memory: Memory) -> None:
    accepted = ingest.accept(memory, photograph(1), file_name="x.jpg")
    with memory.writing() as session:
        row = session.get_one(Photograph, accepted.photograph_id)
        row.state, row.claimed_by = PhotographState.DESCRIBING, memory.presence.name
        session.add(row)
    with pytest.raises(Refused) as refused:
        ingest.describe_now(memory, accepted.photograph_id, seconds=0.05)
    assert refused.value.code == "still_describing"
    with pytest.raises(NotFound):
        ingest.describe_now(memory, new_key())


def test_tasks_are_pure(tmp_path: Path) -> None:
    described = tasks.describe_photograph(photograph(1), params=MemoryParams().decode)
    again = tasks.describe_photograph(photograph(1), params=MemoryParams().decode)
    assert described == again
    assert described.regions[0].found_by == "whole"


def test_a_failing_worker_names_itself() -> None:
    failed = WorkerFailed("crashed", "why")
    assert (failed.code, failed.reason, str(failed)) == ("crashed", "why", "why")
