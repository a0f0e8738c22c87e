"""What is kept of a striated mark: its profile across the striae, and how it was found."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forensics.packed import damaged, pack, unpack

METHOD = "striated/1"
"""The describing and comparing method. Features of different methods do not compare."""

Kind = Literal["height", "light"]
KINDS: tuple[Kind, ...] = ("height", "light")

_HEAD = struct.Struct("<4sBBHIdddfff")
_MAGIC = b"STRI"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class StriatedFeatures:
    """A described striated mark.

    Attributes
    ----------
    method : str
        The method that described it; see :data:`METHOD`.
    profile : ndarray of shape (N,), float32
        Across the striae, from end to end and without gaps: heights in metres, or grey values from 0 to 1. Nothing
        but the form of the mark's sides is taken out of it.
    spacing : float
        Metres from one value to the next.
    kind : {"height", "light"}
        What the values are. A profile of heights and one of light do not compare.
    direction : float
        Of the striae, in radians from 0 to pi, from x towards y; of a profile that was measured as one, pi / 2.
    coherence : float
        How much the gradients agree on that direction, from 0 (on none) to 1.
    rows : int
        How many lines across the striae the profile was taken from.
    agreement : float
        Correlation of the profile of every second line with that of the others; 1 for a single line.
    """

    method: str
    profile: NDArray[np.float32]
    spacing: float
    kind: Kind
    direction: float = float(np.pi / 2)
    coherence: float = 1.0
    rows: int = 1
    agreement: float = 1.0

    @property
    def length(self) -> float:
        """Metres from the first value to the last."""
        return (len(self.profile) - 1) * self.spacing

    def to_bytes(self) -> bytes:
        """Pack into bytes, little-endian, with a format number and a checksum.

        Returns
        -------
        bytes
            63 bytes and 2 a value: the profile is kept to 1/65535 of its range.
        """
        low, high = float(self.profile.min()), float(self.profile.max())
        span = high - low or 1.0
        packed = np.round((self.profile.astype(np.float64) - low) / span * 65535).astype("<u2")
        head = _HEAD.pack(
            _MAGIC, _FORMAT, KINDS.index(self.kind), self.rows, len(packed), self.spacing, low, span,
            self.direction, self.coherence, self.agreement,
        )  # fmt: skip
        return pack(head, self.method, packed.tobytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> StriatedFeatures:
        """Unpack what :meth:`to_bytes` packed.

        Parameters
        ----------
        data : bytes
            The packed features.

        Returns
        -------
        StriatedFeatures
            Packing it again gives the same bytes.

        Raises
        ------
        ForensicsError
            ``damaged_features``: truncated, altered, or not packed features at all. ``unknown_format``: packed by
            another version of the program.
        """
        (kind, rows, count, spacing, low, span, along, coherence, agreement), method, content = unpack(
            data, _HEAD, _MAGIC, _FORMAT
        )
        if len(content) != 2 * count:
            raise damaged(f"{len(data)} bytes, which do not fit its own counts")
        profile = (np.frombuffer(content, "<u2") / 65535 * span + low).astype(np.float32)
        return cls(method, profile, spacing, KINDS[kind], along, coherence, rows, agreement)
