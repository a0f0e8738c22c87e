from __future__ import annotations

import math
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from indexer import Memory, hits, ingest, review, search, seizures, together
from indexer.errors import NotFound
from indexer.hits import Hit
from indexer.linked import LinkedParams
from indexer.records import Purpose, SeizureCreate, Status, User, new_key
from indexer.together import joint_standing, search_together
from tests.indexer.conftest import Take
from tests.indexer.pictures import photograph

PARAMS = LinkedParams(caution=3.0)


def slow(standings: list[float]) -> float:
    """Say what the joint standing is, without care for large numbers."""
    none = math.prod(1 - 1 / (1 + math.exp(PARAMS.caution - one)) for one in standings)
    return PARAMS.caution + math.log((1 - none) / none)


def test_a_joint_standing_is_a_noisy_or() -> None:
    for standings in ([2.0], [0.0, 0.0], [5.0, -1.0, 2.5], [8.0, 7.0]):
        assert joint_standing(standings, params=PARAMS) == pytest.approx(slow(standings), rel=1e-6)


def test_each_photograph_adds_and_none_takes_away() -> None:
    assert joint_standing([40.0], params=PARAMS) == pytest.approx(40.0)
    assert joint_standing([-60.0], params=PARAMS) == pytest.approx(-60.0)
    assert joint_standing([500.0, 400.0], params=PARAMS) == pytest.approx(500 + 400 - PARAMS.caution)
    for one, other in ((6.0, 4.0), (6.0, -20.0), (0.0, 0.0)):
        both = joint_standing([one, other], params=PARAMS)
        assert both >= max(one, other)
        assert both == pytest.approx(joint_standing([other, one], params=PARAMS))


def ask(memory: Memory, number: int, take: int) -> UUID:
    asked = ingest.accept(memory, photograph(number, take), file_name=f"q{take}", purpose=Purpose.QUERY)
    ingest.run_until_empty(memory)
    return asked.photograph_id


def test_several_photographs_find_what_each_finds_with_every_pair(memory: Memory, take_in: Take) -> None:
    known, other = take_in(1, 0), take_in(2, 0)
    asked = [ask(memory, 1, 5), ask(memory, 1, 6)]
    found = search_together(memory, [*asked, asked[0]])
    assert found[0].reference_photograph.id == known
    assert {pair.query_mark.photograph_id for pair in found[0].pairs} == set(asked)
    assert len(found[0].pairs) == 2
    for pair in found[0].pairs:
        alone = search.search_photograph(memory, pair.query_mark.photograph_id)[0]
        assert (alone.comparison.id, alone.standing) == (pair.comparison.id, pair.standing)
        assert found[0].standing > pair.standing
    assert found[0].seizure is not None
    assert other not in [hit.reference_photograph.id for hit in found[:1]]
    assert [hit.standing for hit in found] == sorted((hit.standing for hit in found), reverse=True)
    assert len(search_together(memory, asked, limit=1)) == 1


def test_what_is_asked_with_and_its_seizure_is_left_out(memory: Memory, take_in: Take) -> None:
    own, beside = take_in(1, 0), take_in(1, 1)
    elsewhere = seizures.create(memory, SeizureCreate(case_reference="B-1"))
    later = ingest.accept(memory, photograph(1, 2), file_name="later", seizure_id=elsewhere.id).photograph_id
    ingest.run_until_empty(memory)
    assert beside in [hit.reference_photograph.id for hit in search.search_photograph(memory, own)]
    found = search_together(memory, [own, ask(memory, 1, 5)])
    assert [hit.reference_photograph.id for hit in found] == [later]
    assert {pair.query_mark.photograph_id for pair in found[0].pairs} >= {own}
    assert search_together(memory, [own, later]) == []


def test_a_refuted_pair_adds_nothing_and_stays_to_be_seen(memory: Memory, take_in: Take, examiner: User) -> None:
    known = take_in(1, 0)
    asked = [ask(memory, 1, 5), ask(memory, 1, 6)]
    before = search_together(memory, asked)[0]
    dismissed = before.pairs[0]
    review.decide(memory, dismissed.comparison.id, user_id=examiner.id, outcome=Status.REFUTED, reason="another tool")
    after = search_together(memory, asked)[0]
    assert after.reference_photograph.id == known
    assert not after.dismissed
    assert [pair.comparison.status for pair in after.pairs] == [Status.CANDIDATE, Status.REFUTED]
    assert after.standing == pytest.approx(after.pairs[0].standing)
    review.decide(
        memory, after.pairs[0].comparison.id, user_id=examiner.id, outcome=Status.REFUTED, reason="another tool"
    )
    assert [hit.dismissed for hit in search_together(memory, asked) if hit.reference_photograph.id == known] == [True]


def test_what_every_photograph_was_refuted_for_comes_last(
    memory: Memory, take_in: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = take_in(1, 0), take_in(2, 0)
    asked = ask(memory, 1, 5)
    (pair, *_) = search.search_photograph(memory, asked)
    with memory.reading() as session:
        other = session.get_one(type(pair.reference_photograph), second)
    weak = replace(pair, reference_photograph=other, standing=0.5)
    refuted = pair.comparison.model_copy(update={"status": Status.REFUTED})
    given: list[Hit] = [replace(pair, comparison=refuted, standing=30.0), weak]
    monkeypatch.setattr(hits, "search_photograph", lambda *args, **options: given)
    found = together.search_together(memory, [asked])
    assert [(hit.reference_photograph.id, hit.dismissed) for hit in found] == [(second, False), (first, True)]
    assert np.allclose([hit.standing for hit in found], [0.5, 30.0])


def test_what_is_not_there_is_told(memory: Memory) -> None:
    with pytest.raises(NotFound):
        search_together(memory, [new_key()])
    assert search_together(memory, []) == []
