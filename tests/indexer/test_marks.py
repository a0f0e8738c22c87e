from __future__ import annotations

import signal
from functools import partial

import pytest
from sqlmodel import col, select

from forensics.errors import RegionRefused
from indexer import Memory, ingest, marks, review, search
from indexer.errors import NotFound, Refused
from indexer.records import (
    Comparison,
    FoundBy,
    Mark,
    MarkFeatures,
    MarkKind,
    Status,
    User,
    new_key,
)
from indexer.shortlist import id_range
from tests.indexer.conftest import Take
from tests.indexer.pictures import photograph

BOX = [[10.0, 10.0], [310.0, 10.0], [310.0, 230.0], [10.0, 230.0]]
SMALLER = [[20.0, 20.0], [300.0, 20.0], [300.0, 220.0], [20.0, 220.0]]


def features_number(memory: Memory, mark: Mark) -> int:
    with memory.reading() as session:
        number = session.exec(select(MarkFeatures.number).where(MarkFeatures.mark_id == mark.id)).one()
    assert number is not None
    return number


def test_a_drawn_region_is_described_indexed_and_searched(memory: Memory, take_in: Take, examiner: User) -> None:
    first, second = take_in(1, 0), take_in(1, 1)
    mark = marks.draw(memory, first, BOX, kind=MarkKind.LOGO_ON_WRAPPER, note="a crown", drawn_by_id=examiner.id)
    assert (mark.found_by, mark.kind, mark.note, mark.drawn_by_id) == (
        FoundBy.PERSON,
        MarkKind.LOGO_ON_WRAPPER,
        "a crown",
        examiner.id,
    )
    assert mark.polygon == BOX
    with memory.reading() as session:
        stored = session.exec(select(Comparison).where(Comparison.query_mark_id == mark.id)).all()
    assert {row.reference_photograph_id for row in stored} == {second}
    assert features_number(memory, mark) in memory.index.spaces.vector.ids()
    # Found by the other from now on.
    found = search.search_photograph(memory, second, params=search.SearchParams())
    assert found[0].reference_photograph.id == first
    assert [hit.reference_photograph.id for hit in search.search_mark(memory, mark.id)] == [second]


def test_redrawing_takes_the_place_of_what_was_there(memory: Memory, take_in: Take) -> None:
    first, _ = take_in(1, 0), take_in(1, 1)
    mark = marks.draw(memory, first, BOX)
    old = features_number(memory, mark)
    redrawn = marks.redraw(memory, mark.id, polygon=SMALLER, note="smaller")
    new = features_number(memory, mark)
    assert (redrawn.id, redrawn.polygon, redrawn.note) == (mark.id, SMALLER, "smaller")
    assert new > old
    assert memory.index.spaces.local.count([id_range(old)]) == 0
    assert old not in memory.index.spaces.vector.ids()
    assert new in memory.index.spaces.vector.ids()
    assert search.search_mark(memory, mark.id) != []


def test_kind_and_note_change_without_describing(memory: Memory, take_in: Take) -> None:
    mark = marks.draw(memory, take_in(1, 0), BOX)
    number = features_number(memory, mark)
    changed = marks.redraw(memory, mark.id, kind=MarkKind.STRIATED)
    assert (changed.kind, changed.polygon) == (MarkKind.STRIATED, BOX)
    assert features_number(memory, mark) == number


