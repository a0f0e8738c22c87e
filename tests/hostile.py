"""A factory of damaged, hostile and odd files, each with what must become of it.

Seeded and without files of others: the same list at every call. ``hostile_files()`` gives several hundred
``HostileFile(name, data, expectation)``; whoever takes uploads must answer each as its expectation says.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.heic_writer import heic

WIDTH, HEIGHT = 96, 64
CODES = frozenset(
    {
        "empty",
        "not_an_image",
        "unsupported_format",
        "truncated",
        "damaged",
        "too_many_bytes",
        "too_many_pixels",
        "zero_area",
        "animated",
    }
)
_SEED = 20_261_122


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """What must become of a file.

    Attributes
    ----------
    codes : frozenset of str
        The refusals that are right; empty where it must be accepted.
    may_be_accepted : bool
        Whether a picture is right, too; always so where there are no codes.
    pixels : ndarray of shape (height, width, 3), uint8, or None
        What the picture must look like; None where only its being one is asked for.
    tolerance : float
        Mean absolute difference that is allowed, in levels of 255.
    """

    codes: frozenset[str] = frozenset()
    may_be_accepted: bool = True
    pixels: NDArray[np.uint8] | None = None
    tolerance: float = 0.0

    def fault_of_picture(self, pixels: NDArray[np.uint8]) -> str:
        """Say what is wrong with having accepted the file as this picture; empty where nothing is."""
        if not self.may_be_accepted:
            return f"accepted; expected a refusal with one of {sorted(self.codes)}"
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
            return f"no picture: {pixels.dtype}, shape {pixels.shape}"
        if self.pixels is None:
            return ""
        if pixels.shape != self.pixels.shape:
            return f"shape {pixels.shape}; expected {self.pixels.shape}"
        difference = float(np.abs(pixels.astype(np.int16) - self.pixels).mean())
        return f"differs by {difference:.2f} levels" if difference > self.tolerance else ""

    def fault_of_refusal(self, code: str) -> str:
        """Say what is wrong with having refused the file with this code; empty where nothing is."""
        if code in self.codes:
            return ""
        return f"refused as {code}; expected {sorted(self.codes) if self.codes else 'a picture'}"


class HostileFile(NamedTuple):
    """A file as somebody may upload it; the name's ending may lie."""

    name: str
    data: bytes
    expectation: Expectation


def looks_like(pixels: NDArray[np.uint8], tolerance: float = 0.0) -> Expectation:
    """Expect this picture."""
    return Expectation(pixels=pixels, tolerance=tolerance)


def refused(*codes: str) -> Expectation:
    """Expect one of these refusals."""
    return Expectation(codes=frozenset(codes), may_be_accepted=False)


def either(*codes: str) -> Expectation:
    """Expect any picture or one of these refusals, where the format cannot tell a fault from a picture."""
    return Expectation(codes=frozenset(codes or CODES - {"empty", "too_many_bytes"}))


@cache
def hostile_files() -> tuple[HostileFile, ...]:
    """Make all files, in the same order with the same names and bytes at every call."""
    groups = (
        _good_jpeg,
        _good_png,
        _good_tiff,
        _good_webp,
        _good_heic,
        _orientations,
        _profiles,
        _odd_metadata,
        _truncated,
        _cut_and_closed,
        _flipped,
        _overwritten,
        _wrong_types,
        _sizes,
        _bombs,
        _many_pictures,
        _odd_structures,
    )
    files = tuple(file for group in groups for file in group())
    assert len({file.name for file in files}) == len(files)
    return files


@cache
def picture() -> NDArray[np.uint8]:
    """Give the picture that most files hold: smooth, coloured, and the same in no other orientation."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    red = 40 + 2 * x
    green = 30 + 3 * y
    blue = 200 - x - y
    rgb = np.stack([red, green, blue], axis=-1)
    rgb[6:18, 6:30] = (20, 40, 160)
    return np.clip(rgb, 0, 255).astype(np.uint8)


@cache
def grey() -> NDArray[np.uint8]:
    """Give the same picture in grey, one channel."""
    return np.asarray(Image.fromarray(picture()).convert("L"))


def _as_rgb(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(plane[..., None], 3, axis=2)


def _saved(image: Image.Image | NDArray[Any], kind: str, **options: Any) -> bytes:
    if not isinstance(image, Image.Image):
        image = Image.fromarray(image)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _jpeg(**options: Any) -> bytes:
    return _saved(picture(), "JPEG", **{"quality": 92, "subsampling": 0, **options})


def _png(**options: Any) -> bytes:
    return _saved(picture(), "PNG", **options)


def _tiff(array: NDArray[Any] | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    data = picture() if array is None else array
    tifffile.imwrite(out, data, **{"photometric": "rgb", "metadata": None, **options})
    return out.getvalue()


def _exif(orientation: int = 1, **more: Any) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    exif[0x0110] = "Model"
    exif.get_ifd(0x8769)[0x9003] = "2026:03:04 05:06:07"
    for tag, value in more.items():
        exif[int(tag[1:], 16)] = value
    return exif.tobytes()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png_of(
    width: int, height: int, depth: int, colour: int, rows: bytes, *, interlaced: bool = False, extra: bytes = b""
) -> bytes:
    """Write a PNG from rows with their filter bytes."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
    return b"\x89PNG\r\n\x1a\n" + header + extra + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _rows(array: NDArray[Any]) -> bytes:
    return b"".join(b"\0" + row.tobytes() for row in array)


def _with_chunk(png: bytes, chunk: bytes) -> bytes:
    """Put a chunk after the header of a PNG."""
    return png[:33] + chunk + png[33:]


