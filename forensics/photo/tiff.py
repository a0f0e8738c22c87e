"""TIFF (6.0, BigTIFF): the walk through its directories, and its pixels."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from io import BytesIO

import numpy as np
from PIL import TiffImagePlugin

from forensics.errors import PhotoRefused
from forensics.photo.directories import Directory, Entry, TaggedFile, append_directory
from forensics.photo.exif import Exif, exif_of
from forensics.photo.header import Header
from forensics.photo.kind import Kind
from forensics.photo.raster import Raster, Space, from_pillow
from forensics.photo.refusals import animated, damaged, truncated, unsupported

_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS = 273, 279, 324, 325
_SAMPLES, _ROWS, _PLANAR, _SAMPLE_FORMAT = 277, 278, 284, 339
_TILE_WIDTH, _TILE_HEIGHT, _INK_SET, _EXTRA = 322, 323, 332, 338
_SUB_DIRECTORIES, _PROFILE, _DNG_VERSION = 330, 34675, 50706
_REDUCED, _MASK = 1, 4
_WHITE_IS_ZERO, _FILTER_ARRAY = 0, 32803

# What makes the pixels: the above, fill order (266), fax options (292, 293), predictor (317), palette (320), tables of
# JPEG (347), and the coefficients, subsampling, positions and range of YCbCr (529-532).
_ESSENTIAL = frozenset(
    {_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS}
    | {_SAMPLES, _ROWS, _PLANAR, _SAMPLE_FORMAT, _TILE_WIDTH, _TILE_HEIGHT, _INK_SET, _EXTRA}
    | {266, 292, 293, 317, 320, 347, 529, 530, 531, 532}
)
_COMPRESSIONS = {1, 2, 3, 4, 5, 7, 8, 32773, 32946}
_PLAIN = 1
_RAW_HINT = "Develop it to a TIFF or a JPEG of best quality in the camera maker's program and upload that."


@dataclass(frozen=True, slots=True)
class TiffHeader(Header):
    """What the decoding of a TIFF must know besides; its essence is the whole file until the pixels are wanted.

    Attributes
    ----------
    main : Directory
        That of the one picture.
    facts : Exif
        What the main directory says of camera, time and way up.
    """

    main: Directory = field(default_factory=lambda: Directory("<", {}, frozenset()))
    facts: Exif = field(default_factory=Exif)


def read_header(data: bytes) -> TiffHeader:
    """Walk through the directories of a TIFF and check that its picture's data lie within it.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    TiffHeader
        Size, depth, facts and colour profile.

    Raises
    ------
    PhotoRefused
        ``truncated``, ``damaged``, ``unsupported_format`` (raw files of cameras among them), or ``animated`` where it
        holds several pages; reduced copies and masks do not count as pages.
    """
    file = TaggedFile.open(data)
    if file is None:
        raise truncated("TIFF", f"one of {len(data)} bytes")
    directories = list(file.directories())
    if not directories or directories[0] is None:
        raise truncated("TIFF", "one whose directory lies past its end")
    if None in directories:
        raise damaged("TIFF", "a chain of pages that leads out of the file or in a circle")
    pages = [page for page in directories if page is not None]
    main = pages[0]
    _refuse_raw(main)
    if sum(not page.integer(_SUBFILE, 0) & (_REDUCED | _MASK) for page in pages) > 1:
        raise animated("TIFF", f"{len(pages)} pages")
    if main.broken & _ESSENTIAL:
        raise truncated("TIFF", "one whose directory speaks of data past its end")
    width, height = main.integer(_WIDTH, -1), main.integer(_HEIGHT, -1)
    if min(width, height) < 0:
        raise damaged("TIFF", "no size of its picture")
    compression = main.integer(_COMPRESSION, _PLAIN)
    if compression not in _COMPRESSIONS:
        raise unsupported(f"a TIFF of compression {compression}", hint="Save it with LZW, ZIP or no compression.")
    bits = main.integers(_BITS) or (1,)
    _check_places(main, len(data), width=width, height=height, bits=bits, plain=compression == _PLAIN)
    return TiffHeader(
        Kind.TIFF,
        width,
        height,
        max(bits),
        data,
        icc=main.entries[_PROFILE].raw if _PROFILE in main.entries else b"",
        main=main,
        facts=exif_of(file, main),
    )


def read_raster(header: TiffHeader) -> Raster:
    """Decode the pixels of a TIFF whose directory was checked.

    Parameters
    ----------
    header : TiffHeader
        From :func:`read_header`.

    Returns
    -------
    Raster
        Grey, RGB, CMYK or Lab.

    Raises
    ------
    PhotoRefused
        ``unsupported_format`` for layouts of samples that no reader is known for.
    """
    file = TaggedFile.open(header.essence)
    main = header.main
    if file is None:
        raise damaged("TIFF", "no header at its start")
    samples = main.integer(_SAMPLES, 1)
    if main.integer(_PLANAR, 1) == 1 or samples == 1:
        return _interleaved(file, main)
    spaces: dict[int, Space] = {2: "rgb", 5: "cmyk"}
    space = spaces.get(main.integer(_PHOTOMETRIC, -1))
    colours = 4 if space == "cmyk" else 3
    if space is None or samples < colours:
        raise _rare("channels in separate planes")
    planes = [_interleaved(file, plane).samples for plane in _planes(main, samples)]
    transparent = samples > colours and main.integers(_EXTRA)[:1] in ((1,), (2,))
    return Raster(space, np.stack(planes[:colours], axis=-1), planes[colours] if transparent else None)


def _interleaved(file: TaggedFile, directory: Directory) -> Raster:
    # Pillow turns white-is-zero round at 8 bits only, and reads it at 16 bits in one byte order only.
    inverted = directory.integer(_PHOTOMETRIC, _WHITE_IS_ZERO) == _WHITE_IS_ZERO and directory.integer(_BITS, 1) == 16
    if inverted:
        directory = replace(directory, entries={**directory.entries, _PHOTOMETRIC: _shorts(directory.order, 1)})
    try:
        image = TiffImagePlugin.TiffImageFile(BytesIO(append_directory(file, directory, _ESSENTIAL)))
    except SyntaxError as error:
        # Pillow's own way to say that it has no reader for this layout of samples.
        raise _rare(str(error)) from error
    with image:
        raster = from_pillow(image)
    return Raster(raster.space, 255 - raster.samples, raster.alpha) if inverted else raster


def _planes(main: Directory, samples: int) -> list[Directory]:
    """Make of a picture in separate planes one grey picture a plane, each with its share of the strips or tiles."""
    shares = {}
    for tag in (_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS):
        numbers = main.integers(tag)
        if numbers:
            each = len(numbers) // samples
            shares[tag] = [numbers[i * each : (i + 1) * each] for i in range(samples)]
    bits = (*main.integers(_BITS), 1)[0]
    kept = {tag: entry for tag, entry in main.entries.items() if tag not in (_EXTRA, _INK_SET)}
    return [
        replace(
            main,
            entries={
                **kept,
                _BITS: _shorts(main.order, bits),
                _SAMPLES: _shorts(main.order, 1),
                _PLANAR: _shorts(main.order, 1),
                _SAMPLE_FORMAT: _shorts(main.order, *main.integers(_SAMPLE_FORMAT)[:1] or (1,)),
                _PHOTOMETRIC: _shorts(main.order, 1),
                **{tag: _longs(main.order, share[i]) for tag, share in shares.items()},
            },
        )
        for i in range(samples)
    ]


def _shorts(order: str, *numbers: int) -> Entry:
    return Entry(3, len(numbers), struct.pack(f"{order}{len(numbers)}H", *numbers))


def _longs(order: str, numbers: tuple[int, ...]) -> Entry:
    return Entry(4, len(numbers), struct.pack(f"{order}{len(numbers)}I", *numbers))


def _rare(what: str) -> PhotoRefused:
    hint = "Save it as RGB with 8 or 16 bits per channel."
    return unsupported(f"a TIFF of a rare layout of samples ({what})", hint=hint)


def _refuse_raw(main: Directory) -> None:
    reduced = bool(main.integer(_SUBFILE, 0) & _REDUCED)
    if _DNG_VERSION in main.entries:
        raise unsupported("a raw file (DNG)", hint=_RAW_HINT)
    if main.integer(_PHOTOMETRIC, 0) == _FILTER_ARRAY or (reduced and _SUB_DIRECTORIES in main.entries):
        raise unsupported("a raw file of a camera", hint=_RAW_HINT)


def _check_places(main: Directory, length: int, *, width: int, height: int, bits: tuple[int, ...], plain: bool) -> None:
    """Check that every strip or tile lies within the file, and that uncompressed ones hold the whole picture."""
    offsets = main.integers(_STRIP_OFFSETS) or main.integers(_TILE_OFFSETS)
    counts = main.integers(_STRIP_COUNTS) or main.integers(_TILE_COUNTS)
    if not offsets:
        raise damaged("TIFF", "no picture in it")
    if counts and len(counts) != len(offsets):
        raise damaged("TIFF", f"{len(offsets)} places of data and {len(counts)} sizes")
    reach = np.array(offsets, np.float64) + (np.array(counts, np.float64) if counts else 0)
    if reach.max() > length or min(offsets) < 0:
        raise truncated("TIFF", f"one of {length} bytes whose picture reaches to byte {int(reach.max())}")
    samples = main.integer(_SAMPLES, 1)
    needed = -(-width * samples * bits[0] // 8) * height
    if plain and needed > length:
        raise truncated("TIFF", f"one of {length} bytes whose picture needs {needed}")