def test_a_mark_that_was_decided_on_keeps_its_outline(memory: Memory, take_in: Take, examiner: User) -> None:
    first, second = take_in(1, 0), take_in(1, 1)
    mark = marks.draw(memory, first, BOX, kind=MarkKind.EDGE, note="a crown")
    decided = search.search_mark(memory, mark.id)[0].comparison
    review.decide(memory, decided.id, user_id=examiner.id, outcome=Status.CONFIRMED, reason="the same nick")
    redrawn = marks.redraw(memory, mark.id, polygon=SMALLER, drawn_by_id=examiner.id)
    assert redrawn.id != mark.id
    assert (redrawn.polygon, redrawn.kind, redrawn.note) == (SMALLER, MarkKind.EDGE, "a crown")
    assert redrawn.drawn_by_id == examiner.id
    with memory.reading() as session:
        assert session.get_one(Mark, mark.id).polygon == BOX
    kept = search.search_mark(memory, mark.id)
    assert [(hit.comparison.id, hit.comparison.score, hit.comparison.status) for hit in kept] == [
        (decided.id, decided.score, Status.CONFIRMED)
    ]
    beside = search.search_mark(memory, redrawn.id)
    assert [(hit.reference_photograph.id, hit.comparison.status) for hit in beside] == [(second, Status.CANDIDATE)]
    # What is no outline changes in its place.
    assert marks.redraw(memory, mark.id, note="an anchor").id == mark.id


def test_a_mark_that_was_decided_on_is_not_removed(memory: Memory, take_in: Take, examiner: User) -> None:
    first, _ = take_in(1, 0), take_in(1, 1)
    mark = marks.draw(memory, first, BOX)
    decided = search.search_mark(memory, mark.id)[0]
    review.decide(memory, decided.comparison.id, user_id=examiner.id, outcome=Status.REFUTED, reason="another tool")
    with pytest.raises(Refused, match="1 decision, which would go with it") as refused:
        marks.remove(memory, mark.id)
    assert refused.value.code == "decided"
    assert [one.reason for one in review.decisions(memory, decided.comparison.id)] == ["another tool"]


def test_removing_removes_it_everywhere(memory: Memory, take_in: Take) -> None:
    first, _ = take_in(1, 0), take_in(1, 1)
    mark = marks.draw(memory, first, BOX)
    number = features_number(memory, mark)
    marks.remove(memory, mark.id)
    with memory.reading() as session:
        assert session.get(Mark, mark.id) is None
        assert session.get(MarkFeatures, number) is None
        assert session.exec(select(Comparison).where(col(Comparison.query_mark_id) == mark.id)).all() == []
    assert number not in memory.index.spaces.vector.ids()
    assert memory.index.spaces.local.count([id_range(number)]) == 0
    with pytest.raises(NotFound):
        marks.remove(memory, mark.id)


def test_the_whole_photograph_is_always_a_mark(memory: Memory, take_in: Take) -> None:
    photograph_id = take_in(1, 0)
    with memory.reading() as session:
        whole = session.exec(
            select(Mark).where(Mark.photograph_id == photograph_id, Mark.found_by == FoundBy.WHOLE)
        ).one()
    for change in (partial(marks.remove, memory, whole.id), partial(marks.redraw, memory, whole.id, polygon=BOX)):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "whole_photograph"
    assert marks.redraw(memory, whole.id, kind=MarkKind.EDGE).kind is MarkKind.EDGE


def test_what_is_no_region_is_refused(memory: Memory, take_in: Take) -> None:
    photograph_id = take_in(1, 0)
    for polygon in ([[900, 900], [950, 900], [950, 950]], [[1, 1], [2, 1], [2, 2]], [[1, 1], [2, 2]]):
        with pytest.raises(RegionRefused):
            marks.draw(memory, photograph_id, polygon)
    with pytest.raises(NotFound):
        marks.draw(memory, new_key(), BOX)
    waiting = ingest.accept(memory, photograph(5), file_name="5.jpg")
    with pytest.raises(Refused) as refused:
        marks.draw(memory, waiting.photograph_id, BOX)
    assert refused.value.code == "not_described"


def test_a_crash_while_describing_a_region_is_a_refusal(
    memory: Memory, take_in: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    photograph_id = take_in(1, 0)
    run = memory.workers.run
    monkeypatch.setattr(
        memory.workers, "run", lambda task, **how: run(partial(signal.raise_signal, signal.SIGSEGV), **how)
    )
    with pytest.raises(RegionRefused) as refused:
        marks.draw(memory, photograph_id, BOX)
    assert refused.value.code == "describing_crashed"
