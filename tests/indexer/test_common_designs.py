"""How common a design is: counted over unrelated seizures, at the same place of the photograph."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest

from forensics.comparison import Comparison as Compared
from forensics.logo import METHOD
from indexer import Memory, comparison_detail, ingest, seizures
from indexer.common_designs import CommonParams, spread
from indexer.records import Comparison, Mark, Photograph, SeizureCreate, Status
from tests.indexer.pictures import photograph

PARAMS = CommonParams(fewest=2, share=0.1)
HERE, THERE = (10.0, 10.0), (150.0, 100.0)


@pytest.fixture
def photographs(memory: Memory) -> list[UUID]:
    """One photograph of each of five seizures, none like another."""
    keys = []
    for number in range(5):
        seizure = seizures.create(memory, SeizureCreate(case_reference=f"C-{number}"))
        keys.append(
            ingest.accept(memory, photograph(number), file_name=f"{number}.jpg", seizure_id=seizure.id).photograph_id
        )
    return keys


def compared(
    memory: Memory,
    query: UUID,
    reference: UUID,
    *,
    score: float = 5.0,
    at: tuple[float, float] = HERE,
    status: Status = Status.CANDIDATE,
) -> UUID:
    """Store a comparison whose points agree at a place of the query."""
    points = np.array([at, (at[0] + 60, at[1]), (at[0], at[1] + 40), (at[0] + 60, at[1] + 40)], np.float32)
    with memory.writing() as session:
        marks = []
        for photograph_id in (query, reference):
            row = session.get(Photograph, photograph_id)
            assert row is not None
            marks.append(Mark(photograph_id=photograph_id, polygon=[[0, 0], [300, 0], [300, 200]], found_by="whole"))
        session.add_all(marks)
        session.flush()
        made = Comparison(
            query_mark_id=marks[0].id,
            reference_mark_id=marks[1].id,
            query_photograph_id=query,
            reference_photograph_id=reference,
            method=METHOD,
            score=score,
            status=status,
            detail=comparison_detail.pack(Compared(METHOD, score, {}, points, points, np.eye(3))),
        )
        session.add(made)
    return made.id


def test_a_design_of_many_seizures_is_common(memory: Memory, photographs: list[UUID]) -> None:
    first, *others = photographs
    keys = [compared(memory, first, other) for other in others]
    found = spread(memory, first, params=PARAMS)
    assert set(found) == set(keys)
    assert {(one.seizures, one.of, one.common) for one in found.values()} == {(4, 4, True)}
    assert not spread(memory, first, params=CommonParams(fewest=5))[keys[0]].common


def test_low_scores_and_decided_pairs_do_not_count(memory: Memory, photographs: list[UUID]) -> None:
    first, *others = photographs
    key = compared(memory, first, others[0])
    compared(memory, first, others[1], score=2.5)
    compared(memory, first, others[2], status=Status.CONFIRMED)
    compared(memory, first, others[3], status=Status.REFUTED)
    assert spread(memory, first, params=PARAMS)[key].seizures == 1


def test_other_places_of_the_photograph_are_other_designs(memory: Memory, photographs: list[UUID]) -> None:
    first, *others = photographs
    keys = [compared(memory, first, other, at=HERE) for other in others[:3]]
    apart = compared(memory, first, others[3], at=THERE)
    found = spread(memory, first, params=PARAMS)
    assert found[keys[0]].seizures == 3
    assert found[apart].seizures == 1


def test_pairs_found_from_the_other_side_count(memory: Memory, photographs: list[UUID]) -> None:
    first, second, third = photographs[:3]
    key = compared(memory, first, second)
    compared(memory, third, first)
    found = spread(memory, first, params=PARAMS)
    assert set(found) == {key}
    assert found[key].seizures == 2


def test_what_is_not_there_has_no_spread(memory: Memory) -> None:
    assert spread(memory, UUID(int=7)) == {}
