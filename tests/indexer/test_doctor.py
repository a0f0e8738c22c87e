from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import col, delete, select

from indexer import Memory, doctor, ingest, jobs, reindex, review, search
from indexer.records import Comparison, Job, JobKind, JobState, Mark, MarkFeatures, Photograph, Status, User
from tests.indexer.conftest import Take


def bad(memory: Memory) -> dict[str, doctor.Finding]:
    """Return what is wrong; the disk is this machine's own affair."""
    return {
        finding.code: finding
        for finding in doctor.examine(memory).findings
        if not finding.ok and finding.code != "disk"
    }


def test_a_sound_installation(memory: Memory, take_in: Take) -> None:
    take_in(1, 0)
    told: list[float] = []
    report = doctor.examine(
        memory, progress=lambda what, part: told.append(part), params=doctor.DoctorParams(free_part=0, free_bytes=0)
    )
    assert report.ok
    assert told
    assert len({finding.code for finding in report.findings}) == len(report.findings)


def test_originals_that_are_altered_missing_or_too_many(memory: Memory, folder: Path, take_in: Take) -> None:
    for take in range(2):
        take_in(1, take)
    with memory.reading() as session:
        first, second = session.exec(select(Photograph.sha256).order_by(col(Photograph.id))).all()
    path = folder / "originals" / first[:2] / first[2:4] / first
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    memory.originals.remove(second)
    memory.originals.put("ab" * 32, b"stray")
    memory.originals.settle("ab" * 32)
    found = bad(memory)
    assert set(found) == {"originals", "stray_originals"}
    assert first[:12] in found["originals"].words
    assert second[:12] in found["originals"].words
    assert "ab" * 32 in found["stray_originals"].words
    assert all(finding.advice for finding in found.values())


def test_features_of_another_method_are_noticed_and_described_anew(
    memory: Memory, take_in: Take, examiner: User
) -> None:
    first, second = take_in(1, 0), take_in(1, 1)
    decided = search.search_photograph(memory, first)[0].comparison
    review.decide(memory, decided.id, user_id=examiner.id, outcome=Status.CONFIRMED, reason="x")
    with memory.writing() as session:
        for row in session.exec(select(MarkFeatures)).all():
            row.method = "logo/0"
            session.add(row)
        for comparison in session.exec(select(Comparison)).all():
            comparison.method = "logo/0"
            session.add(comparison)
        before = set(session.exec(select(Mark.id)).all())
        old = set(session.exec(select(Comparison.id)).all())
    memory.index.rebuild(reason="another method")
    assert set(bad(memory)) == {"method"}
    assert "cachet reindex" in bad(memory)["method"].advice
    job = jobs.start(memory, JobKind.REINDEX)
    assert reindex.reindex(memory, job_id=job.id) == 2
    assert bad(memory) == {}
    with memory.reading() as session:
        assert set(session.exec(select(Mark.id)).all()) == before
        assert session.get_one(Job, job.id).state is JobState.DONE
        left = session.exec(select(Comparison)).all()
    assert {row.id for row in left} <= old
    assert {row.status for row in left} == {Status.CONFIRMED}
    found = search.search_photograph(memory, second)
    assert found[0].reference_photograph.id == first
    assert found[0].comparison.status is Status.CONFIRMED


def test_reindexing_goes_on_past_what_cannot_be_described(memory: Memory, take_in: Take) -> None:
    first, second = take_in(1, 0), take_in(1, 1)
    with memory.writing() as session:
        for row in session.exec(select(MarkFeatures)).all():
            row.method = "logo/0"
            session.add(row)
        sha256 = session.get_one(Photograph, first).sha256
    memory.originals.remove(sha256)
    assert reindex.reindex(memory) == 1
    with memory.reading() as session:
        assert reindex.outdated(session) == [first]
        numbers = session.exec(select(MarkFeatures.number).join(Mark).where(Mark.photograph_id == second)).all()  # type: ignore[arg-type]
    assert memory.index.spaces.vector.ids().tolist() == sorted(numbers)  # type: ignore[type-var]


def test_reindexing_that_is_stopped_says_so(memory: Memory, take_in: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in(1, 0)
    job = jobs.start(memory, JobKind.REINDEX)

    def broken(**options: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(memory.index, "rebuild", broken)
    with pytest.raises(OSError, match="no space"):
        reindex.reindex(memory, job_id=job.id)
    with memory.reading() as session:
        ended = session.get_one(Job, job.id)
    assert ended.state is JobState.FAILED
    assert "no space" in ended.message


def test_a_mark_that_lost_its_features_and_an_index_that_lags(memory: Memory, take_in: Take) -> None:
    take_in(1, 0)
    with memory.writing() as session:
        session.exec(delete(MarkFeatures))
    found = bad(memory)
    assert {"method", "index"} <= set(found)
    reindex.reindex(memory)
    assert bad(memory) == {}


def test_failed_photographs_and_a_full_disk(memory: Memory, take_in: Take) -> None:
    photograph_id = take_in(1, 0)
    with memory.writing() as session:
        row = session.get_one(Photograph, photograph_id)
        row.state = row.state.FAILED
        session.add(row)
    report = doctor.examine(memory, params=doctor.DoctorParams(free_bytes=10**18))
    assert {finding.code for finding in report.findings if not finding.ok} == {"work", "disk"}


def test_what_is_not_read_is_told_and_what_could_not_be_is_a_finding(memory: Memory, take_in: Take) -> None:
    def texts() -> doctor.Finding:
        return next(one for one in doctor.examine(memory).findings if one.code == "texts")

    key = take_in(1, 0)
    assert texts().ok
    assert "0 photographs are read by text/1, 1 wait" in texts().words
    ingest.read_until_empty(memory)
    assert "1 photographs are read by text/1, 0 wait" in texts().words
    for change in ({"read_by": "text/0"}, {"read_by": None, "reading_failure": "x"}):
        with memory.writing() as session:
            row = session.get_one(Photograph, key)
            row.sqlmodel_update(change)
            session.add(row)
        assert not texts().ok
        assert "reindex" in texts().advice
