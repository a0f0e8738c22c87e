"""A space in a file: list after list, to be searched where it lies, and at the end what they are.

The data begins at byte 0. Of each list: its codes, then its ids (int64, little-endian), each list at a multiple of 64
bytes. Then a foot: the centres (FAISS's own format), the sizes of the lists and the runs of ids (int64), a JSON object
that says where these are, its length in eight bytes, and the format's name in eight.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.durable import writing_durably
from indexer.vectors.id_set import IdSet
from indexer.vectors.layout import Centres, SpaceParams
from indexer.vectors.part import Part
from indexer.vectors.space import Saved, SpaceUnusable

_NAME = b"cachet-1"
_END = struct.Struct("<Q8s")
_ALIGNED = 64


class _Hashed:
    """A file that is hashed as it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes | NDArray[Any]) -> int:
        """Write, and return where it begins."""
        begins, content = self.size, memoryview(data) if isinstance(data, bytes) else data.data
        self._file.write(content)
        self.sha256.update(content)
        self.size += content.nbytes
        return begins


def write(path: Path, parts: Sequence[Part], centres: Centres, *, kind: str) -> Saved:
    """Write parts into one file, durably, a list at a time: the memory of one list is enough.

    Parameters
    ----------
    path : Path
        Where.
    parts : sequence of Part
        What; all about the same centres.
    centres : Centres
        The centres.
    kind : str
        What the values are, to be found the same when it is opened.
    """
    sizes = np.zeros(len(centres), np.int64)
    with writing_durably(path) as file:
        out = _Hashed(file)
        for number in range(len(centres)):
            rows = [part.rows(number) for part in parts]
            sizes[number] = sum(len(ids) for ids, _ in rows)
            for _, codes in rows:
                out.write(np.ascontiguousarray(codes).reshape(-1))
            for ids, _ in rows:
                out.write(np.ascontiguousarray(ids, "<i8"))
            out.write(bytes(-out.size % _ALIGNED))
        held = IdSet()
        for part in parts:
            held = held | (part.ids - part.gone)
        foot = {
            "kind": kind,
            "rows": len(held),
            "centres": [out.write(centres.to_bytes()), out.size],
            "sizes": [out.write(sizes.astype("<i8")), out.size],
            "runs": [out.write(held.runs.astype("<i8").reshape(-1)), out.size],
        }
        described = json.dumps(foot).encode()
        out.write(described)
        out.write(_END.pack(len(described), _NAME))
    return Saved(out.sha256.hexdigest(), len(held))


def check(path: Path, saved: Saved) -> None:
    """Read the whole file and hold it to its checksum: FAISS would believe it with any byte altered.

    Raises
    ------
    SpaceUnusable
        Where the file is missing, or is not what was saved.
    """
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise SpaceUnusable(f"missing: there is no file {path.name}") from None
    if found != saved.sha256:
        raise SpaceUnusable(f"corrupt: {path.name} is not the file that was saved (SHA-256 {found[:12]}...)")


def read(path: Path, *, kind: str, width: int, params: SpaceParams) -> tuple[Centres, IdSet, Any]:
    """Open a file: its centres, its ids, and its lists, which stay in the file.

    Parameters
    ----------
    path : Path
        Which.
    kind : str
        What the values are.
    width : int
        Bytes of a vector.
    params : SpaceParams
        How the centres are looked at.

    Raises
    ------
    SpaceUnusable
        Where it is no such file.
    """
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            file.seek(size - _END.size)
            length, name = _END.unpack(file.read())
            if name != _NAME:
                raise SpaceUnusable(f"stale: {path.name} is of another format")
            file.seek(size - _END.size - length)
            foot = json.loads(file.read(length))
        if foot["kind"] != kind:
            raise SpaceUnusable(f"stale: {path.name} holds {foot['kind']}, and {kind} is in use")
        bytes_of = {what: _read(path, *foot[what]) for what in ("centres", "sizes", "runs")}
    except (OSError, ValueError, KeyError, struct.error) as failure:
        raise SpaceUnusable(f"corrupt: {path.name} cannot be read ({failure})") from None
    sizes = bytes_of["sizes"].view("<i8")
    ids = IdSet.of_ranges(bytes_of["runs"].view("<i8").astype(np.int64).reshape(-1, 2))
    return Centres.from_bytes(bytes_of["centres"], params=params), ids, _lists(path, sizes, width)


def _read(path: Path, begins: int, ends: int) -> NDArray[np.uint8]:
    return np.fromfile(path, np.uint8, ends - begins, offset=begins)


def _lists(path: Path, sizes: NDArray[np.int64], width: int) -> Any:
    taken = sizes * (width + 8)
    begins = np.concatenate([[0], np.cumsum(taken + -taken % _ALIGNED)[:-1]])
    lists: Any = faiss.OnDiskInvertedLists()
    lists.nlist, lists.code_size, lists.read_only = len(sizes), width, True
    lists.filename, lists.totsize = str(path), path.stat().st_size
    # Reading ahead starts threads of its own; the lists of a query are short.
    lists.prefetch_nthread = 0
    one: Any = faiss.OnDiskOneList()
    for size, begin in zip(sizes.tolist(), begins.tolist(), strict=True):
        one.size, one.capacity, one.offset = size, size, begin
        lists.lists.push_back(one)
    lists.do_mmap()
    return lists
