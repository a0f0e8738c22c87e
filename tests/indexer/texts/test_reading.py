from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from forensics.errors import ForensicsError
from forensics.text import METHOD
from indexer import Memory, ingest, removal, search, tasks, texts
from indexer.errors import NotFound, Refused
from indexer.records import Photograph, Purpose, Seizure, TextLine, User, utc_now
from indexer.reindex import reindex
from indexer.texts import reading
from indexer.workers import WorkerFailed
from tests.written import jpeg, written

WORDS = jpeg(written([("NORDO 57", (200, 100), 0), ("KELTO", (420, 300), 90)]))


def get(memory: Memory, photograph_id: UUID) -> Photograph:
    with memory.reading() as session:
        return session.get_one(Photograph, photograph_id)


def waiting(memory: Memory) -> int:
    with memory.reading() as session:
        return reading.unread(session)


@pytest.fixture
def described(memory: Memory, seizure: Seizure) -> UUID:
    accepted = ingest.accept(memory, WORDS, file_name="words.jpg", seizure_id=seizure.id)
    ingest.run_until_empty(memory)
    return accepted.photograph_id


@pytest.fixture
def read(memory: Memory, described: UUID) -> UUID:
    ingest.read_until_empty(memory)
    return described


def failing(memory: Memory, monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    def run(*_: object, **__: object) -> Any:
        raise failure

    monkeypatch.setattr(memory.workers, "run", run)


def test_a_photograph_is_read_after_it_is_searched(memory: Memory, described: UUID) -> None:
    assert waiting(memory) == 1
    assert texts.of_photograph(memory, described) == []
    told: list[tuple[int, int]] = []
    ingest.read_until_empty(memory, lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]
    lines = texts.of_photograph(memory, described)
    assert [line.words for line in lines] == ["NORDO 57", "KELTO"]
    assert {line.method for line in lines} == {METHOD}
    assert [line.folded for line in lines] == ["nordos7", "keito"]
    row = get(memory, described)
    assert (row.read_by, row.reading_failure, row.claimed_by, row.lease_until) == (METHOD, None, None, None)
    assert waiting(memory) == 0
    assert not reading.read_next(memory)


def test_nothing_is_read_before_its_search(memory: Memory, described: UUID) -> None:
    with memory.writing() as session:
        row = session.get_one(Photograph, described)
        row.searched_up_to = None
        session.add(row)
    assert not reading.read_next(memory)


def test_a_photograph_that_was_asked_with_is_read_too(memory: Memory) -> None:
    found = search.search_file(memory, WORDS, file_name="asked.jpg")
    assert reading.read_next(memory)
    assert len(texts.of_photograph(memory, found.photograph_id)) == 2
    assert get(memory, found.photograph_id).purpose is Purpose.QUERY


def test_what_is_being_read_is_not_read_twice(memory: Memory, described: UUID) -> None:
    with memory.writing() as session:
        row = session.get_one(Photograph, described)
        row.claimed_by, row.lease_until = "another", utc_now() + timedelta(seconds=60)
        session.add(row)
    assert not reading.read_next(memory)
    with memory.writing() as session:
        row = session.get_one(Photograph, described)
        row.lease_until = utc_now() - timedelta(seconds=1)
        session.add(row)
    assert reading.read_next(memory)
    assert get(memory, described).read_by == METHOD


def test_a_crash_leaves_it_to_be_read(memory: Memory, described: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(memory, monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        reading.read_next(memory)
    monkeypatch.undo()
    assert waiting(memory) == 1
    with memory.writing() as session:
        # The next start lets go of what a process that is gone had claimed.
        row = session.get_one(Photograph, described)
        row.claimed_by, row.lease_until = None, None
        session.add(row)
    ingest.read_until_empty(memory)
    assert get(memory, described).read_by == METHOD


def test_what_ends_the_program_again_and_again_is_given_up(memory: Memory, described: UUID) -> None:
    with memory.writing() as session:
        row = session.get_one(Photograph, described)
        row.reading_attempts = memory.params.attempts
        session.add(row)
    assert reading.read_next(memory)
    assert "program ended" in (get(memory, described).reading_failure or "")
    assert waiting(memory) == 0


def test_a_worker_that_fails_is_tried_a_few_times(
    memory: Memory, described: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(memory, monkeypatch, WorkerFailed("crashed", "the process ended"))
    for _ in range(memory.params.attempts):
        assert waiting(memory) == 1
        assert reading.read_next(memory)
    assert "failed 3 times" in (get(memory, described).reading_failure or "")
    assert not reading.read_next(memory)
    monkeypatch.undo()
    texts.read_again(memory, described)
    assert reading.read_next(memory)
    assert (get(memory, described).read_by, get(memory, described).reading_failure) == (METHOD, None)


@pytest.mark.parametrize(
    "failure",
    [ForensicsError("damaged", expected="a photograph", found="none", hint="Look."), RuntimeError("odd")],
)
def test_a_failure_is_written_on_the_photograph(
    memory: Memory, described: UUID, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    failing(memory, monkeypatch, failure)
    assert reading.read_next(memory)
    assert str(failure) in (get(memory, described).reading_failure or "")


def test_one_that_is_deleted_meanwhile_leaves_nothing(
    memory: Memory, described: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = memory.workers.run

    def delete_and_run(task: Callable[[], object], **settings: Any) -> object:
        removal.remove_photograph(memory, described)
        return run(task, **settings)

    monkeypatch.setattr(memory.workers, "run", delete_and_run)
    assert reading.read_next(memory)
    with memory.reading() as session:
        assert session.exec(select(TextLine)).all() == []


def test_lines_go_with_their_photograph(memory: Memory, read: UUID) -> None:
    removal.remove_photograph(memory, read)
    with memory.reading() as session:
        assert session.exec(select(TextLine)).all() == []
    assert texts.search(memory, "nordo").total == 0


def test_a_person_corrects_a_line(memory: Memory, read: UUID, examiner: User) -> None:
    number = texts.of_photograph(memory, read)[0].number
    assert number is not None
    corrected = texts.correct(memory, number, " N0RDO  59 ", written_by_id=examiner.id)
    again = texts.correct(memory, corrected.number or 0, "NORDO 58", written_by_id=examiner.id)
    first = texts.of_photograph(memory, read)[0]
    assert (first.number, first.words, first.as_read) == (again.number, "NORDO 58", "NORDO 57")
    assert (first.method, first.confidence, first.written_by_id) == (texts.PERSON, 1, examiner.id)
    assert len(texts.of_photograph(memory, read)) == 2
    assert texts.search(memory, "nordo 58").items[0].similarity == 1
    with pytest.raises(NotFound):
        texts.correct(memory, number, "X1")


@pytest.mark.parametrize("words", ["", "  ", "---", "x" * 501])
def test_a_line_holds_words(memory: Memory, read: UUID, words: str) -> None:
    with pytest.raises(Refused, match="letters or digits"):
        texts.correct(memory, texts.of_photograph(memory, read)[0].number or 0, words)


def test_a_person_adds_and_removes_a_line(memory: Memory, read: UUID) -> None:
    added = texts.write(memory, read, [[10, 400], [90, 400], [90, 430], [10, 900]], "faint 3")
    assert added.polygon[3] == [10, 480]
    assert texts.search(memory, "FAINT 3").total == 1
    texts.remove(memory, added.number or 0)
    assert texts.search(memory, "FAINT 3").total == 0
    with pytest.raises(NotFound):
        texts.remove(memory, added.number or 0)


@pytest.mark.parametrize(
    "polygon",
    [[[0, 0], [1, 1]], [[900, 0], [990, 0], [990, 90]], [[0, 0], [5, 0], [9, 0]], [[0, 0], [float("nan"), 0], [9, 9]]],
)
def test_a_line_lies_on_its_photograph(memory: Memory, read: UUID, polygon: list[list[float]]) -> None:
    with pytest.raises(ForensicsError, match="photograph of 640 x 480"):
        texts.write(memory, read, polygon, "NORDO")


def test_a_persons_line_wins_when_it_is_read_anew(memory: Memory, read: UUID) -> None:
    texts.correct(memory, texts.of_photograph(memory, read)[0].number or 0, "NORDO 59")
    texts.read_again(memory, read)
    assert waiting(memory) == 1
    ingest.read_until_empty(memory)
    assert [(line.words, line.as_read) for line in texts.of_photograph(memory, read)] == [
        ("NORDO 59", "NORDO 57"),
        ("KELTO", None),
    ]


def test_only_a_described_photograph_is_read_again(memory: Memory, seizure: Seizure) -> None:
    accepted = ingest.accept(memory, WORDS, file_name="words.jpg", seizure_id=seizure.id)
    with pytest.raises(Refused, match="queued"):
        texts.read_again(memory, accepted.photograph_id)


def test_reindex_has_it_read_anew_where_the_method_changed(memory: Memory, read: UUID) -> None:
    reindex(memory)
    assert waiting(memory) == 0
    with memory.writing() as session:
        row = session.get_one(Photograph, read)
        row.read_by = "text/0"
        session.add(row)
    reindex(memory)
    assert waiting(memory) == 1
    ingest.read_until_empty(memory)
    assert len(texts.of_photograph(memory, read)) == 2


def test_the_task_reads_bytes(memory: Memory) -> None:
    assert {text.words for text in tasks.read_photograph(WORDS, params=memory.params.decode)} == {"NORDO 57", "KELTO"}
