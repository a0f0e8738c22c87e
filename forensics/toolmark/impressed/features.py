"""What is kept of an impressed mark: its relief, or its picture, levelled and at one resolution."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forensics.packed import damaged, pack, unpack

METHOD = "impressed/1"
"""The describing and comparing method. Features of different methods do not compare."""

Kind = Literal["height", "light"]
KINDS: tuple[Kind, ...] = ("height", "light")

_HEAD = struct.Struct("<4sBBHHddI")
_MAGIC = b"IMPR"
_FORMAT = 1
_NOTHING = -32768


@dataclass(frozen=True, slots=True)
class ImpressedFeatures:
    """A described impressed mark.

    Attributes
    ----------
    method : str
        The method that described it; see :data:`METHOD`.
    values : ndarray of shape (H, W), float32
        Heights in metres or grey values, with the form taken out; 0 where nothing is known.
    valid : ndarray of shape (H, W), bool
        Where something is known.
    spacing : float
        Metres from pixel to pixel.
    kind : {"height", "light"}
        What the values are. Heights and light do not compare.
    """

    method: str
    values: NDArray[np.float32]
    valid: NDArray[np.bool_]
    spacing: float
    kind: Kind

    @property
    def extent(self) -> float:
        """Metres along the longer side."""
        return float(max(self.values.shape) * self.spacing)

    def to_bytes(self) -> bytes:
        """Pack into bytes, little-endian, compressed, with a format number and a checksum.

        Returns
        -------
        bytes
            Less than 2 bytes a pixel: values are kept to 1/65534 of their range.
        """
        most = float(np.abs(self.values[self.valid]).max(initial=0.0)) or 1.0
        packed = np.where(self.valid, np.round(self.values / most * 32767), _NOTHING).astype("<i2")
        squeezed = zlib.compress(packed.tobytes(), 6)
        head = _HEAD.pack(
            _MAGIC, _FORMAT, KINDS.index(self.kind), *self.values.shape, self.spacing, most, len(squeezed)
        )
        return pack(head, self.method, squeezed)

    @classmethod
    def from_bytes(cls, data: bytes) -> ImpressedFeatures:
        """Unpack what :meth:`to_bytes` packed.

        Parameters
        ----------
        data : bytes
            The packed features.

        Returns
        -------
        ImpressedFeatures
            Packing it again gives the same bytes.

        Raises
        ------
        ForensicsError
            ``damaged_features``: truncated, altered, or not packed features at all. ``unknown_format``: packed by
            another version of the program.
        """
        (kind, height, width, spacing, most, length), method, content = unpack(data, _HEAD, _MAGIC, _FORMAT)
        if len(content) != length:
            raise damaged(f"{len(data)} bytes, which do not fit its own counts")
        unpacked = zlib.decompressobj().decompress(content, 2 * height * width + 1)
        if len(unpacked) != 2 * height * width:
            raise damaged("values that do not fit their own size")
        packed = np.frombuffer(unpacked, "<i2").reshape(height, width)
        valid = packed != _NOTHING
        values = np.where(valid, packed / 32767 * most, 0).astype(np.float32)
        return cls(method, values, valid, spacing, KINDS[kind])
