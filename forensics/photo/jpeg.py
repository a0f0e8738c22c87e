"""JPEG (ISO/IEC 10918-1, JFIF, Adobe): the walk through its segments, and its pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from PIL import JpegImagePlugin

from forensics.photo.header import Header
from forensics.photo.kind import Kind
from forensics.photo.raster import Raster, from_pillow
from forensics.photo.refusals import damaged, truncated, unsupported

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_DQT, _DHT, _DAC, _DRI, _DNL = 0xDB, 0xC4, 0xCC, 0xDD, 0xDC
_FRAMES = {*range(0xC0, 0xD0)} - {_DHT, 0xC8, _DAC}
_READABLE = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}
_ESSENTIAL = {_APP0, _APP14, _DQT, _DHT, _DAC, _DRI, _SOS}

# The next marker in entropy-coded data: 0xFF that is neither stuffed (0x00), a restart (0xD0-0xD7) nor a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

# Bytes put where the end marker was. A Huffman decoder looks ahead by up to eight bytes, so a whole picture decodes
# with these and one that stops early runs out of them: the decoder then says so, instead of painting the rest grey as
# it does on finding the end marker too soon.
_LOOK_AHEAD = bytes(16)


@dataclass(frozen=True, slots=True)
class JpegHeader(Header):
    """What the decoding of a JPEG must know besides.

    Attributes
    ----------
    components : int
        1 for grey, 3 for colour, 4 for ink.
    sequential : bool
        Huffman coded, in one pass from top to bottom.
    adobe : bool
        Carries Adobe's mark, by which ink is stored inverted.
    """

    components: int = 0
    sequential: bool = False
    adobe: bool = False


def read_header(data: bytes, *, most_scans: int) -> JpegHeader:
    """Walk through the segments of a JPEG from its start to its end marker.

    Parameters
    ----------
    data : bytes
        The whole file. What follows the end marker (a second picture of a phone, a film) is left alone.
    most_scans : int
        More passes over the picture than this are taken for an attack on the decoder's time.

    Returns
    -------
    JpegHeader
        Size, depth, EXIF block and colour profile.

    Raises
    ------
    PhotoRefused
        ``truncated`` where the file ends before the end marker, ``damaged``, ``unsupported_format``.
    """
    essence = [b"\xff\xd8"]
    frame: _Frame | None = None
    adobe = False
    exif = b""
    profile: dict[int, bytes] = {}
    scans = 0
    at = 2
    while True:
        marker, at = _next_marker(data, at)
        if marker == _EOI:
            break
        if marker == _SOI or marker == 0x01 or 0xD0 <= marker <= 0xD7:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        end = at + length
        if end > len(data) or at + 2 > len(data):
            raise truncated("JPEG", f"one that ends inside its header, at byte {len(data)}")
        if length < 2:
            raise damaged("JPEG", f"a segment of impossible length at byte {at}")
        body = data[at + 2 : end]
        if marker in _FRAMES:
            if frame is not None:
                raise damaged("JPEG", "two frame headers")
            frame = _read_frame(marker, body)
            essence.append(data[at - 2 : end])
        elif marker == _APP1 and body.startswith(b"Exif\x00") and not exif:
            exif = body[6:]
        elif marker == _APP2 and body.startswith(b"ICC_PROFILE\x00") and len(body) > 14:
            profile[body[12]] = body[14:]
        elif marker in _ESSENTIAL:
            if marker == _SOS:
                scans += 1
                if frame is None:
                    raise damaged("JPEG", "picture data before the frame header")
                if scans > most_scans:
                    raise damaged("JPEG", f"more than {most_scans} passes over the picture")
                found = _MARKER.search(data, end)
                if found is None:
                    raise truncated("JPEG", f"one that ends inside its picture data, at byte {len(data)}")
                end = found.start()
            adobe = adobe or (marker == _APP14 and body.startswith(b"Adobe"))
            essence.append(data[at - 2 : end])
        at = end
    if frame is None or not scans:
        raise damaged("JPEG", "no picture in it")
    essence.append(b"\xff\xd9")
    return JpegHeader(
        Kind.JPEG,
        frame.width,
        frame.height,
        frame.depth,
        b"".join(essence),
        exif=exif,
        icc=b"".join(profile[number] for number in sorted(profile)),
        components=frame.components,
        sequential=frame.marker in (0xC0, 0xC1) and scans == 1,
        adobe=adobe,
    )


def read_raster(header: JpegHeader) -> Raster:
    """Decode the pixels.

    Parameters
    ----------
    header : JpegHeader
        From :func:`read_header`.

    Returns
    -------
    Raster
        Grey, RGB or CMYK.

    Raises
    ------
    PhotoRefused
        ``truncated`` where the picture data stop before the picture is whole, although an end marker follows.
    """
    if header.sequential and header.components in (1, 3):
        flag = cv2.IMREAD_GRAYSCALE if header.components == 1 else cv2.IMREAD_COLOR_RGB
        padded = np.frombuffer(header.essence[:-2] + _LOOK_AHEAD, np.uint8)
        samples = cv2.imdecode(padded, flag | cv2.IMREAD_IGNORE_ORIENTATION)
        if samples is None:
            raise truncated("JPEG", "one whose picture data stop before the picture is whole")
        return Raster("grey" if header.components == 1 else "rgb", np.asarray(samples, np.uint8))
    with JpegImagePlugin.JpegImageFile(BytesIO(header.essence)) as image:
        raster = from_pillow(image)
    if raster.space == "cmyk" and not header.adobe:
        # Pillow takes all CMYK for Adobe's, which is stored inverted; without Adobe's mark it is stored as it is.
        return Raster("cmyk", 255 - raster.samples)
    return raster


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    """Find the next marker, past fill bytes and stray bytes; the second value is the place after it."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise truncated("JPEG", f"one without its end marker, {len(data)} bytes long")
        if data[at + 1] not in (0x00, 0xFF):
            return data[at + 1], at + 2
        at += 1


@dataclass(frozen=True, slots=True)
class _Frame:
    marker: int
    depth: int
    height: int
    width: int
    components: int


def _read_frame(marker: int, body: bytes) -> _Frame:
    if len(body) < 6:
        raise damaged("JPEG", "a frame header that is too short")
    depth, components = body[0], body[5]
    if marker not in _READABLE or depth != 8:
        raise unsupported(f"a rare variant of JPEG (frame type {marker - 0xC0}, {depth} bits)")
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    return _Frame(marker, depth, height, width, components)
