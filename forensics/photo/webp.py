"""WebP (RFC 9649): the walk through its chunks, and its pixels."""

from __future__ import annotations

from io import BytesIO

from PIL import WebPImagePlugin

from forensics.photo.header import Header
from forensics.photo.kind import Kind
from forensics.photo.raster import Raster, from_pillow
from forensics.photo.refusals import animated, damaged, truncated

_ANIMATED = 0x02
_ALPHA = 0x10


def read_header(data: bytes) -> Header:
    """Walk through the chunks of a WebP.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Header
        Size, EXIF block and colour profile.

    Raises
    ------
    PhotoRefused
        ``truncated``, ``damaged`` or ``animated``.
    """
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise truncated("WebP", f"{len(data)} bytes of the {end} that it says it has")
    size: tuple[int, int] | None = None
    canvas: tuple[int, int] | None = None
    exif = icc = alpha = picture = b""
    at = 12
    while at + 8 <= end:
        name = data[at : at + 4]
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if at + 8 + length > end:
            raise truncated("WebP", f"one that ends inside its part at byte {at}")
        if name == b"VP8X" and length >= 10:
            if body[0] & _ANIMATED:
                raise animated("WebP", "an animation")
            canvas = (int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1)
        elif name in (b"ANIM", b"ANMF"):
            raise animated("WebP", "an animation")
        elif name in (b"VP8 ", b"VP8L") and not picture:
            size = _size_of(name, body)
            picture = data[at : at + 8 + length] + bytes(length % 2)
        elif name == b"ALPH" and not alpha:
            alpha = data[at : at + 8 + length] + bytes(length % 2)
        elif name == b"EXIF":
            exif = body
        elif name == b"ICCP":
            icc = body
        at += 8 + length + length % 2
    if size is None:
        raise damaged("WebP", "no picture in it")
    if canvas not in (None, size):
        raise damaged("WebP", "a canvas and a picture of different sizes")
    return Header(Kind.WEBP, *size, 8, _essence(size, alpha, picture), exif=exif, icc=icc)


def read_raster(header: Header) -> Raster:
    """Decode the pixels of a WebP whose chunks were checked."""
    with WebPImagePlugin.WebPImageFile(BytesIO(header.essence)) as image:
        return from_pillow(image)


def _size_of(name: bytes, body: bytes) -> tuple[int, int]:
    """Read the size from the picture's own header (RFC 9649 for lossless, RFC 6386 for lossy)."""
    if name == b"VP8L":
        if len(body) < 5 or body[0] != 0x2F:
            raise damaged("WebP", "no header of a lossless picture")
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if len(body) < 10 or body[3:6] != b"\x9d\x01\x2a":
        raise damaged("WebP", "no header of a lossy picture")
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def _essence(size: tuple[int, int], alpha: bytes, picture: bytes) -> bytes:
    body = alpha + picture
    if alpha and picture.startswith(b"VP8 "):
        canvas = b"".join((side - 1).to_bytes(3, "little") for side in size)
        body = b"VP8X" + (10).to_bytes(4, "little") + bytes([_ALPHA, 0, 0, 0]) + canvas + body
    else:
        body = picture
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body
