"""Originals in a folder: ``ab/cd/abcd...``."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from indexer.durable import make_folder, sync_folder, write_durably
from indexer.locks import FileLock
from indexer.originals.store import OriginalDamaged

_HASH = re.compile(r"[0-9a-f]{64}")


class FolderOriginals:
    """A store of originals in one folder; see :class:`indexer.originals.store.Originals`.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._marks = folder / "unsettled"
        make_folder(self._marks)
        self._lock = FileLock(folder / "lock")

    def put(self, sha256: str, data: bytes) -> None:
        """Keep the bytes, durably; the hash stays unsettled until :meth:`settle`."""
        self.unsettle(sha256)
        write_durably(self._path(sha256), data)

    def read(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises
        ------
        OriginalDamaged
            Where the file is missing, or is not what was put there.
        """
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise OriginalDamaged(sha256, "no file") from None
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise OriginalDamaged(sha256, f"{len(data)} bytes with the SHA-256 {found}")
        return data

    def exists(self, sha256: str) -> bool:
        """Tell whether something is stored under the hash."""
        return self._path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        """Remove the file, and what an interrupted write left beside it."""
        path = self._path(sha256)
        if not path.parent.is_dir():
            return
        path.unlink(missing_ok=True)
        for left in path.parent.glob(f".{sha256}.*.part"):
            left.unlink(missing_ok=True)
        sync_folder(path.parent)

    def unsettle(self, sha256: str) -> None:
        """Mark the hash, durably."""
        (self._marks / _checked(sha256)).touch()
        sync_folder(self._marks)

    def settle(self, sha256: str) -> None:
        """Take the mark away."""
        (self._marks / _checked(sha256)).unlink(missing_ok=True)

    def unsettled(self) -> tuple[str, ...]:
        """Return the marked hashes."""
        return tuple(sorted(entry.name for entry in self._marks.iterdir() if _HASH.fullmatch(entry.name)))

    def __iter__(self) -> Iterator[str]:
        for path in sorted(self.folder.glob("??/??/*")):
            if _HASH.fullmatch(path.name):
                yield path.name

    def keeping(self) -> AbstractContextManager[None]:
        """Hold while a file and its row are written."""
        return self._lock.shared()

    def clearing(self) -> AbstractContextManager[None]:
        """Hold while files without a row are removed."""
        return self._lock.alone()

    def _path(self, sha256: str) -> Path:
        _checked(sha256)
        return self.folder / sha256[:2] / sha256[2:4] / sha256


def _checked(sha256: str) -> str:
    # The hash becomes a path: nothing else may.
    if not _HASH.fullmatch(sha256):
        raise ValueError(
            f"expected a SHA-256 as 64 hexadecimal digits; found {sha256[:80]!r}. Take it from the record."
        )
    return sha256
