"""Locks between processes that the system releases by itself when a process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """A lock on a file, between threads and processes alike.

    Parameters
    ----------
    path : Path
        The file; made if it is not there. Its content means nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold it together with others that share it."""
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold it with nobody else."""
        with self._held(fcntl.LOCK_EX):
            yield

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        # Opened anew each time: the lock belongs to the open file, so that two threads exclude each other too.
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, how)
            yield
        finally:
            os.close(handle)


class Presence:
    """A name that this process holds while it lives, so that others can tell its claims from those of a dead one.

    Parameters
    ----------
    folder : Path
        Where the names are kept.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.name = secrets.token_hex(16)
        # Locked before it has its name: nobody ever sees it unlocked while this process lives.
        passing = folder / f".{self.name}"
        self._handle: int | None = os.open(passing, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        passing.rename(folder / self.name)

    def lives(self, name: str | None) -> bool:
        """Tell whether the process that holds a name is still running."""
        if name is None:
            return False
        if name == self.name:
            return self._handle is not None
        try:
            handle = os.open(self._folder / name, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def clear(self) -> None:
        """Remove the names of processes that are gone."""
        for path in self._folder.iterdir():
            if not path.name.startswith(".") and not self.lives(path.name):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the name up."""
        if self._handle is not None:
            (self._folder / self.name).unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None
