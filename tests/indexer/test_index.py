from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import delete, select

from forensics.logo import LogoFeatures
from indexer import Memory, doctor, ingest, photographs, removal, search, seizures
from indexer import index as index_module
from indexer.records import IndexFile, MarkFeatures, Photograph, PhotographState, SeizureCreate
from tests.indexer.pictures import photograph


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed installation with three photographs, two of them of one design."""
    folder = tmp_path_factory.mktemp("filled") / "data"
    with Memory.open(folder, workers=1) as memory:
        seizure = seizures.create(memory, SeizureCreate(case_reference="A-1"))
        for number, take in ((1, 0), (1, 1), (2, 0)):
            ingest.accept(memory, photograph(number, take), file_name=f"{number}-{take}", seizure_id=seizure.id)
        ingest.run_until_empty(memory)
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data"))


def saved_files(folder: Path) -> list[Path]:
    return sorted((folder / "index").iterdir())


def hits(memory: Memory, name: str = "1-0") -> list[str]:
    with memory.reading() as session:
        asked = session.exec(select(Photograph.id).where(Photograph.file_name == name)).one()
    found = search.search_photograph(memory, asked, params=search.SearchParams())
    return [hit.reference_photograph.file_name for hit in found][:1]


def is_whole(memory: Memory) -> bool:
    report = doctor.examine(memory)
    return next(finding for finding in report.findings if finding.code == "index").ok


def rebuilds(folder: Path) -> Iterator[str]:
    """Open, and yield the reason why the index was built again; nothing where it was loaded."""
    told: list[tuple[str, float]] = []
    with Memory.open(folder, workers=1, progress=lambda what, part: told.append((what, part))) as memory:
        status = memory.index.status()
        assert status.state == "ready"
        assert is_whole(memory)
        assert hits(memory) == ["1-1"]
        if told:
            parts = [part for _, part in told]
            assert parts == sorted(parts)
            assert parts[-1] == 1.0
            yield status.reason
        assert bool(told) == bool(status.reason)


def test_a_saved_index_is_loaded_and_not_built_again(folder: Path) -> None:
    before = saved_files(folder)
    assert len(before) == 2
    assert list(rebuilds(folder)) == []
    assert saved_files(folder) == before


def test_a_missing_index_is_built_again(folder: Path) -> None:
    shutil.rmtree(folder / "index")
    assert [reason.split(":")[0] for reason in rebuilds(folder)] == ["missing"]
    assert len(saved_files(folder)) == 2
    assert list(rebuilds(folder)) == []


@pytest.mark.parametrize("which", [0, 1])
def test_a_flipped_byte_is_noticed(folder: Path, which: int) -> None:
    path = saved_files(folder)[which]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    assert [reason.split(":")[0] for reason in rebuilds(folder)] == ["corrupt"]


def test_an_index_of_another_method_is_stale(folder: Path) -> None:
    with Memory.open(folder, workers=1) as memory, memory.writing() as session:
        for row in session.exec(select(IndexFile)).all():
            row.method = "logo/0"
            session.add(row)
    assert [reason.split(":")[0] for reason in rebuilds(folder)] == ["stale"]


def test_an_index_later_than_the_database_is_stale(folder: Path) -> None:
    with Memory.open(folder, workers=1) as memory, memory.writing() as session:
        for row in session.exec(select(IndexFile)).all():
            row.generation = 10_000
            session.add(row)
    assert [reason.split(":")[0] for reason in rebuilds(folder)] == ["stale"]


def test_an_index_that_was_never_saved_is_built_again(folder: Path) -> None:
    with Memory.open(folder, workers=1) as memory, memory.writing() as session:
        session.exec(delete(IndexFile))
    assert [reason.split(":")[0] for reason in rebuilds(folder)] == ["missing"]


def test_an_older_index_catches_up(folder: Path) -> None:
    older = shutil.copytree(folder / "index", folder.parent / "older")
    with Memory.open(folder, workers=1) as memory:
        with memory.reading() as session:
            rows = [row.model_dump() for row in session.exec(select(IndexFile)).all()]
            gone = session.exec(select(Photograph.id).where(Photograph.file_name == "1-1")).one()
        ingest.accept(memory, photograph(1, 5), file_name="1-5")
        removal.remove_photograph(memory, gone)
        ingest.run_until_empty(memory)
    # As a crash leaves it: what was last saved is older than the database.
    with Memory.open(folder, workers=1) as memory, memory.writing() as session:
        for values in rows:
            session.merge(IndexFile(**values))
    for path in older.iterdir():
        shutil.copy(path, folder / "index" / path.name)
    with Memory.open(folder, workers=1) as memory:
        assert memory.index.status().reason == ""
        assert is_whole(memory)
        assert hits(memory) == ["1-5"]


def test_it_is_rebuilt_while_the_program_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folder / "index")
    with Memory.open(folder, workers=1, rebuild_in_background=True) as memory:
        assert memory.index.wait_until_ready(60)
        assert memory.index.status().state == "ready"
        assert is_whole(memory)


def test_an_unfinished_rebuild_is_not_saved(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folder / "index")
    monkeypatch.setattr(index_module.Index, "_everything", lambda self: iter([[], 1 / 0]))
    with pytest.raises(ZeroDivisionError):
        Memory.open(folder, workers=1)
    with Memory.open(folder, workers=1, rebuild_in_background=True) as memory:
        assert not memory.index.wait_until_ready(60)
        assert memory.index.status().state == "failed"
        assert "failed" in memory.index.status().reason
    monkeypatch.undo()
    assert len(list(rebuilds(folder))) == 1


def test_a_search_is_owed_until_the_index_is_built_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folder / "index")
    go_on = threading.Event()
    everything = index_module.Index._everything

    def slowly(self: index_module.Index) -> Iterator[list[tuple[int, LogoFeatures]]]:
        assert go_on.wait(60)
        yield from everything(self)

    monkeypatch.setattr(index_module.Index, "_everything", slowly)
    with Memory.open(folder, workers=1, rebuild_in_background=True) as memory:
        accepted = ingest.accept(memory, photograph(1, 7), file_name="1-7")
        # Neither waits for the index: who stops the program meanwhile is not kept waiting.
        ingest.run_until_empty(memory)
        with memory.reading() as session:
            row = photographs.get(session, accepted.photograph_id)
        assert (row.state, row.searched_up_to, row.claimed_by) == (PhotographState.READY, None, None)
        go_on.set()
        assert memory.index.wait_until_ready(60)
        ingest.run_until_empty(memory)
        with memory.reading() as session:
            assert photographs.get(session, accepted.photograph_id).searched_up_to == memory.index.applied


def test_two_processes_follow_each_other(folder: Path) -> None:
    with Memory.open(folder, workers=1) as one, Memory.open(folder, workers=1) as other:
        accepted = ingest.accept(other, photograph(2, 3), file_name="2-3")
        ingest.run_until_empty(other)
        assert hits(one, "2-0") == ["2-3"]
        removal.remove_photograph(one, accepted.photograph_id)
        assert "2-3" not in hits(other, "2-0")
        assert is_whole(one)
        assert is_whole(other)


def test_damaged_features_hide_only_themselves(folder: Path) -> None:
    with Memory.open(folder, workers=1) as memory:
        with memory.writing() as session:
            row = session.exec(select(MarkFeatures)).all()[-1]
            damaged: UUID = row.mark_id
            row.data = row.data[:-9] + b"\0" * 9
            session.add(row)
        memory.index.rebuild(reason="asked for")
        assert hits(memory) == ["1-1"]
        findings = {finding.code: finding for finding in doctor.examine(memory).findings}
        assert not findings["features"].ok
        assert str(damaged) in findings["features"].words
        assert findings["index"].ok
