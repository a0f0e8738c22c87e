"""PNG (W3C, third edition): the walk through its chunks, and its pixels."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import PngImagePlugin

from forensics.photo.header import Header
from forensics.photo.kind import Kind
from forensics.photo.raster import Raster, from_pillow
from forensics.photo.refusals import animated, damaged, truncated

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ESSENTIAL = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_ANIMATION = {b"acTL", b"fcTL", b"fdAT"}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

# Adam7: where each pass starts, across and down, and its steps.
_WHOLE = ((0, 0, 1, 1),)
_WOVEN = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_STEP = 2**20


@dataclass(frozen=True, slots=True)
class PngHeader(Header):
    """What the decoding of a PNG must know besides.

    Attributes
    ----------
    channels : int
        How many; a palette counts as one.
    interlaced : bool
        Whether the rows are woven (Adam7).
    packed : bytes
        The compressed rows.
    transparent : bytes
        The payload of the transparency chunk; empty where there is none.
    """

    channels: int = 1
    interlaced: bool = False
    packed: bytes = b""
    transparent: bytes = b""


def read_header(data: bytes, *, most_profile_bytes: int) -> PngHeader:
    """Walk through the chunks of a PNG and check each one's sum.

    Parameters
    ----------
    data : bytes
        The whole file. What follows the end chunk is left alone.
    most_profile_bytes : int
        A colour profile that unpacks to more than this is set aside.

    Returns
    -------
    PngHeader
        Size, depth, EXIF block and colour profile.

    Raises
    ------
    PhotoRefused
        ``truncated`` where the file ends before its end chunk, ``damaged`` where a sum is wrong, ``animated``.
    """
    essence = [_SIGNATURE]
    exif = icc = transparent = b""
    remarks: tuple[str, ...] = ()
    first: bytes | None = None
    packed: list[bytes] = []
    name = b""
    at = len(_SIGNATURE)
    while name != b"IEND":
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if at + 12 > len(data) or end > len(data):
            raise truncated("PNG", f"one that ends at byte {len(data)}, before its end chunk")
        name, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
        if zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(data[end - 4 : end], "big"):
            raise damaged("PNG", f"a wrong check sum in the part at byte {at}")
        if first is None:
            if name != b"IHDR" or len(body) != 13:
                raise damaged("PNG", "no header at its start")
            first = body
        if name in _ANIMATION:
            raise animated("PNG", "an animation (APNG)")
        if name in _ESSENTIAL:
            essence.append(data[at:end])
        if name == b"IDAT":
            packed.append(body)
        elif name == b"tRNS":
            transparent = body
        elif name == b"eXIf":
            exif = body
        elif name == b"iCCP":
            icc = _unpack_profile(body, most_profile_bytes)
            if not icc:
                remarks = ("The colour profile could not be unpacked; the colours were read as sRGB.",)
        at = end
    if first is None or not packed:
        raise damaged("PNG", "no picture in it")
    return PngHeader(
        Kind.PNG,
        int.from_bytes(first[:4], "big"),
        int.from_bytes(first[4:8], "big"),
        first[8],
        b"".join(essence),
        exif=exif,
        icc=icc,
        remarks=remarks,
        channels=_CHANNELS.get(first[9], 1),
        interlaced=first[12] == 1,
        packed=b"".join(packed),
        transparent=transparent,
    )


def read_raster(header: PngHeader) -> Raster:
    """Decode the pixels of a PNG whose chunks were checked.

    Parameters
    ----------
    header : PngHeader
        From :func:`read_header`.

    Returns
    -------
    Raster
        Grey or RGB.

    Raises
    ------
    PhotoRefused
        ``truncated`` where the compressed rows are fewer than the picture has, ``damaged``.
    """
    _check_rows(header)
    with PngImagePlugin.PngImageFile(BytesIO(header.essence)) as image:
        palette = image.mode == "P"
        raster = from_pillow(image)
    return raster if palette or raster.alpha is not None else _with_key(raster, header)


def _check_rows(header: PngHeader) -> None:
    """Unpack the rows once to count them: the decoder leaves missing ones black without a word."""
    needed = 0
    for left, top, across, down in _WOVEN if header.interlaced else _WHOLE:
        columns, rows = -(-(header.width - left) // across), -(-(header.height - top) // down)
        if columns > 0 and rows > 0:
            needed += rows * (1 + -(-columns * header.channels * header.bit_depth // 8))
    unpacker = zlib.decompressobj()
    waiting = header.packed
    try:
        while needed > 0 and not unpacker.eof:
            unpacked = unpacker.decompress(waiting, min(needed, _STEP))
            if not unpacked:
                break
            needed -= len(unpacked)
            waiting = unpacker.unconsumed_tail
    except zlib.error as error:
        raise damaged("PNG", f"rows that do not unpack ({error})") from error
    if needed > 0:
        raise truncated("PNG", f"one whose rows end {needed} bytes too soon")


def _with_key(raster: Raster, header: PngHeader) -> Raster:
    """Make the one colour transparent that the transparency chunk of a grey or RGB picture names."""
    channels = 1 if raster.space == "grey" else 3
    if len(header.transparent) != 2 * channels:
        return raster
    # The key is given at the file's own depth; samples were brought to eight bits.
    most = 2**header.bit_depth - 1
    key = [
        number >> 8 if most > 255 else number * 255 // most
        for number in struct.unpack(f">{channels}H", header.transparent)
    ]
    same = raster.samples.reshape(*raster.samples.shape[:2], channels) == np.array(key)
    return Raster(raster.space, raster.samples, np.where(same.all(axis=2), 0, 255).astype(np.uint8))


def _unpack_profile(body: bytes, most: int) -> bytes:
    _, _, packed = body.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], most)
    except zlib.error:
        return b""
    return profile if unpacker.eof else b""