def _after_start(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """Put a segment after the start marker of a JPEG."""
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def _segments(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """List marker, start and end of the segments up to and with the first scan's header."""
    at = 2
    while True:
        marker, length = jpeg[at + 1], struct.unpack_from(">H", jpeg, at + 2)[0]
        yield marker, at, at + 2 + length
        if marker == 0xDA:
            return
        at += 2 + length


def _without(jpeg: bytes, marker: int) -> bytes:
    for found, start, end in _segments(jpeg):
        if found == marker:
            return jpeg[:start] + jpeg[end:]
    raise AssertionError(marker)


def _frame_at(jpeg: bytes) -> int:
    return next(start for marker, start, _ in _segments(jpeg) if marker in (0xC0, 0xC1, 0xC2))


def _patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def _png_with_size(width: int, height: int) -> bytes:
    png = _png()
    header = png[16:24]
    assert header == struct.pack(">II", WIDTH, HEIGHT)
    body = struct.pack(">II", width, height) + png[24:29]
    return png[:8] + _chunk(b"IHDR", body) + png[33:]


def _tag_at(tiff: bytes, tag: int) -> int:
    """Find the entry of a tag in the first directory of a little-endian TIFF."""
    offset = struct.unpack_from("<I", tiff, 4)[0]
    count = struct.unpack_from("<H", tiff, offset)[0]
    for place in range(offset + 2, offset + 2 + 12 * count, 12):
        if struct.unpack_from("<H", tiff, place)[0] == tag:
            return place
    raise AssertionError(tag)


def _with_tag(tiff: bytes, tag: int, value: int, *, count: int | None = None) -> bytes:
    place = _tag_at(tiff, tag)
    kind, old = struct.unpack_from("<HI", tiff, place + 2)
    number = struct.pack("<HH", value, 0) if kind == 3 and value < 65_536 else struct.pack("<I", value)
    kind = 3 if kind == 3 and value < 65_536 else 4
    return _patched(tiff, place + 2, struct.pack("<HI", kind, old if count is None else count) + number)


def _good_jpeg() -> Iterator[HostileFile]:
    like = looks_like(picture(), 3)
    yield HostileFile("jpeg-444.jpg", _jpeg(), like)
    yield HostileFile("jpeg-420.jpg", _jpeg(subsampling=2), looks_like(picture(), 4))
    yield HostileFile("jpeg-422.jpg", _jpeg(subsampling=1), looks_like(picture(), 4))
    yield HostileFile("jpeg-progressive.jpg", _jpeg(progressive=True), like)
    yield HostileFile("jpeg-progressive-420.jpg", _jpeg(progressive=True, subsampling=2), looks_like(picture(), 4))
    yield HostileFile("jpeg-optimised.jpg", _jpeg(optimize=True), like)
    yield HostileFile("jpeg-restarts.jpg", _jpeg(restart_marker_rows=1), like)
    yield HostileFile("jpeg-restart-every-block.jpg", _jpeg(restart_marker_blocks=1), like)
    yield HostileFile("jpeg-comment.jpg", _jpeg(comment=b"</script>\xff\xd9" * 100), like)
    yield HostileFile("jpeg-worst-quality.jpg", _jpeg(quality=1), Expectation())
    yield HostileFile("jpeg-rgb-not-ycc.jpg", _jpeg(keep_rgb=True), like)
    yield HostileFile("jpeg-no-jfif.jpg", _without(_jpeg(), 0xE0), like)
    yield HostileFile("jpeg-grey.jpg", _saved(grey(), "JPEG", quality=92), looks_like(_as_rgb(grey()), 2))
    progressive = _saved(grey(), "JPEG", quality=92, progressive=True)
    yield HostileFile("jpeg-grey-progressive.jpg", progressive, looks_like(_as_rgb(grey()), 2))
    cmyk = Image.fromarray(picture()).convert("CMYK")
    adobe = _saved(cmyk, "JPEG", quality=95, subsampling=0)
    yield HostileFile("jpeg-cmyk-adobe.jpg", adobe, like)
    # Without Adobe's mark the same numbers mean the opposite amounts of ink.
    ink = Image.fromarray(255 - np.asarray(cmyk), "CMYK")
    plain = _without(_saved(ink, "JPEG", quality=95, subsampling=0), 0xEE)
    yield HostileFile("jpeg-cmyk-plain.jpg", plain, like)
    yield HostileFile("jpeg-with-trailing-bytes.jpg", _jpeg() + bytes(range(256)) * 20, like)
    yield HostileFile("jpeg-with-second-picture-behind.jpg", _jpeg() + _saved(grey(), "JPEG"), like)
    yield HostileFile("jpeg-and-zip.jpg", _jpeg() + b"PK\x05\x06" + bytes(18), like)
    yield HostileFile("jpeg-fill-bytes.jpg", _jpeg()[:2] + b"\xff" * 40 + _jpeg()[2:], like)
    yield HostileFile("jpeg-named-as-program.exe", _jpeg(), like)
    yield HostileFile("jpeg-named-as-png.png", _jpeg(), like)
    yield HostileFile("..%2f..%2fjpeg-with-a-path.jpg", _jpeg(), like)
    pair = io.BytesIO()
    Image.fromarray(picture()).save(pair, "MPO", save_all=True, append_images=[Image.fromarray(grey())], quality=92)
    yield HostileFile("jpeg-pair-of-a-telephone.jpg", pair.getvalue(), looks_like(picture(), 4))
    for width, height in ((1, 1), (1, 40), (40, 1), (7, 9), (8, 8), (17, 33)):
        small = np.ascontiguousarray(picture()[:height, :width])
        yield HostileFile(
            f"jpeg-{width}x{height}.jpg", _saved(small, "JPEG", quality=95, subsampling=0), looks_like(small, 4)
        )


def _good_png() -> Iterator[HostileFile]:
    like = looks_like(picture())
    yield HostileFile("png-rgb.png", _png(), like)
    yield HostileFile("png-stored.png", _png(compress_level=0), like)
    yield HostileFile("png-trailing.png", _png() + b"<?php echo 1; ?>", like)
    yield HostileFile("png-grey.png", _saved(grey(), "PNG"), looks_like(_as_rgb(grey())))
    for bits in (1, 2, 4):
        steps = 2**bits - 1
        levels = (grey().astype(np.int64) * steps // 255).astype(np.uint8)
        packed = np.packbits(np.unpackbits(levels[..., None], axis=2)[..., 8 - bits :].reshape(HEIGHT, -1), axis=1)
        data = _png_of(WIDTH, HEIGHT, bits, 0, _rows(packed))
        yield HostileFile(f"png-grey-{bits}-bit.png", data, looks_like(_as_rgb(levels * (255 // steps))))
    palette = Image.fromarray(picture()).quantize(64)
    shown = np.asarray(palette.convert("RGB"))
    yield HostileFile("png-palette.png", _saved(palette, "PNG"), looks_like(shown))
    yield HostileFile(
        "png-palette-4-bit.png", _saved(Image.fromarray(picture()).quantize(16), "PNG", bits=4), Expectation()
    )
    clear = shown.copy()
    clear[np.asarray(palette) == 5] = 255
    yield HostileFile("png-palette-one-clear.png", _saved(palette, "PNG", transparency=5), looks_like(clear))
    faded = bytes([128] * 64)
    half = (shown.astype(np.int64) * 128 + 255 * 127 + 127) // 255
    yield HostileFile(
        "png-palette-faded.png", _saved(palette, "PNG", transparency=faded), looks_like(half.astype(np.uint8))
    )
    alpha = np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))
    mixed = (
        picture().astype(np.int64) * alpha[..., None] + 255 * (255 - alpha[..., None].astype(np.int64)) + 127
    ) // 255
    rgba = np.dstack([picture(), alpha])
    yield HostileFile("png-rgba.png", _saved(rgba, "PNG"), looks_like(mixed.astype(np.uint8)))
    grey_mixed = (grey().astype(np.int64) * alpha + 255 * (255 - alpha.astype(np.int64)) + 127) // 255
    la = Image.merge("LA", (Image.fromarray(grey()), Image.fromarray(alpha)))
    yield HostileFile("png-grey-alpha.png", _saved(la, "PNG"), looks_like(_as_rgb(grey_mixed.astype(np.uint8))))
    yield HostileFile(
        "png-all-clear.png",
        _saved(np.dstack([picture(), np.zeros_like(alpha)]), "PNG"),
        looks_like(np.full_like(picture(), 255)),
    )
    keyed = picture().copy()
    keyed[6:18, 6:30] = 255
    key = _chunk(b"tRNS", struct.pack(">HHH", 20, 40, 160))
    yield HostileFile("png-rgb-key.png", _with_chunk(_png(), key), looks_like(keyed))
    grey_key = _as_rgb(np.where(grey() == grey()[10, 10], 255, grey()).astype(np.uint8))
    chunk = _chunk(b"tRNS", struct.pack(">H", grey()[10, 10]))
    yield HostileFile("png-grey-key.png", _with_chunk(_saved(grey(), "PNG"), chunk), looks_like(grey_key))
    deep = picture().astype(np.uint16) * 257
    yield HostileFile("png-rgb-16.png", _png_of(WIDTH, HEIGHT, 16, 2, _rows(deep.astype(">u2"))), like)
    deep_grey = grey().astype(np.uint16) * 257
    yield HostileFile(
        "png-grey-16.png", _png_of(WIDTH, HEIGHT, 16, 0, _rows(deep_grey.astype(">u2"))), looks_like(_as_rgb(grey()))
    )
    deep_alpha = np.dstack([deep, alpha.astype(np.uint16) * 257]).astype(">u2")
    yield HostileFile(
        "png-rgba-16.png", _png_of(WIDTH, HEIGHT, 16, 6, _rows(deep_alpha)), looks_like(mixed.astype(np.uint8))
    )
    deep_la = np.dstack([deep_grey, alpha.astype(np.uint16) * 257]).astype(">u2")
    yield HostileFile(
        "png-grey-alpha-16.png",
        _png_of(WIDTH, HEIGHT, 16, 4, _rows(deep_la)),
        looks_like(_as_rgb(grey_mixed.astype(np.uint8))),
    )
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    woven = b"".join(_rows(picture()[y::dy, x::dx]) for x, y, dx, dy in passes)
    yield HostileFile("png-interlaced.png", _png_of(WIDTH, HEIGHT, 8, 2, woven, interlaced=True), like)
    for width, height in ((1, 1), (1, 50), (50, 1), (3, 5)):
        small = np.ascontiguousarray(picture()[:height, :width])
        yield HostileFile(f"png-{width}x{height}.png", _saved(small, "PNG"), looks_like(small))
    flat = np.zeros((1500, 2000), np.uint8)
    yield HostileFile("png-flat-3-megapixels.png", _saved(flat, "PNG"), looks_like(_as_rgb(flat)))


def _good_tiff() -> Iterator[HostileFile]:
    like = looks_like(picture())
    image = Image.fromarray(picture())
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits"):
        yield HostileFile(f"tiff-{compression}.tif", _saved(image, "TIFF", compression=compression), like)
    yield HostileFile("tiff-jpeg.tif", _saved(image, "TIFF", compression="jpeg", quality=95), looks_like(picture(), 4))
    one_bit = image.convert("1")
    shown = _as_rgb(np.asarray(one_bit.convert("L")))
    for compression in ("raw", "group3", "group4", "tiff_ccitt", "tiff_lzw"):
        yield HostileFile(
            f"tiff-1-bit-{compression}.tif", _saved(one_bit, "TIFF", compression=compression), looks_like(shown)
        )
    yield HostileFile("tiff-grey.tif", _saved(grey(), "TIFF"), looks_like(_as_rgb(grey())))
    palette = image.quantize(64)
    yield HostileFile("tiff-palette.tif", _saved(palette, "TIFF"), looks_like(np.asarray(palette.convert("RGB"))))
    yield HostileFile("tiff-cmyk.tif", _saved(image.convert("CMYK"), "TIFF"), looks_like(picture(), 1))
    lab = ImageCms.profileToProfile(
        image, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert lab is not None
    lab.info.clear()
    yield HostileFile("tiff-lab.tif", _saved(lab, "TIFF"), looks_like(picture(), 3))
    alpha = np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))
    mixed = (
        picture().astype(np.int64) * alpha[..., None] + 255 * (255 - alpha[..., None].astype(np.int64)) + 127
    ) // 255
    rgba = np.dstack([picture(), alpha])
    on_white = looks_like(mixed.astype(np.uint8), 1)
    yield HostileFile("tiff-alpha.tif", _tiff(rgba, extrasamples=["unassalpha"]), on_white)
    premultiplied = np.dstack([(picture().astype(np.int64) * alpha[..., None] // 255).astype(np.uint8), alpha])
    yield HostileFile(
        "tiff-premultiplied.tif",
        _tiff(premultiplied, extrasamples=["assocalpha"]),
        looks_like(mixed.astype(np.uint8), 2),
    )
    yield HostileFile("tiff-unknown-fourth-channel.tif", _tiff(rgba, extrasamples=["unspecified"]), like)
    yield HostileFile(
        "tiff-white-is-zero.tif", _tiff(255 - grey(), photometric="miniswhite"), looks_like(_as_rgb(grey()))
    )
    deep = picture().astype(np.uint16) * 257
    deep_grey = grey().astype(np.uint16) * 257
    for order, name in (("<", "little"), (">", "big")):
        yield HostileFile(f"tiff-rgb-{name}-endian.tif", _tiff(byteorder=order), like)
        yield HostileFile(f"tiff-rgb-16-{name}-endian.tif", _tiff(deep, byteorder=order), like)
        yield HostileFile(
            f"tiff-grey-16-{name}-endian.tif",
            _tiff(deep_grey, byteorder=order, photometric="minisblack"),
            looks_like(_as_rgb(grey())),
        )
        yield HostileFile(
            f"tiff-grey-16-white-is-zero-{name}-endian.tif",
            _tiff(65_535 - deep_grey, byteorder=order, photometric="miniswhite"),
            looks_like(_as_rgb(grey())),
        )
        planes = np.moveaxis(picture(), 2, 0)
        yield HostileFile(
            f"tiff-planes-{name}-endian.tif", _tiff(planes, byteorder=order, planarconfig="separate"), like
        )
        yield HostileFile(
            f"tiff-planes-16-{name}-endian.tif",
            _tiff(planes.astype(np.uint16) * 257, byteorder=order, planarconfig="separate"),
            like,
        )
        yield HostileFile(f"tiff-big-{name}-endian.tif", _tiff(byteorder=order, bigtiff=True), like)
    yield HostileFile(
        "tiff-planes-deflate-16.tif",
        _tiff(planes.astype(np.uint16) * 257, planarconfig="separate", compression="zlib", rowsperstrip=10),
        like,
    )
    yield HostileFile(
        "tiff-planes-alpha.tif",
        _tiff(np.moveaxis(rgba, 2, 0), planarconfig="separate", extrasamples=["unassalpha"]),
        on_white,
    )
    yield HostileFile("tiff-tiles.tif", _tiff(tile=(16, 32)), like)
    yield HostileFile("tiff-tiles-deflate-16.tif", _tiff(deep, tile=(32, 32), compression="zlib"), like)
    yield HostileFile("tiff-strips.tif", _tiff(rowsperstrip=7), like)
    yield HostileFile("tiff-deflate-predictor.tif", _tiff(compression="zlib", predictor=True), like)
    yield HostileFile(
        "tiff-12-bit-of-16.tif", _tiff((deep_grey >> 4) << 4, photometric="minisblack"), looks_like(_as_rgb(grey()), 1)
    )
    yield HostileFile(
        "tiff-float.tif", _tiff(grey().astype(np.float32), photometric="minisblack"), refused("unsupported_format")
    )
    yield HostileFile(
        "tiff-32-bit.tif", _tiff(grey().astype(np.uint32), photometric="minisblack"), refused("unsupported_format")
    )
    yield HostileFile(
        "tiff-64-bit.tif",
        _tiff(grey().astype(np.float64), photometric="minisblack"),
        refused("unsupported_format", "damaged"),
    )
    for width, height in ((1, 1), (1, 50), (50, 1)):
        small = np.ascontiguousarray(picture()[:height, :width])
        yield HostileFile(f"tiff-{width}x{height}.tif", _saved(small, "TIFF"), looks_like(small))
    with_copy = io.BytesIO()
    with tifffile.TiffWriter(with_copy) as writer:
        writer.write(picture(), photometric="rgb", metadata=None)
        writer.write(np.ascontiguousarray(picture()[::4, ::4]), photometric="rgb", metadata=None, subfiletype=1)
    yield HostileFile("tiff-with-reduced-copy.tif", with_copy.getvalue(), like)


def _good_webp() -> Iterator[HostileFile]:
    image = Image.fromarray(picture())
    yield HostileFile("webp-lossy.webp", _saved(image, "WEBP", quality=95), looks_like(picture(), 4))
    yield HostileFile("webp-lossless.webp", _saved(image, "WEBP", lossless=True), looks_like(picture()))
    alpha = np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))
    mixed = (
        picture().astype(np.int64) * alpha[..., None] + 255 * (255 - alpha[..., None].astype(np.int64)) + 127
    ) // 255
    rgba = Image.fromarray(np.dstack([picture(), alpha]))
    yield HostileFile("webp-alpha.webp", _saved(rgba, "WEBP", quality=95), looks_like(mixed.astype(np.uint8), 4))
    exact = _saved(rgba, "WEBP", lossless=True, exact=True)
    yield HostileFile("webp-alpha-lossless.webp", exact, looks_like(mixed.astype(np.uint8)))
    yield HostileFile("webp-trailing.webp", _saved(image, "WEBP", quality=95) + b"tail", looks_like(picture(), 4))
    for width, height in ((1, 1), (1, 50), (50, 1)):
        small = np.ascontiguousarray(picture()[:height, :width])
        yield HostileFile(f"webp-{width}x{height}.webp", _saved(small, "WEBP", lossless=True), looks_like(small))


def _good_heic() -> Iterator[HostileFile]:
    yield HostileFile("heic.heic", heic(picture()), looks_like(picture(), 4))
    cut = np.ascontiguousarray(picture()[:50, :70])
    yield HostileFile("heic-not-of-whole-blocks.heic", heic(cut), looks_like(cut, 4))
    yield HostileFile("heic-named-as-jpeg.jpg", heic(picture()), looks_like(picture(), 4))
    for turns in (1, 2, 3):
        turned = np.rot90(picture(), turns)
        yield HostileFile(f"heic-turned-{turns}.heic", heic(picture(), quarter_turns=turns), looks_like(turned, 4))
    # The container's turn counts; that of the EXIF block does not.
    both = heic(picture(), quarter_turns=1, exif=_exif(6))
    yield HostileFile("heic-turned-with-exif.heic", both, looks_like(np.rot90(picture()), 4))
    yield HostileFile("heic-exif-orientation.heic", heic(picture(), exif=_exif(8)), looks_like(picture(), 4))
    yield HostileFile("heic-mif1.heic", heic(picture(), brands=(b"mif1", b"mif1", b"heic")), looks_like(picture(), 4))
    tail = heic(picture()) + struct.pack(">I", 24) + b"free" + bytes(16)
    yield HostileFile("heic-free-space.heic", tail, looks_like(picture(), 4))


_UPRIGHT: dict[int, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
    8: np.rot90,
}


def _orientations() -> Iterator[HostileFile]:
    for orientation, turn in _UPRIGHT.items():
        shown = np.ascontiguousarray(turn(picture()))
        exif = _exif(orientation)
        yield HostileFile(f"jpeg-orientation-{orientation}.jpg", _jpeg(exif=exif), looks_like(shown, 3))
        yield HostileFile(f"png-orientation-{orientation}.png", _png(exif=exif), looks_like(shown))
        lossless = _saved(picture(), "WEBP", lossless=True, exif=exif)
        yield HostileFile(f"webp-orientation-{orientation}.webp", lossless, looks_like(shown))
        tagged = _tiff(extratags=[(274, 3, 1, orientation, True)])
        yield HostileFile(f"tiff-orientation-{orientation}.tif", tagged, looks_like(shown))
    for orientation in (0, 9, 255, 65_535):
        yield HostileFile(
            f"jpeg-orientation-{orientation}.jpg", _jpeg(exif=_exif(orientation)), looks_like(picture(), 3)
        )


def _profile(space: Any) -> bytes:
    """Make a profile, with one date instead of today's."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()
    return _patched(made, 24, struct.pack(">6H", 2026, 1, 2, 3, 4, 5))


@cache
def swapped_profile() -> bytes:
    """Give an RGB profile whose red is green and whose green is red, so that it cannot be overlooked."""
    profile = bytearray(_profile("sRGB"))
    count = struct.unpack_from(">I", profile, 128)[0]
    places = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    first, second = bytes(profile[red + 4 : red + 12]), bytes(profile[green + 4 : green + 12])
    profile[red + 4 : red + 12], profile[green + 4 : green + 12] = second, first
    return bytes(profile)


def _profiles() -> Iterator[HostileFile]:
    srgb = _profile("sRGB")
    swapped = swapped_profile()
    other = np.ascontiguousarray(picture()[..., [1, 0, 2]])
    writers: dict[str, tuple[Callable[[bytes], bytes], float]] = {
        "jpeg": (lambda icc: _jpeg(icc_profile=icc), 3),
        "png": (lambda icc: _png(icc_profile=icc), 0),
        "webp": (lambda icc: _saved(picture(), "WEBP", lossless=True, icc_profile=icc), 0),
        "tiff": (lambda icc: _tiff(extratags=[(34675, 7, len(icc), icc, True)]), 0),
        "heic": (lambda icc: heic(picture(), icc=icc), 4),
    }
    lab = _profile("LAB")
    noise = np.random.default_rng(_SEED).bytes(400)
    broken = {
        "noise": noise,
        "cut": srgb[: len(srgb) // 2],
        "header-only": srgb[:128],
        "short": srgb[:20],
        "of-another-space": lab,
        "with-wild-offsets": _patched(srgb, 132 + 4, b"\xff" * 8),
        "with-wild-count": _patched(srgb, 128, b"\xff" * 4),
    }
    for kind, (write, tolerance) in writers.items():
        yield HostileFile(f"{kind}-profile-srgb.bin", write(srgb), looks_like(picture(), tolerance))
        yield HostileFile(f"{kind}-profile-swapped.bin", write(swapped), looks_like(other, tolerance + 2))
        for name, icc in broken.items():
            yield HostileFile(f"{kind}-profile-{name}.bin", write(icc), looks_like(picture(), tolerance))
    on_grey = _saved(grey(), "JPEG", quality=95, icc_profile=srgb)
    yield HostileFile("jpeg-grey-with-rgb-profile.jpg", on_grey, looks_like(_as_rgb(grey()), 2))
    cmyk = _saved(Image.fromarray(picture()).convert("CMYK"), "JPEG", quality=95, subsampling=0, icc_profile=srgb)
    yield HostileFile("jpeg-cmyk-with-rgb-profile.jpg", cmyk, looks_like(picture(), 3))


def _odd_metadata() -> Iterator[HostileFile]:
    like = looks_like(picture(), 3)
    good = _exif(1)
    noise = np.random.default_rng(_SEED + 1).bytes(600)
    # A directory that says that the next is itself, and entries that point anywhere.
    circle = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    wild = b"MM\0*" + struct.pack(">IH", 8, 3)
    for tag in (0x010F, 0x0112, 0x8769):
        wild += struct.pack(">HHII", tag, 2, 0xFFFFFFFF, 0xFFFFFFF0)
    wild += bytes(4)
    many = b"II*\0" + struct.pack("<IH", 8, 65_535) + bytes(100)
    types = (
        b"II*\0"
        + struct.pack("<IH", 8, 2)
        + struct.pack("<HHII", 0x0112, 99, 1, 6)
        + struct.pack("<HHII", 0x0112, 5, 1, 8)
    )
    blocks = {
        "empty": b"",
        "mark-only": b"II*\0",
        "noise": noise,
        "noise-behind-mark": b"II*\0\x08\0\0\0" + noise,
        "circle": circle,
        "wild-offsets": wild,
        "too-many-entries": many,
        "unknown-types": types + bytes(4),
        "far-first-directory": b"MM\0*\xff\xff\xff\xff" + noise,
    }
    blocks |= {f"cut-at-{at}": good[6:][:at] for at in range(4, len(good) - 6, 12)}
    for name, block in blocks.items():
        yield HostileFile(f"jpeg-exif-{name}.jpg", _after_start(_jpeg(), 0xE1, b"Exif\0\0" + block), like)
    for name in ("noise", "circle", "wild-offsets"):
        yield HostileFile(
            f"png-exif-{name}.png", _with_chunk(_png(), _chunk(b"eXIf", blocks[name])), looks_like(picture())
        )
        yield HostileFile(f"heic-exif-{name}.heic", heic(picture(), exif=blocks[name]), looks_like(picture(), 4))
    position = Image.Exif()
    position.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    yield HostileFile("jpeg-position.jpg", _jpeg(exif=position.tobytes()), like)
    thumbnail = _after_start(_jpeg(), 0xE1, b"Exif\0\0" + good[6:] + _saved(grey(), "JPEG"))
    yield HostileFile("jpeg-thumbnail.jpg", thumbnail, like)
    text = PngInfo()
    text.add_text("Comment", "<script>alert(1)</script>" * 1000, zip=True)
    yield HostileFile("png-text.png", _png(pnginfo=text), looks_like(picture()))
    odd = _exif(1, x010f="\x1b[31mred\x00hidden", x0110="M" * 5000)
    yield HostileFile("jpeg-odd-names.jpg", _jpeg(exif=odd), like)
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + b"<x:xmpmeta " * 3000
    yield HostileFile("jpeg-xmp-broken.jpg", _after_start(_jpeg(), 0xE1, xmp), like)
    yield HostileFile("jpeg-segments-of-every-application.jpg", _all_applications(), like)


def _all_applications() -> bytes:
    jpeg = _jpeg()
    for marker in (*range(0xE1, 0xEE), 0xEF, 0xFE):
        jpeg = _after_start(jpeg, marker, b"MPF\0" + bytes(range(200)))
    return jpeg


@cache
def whole_files() -> dict[str, bytes]:
    """Give one or more whole files of each format, for cutting and damaging."""
    image = Image.fromarray(picture())
    return {
        "jpeg.jpg": _jpeg(exif=_exif(1)),
        "jpeg-progressive.jpg": _jpeg(progressive=True),
        "jpeg-restarts.jpg": _jpeg(restart_marker_rows=1, subsampling=2),
        "jpeg-grey.jpg": _saved(grey(), "JPEG", quality=92),
        "png.png": _png(),
        "png-16.png": _png_of(WIDTH, HEIGHT, 16, 2, _rows((picture().astype(np.uint16) * 257).astype(">u2"))),
        "tiff.tif": _saved(image, "TIFF", compression="raw"),
        "tiff-lzw.tif": _saved(image, "TIFF", compression="tiff_lzw"),
        "tiff-deflate.tif": _tiff(compression="zlib", byteorder=">"),
        "tiff-jpeg.tif": _saved(image, "TIFF", compression="jpeg", quality=95),
        "webp-lossy.webp": _saved(image, "WEBP", quality=90),
        "webp-lossless.webp": _saved(image, "WEBP", lossless=True),
        "webp-exif.webp": _saved(image, "WEBP", quality=90, exif=_exif(1)),
        "heic.heic": heic(picture(), exif=_exif(1)),
    }


def _truncated() -> Iterator[HostileFile]:
    for name, data in whole_files().items():
        places = {1, 2, 3, 4, 8, 12, 16, 20, 24, 30, len(data) - 1, len(data) - 2, len(data) - 8}
        places |= {len(data) * part // 16 for part in range(1, 16)}
        for place in sorted(places):
            codes = {"truncated"}
            if place < 16:
                # Too short to tell what it was to become.
                codes |= {"not_an_image", "unsupported_format"}
            yield HostileFile(f"cut-at-{place}-{name}", data[:place], refused(*codes))


def _cut_and_closed() -> Iterator[HostileFile]:
    """Files that a repair program closed: the end is there, the middle is missing."""
    jpeg = whole_files()["jpeg.jpg"]
    scan = jpeg.index(b"\xff\xda")
    for part in range(1, 8):
        place = scan + 14 + (len(jpeg) - scan - 14) * part // 9
        yield HostileFile(
            f"closed-at-{place}-jpeg.jpg", jpeg[:place].rstrip(b"\xff") + b"\xff\xd9", refused("truncated")
        )
    png = whole_files()["png.png"]
    start = png.index(b"IDAT") - 4
    length = struct.unpack_from(">I", png, start)[0]
    body = png[start + 8 : start + 8 + length]
    for part in range(1, 8):
        short = png[:start] + _chunk(b"IDAT", body[: length * part // 8]) + _chunk(b"IEND", b"")
        yield HostileFile(f"closed-at-{part}-eighths-png.png", short, refused("truncated", "damaged"))
    webp = whole_files()["webp-lossless.webp"]
    for part in range(1, 8):
        kept = webp[: 20 + (len(webp) - 20) * part // 8]
        kept = kept[: len(kept) // 2 * 2]
        closed = (
            b"RIFF" + struct.pack("<I", len(kept) - 8) + b"WEBPVP8L" + struct.pack("<I", len(kept) - 20) + kept[20:]
        )
        yield HostileFile(f"closed-at-{part}-eighths-webp.webp", closed, refused("truncated", "damaged"))


def _flipped() -> Iterator[HostileFile]:
    generator = np.random.default_rng(_SEED + 2)
    for name, data in whole_files().items():
        checked = name.startswith("png")
        for number in range(8):
            place = int(generator.integers(16 if checked else 4, len(data)))
            flipped = _patched(data, place, bytes([data[place] ^ 1 << int(generator.integers(8))]))
            # PNG has check sums: no flip may pass. (A flipped length or name makes another fault of it.)
            expectation = refused("damaged", "truncated") if checked else either()
            yield HostileFile(f"flip-{number}-at-{place}-{name}", flipped, expectation)


def _overwritten() -> Iterator[HostileFile]:
    generator = np.random.default_rng(_SEED + 3)
    for name, data in whole_files().items():
        checked = name.startswith("png")
        for number, filling in enumerate((b"\0", b"\xff", None)):
            length = len(data) // 4
            place = int(generator.integers(24, len(data) - length))
            new = generator.bytes(length) if filling is None else filling * length
            expectation = refused("damaged", "truncated") if checked else either()
            yield HostileFile(f"overwritten-{number}-{name}", _patched(data, place, new), expectation)
        yield HostileFile(f"header-then-noise-{name}", data[:24] + generator.bytes(len(data) - 24), either())
        yield HostileFile(f"header-then-zeros-{name}", data[:16] + bytes(len(data) - 16), refused(*CODES))
    for number in range(10):
        yield HostileFile(
            f"noise-{number}.jpg", generator.bytes(500 * number + 1), refused("not_an_image", "unsupported_format")
        )


def _wrong_types() -> Iterator[HostileFile]:
    image = Image.fromarray(picture())
    for kind in ("GIF", "BMP", "PPM", "JPEG2000", "ICO", "TGA", "PCX", "AVIF", "QOI", "SGI", "DDS", "EPS"):
        codes = (
            ("unsupported_format",)
            if kind in ("GIF", "BMP", "PPM", "JPEG2000", "ICO", "AVIF", "QOI", "EPS")
            else ("not_an_image", "unsupported_format")
        )
        yield HostileFile(f"a-{kind.lower()}-named.jpg", _saved(image, kind), refused(*codes))
    named: dict[str, tuple[bytes, str]] = {
        "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "unsupported_format"),
        "svg-with-prolog": (b'<?xml version="1.0"?>\n<svg width="9" height="9"/>', "unsupported_format"),
        "pdf": (b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n", "unsupported_format"),
        "psd": (b"8BPS\0\1" + bytes(100), "unsupported_format"),
        "canon-raw": (b"II*\0\x10\0\0\0CR\2\0" + bytes(100), "unsupported_format"),
        "canon-raw-3": (struct.pack(">I", 24) + b"ftypcrx \0\0\0\1crx isom", "unsupported_format"),
        "fuji-raw": (b"FUJIFILMCCD-RAW 0201" + bytes(100), "unsupported_format"),
        "olympus-raw": (b"IIRO\x08\0\0\0" + bytes(100), "unsupported_format"),
        "panasonic-raw": (b"IIU\0\x18\0\0\0" + bytes(100), "unsupported_format"),
        "dng": (_tiff(extratags=[(50706, 1, 4, b"\1\4\0\0", True)]), "unsupported_format"),
        "filter-array": (_with_tag(_tiff(grey(), photometric="minisblack"), 262, 32803), "unsupported_format"),
        "dicom": (bytes(128) + b"DICM" + bytes(50), "unsupported_format"),
        "jpeg-xl": (b"\xff\x0a" + bytes(50), "unsupported_format"),
        "jpeg-xr": (b"II\xbc\x01" + bytes(50), "unsupported_format"),
        "openexr": (b"v/1\x01" + bytes(50), "unsupported_format"),
        "film": (struct.pack(">I", 24) + b"ftypisom\0\0\2\0isomavc1" + bytes(50), "unsupported_format"),
        "film-of-a-telephone": (struct.pack(">I", 20) + b"ftypqt  \0\0\0\0qt  " + bytes(50), "unsupported_format"),
        "webm": (b"\x1aE\xdf\xa3" + bytes(50), "unsupported_format"),
        "html": (b"<!DOCTYPE html><html><img src=x onerror=alert(1)></html>", "not_an_image"),
        "html-after-space": (b"\xef\xbb\xbf \n <html></html>", "not_an_image"),
        "xml-entities": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "not_an_image"),
        "zip": (b"PK\x03\x04" + bytes(60), "not_an_image"),
        "empty-zip": (b"PK\x05\x06" + bytes(18), "not_an_image"),
        "program": (b"MZ\x90\0" + bytes(200), "not_an_image"),
        "elf": (b"\x7fELF" + bytes(200), "not_an_image"),
        "gzip": (b"\x1f\x8b\x08" + bytes(60), "not_an_image"),
        "old-office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60), "not_an_image"),
        "database": (b"SQLite format 3\0" + bytes(84), "not_an_image"),
        "shell": (b"#!/bin/sh\nrm -rf /\n", "not_an_image"),
        "php": (b"<?php system($_GET['c']); ?>", "not_an_image"),
        "json": (b'{"a": 1}', "not_an_image"),
        "csv": (b"file,case_reference\na.jpg,1\n", "not_an_image"),
        "wav": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(30), "not_an_image"),
        "avi": (b"RIFF\x24\0\0\0AVI LIST" + bytes(30), "not_an_image"),
        "mp3": (b"ID3\x04" + bytes(60), "not_an_image"),
        "zeros": (bytes(5000), "not_an_image"),
        "ones": (b"\xff" * 5000, "not_an_image"),
        "one-zero": (b"\0", "not_an_image"),
        "one-letter": (b"a", "not_an_image"),
        "spaces": (b" " * 3000, "not_an_image"),
        "byte-order-mark": (b"\xef\xbb\xbf", "not_an_image"),
        "nothing": (b"", "empty"),
        "program-with-jpeg-inside": (b"MZ" + _jpeg(), "not_an_image"),
        "page-with-jpeg-inside": (b"<html>" + _jpeg(), "not_an_image"),
        "jpeg-after-a-zero": (b"\0" + _jpeg(), "not_an_image"),
        "png-after-a-blank": (b" " + _png(), "not_an_image"),
    }
    for name, (data, code) in named.items():
        yield HostileFile(f"a-{name}-named.jpeg", data, refused(code))


def _sizes() -> Iterator[HostileFile]:
    jpeg, progressive = _jpeg(), _jpeg(progressive=True)
    for name, data in (("jpeg", jpeg), ("jpeg-progressive", progressive)):
        at = _frame_at(data) + 5
        for height, width in ((0, WIDTH), (HEIGHT, 0), (0, 0)):
            patched = _patched(data, at, struct.pack(">HH", height, width))
            yield HostileFile(f"{name}-of-{width}x{height}.jpg", patched, refused("zero_area"))
        for height, width in ((65_500, 65_500), (65_535, 65_535), (40_000, 8), (8, 40_000), (20_000, 20_000)):
            patched = _patched(data, at, struct.pack(">HH", height, width))
            yield HostileFile(f"{name}-of-{width}x{height}.jpg", patched, refused("too_many_pixels"))
        # A picture that claims to be somewhat larger than its data.
        patched = _patched(data, at, struct.pack(">HH", HEIGHT * 4, WIDTH))
        expectation = either("truncated", "damaged") if name == "jpeg-progressive" else refused("truncated", "damaged")
        yield HostileFile(f"{name}-claims-more-rows.jpg", patched, expectation)
    for width, height in ((0, HEIGHT), (WIDTH, 0), (0, 0)):
        yield HostileFile(
            f"png-of-{width}x{height}.png", _png_with_size(width, height), refused("zero_area", "damaged")
        )
    for width, height in ((100_000, 100_000), (2**31 - 1, 2**31 - 1), (2**32 - 1, 1), (1, 50_000), (30_000, 30_000)):
        yield HostileFile(f"png-of-{width}x{height}.png", _png_with_size(width, height), refused("too_many_pixels"))
    yield HostileFile("png-claims-more-rows.png", _png_with_size(WIDTH, HEIGHT * 4), refused("truncated", "damaged"))
    tiff = _tiff()
    for tag, value in ((256, 0), (257, 0)):
        yield HostileFile(f"tiff-{tag}-is-{value}.tif", _with_tag(tiff, tag, value), refused("zero_area"))
    for tag, value in ((256, 2**31), (257, 2**31), (256, 40_000), (257, 40_000)):
        yield HostileFile(
            f"tiff-{tag}-is-{value}.tif", _with_tag(tiff, tag, value), refused("too_many_pixels", "truncated")
        )
    yield HostileFile("tiff-claims-more-rows.tif", _with_tag(tiff, 257, HEIGHT * 4), refused("truncated", "damaged"))
    packed = _tiff(compression="zlib")
    yield HostileFile(
        "tiff-deflate-claims-more-rows.tif", _with_tag(packed, 257, HEIGHT * 4), refused("truncated", "damaged")
    )
    huge = _with_tag(_with_tag(packed, 256, 30_000), 257, 30_000)
    yield HostileFile("tiff-deflate-of-30000x30000.tif", huge, refused("too_many_pixels"))
    lossy = bytearray(_saved(picture(), "WEBP", quality=90))
    struct.pack_into("<HH", lossy, 26, 16_383, 16_383)
    yield HostileFile("webp-lossy-of-16383x16383.webp", bytes(lossy), refused("too_many_pixels"))
    struct.pack_into("<HH", lossy, 26, 0, 0)
    yield HostileFile("webp-lossy-of-0x0.webp", bytes(lossy), refused("zero_area"))
    lossless = bytearray(_saved(picture(), "WEBP", lossless=True))
    lossless[21:25] = b"\xff\xff\xff\x0f"
    yield HostileFile("webp-lossless-of-16384x16384.webp", bytes(lossless), refused("too_many_pixels"))
    yield HostileFile(
        "heic-claims-30000x30000.heic",
        heic(picture(), declared=(30_000, 30_000)),
        refused("too_many_pixels", "damaged"),
    )
    yield HostileFile(
        "heic-claims-4000000000.heic",
        heic(picture(), declared=(4_000_000_000, 4_000_000_000)),
        refused("too_many_pixels", "zero_area", "damaged"),
    )
    yield HostileFile("heic-claims-0x0.heic", heic(picture(), declared=(0, 0)), either("zero_area", "damaged"))
    yield HostileFile("heic-claims-1x1.heic", heic(picture(), declared=(1, 1)), either("damaged"))


def _bombs() -> Iterator[HostileFile]:
    zeros = zlib.compress(bytes(64 * 2**20), 9)
    like = looks_like(picture())
    profile = _chunk(b"iCCP", b"p\0\0" + zeros)
    yield HostileFile("png-profile-bomb.png", _with_chunk(_png(), profile), like)
    yield HostileFile("png-text-bomb.png", _with_chunk(_png(), _chunk(b"zTXt", b"t\0\0" + zeros)), like)
    texts = b"".join(_chunk(b"zTXt", b"t%d\0\0" % number + zeros) for number in range(20))
    yield HostileFile("png-many-text-bombs.png", _with_chunk(_png(), texts), like)
    international = _chunk(b"iTXt", b"t\0\1\0\0\0" + zeros)
    yield HostileFile("png-international-text-bomb.png", _with_chunk(_png(), international), like)
    rows = _rows(picture())
    more = zlib.compress(rows + bytes(64 * 2**20), 9)
    png = _png_of(WIDTH, HEIGHT, 8, 2, rows)
    start = png.index(b"IDAT") - 4
    longer = png[:start] + _chunk(b"IDAT", more) + _chunk(b"IEND", b"")
    yield HostileFile("png-data-bomb.png", longer, Expectation(frozenset({"damaged"}), pixels=picture()))
    wide = zlib.compress(bytes(30_000 * 3751), 9)
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0))
    spot = b"\x89PNG\r\n\x1a\n" + header + _chunk(b"IDAT", wide) + _chunk(b"IEND", b"")
    yield HostileFile("png-spot-bomb.png", spot, refused("too_many_pixels"))
    progressive = _jpeg(progressive=True)
    scan = progressive.rindex(b"\xff\xda")
    last = progressive[scan:-2]
    yield HostileFile("jpeg-thousand-scans.jpg", progressive[:-2] + last * 1000 + b"\xff\xd9", refused("damaged"))
    empty = last[: 2 + struct.unpack_from(">H", last, 2)[0]]
    large = _patched(progressive, _frame_at(progressive) + 5, struct.pack(">HH", 10_000, 10_000))
    yield HostileFile("jpeg-empty-scans.jpg", large[:-2] + empty * 500 + b"\xff\xd9", refused("damaged"))
    comments = _jpeg()
    comments = comments[:2] + b"\xff\xfe\0\2" * 20_000 + comments[2:]
    yield HostileFile("jpeg-twenty-thousand-comments.jpg", comments, looks_like(picture(), 3))
    packed = _tiff(compression="zlib")
    place = struct.unpack_from("<I", packed, _tag_at(packed, 273) + 8)[0]
    bomb = _with_tag(_with_tag(packed, 273, len(packed)), 279, len(zeros)) + zeros
    yield HostileFile("tiff-deflate-bomb.tif", bomb, either("damaged", "truncated"))
    assert place < len(packed)
    samples = _with_tag(_tiff(), 277, 65_535)
    yield HostileFile("tiff-65535-channels.tif", samples, refused("truncated", "damaged", "unsupported_format"))
    chain = _tiff()
    offset = len(chain)
    directories = bytearray()
    for number in range(20_000):
        directories += struct.pack("<HI", 0, offset + 6 * (number + 1))
    end = struct.unpack_from("<I", chain, 4)[0]
    end += 2 + 12 * struct.unpack_from("<H", chain, end)[0]
    chained = _patched(chain, end, struct.pack("<I", offset)) + bytes(directories)
    yield HostileFile("tiff-twenty-thousand-directories.tif", chained, refused("damaged", "animated"))


def _many_pictures() -> Iterator[HostileFile]:
    frames = [Image.fromarray(np.roll(picture(), shift, axis=1)) for shift in (0, 10, 20)]
    options: dict[str, Any] = {"save_all": True, "append_images": frames[1:]}
    yield HostileFile("animated.gif", _saved(frames[0], "GIF", **options), refused("unsupported_format", "animated"))
    yield HostileFile("animated.png", _saved(frames[0], "PNG", **options), refused("animated"))
    yield HostileFile(
        "animated-with-default.png", _saved(frames[0], "PNG", default_image=True, **options), refused("animated")
    )
    yield HostileFile("animated-lossy.webp", _saved(frames[0], "WEBP", **options), refused("animated"))
    yield HostileFile(
        "animated-lossless.webp", _saved(frames[0], "WEBP", lossless=True, **options), refused("animated")
    )
    yield HostileFile("pages.tif", _saved(frames[0], "TIFF", **options), refused("animated"))
    yield HostileFile("pages-big-endian.tif", _tiff(np.stack([picture()] * 4), byteorder=">"), refused("animated"))
    yield HostileFile("sequence.heic", heic(picture(), brands=(b"hevc", b"mif1", b"heic")), refused("animated"))
    yield HostileFile("sequence-msf1.heic", heic(picture(), brands=(b"msf1", b"hevc")), refused("animated"))
    moov = heic(picture()) + struct.pack(">I", 16) + b"moov" + bytes(8)
    yield HostileFile("heic-with-film.heic", moov, refused("animated"))
    yield HostileFile(
        "avif-sequence.avif", struct.pack(">I", 20) + b"ftypavis\0\0\0\0avis" + bytes(60), refused("unsupported_format")
    )


def _odd_structures() -> Iterator[HostileFile]:
    jpeg, png, tiff = _jpeg(), _png(), _tiff()
    frame = _frame_at(jpeg)
    yield HostileFile("jpeg-start-only.jpg", b"\xff\xd8\xff", refused("truncated"))
    yield HostileFile("jpeg-start-and-end.jpg", b"\xff\xd8\xff\xd9", refused("damaged"))
    for number in (3, 5, 6, 7, 9, 10, 11, 13, 14, 15):
        patched = _patched(jpeg, frame + 1, bytes([0xC0 + number]))
        yield HostileFile(
            f"jpeg-frame-of-type-{number}.jpg", patched, either("damaged", "truncated", "unsupported_format")
        )
    yield HostileFile("jpeg-12-bit.jpg", _patched(jpeg, frame + 4, b"\x0c"), refused("unsupported_format"))
    for components in (0, 2, 5, 255):
        patched = _patched(jpeg, frame + 9, bytes([components]))
        yield HostileFile(
            f"jpeg-{components}-components.jpg", patched, either("damaged", "truncated", "unsupported_format")
        )
    yield HostileFile("jpeg-no-tables.jpg", _without(jpeg, 0xDB), either("damaged", "truncated"))
    yield HostileFile("jpeg-no-codes.jpg", _without(jpeg, 0xC4), either("damaged", "truncated"))
    yield HostileFile("jpeg-no-frame.jpg", _without(jpeg, 0xC0), refused("damaged"))
    twice = jpeg[: frame + 2 + struct.unpack_from(">H", jpeg, frame + 2)[0]]
    yield HostileFile("jpeg-two-frames.jpg", twice + jpeg[frame:], refused("damaged"))
    yield HostileFile("jpeg-segment-of-length-0.jpg", jpeg[:2] + b"\xff\xe5\0\0" + jpeg[2:], refused("damaged"))
    yield HostileFile("jpeg-segment-of-length-1.jpg", jpeg[:2] + b"\xff\xe5\0\1" + jpeg[2:], refused("damaged"))
    yield HostileFile("jpeg-stray-bytes.jpg", jpeg[:2] + b"stray" + jpeg[2:], refused("not_an_image", "damaged"))
    sampling = _patched(jpeg, frame + 11, b"\x44")
    yield HostileFile("jpeg-odd-sampling.jpg", sampling, either("damaged", "truncated"))
    header = png[8:33]
    yield HostileFile("png-signature-only.png", png[:8], refused("truncated"))
    yield HostileFile("png-no-data.png", png[:33] + _chunk(b"IEND", b""), refused("damaged"))
    yield HostileFile("png-no-header.png", png[:8] + png[33:], refused("damaged"))
    yield HostileFile("png-two-headers.png", png[:33] + header + png[33:], either("damaged"))
    yield HostileFile(
        "png-empty-data.png", png[:33] + _chunk(b"IDAT", b"") + _chunk(b"IEND", b""), refused("truncated", "damaged")
    )
    yield HostileFile("png-length-of-4-gigabytes.png", _patched(png, 33, b"\xff\xff\xff\xff"), refused("truncated"))
    for depth, colour in ((0, 2), (3, 2), (8, 1), (8, 5), (16, 3), (32, 2), (255, 255)):
        odd = png[:8] + _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, 0)) + png[33:]
        yield HostileFile(f"png-depth-{depth}-colour-{colour}.png", odd, refused("damaged", "truncated"))
    for name, values in (("method", (1, 0, 0)), ("filter", (0, 1, 0)), ("interlace", (0, 0, 9))):
        odd = png[:8] + _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, *values)) + png[33:]
        yield HostileFile(f"png-unknown-{name}.png", odd, either("damaged", "truncated"))
    no_palette = _png_of(WIDTH, HEIGHT, 8, 3, _rows(grey()))
    yield HostileFile("png-palette-missing.png", no_palette, either("damaged"))
    short_palette = _png_of(WIDTH, HEIGHT, 8, 3, _rows(grey()), extra=_chunk(b"PLTE", b"\1\2\3"))
    yield HostileFile("png-palette-short.png", short_palette, either("damaged"))
    for key in (b"", b"\0", bytes(300)):
        yield HostileFile(f"png-key-of-{len(key)}.png", _with_chunk(png, _chunk(b"tRNS", key)), either("damaged"))
    yield HostileFile("tiff-header-only.tif", b"II*\0\x08\0\0\0", refused("truncated"))
    yield HostileFile("tiff-directory-at-0.tif", b"II*\0\0\0\0\0" + bytes(100), refused("truncated"))
    circle = _patched(tiff, 4, struct.pack("<I", 8)) if struct.unpack_from("<I", tiff, 4)[0] != 8 else tiff
    offset = struct.unpack_from("<I", circle, 4)[0]
    end = offset + 2 + 12 * struct.unpack_from("<H", circle, offset)[0]
    yield HostileFile("tiff-in-a-circle.tif", _patched(circle, end, struct.pack("<I", offset)), refused("damaged"))
    yield HostileFile(
        "tiff-next-directory-far-away.tif", _patched(circle, end, b"\xf0\xff\xff\xff"), refused("damaged")
    )
    for tag, value in (
        (259, 6),
        (259, 34712),
        (259, 50000),
        (259, 65_535),
        (262, 9),
        (262, 65_535),
        (277, 0),
        (284, 7),
    ):
        codes = ("unsupported_format", "damaged", "truncated")
        yield HostileFile(f"tiff-{tag}-is-{value}.tif", _with_tag(tiff, tag, value), either(*codes))
    for value in (0, len(tiff) + 1, 2**32 - 1):
        patched = _with_tag(tiff, 273, value)
        expectation = either("truncated", "damaged") if value == 0 else refused("truncated")
        yield HostileFile(f"tiff-data-at-{value}.tif", patched, expectation)
    yield HostileFile("tiff-data-of-0-bytes.tif", _with_tag(tiff, 279, 0), either("truncated", "damaged"))
    yield HostileFile("tiff-strips-without-end.tif", _with_tag(tiff, 273, 8, count=2**31), refused("truncated"))
    for tag in (256, 257, 273):
        renamed = _patched(tiff, _tag_at(tiff, tag), struct.pack("<H", 60_000))
        yield HostileFile(f"tiff-without-{tag}.tif", renamed, refused("damaged", "zero_area", "truncated"))
    webp = _saved(picture(), "WEBP", quality=90)
    yield HostileFile("webp-header-only.webp", webp[:12], refused("truncated"))
    empty = b"RIFF\x04\0\0\0WEBP"
    yield HostileFile("webp-nothing-inside.webp", empty, refused("damaged"))
    yield HostileFile("webp-chunk-too-long.webp", _patched(webp, 16, b"\xff\xff\xff\x7f"), refused("truncated"))
    yield HostileFile("webp-size-too-small.webp", _patched(webp, 4, b"\x10\0\0\0"), refused("truncated", "damaged"))
    boxes = heic(picture())
    yield HostileFile("heic-ftyp-only.heic", boxes[:24], refused("truncated"))
    yield HostileFile("heic-box-of-size-2.heic", _patched(boxes, 24, struct.pack(">I", 2)), refused("damaged"))
    yield HostileFile("heic-no-data.heic", boxes[: boxes.index(b"mdat") - 4], refused("damaged", "truncated"))
    place = boxes.index(b"iloc") + 22
    yield HostileFile(
        "heic-data-elsewhere.heic", _patched(boxes, place, b"\x7f\xff\xff\xff"), refused("damaged", "truncated")
    )
    yield HostileFile("heic-no-decoder-settings.heic", boxes.replace(b"hvcC", b"free"), refused("damaged"))
    yield HostileFile("heic-no-primary.heic", boxes.replace(b"pitm", b"free"), either("damaged"))
