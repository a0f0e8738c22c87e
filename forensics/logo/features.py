"""What is kept of a described region: compact, and the same before and after storage."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.packed import damaged, pack, unpack

METHOD = "logo/3"
"""The describing and comparing method. Features of different methods do not compare."""

D_LOCAL = 48
"""Bytes of one local descriptor; see :attr:`LogoFeatures.local`."""

D_GLOBAL = 128
"""Values of the global vector; see :attr:`LogoFeatures.vector`."""

ROWS = 4095
"""The most points one region may have: a row number fits twelve bits."""

_HEAD = struct.Struct("<4sBBHHHHff")
_MAGIC = b"LOGO"
_FORMAT = 2
_POINT = np.dtype([("x", "<u2"), ("y", "<u2"), ("scale", "u1"), ("angle", "u1")])
_STEPS_AN_OCTAVE = 16
_TURN = 2 * np.pi


@dataclass(frozen=True, slots=True)
class LogoFeatures:
    """A described region: its points of interest, and one vector for the whole of it.

    Attributes
    ----------
    method : str
        The method that described it; see :data:`METHOD`.
    points : ndarray of shape (N, 4), float32
        One row a point: x and y in pixels of the photograph, scale (the diameter of the point's neighbourhood, in
        pixels of the photograph) and angle (radians from 0 to 2 pi, from x towards y; of a dark point, as if light and
        dark were exchanged). Best first.
    local : ndarray of shape (N, D_LOCAL), uint8
        One row a point. The Euclidean distance between rows (of the bytes, as numbers) tells how alike two points are.
    vector : ndarray of shape (D_GLOBAL,), float32
        Unit length. The inner product tells how alike two regions are as a whole; zero for a region with no content.
    part : bool
        Whether these points are also among those of the whole photograph, which is described beside this region: an
        index that holds the whole need not hold them again.
    parts : ndarray of shape (M, D_GLOBAL), float32
        Of a whole photograph: the global vectors of the regions that the finder found on it, so that two photographs
        are as alike as their most alike regions. None for any other region.
    """

    method: str
    points: NDArray[np.float32]
    local: NDArray[np.uint8]
    vector: NDArray[np.float32]
    part: bool = False
    parts: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, D_GLOBAL), np.float32))

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Return the global vector, and those of the parts: shape (1 + M, D_GLOBAL)."""
        return np.concatenate([self.vector[None], self.parts])

    def __len__(self) -> int:
        """Count the points."""
        return len(self.points)

    def to_bytes(self) -> bytes:
        """Pack into bytes, little-endian, with a format number and a checksum.

        Returns
        -------
        bytes
            33 bytes, 2 for each value of a vector, and 6 + :data:`D_LOCAL` for each point. Positions are kept to
            1/65535 of the photograph's side, scales to 1/16 octave, angles to 1/256 turn, vectors as float16.
        """
        count = len(self.points)
        points = np.zeros(count, _POINT)
        spans = [float(max(self.points[:, axis].max(initial=0.0), 1.0)) for axis in (0, 1)]
        for axis, name in enumerate(("x", "y")):
            points[name] = np.round(self.points[:, axis] / np.float32(spans[axis]) * 65535)
        points["scale"] = np.clip(np.round(np.log2(np.maximum(self.points[:, 2], 1e-3)) * _STEPS_AN_OCTAVE), 0, 255)
        points["angle"] = np.round(self.points[:, 3] / _TURN * 256).astype(np.int64) % 256
        head = _HEAD.pack(
            _MAGIC, _FORMAT, self.part, count, self.local.shape[1], len(self.vector), len(self.parts), *spans
        )
        return pack(head, self.method, points.tobytes() + self.local.tobytes() + self.vectors.astype("<f2").tobytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> LogoFeatures:
        """Unpack what :meth:`to_bytes` packed.

        Parameters
        ----------
        data : bytes
            The packed features.

        Returns
        -------
        LogoFeatures
            Packing it again gives the same bytes.

        Raises
        ------
        ForensicsError
            ``damaged_features``: truncated, altered, or not packed features at all. ``unknown_format``: packed by
            another version of the program.
        """
        (part, count, width, length, parts, *spans), method, content = unpack(data, _HEAD, _MAGIC, _FORMAT)
        if len(content) != count * (_POINT.itemsize + width) + 2 * length * (1 + parts):
            raise damaged(f"{len(data)} bytes, which do not fit its own counts")
        packed = np.frombuffer(content, _POINT, count)
        points = np.empty((count, 4), np.float32)
        for axis, name in enumerate(("x", "y")):
            points[:, axis] = packed[name].astype(np.float32) / np.float32(65535) * np.float32(spans[axis])
        points[:, 2] = np.exp2(packed["scale"].astype(np.float32) / _STEPS_AN_OCTAVE)
        points[:, 3] = packed["angle"].astype(np.float32) * np.float32(_TURN / 256)
        start = count * _POINT.itemsize
        local = np.frombuffer(content, np.uint8, count * width, start).reshape(count, width)
        vectors = np.frombuffer(content, "<f2", length * (1 + parts), start + count * width).astype(np.float32)
        vectors = vectors.reshape(1 + parts, length)
        return cls(method, points, local, vectors[0], bool(part), vectors[1:])
