"""Files and folders that are still there after a power cut."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def write_durably(path: Path, data: bytes | memoryview) -> None:
    """Write a file so that it is whole or absent, also after a power cut; see :func:`writing_durably`.

    Parameters
    ----------
    path : Path
        Where; its folders are made.
    data : bytes
        What. An existing file is replaced.
    """
    with writing_durably(path) as file:
        file.write(data)


@contextmanager
def writing_durably(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which is whole or absent: new file, fsync, rename, fsync of the folder.

    Parameters
    ----------
    path : Path
        Where; its folders are made. An existing file is replaced, once everything is written.
    """
    make_folder(path.parent)
    passing = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with passing.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)
