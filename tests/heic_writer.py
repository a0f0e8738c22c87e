"""A writer of small HEIC files, so that the tests need no encoder and no file of others.

The picture is coded as HEVC (ITU-T H.265) with every block stored as plain samples (I_PCM), one slice a block, which
makes the arithmetic coder's part the same few bits every time. Colour is 4:2:0, full range, ITU-R BT.601.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_BLOCK = 32
_VPS, _SPS, _PPS, _IDR = 32, 33, 34, 19


class _Bits:
    """A string of bits under construction."""

    def __init__(self) -> None:
        self.bits: list[int] = []

    def u(self, value: int, width: int) -> _Bits:
        self.bits += [value >> place & 1 for place in reversed(range(width))]
        return self

    def ue(self, *values: int) -> _Bits:
        for value in values:
            width = (value + 1).bit_length()
            self.u(0, width - 1).u(value + 1, width)
        return self

    def align(self) -> _Bits:
        self.bits += [0] * (-len(self.bits) % 8)
        return self

    def bytes(self) -> bytes:
        assert len(self.bits) % 8 == 0
        return np.packbits(np.array(self.bits, np.uint8)).tobytes()


def heic(
    rgb: NDArray[np.uint8],
    *,
    quarter_turns: int = 0,
    exif: bytes = b"",
    icc: bytes = b"",
    declared: tuple[int, int] | None = None,
    brands: Sequence[bytes] = (b"heic", b"mif1", b"heic"),
) -> bytes:
    """Write a picture as HEIC.

    Parameters
    ----------
    rgb : ndarray of shape (height, width, 3), uint8
        Even sides.
    quarter_turns : int
        Counter-clockwise turns that a reader applies.
    exif, icc : bytes
        Blocks to carry along; empty for none.
    declared : tuple of int, or None
        Width and height that the container claims, where that is not the truth.
    brands : sequence of bytes
        The major brand, then the compatible ones.
    """
    height, width = rgb.shape[:2]
    parameters = [_nal(_VPS, _vps()), _nal(_SPS, _sps(width, height)), _nal(_PPS, _pps())]
    slices = b"".join(struct.pack(">I", len(nal)) + nal for nal in _slices(rgb))
    block = struct.pack(">I", 6) + b"Exif\0\0" + exif if exif else b""
    shown = declared or (width, height)
    properties = [_hvcc(parameters), _full(b"ispe", 0, 0, struct.pack(">II", *shown))]
    properties.append(_box(b"colr", b"nclx" + struct.pack(">HHHB", 1, 13, 6, 0x80)))
    if icc:
        properties.append(_box(b"colr", b"prof" + icc))
    if quarter_turns:
        properties.append(_box(b"irot", bytes([quarter_turns % 4])))
    ftyp = _box(b"ftyp", brands[0] + bytes(4) + b"".join(brands[1:]))
    # The places depend on the length of the box that names them, which does not depend on the places.
    meta = _meta(properties, [(0, len(slices)), (0, len(block))])
    start = len(ftyp) + len(meta) + 8
    meta = _meta(properties, [(start, len(slices)), (start + len(slices), len(block))])
    return ftyp + meta + _box(b"mdat", slices + block)


def _meta(properties: list[bytes], places: list[tuple[int, int]]) -> bytes:
    places = [place for place in places if place[1]]
    kinds = [b"hvc1", b"Exif"][: len(places)]
    infos = b"".join(
        _full(b"infe", 2, 0, struct.pack(">HH", number, 0) + kind + b"\0") for number, kind in enumerate(kinds, start=1)
    )
    locations = b"".join(struct.pack(">HHHII", number, 0, 1, *place) for number, place in enumerate(places, start=1))
    associations = bytes([0x80 | number if number == 1 else number for number in range(1, len(properties) + 1)])
    body = (
        _full(b"hdlr", 0, 0, bytes(4) + b"pict" + bytes(12) + b"\0")
        + _full(b"pitm", 0, 0, struct.pack(">H", 1))
        + _full(b"iloc", 0, 0, bytes([0x44, 0x00]) + struct.pack(">H", len(places)) + locations)
        + _full(b"iinf", 0, 0, struct.pack(">H", len(kinds)) + infos)
        + (_full(b"iref", 0, 0, _box(b"cdsc", struct.pack(">HHH", 2, 1, 1))) if len(places) > 1 else b"")
        + _box(
            b"iprp",
            _box(b"ipco", b"".join(properties))
            + _full(b"ipma", 0, 0, struct.pack(">IHB", 1, 1, len(properties)) + associations),
        )
    )
    return _full(b"meta", 0, 0, body)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def _full(name: bytes, version: int, flags: int, body: bytes) -> bytes:
    return _box(name, struct.pack(">I", version << 24 | flags) + body)


def _hvcc(parameters: list[bytes]) -> bytes:
    head = bytes([1]) + _tier_and_level() + bytes([0xF0, 0x00, 0xFC, 0xFC | 1, 0xF8, 0xF8, 0, 0, 0x0F, len(parameters)])
    arrays = b"".join(bytes([0x80 | nal[0] >> 1]) + struct.pack(">HH", 1, len(nal)) + nal for nal in parameters)
    return _box(b"hvcC", head + arrays)


def _nal(kind: int, payload: bytes) -> bytes:
    """Put a header before a payload and break up what would look like a start code."""
    out = bytearray([kind << 1, 1])
    zeros = 0
    for byte in payload:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def _tier_and_level() -> bytes:
    bits = _Bits().u(0, 3).u(1, 5).u(0b0110 << 28, 32)
    return bits.u(0b1001, 4).u(0, 44).u(120, 8).bytes()


def _level(bits: _Bits) -> _Bits:
    for byte in _tier_and_level():
        bits.u(byte, 8)
    return bits


def _end(bits: _Bits) -> bytes:
    return bits.u(1, 1).align().bytes()


def _vps() -> bytes:
    bits = _level(_Bits().u(0, 4).u(3, 2).u(0, 6).u(0, 3).u(1, 1).u(0xFFFF, 16))
    return _end(bits.u(1, 1).ue(0, 0, 0).u(0, 6).ue(0).u(0, 1).u(0, 1))


def _sps(width: int, height: int) -> bytes:
    across, down = (-(-side // _BLOCK) * _BLOCK for side in (width, height))
    bits = _level(_Bits().u(0, 4).u(0, 3).u(1, 1)).ue(0, 1, across, down)
    # The window that is shown, in units of two luma samples.
    bits.u(1, 1).ue(0, (across - width) // 2, 0, (down - height) // 2)
    bits.ue(0, 0, 0).u(1, 1).ue(0, 0, 0)
    # Coding blocks of 32 and no smaller; transforms of 4 to 32.
    bits.ue(2, 0, 0, 3, 0, 0)
    # No scaling lists, no asymmetric partitions, no offset filter; plain samples of 8 bits in blocks of 32, unfiltered.
    bits.u(0, 3).u(1, 1).u(7, 4).u(7, 4).ue(2, 0).u(1, 1)
    return _end(bits.ue(0).u(0, 1).u(0, 1).u(0, 1).u(0, 1).u(0, 1))


def _pps() -> bytes:
    bits = _Bits().ue(0, 0).u(0, 1).u(0, 1).u(0, 3).u(0, 1).u(0, 1).ue(0, 0, 0)
    bits.u(0, 1).u(0, 1).u(0, 1).ue(0, 0).u(0, 1).u(0, 1).u(0, 1).u(0, 1).u(0, 1).u(0, 1).u(0, 1)
    # No deblocking.
    bits.u(1, 1).u(0, 1).u(1, 1)
    return _end(bits.u(0, 1).u(0, 1).ue(0).u(0, 1).u(0, 1))


def _slices(rgb: NDArray[np.uint8]) -> list[bytes]:
    height, width = rgb.shape[:2]
    padding = ((0, -height % _BLOCK), (0, -width % _BLOCK), (0, 0))
    red, green, blue = np.moveaxis(np.pad(rgb, padding, mode="edge").astype(np.float64), 2, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    planes = [
        _rounded(luma),
        *(_rounded(_halved(plane) + 128) for plane in ((blue - luma) / 1.772, (red - luma) / 1.402)),
    ]
    across, down = luma.shape[1] // _BLOCK, luma.shape[0] // _BLOCK
    address_bits = (across * down - 1).bit_length()
    nals = []
    for address in range(across * down):
        y, x = divmod(address, across)
        bits = _Bits().u(address == 0, 1).u(0, 1).ue(0)
        if address:
            bits.u(address, address_bits)
        # An intra slice at quantiser 26, at which the one context in use starts at its middle state.
        bits.ue(2).ue(0).u(1, 1).align()
        # The whole block in one part (most probable symbol), stored as plain samples.
        _terminate(bits, interval=510 - 240)
        bits.align()
        for plane, side in zip(planes, (_BLOCK, _BLOCK // 2, _BLOCK // 2), strict=True):
            for sample in plane[y * side : (y + 1) * side, x * side : (x + 1) * side].ravel():
                bits.u(int(sample), 8)
        # The end of the slice; the coder's last bit is the stop bit.
        _terminate(bits, interval=510)
        nals.append(_nal(_IDR, bits.align().bytes()))
    return nals


def _terminate(bits: _Bits, *, interval: int) -> None:
    """Code the bin that ends arithmetic coding, and flush the coder; it has put out nothing before."""
    low, first, outstanding = interval - 2, True, 0

    def put(bit: int) -> None:
        nonlocal first, outstanding
        if first:
            first = False
        else:
            bits.u(bit, 1)
        bits.u(0 if bit else (1 << outstanding) - 1, outstanding)
        outstanding = 0

    for _ in range(7):
        if low >= 512:
            put(1)
            low -= 512
        elif low < 256:
            put(0)
        else:
            outstanding += 1
            low -= 256
        low <<= 1
    put(low >> 9 & 1)
    bits.u(low >> 7 & 3 | 1, 2)


def _halved(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    return plane.reshape(plane.shape[0] // 2, 2, plane.shape[1] // 2, 2).mean(axis=(1, 3))


def _rounded(plane: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(np.round(plane), 0, 255).astype(np.uint8)
