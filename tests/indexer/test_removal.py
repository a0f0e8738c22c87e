from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from forensics.chemistry import Amount, Profile
from indexer import Memory, chemistry, ingest, jobs, marks, removal, review, search, seizures
from indexer.errors import NotFound
from indexer.records import (
    AnalyteValue,
    ChemicalProfile,
    Comparison,
    Decision,
    JobKind,
    JobState,
    Mark,
    MarkFeatures,
    Package,
    Photograph,
    Sample,
    Seizure,
    SeizureCreate,
    Status,
    User,
    new_key,
)
from indexer.shortlist import id_range
from tests.indexer.conftest import Take
from tests.indexer.pictures import photograph

BOX = [[10, 10], [310, 10], [310, 230], [10, 230]]


def count(memory: Memory, table: type[SQLModel]) -> int:
    with memory.reading() as session:
        return len(session.exec(select(table)).all())


def files(folder: Path) -> list[str]:
    """Return the names of every file that holds or is derived from a photograph."""
    kept = [*(folder / "originals").rglob("*"), *(folder / "derivatives").rglob("*")]
    return sorted(path.name for path in kept if path.is_file() and path.name != "lock")


def test_a_photograph_is_removed_everywhere(memory: Memory, folder: Path, take_in: Take, examiner: User) -> None:
    first, second = take_in(1, 0), take_in(1, 1)
    marks.draw(memory, first, BOX)
    comparison = search.search_photograph(memory, second)[0].comparison
    review.decide(memory, comparison.id, user_id=examiner.id, outcome=Status.CONFIRMED, reason="x")
    with memory.reading() as session:
        gone, kept = session.get_one(Photograph, first).sha256, session.get_one(Photograph, second).sha256
        numbers = session.exec(
            select(MarkFeatures.number).join(Mark).where(Mark.photograph_id == first)  # type: ignore[arg-type]
        ).all()
    for sha256 in (gone, kept):
        memory.derivatives.put(sha256, "640.webp", b"small")
    removal.remove_photograph(memory, first)
    assert files(folder) == sorted([kept, "640.webp"])
    assert memory.derivatives.get(gone, "640.webp") is None
    assert memory.derivatives.get(kept, "640.webp") == b"small"
    assert (count(memory, Photograph), count(memory, Comparison), count(memory, Decision)) == (1, 0, 0)
    with memory.reading() as session:
        assert {mark.photograph_id for mark in session.exec(select(Mark)).all()} == {second}
        left = session.exec(select(MarkFeatures.number)).all()
    assert memory.index.spaces.vector.ids().tolist() == sorted(left)  # type: ignore[type-var]
    assert memory.index.spaces.local.count([id_range(number) for number in numbers if number]) == 0
    assert search.search_photograph(memory, second) == []
    assert search.search_file(memory, photograph(1, 5), file_name="q").hits[0].reference_photograph.id == second


def test_its_content_is_gone_from_the_database_file(memory: Memory, folder: Path, take_in: Take) -> None:
    first = take_in(1, 0)
    with memory.reading() as session:
        data = session.exec(select(MarkFeatures.data)).first()
    assert data is not None
    removal.remove_photograph(memory, first)
    memory.close()
    content = b"".join(path.read_bytes() for path in folder.glob("cachet.sqlite3*"))
    assert data[100:160] not in content


def test_the_same_bytes_can_come_again(memory: Memory, take_in: Take) -> None:
    first = take_in(1, 0)
    removal.remove_photograph(memory, first)
    again = take_in(1, 0)
    assert again != first
    assert count(memory, Photograph) == 1


def test_a_seizure_takes_everything_along(memory: Memory, folder: Path, seizure: Seizure, take_in: Take) -> None:
    take_in(1, 0)
    ingest.accept(memory, photograph(1, 1), file_name="waiting", seizure_id=seizure.id)
    other = seizures.create(memory, SeizureCreate(case_reference="B-2"))
    kept = ingest.accept(memory, photograph(2, 0), file_name="kept", seizure_id=other.id)
    chemistry.store(memory, seizure.id, Profile("S1", "GC-MS", "mg/g", (Amount("caffeine", 1.0),)))
    with memory.writing() as session:
        outer = Package(seizure_id=seizure.id, label="container")
        session.add(outer)
        session.flush()
        session.add(Package(seizure_id=seizure.id, parent_id=outer.id, label="bag"))
    removal.remove_seizure(memory, seizure.id)
    assert files(folder) == [kept.sha256]
    assert [count(memory, table) for table in (Package, Sample, ChemicalProfile, AnalyteValue, Mark)] == [0] * 5
    with memory.reading() as session:
        assert session.exec(select(Seizure.id)).all() == [other.id]
    assert len(memory.index.spaces.local) == 0
    with pytest.raises(NotFound):
        removal.remove_seizure(memory, seizure.id)


def test_a_job_does_not_wait_for_what_was_removed(memory: Memory, seizure: Seizure) -> None:
    job = jobs.start(memory, JobKind.INGEST, total=2)
    accepted = [
        ingest.accept(memory, photograph(1, take), file_name="x", seizure_id=seizure.id, job_id=job.id)
        for take in range(2)
    ]
    removal.remove_photograph(memory, accepted[0].photograph_id)
    ingest.run_until_empty(memory)
    with memory.reading() as session:
        counted = session.get_one(type(job), job.id)
    assert (counted.state, counted.total, counted.done) == (JobState.DONE, 1, 1)


def test_what_is_not_there_is_told(memory: Memory) -> None:
    with pytest.raises(NotFound):
        removal.remove_photograph(memory, new_key())
