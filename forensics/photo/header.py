"""What a file says of its picture before one pixel of it is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.photo.kind import Kind


@dataclass(frozen=True, slots=True)
class Header:
    """The findings of a walk through the file's structure.

    Attributes
    ----------
    kind : Kind
        The file's format.
    width, height : int
        Of the picture as it is stored, before it is turned upright.
    bit_depth : int
        Bits per channel.
    essence : bytes
        The file reduced to what makes the pixels. Only this is handed to a decoder: text, metadata, thumbnails and
        private parts, which are where archives and faults are hidden, never reach it.
    exif : bytes
        The EXIF block, from its byte order mark on; empty where there is none.
    icc : bytes
        The colour profile; empty where there is none.
    orientation : int or None
        Where the format itself says how the picture is turned; None leaves it to the EXIF block.
    remarks : tuple of str
        What was set aside, in words.
    """

    kind: Kind
    width: int
    height: int
    bit_depth: int
    essence: bytes
    exif: bytes = b""
    icc: bytes = b""
    orientation: int | None = None
    remarks: tuple[str, ...] = ()
