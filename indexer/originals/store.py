"""What a store of originals must do, wherever it keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol


class OriginalDamaged(Exception):
    """A stored original is not the bytes that were put there."""

    code = "original_damaged"

    def __init__(self, sha256: str, found: str) -> None:
        super().__init__(
            f"expected an original with the SHA-256 {sha256}; found {found}. Restore it from a backup, or upload the "
            "photograph again."
        )
        self.sha256 = sha256


class Originals(Protocol):
    """Untouched files under their SHA-256.

    A file and its row in the database cannot be written in one step. So that no crash leaves a file without a row,
    a hash is *unsettled* from before the file appears until the row is committed, and from before a row is deleted
    until the file is gone. What is found unsettled after a crash is settled by asking the database.
    """

    def put(self, sha256: str, data: bytes) -> None:
        """Mark the hash unsettled, and keep the bytes; durable on return. The same again is no error."""
        ...

    def read(self, sha256: str) -> bytes:
        """Return the bytes, checked against the hash; raises OriginalDamaged."""
        ...

    def exists(self, sha256: str) -> bool:
        """Tell whether something is stored under the hash."""
        ...

    def remove(self, sha256: str) -> None:
        """Remove the file; one that is not there is no error."""
        ...

    def unsettle(self, sha256: str) -> None:
        """Mark the hash: its row may or may not be there."""
        ...

    def settle(self, sha256: str) -> None:
        """Take the mark away: file and row agree."""
        ...

    def unsettled(self) -> tuple[str, ...]:
        """Return the marked hashes."""
        ...

    def __iter__(self) -> Iterator[str]:
        """Go through every stored hash."""
        ...

    def keeping(self) -> AbstractContextManager[None]:
        """Hold while a file and its row are written: nobody clears up meanwhile. Several may hold it."""
        ...

    def clearing(self) -> AbstractContextManager[None]:
        """Hold while files without a row are removed: nobody keeps one meanwhile. Only one holds it."""
        ...
