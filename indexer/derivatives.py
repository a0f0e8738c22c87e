"""Pictures made from originals and kept because making them takes time. All of them can be deleted at any moment."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from indexer.durable import write_durably

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


class Derivatives:
    """A folder of derived pictures, by the hash of their original.

    Parameters
    ----------
    folder : Path
        Made when something is put there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, sha256: str, name: str) -> bytes | None:
        """Return a derived picture, or None where it was not made yet."""
        try:
            return self._path(sha256, name).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, sha256: str, name: str, data: bytes) -> None:
        """Keep a derived picture."""
        write_durably(self._path(sha256, name), data)

    def remove(self, sha256: str) -> None:
        """Remove everything derived from an original."""
        shutil.rmtree(self._path(sha256, "all").parent, ignore_errors=True)

    def _path(self, sha256: str, name: str) -> Path:
        if not re.fullmatch("[0-9a-f]{64}", sha256) or not _NAME.fullmatch(name):
            raise ValueError(
                f"expected a SHA-256 and a plain file name; found {sha256[:80]!r} and {name[:120]!r}. "
                "Use lower case letters, digits, dots, dashes and underscores."
            )
        return self._folder / sha256[:2] / sha256[2:4] / sha256 / name
