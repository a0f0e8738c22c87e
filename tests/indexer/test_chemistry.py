from __future__ import annotations

import pytest

from forensics.chemistry import Amount, Profile, compare
from forensics.comparison import Comparison, NoComparison
from indexer import Memory, chemistry, seizures
from indexer.errors import NotFound
from indexer.records import Sample, Seizure, SeizureCreate, new_key


def profile(sample: str, *values: float | None, method: str = "GC-MS") -> Profile:
    return Profile(sample, method, "peak area", tuple(Amount(f"a{place}", value) for place, value in enumerate(values)))


FULL = profile("S1", 5.0, 1.0, 0.2, None, 3.0, 0.7)
LIKE = profile("T1", 5.1, 1.1, 0.2, 0.01, 2.9, 0.7)
UNLIKE = profile("T2", 0.1, 4.0, 9.0, 2.0, None, 6.0)


@pytest.fixture
def other(memory: Memory) -> Seizure:
    return seizures.create(memory, SeizureCreate(case_reference="B-2"))


def test_what_is_stored_is_read(memory: Memory, seizure: Seizure) -> None:
    record = chemistry.store(memory, seizure.id, FULL)
    stored = chemistry.profile_of(memory, record.id)
    assert stored == chemistry.Stored(record.id, seizure.id, FULL)
    assert chemistry.profiles(memory, seizure.id) == [stored]


def test_the_same_profile_is_stored_once(memory: Memory, seizure: Seizure) -> None:
    first = chemistry.store(memory, seizure.id, FULL)
    assert chemistry.store(memory, seizure.id, FULL).id == first.id
    second = chemistry.store(memory, seizure.id, profile("S1", 5.0, 1.0, method="UHPLC"))
    assert second.id != first.id
    assert second.sample_id == first.sample_id


def test_two_seizures_by_their_best_pair(memory: Memory, seizure: Seizure, other: Seizure) -> None:
    chemistry.store(memory, seizure.id, FULL)
    for one in (UNLIKE, LIKE, profile("T3", 1.0, 2.0, method="UHPLC")):
        chemistry.store(memory, other.id, one)
    found = chemistry.compare_seizures(memory, seizure.id, other.id)
    assert isinstance(found, chemistry.SeizureChemistry)
    assert (found.query.profile, found.reference.profile) == (FULL, LIKE)
    expected = compare(FULL, LIKE)
    assert isinstance(expected, Comparison)
    assert found.comparison.score == expected.score


def test_nothing_to_compare_says_why(memory: Memory, seizure: Seizure, other: Seizure) -> None:
    nothing = chemistry.compare_seizures(memory, seizure.id, other.id)
    assert isinstance(nothing, NoComparison)
    assert "neither" in nothing.reason
    chemistry.store(memory, seizure.id, FULL)
    assert not chemistry.compare_seizures(memory, seizure.id, other.id)
    chemistry.store(memory, other.id, profile("T3", 1.0, 2.0, method="UHPLC"))
    unlike = chemistry.compare_seizures(memory, seizure.id, other.id)
    assert isinstance(unlike, NoComparison)
    assert "UHPLC" in unlike.reason


def test_similar_profiles_are_of_other_seizures_best_first(memory: Memory, seizure: Seizure, other: Seizure) -> None:
    asked = chemistry.store(memory, seizure.id, FULL)
    chemistry.store(memory, seizure.id, profile("S2", 5.0, 1.0, 0.2, None, 3.0, 0.8))
    for one in (UNLIKE, LIKE):
        chemistry.store(memory, other.id, one)
    found = chemistry.similar(memory, asked.id)
    assert [one.reference.profile for one in found] == [LIKE, UNLIKE]
    assert {one.seizure.id for one in found} == {other.id}
    assert len(chemistry.similar(memory, asked.id, limit=1)) == 1


def test_removing_takes_an_empty_sample_along(memory: Memory, seizure: Seizure) -> None:
    first = chemistry.store(memory, seizure.id, FULL)
    second = chemistry.store(memory, seizure.id, profile("S1", 5.0, method="UHPLC"))
    chemistry.remove(memory, first.id)
    with memory.reading() as session:
        assert session.get(Sample, first.sample_id) is not None
    chemistry.remove(memory, second.id)
    with memory.reading() as session:
        assert session.get(Sample, first.sample_id) is None
    for ask in (chemistry.remove, chemistry.profile_of, chemistry.similar):
        with pytest.raises(NotFound):
            ask(memory, first.id)


def test_a_seizure_that_is_not_there(memory: Memory) -> None:
    with pytest.raises(NotFound):
        chemistry.store(memory, new_key(), FULL)
