"""Where two marks agree, packed for storage."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.comparison import Comparison

_FORMAT = 1
_WITH_TOOL = 2
"""Of a comparison whose tools were compared too: that answer's bytes follow."""


@dataclass(frozen=True, slots=True)
class Detail:
    """Where two marks agree.

    Attributes
    ----------
    query_points, reference_points : ndarray of shape (N, 2), float32
        Points that belong together, in pixels of each photograph.
    transform : ndarray of shape (3, 3), float64, or None
        Takes homogeneous query pixels to reference pixels.
    tool : bytes
        What the comparison of the tools answered, see :mod:`indexer.tool_comparison`; empty where none was made.
    """

    query_points: NDArray[np.float32]
    reference_points: NDArray[np.float32]
    transform: NDArray[np.float64] | None
    tool: bytes = b""


def pack(comparison: Comparison) -> bytes:
    """Return the points and the transform of a comparison as bytes: a format number, then compressed little-endian."""
    pairs = np.hstack([comparison.query_points, comparison.reference_points]).astype("<f4")
    transform = b"" if comparison.transform is None else np.asarray(comparison.transform, "<f8").tobytes()
    return bytes([_FORMAT, len(transform)]) + zlib.compress(transform + pairs.tobytes())


def with_tool(data: bytes, tool: bytes) -> bytes:
    """Return packed bytes with what the comparison of the tools answered, in place of an earlier answer."""
    plain = _split(data)[0]
    return bytes([_WITH_TOOL]) + len(plain).to_bytes(4, "little") + plain + tool


def _split(data: bytes) -> tuple[bytes, bytes]:
    """Return what :func:`pack` packed, and what was added to it."""
    if data[:1] != bytes([_WITH_TOOL]):
        return data, b""
    end = 5 + int.from_bytes(data[1:5], "little")
    return data[5:end], data[end:]


def unpack(data: bytes) -> Detail:
    """Return what :func:`pack` packed, with or without an answer on the tools.

    Raises
    ------
    ValueError
        Where it is of another format.
    """
    data, tool = _split(data)
    if not data:
        return Detail(np.empty((0, 2), np.float32), np.empty((0, 2), np.float32), None, tool)
    if data[0] != _FORMAT:
        raise ValueError(f"expected a comparison of format {_FORMAT}; found {data[0]}. Compare the two marks again.")
    length, content = data[1], zlib.decompress(data[2:])
    transform = np.frombuffer(content, "<f8", length // 8).reshape(3, 3).copy() if length else None
    pairs = np.frombuffer(content, "<f4", offset=length).reshape(-1, 4).astype(np.float32)
    return Detail(pairs[:, :2].copy(), pairs[:, 2:].copy(), transform, tool)
