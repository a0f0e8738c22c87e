"""The envelope of packed features, of every line of evidence: a head, the method, the content and a checksum."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from forensics.errors import ForensicsError

_TAIL = struct.Struct("<I")


def pack(head: bytes, method: str, content: bytes) -> bytes:
    """Join the head, the method's name and the content, with a checksum of all.

    Parameters
    ----------
    head : bytes
        Begins with four bytes that name the kind and one that numbers its format.
    method : str
        The describing method and its version; fewer than 256 bytes.
    content : bytes
        What was seen.

    Returns
    -------
    bytes
        For :func:`unpack`.
    """
    name = method.encode()
    body = b"".join((head, bytes([len(name)]), name, content))
    return body + _TAIL.pack(zlib.crc32(body))


def unpack(data: bytes, head: struct.Struct, magic: bytes, version: int) -> tuple[tuple[Any, ...], str, bytes]:
    """Take apart what :func:`pack` joined.

    Parameters
    ----------
    data : bytes
        The packed features.
    head : struct.Struct
        Of the head.
    magic : bytes
        The four bytes that name the kind.
    version : int
        The format that is read.

    Returns
    -------
    tuple
        The values of the head after its format, the method, and the content.

    Raises
    ------
    ForensicsError
        ``damaged_features``: truncated, altered, or not packed features at all. ``unknown_format``: packed by another
        version of the program.
    """
    if len(data) < head.size + 1 + _TAIL.size or data[:4] != magic:
        raise damaged(f"{len(data)} bytes that do not begin as such")
    if zlib.crc32(data[: -_TAIL.size]) != _TAIL.unpack(data[-_TAIL.size :])[0]:
        raise damaged(f"{len(data)} bytes whose checksum does not agree")
    _, found, *values = head.unpack_from(data)
    if found != version:
        raise ForensicsError(
            "unknown_format",
            expected=f"packed features of format {version}",
            found=f"format {found}",
            hint="Describe the photographs again with this version: cachet reindex.",
        )
    start = head.size + 1 + data[head.size]
    return tuple(values), data[head.size + 1 : start].decode(), data[start : -_TAIL.size]


def damaged(found: str) -> ForensicsError:
    """Return the error for bytes that are no whole packed features."""
    return ForensicsError(
        "damaged_features",
        expected="features packed by this program",
        found=found,
        hint="Describe the photograph again: cachet reindex.",
    )
