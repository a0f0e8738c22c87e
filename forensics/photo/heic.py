"""HEIC (ISO/IEC 23008-12): the walk through its boxes, and its pixels through libheif and libde265."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pi_heif

from forensics.photo.header import Header
from forensics.photo.kind import Kind
from forensics.photo.raster import Raster
from forensics.photo.refusals import animated, damaged, truncated

# Colour primaries of ITU-T H.273 that are sRGB's own, or unspecified.
_SRGB_PRIMARIES = {1, 2}


def read_header(data: bytes) -> Header:
    """Walk through the boxes of a HEIC file, and read its primary picture's header.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Header
        Size, depth, EXIF block and colour profile. The orientation is 1: the container's own turn is applied by the
        decoder, and the standard says to leave that of the EXIF block alone.

    Raises
    ------
    PhotoRefused
        ``truncated``, ``damaged`` or ``animated``.
    """
    names = set()
    for name, end in _boxes(data):
        if end > len(data):
            raise truncated("HEIC", f"one that ends at byte {len(data)} of at least {end}")
        names.add(name)
    if b"moov" in names:
        raise animated("HEIC", "a sequence of pictures or a film")
    if b"meta" not in names:
        raise truncated("HEIC", "no description of its picture")
    picture = _primary(data)
    width, height = picture.size
    primaries = picture.info.get("nclx_profile", {}).get("color_primaries", 1)
    icc = bytes(picture.info.get("icc_profile") or b"")
    remarks: tuple[str, ...] = ()
    if not icc and primaries not in _SRGB_PRIMARIES:
        remarks = (f"The colour primaries {primaries} (ITU-T H.273) were read as sRGB.",)
    return Header(
        Kind.HEIC,
        width,
        height,
        int(picture.info.get("bit_depth", 8)),
        data,
        exif=bytes(picture.info.get("exif") or b""),
        icc=icc,
        orientation=1,
        remarks=remarks,
    )


def read_raster(header: Header) -> Raster:
    """Decode the primary picture, turned as the container says."""
    picture = _primary(header.essence)
    # A copy, made while the picture lives: the array that pi_heif gives out looks into memory that goes with it.
    samples = np.array(picture, np.uint8)
    match picture.mode:
        case "L":
            return Raster("grey", samples.reshape(samples.shape[:2]))
        case "LA" | "La":
            return Raster("grey", samples[..., 0], samples[..., 1])
        case "RGB":
            return Raster("rgb", samples)
        case "RGBA" | "RGBa":
            return Raster("rgb", samples[..., :3], samples[..., 3])
        case other:
            raise damaged("HEIC", f"samples of an unknown kind ({other})")


def _primary(data: bytes) -> pi_heif.HeifImage:
    file = pi_heif.open_heif(data, convert_hdr_to_8bit=True)
    return file[file.primary_index]


def _boxes(data: bytes) -> Iterator[tuple[bytes, int]]:
    """List the outermost boxes: name and end."""
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        elif size == 0:
            size = len(data) - at
        if len(name) < 4:
            yield name, at + 8
            return
        if size < 8:
            raise damaged("HEIC", f"a box of impossible size at byte {at}")
        yield name, at + size
        at += size
