from __future__ import annotations

import pytest

from indexer import Memory, marks, review, search
from indexer.errors import NotFound, Refused
from indexer.records import Status, User, new_key
from tests.indexer.conftest import Take

ANEW = search.SearchParams()


def test_a_decision_is_kept_with_its_reason(memory: Memory, take_in: Take, examiner: User) -> None:
    first, _ = take_in(1, 0), take_in(1, 1)
    comparison = search.search_photograph(memory, first)[0].comparison
    assert comparison.status is Status.CANDIDATE
    review.decide(memory, comparison.id, user_id=examiner.id, outcome=Status.UNDER_REVIEW, reason="")
    review.decide(memory, comparison.id, user_id=examiner.id, outcome=Status.CONFIRMED, reason=" the same nick ")
    decided = review.decisions(memory, comparison.id)
    assert [(one.outcome, one.reason, one.user_id) for one in decided] == [
        (Status.UNDER_REVIEW, "", examiner.id),
        (Status.CONFIRMED, "the same nick", examiner.id),
    ]
    assert search.search_photograph(memory, first)[0].comparison.status is Status.CONFIRMED


@pytest.mark.parametrize("outcome", [Status.CONFIRMED, Status.REFUTED, Status.INCONCLUSIVE])
def test_every_outcome_has_a_reason(memory: Memory, outcome: Status) -> None:
    with pytest.raises(Refused) as refused:
        review.decide(memory, new_key(), user_id=new_key(), outcome=outcome, reason="  ")
    assert refused.value.code == "reason_missing"


def test_nobody_decides_on_candidate(memory: Memory) -> None:
    with pytest.raises(Refused) as refused:
        review.decide(memory, new_key(), user_id=new_key(), outcome=Status.CANDIDATE, reason="x")
    assert refused.value.code == "not_an_outcome"


def test_what_is_not_there_is_told(memory: Memory, take_in: Take, examiner: User) -> None:
    with pytest.raises(NotFound, match="comparison"):
        review.decide(memory, new_key(), user_id=examiner.id, outcome=Status.REFUTED, reason="x")
    with pytest.raises(NotFound, match="comparison"):
        review.decisions(memory, new_key())
    first, _ = take_in(1, 0), take_in(1, 1)
    comparison = search.search_photograph(memory, first)[0].comparison
    with pytest.raises(NotFound, match="user"):
        review.decide(memory, comparison.id, user_id=new_key(), outcome=Status.REFUTED, reason="x")


def test_a_dismissed_pair_stays_dismissed_from_every_side(memory: Memory, take_in: Take, examiner: User) -> None:
    first, second = take_in(1, 0), take_in(1, 1)
    comparison = search.search_photograph(memory, first)[0].comparison
    review.decide(memory, comparison.id, user_id=examiner.id, outcome=Status.REFUTED, reason="another tool")
    for asked in (first, second):
        for params in (None, ANEW):
            found = search.search_photograph(memory, asked, params=params)
            assert [hit.comparison.status for hit in found] == [Status.REFUTED]
    other_side = search.search_photograph(memory, second)[0].comparison
    assert other_side.id != comparison.id
    assert [one.reason for one in review.decisions(memory, other_side.id)] == ["another tool"]


def test_what_was_decided_on_stays_as_it_was_seen(memory: Memory, take_in: Take, examiner: User) -> None:
    first, _ = take_in(1, 0), take_in(1, 1)
    seen = search.search_photograph(memory, first)[0].comparison
    review.decide(memory, seen.id, user_id=examiner.id, outcome=Status.CONFIRMED, reason="x")
    with memory.writing() as session:
        row = session.get_one(type(seen), seen.id)
        row.score = 12345.0
        session.add(row)
    again = search.search_photograph(memory, first, params=ANEW)[0].comparison
    assert (again.id, again.score, again.detail) == (seen.id, 12345.0, seen.detail)


def test_a_region_that_a_person_drew_is_judged_by_itself(memory: Memory, take_in: Take, examiner: User) -> None:
    first, _ = take_in(1, 0), take_in(1, 1)
    comparison = search.search_photograph(memory, first)[0].comparison
    review.decide(memory, comparison.id, user_id=examiner.id, outcome=Status.REFUTED, reason="x")
    drawn = marks.draw(memory, first, [[10, 10], [310, 10], [310, 230], [10, 230]])
    assert search.search_mark(memory, drawn.id)[0].comparison.status is Status.CANDIDATE
