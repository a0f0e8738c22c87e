from __future__ import annotations

from dataclasses import replace

from indexer import Memory, removal, review, search
from indexer.chains import chains
from indexer.hits import Hit
from indexer.records import Status, User
from tests.indexer.conftest import Take


def of(memory: Memory, asked: object, answer: object) -> Hit:
    found = search.search_photograph(memory, asked)  # type: ignore[arg-type]
    return next(hit for hit in found if hit.reference_photograph.id == answer)


def test_what_a_hit_was_found_through_is_shown_with_both_comparisons(
    memory: Memory, take_in: Take, examiner: User
) -> None:
    middle, reference, query = take_in(1, 0), take_in(1, 1), take_in(1, 2)
    hit = replace(of(memory, query, reference), through=middle)
    alone = replace(of(memory, query, middle), through=None)
    shown = chains(memory, [hit, alone])
    assert set(shown) == {hit.comparison.id}
    chain = shown[hit.comparison.id]
    assert chain.photograph.id == middle
    assert chain.seizure is not None
    assert chain.seizure.case_reference == "A-1"
    assert chain.query_comparison_id == alone.comparison.id
    with memory.reading() as session:
        other = review.get(session, chain.reference_comparison_id)
    assert {other.query_photograph_id, other.reference_photograph_id} == {middle, reference}

    refuted = hit.comparison.model_copy(update={"status": Status.REFUTED})
    assert chains(memory, [replace(hit, comparison=refuted)]) == {}
    review.decide(memory, alone.comparison.id, user_id=examiner.id, outcome=Status.REFUTED, reason="another tool")
    assert chains(memory, [hit]) == {}


def test_a_link_that_was_deleted_is_none(memory: Memory, take_in: Take) -> None:
    middle, reference, query = take_in(1, 0), take_in(1, 1), take_in(1, 2)
    hit = replace(of(memory, query, reference), through=middle)
    removal.remove_photograph(memory, middle)
    assert chains(memory, [hit]) == {}
    assert chains(memory, []) == {}
