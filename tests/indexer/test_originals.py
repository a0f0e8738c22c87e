from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from indexer.originals import FolderOriginals, OriginalDamaged
from indexer.originals import folder as folder_module


def named(data: bytes) -> tuple[str, bytes]:
    return hashlib.sha256(data).hexdigest(), data


def test_what_is_put_is_read(tmp_path: Path) -> None:
    originals = FolderOriginals(tmp_path / "originals")
    sha256, data = named(b"some bytes")
    originals.put(sha256, data)
    assert originals.read(sha256) == data
    assert originals.exists(sha256)
    assert list(originals) == [sha256]
    assert (tmp_path / "originals" / sha256[:2] / sha256[2:4] / sha256).is_file()


def test_a_hash_is_unsettled_until_it_is_settled(tmp_path: Path) -> None:
    originals = FolderOriginals(tmp_path)
    sha256, data = named(b"x")
    originals.put(sha256, data)
    assert originals.unsettled() == (sha256,)
    originals.settle(sha256)
    originals.settle(sha256)
    assert originals.unsettled() == ()
    originals.unsettle(sha256)
    assert originals.unsettled() == (sha256,)


def test_it_is_marked_before_the_file_appears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    originals = FolderOriginals(tmp_path)
    sha256, data = named(b"x")

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(folder_module, "write_durably", full)
    with pytest.raises(OSError, match="no space"):
        originals.put(sha256, data)
    assert originals.unsettled() == (sha256,)
    assert not originals.exists(sha256)


def test_altered_and_missing_originals_are_told(tmp_path: Path) -> None:
    originals = FolderOriginals(tmp_path)
    sha256, data = named(b"untouched")
    with pytest.raises(OriginalDamaged, match="no file"):
        originals.read(sha256)
    originals.put(sha256, data)
    (tmp_path / sha256[:2] / sha256[2:4] / sha256).write_bytes(b"Untouched")
    with pytest.raises(OriginalDamaged, match="9 bytes"):
        originals.read(sha256)
    originals.put(sha256, data)
    assert originals.read(sha256) == data


def test_removing_leaves_nothing(tmp_path: Path) -> None:
    originals = FolderOriginals(tmp_path)
    sha256, data = named(b"gone")
    originals.remove(sha256)
    originals.put(sha256, data)
    originals.settle(sha256)
    # What an interrupted write leaves beside it.
    (tmp_path / sha256[:2] / sha256[2:4] / f".{sha256}.0123.part").write_bytes(b"go")
    originals.remove(sha256)
    assert not originals.exists(sha256)
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "lock"] == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_only_a_hash_is_a_name(tmp_path: Path, name: str) -> None:
    originals = FolderOriginals(tmp_path)
    for use in (originals.read, originals.exists, originals.remove, originals.unsettle, originals.settle):
        with pytest.raises(ValueError, match="SHA-256"):
            use(name)


def test_clearing_waits_for_keeping(tmp_path: Path) -> None:
    originals = FolderOriginals(tmp_path)
    order: list[str] = []
    inside = threading.Event()

    def clear() -> None:
        inside.wait()
        with FolderOriginals(tmp_path).clearing():
            order.append("cleared")

    clearing = threading.Thread(target=clear)
    clearing.start()
    with originals.keeping(), originals.keeping():
        inside.set()
        clearing.join(0.1)
        order.append("kept")
    clearing.join()
    assert order == ["kept", "cleared"]
