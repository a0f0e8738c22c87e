"""What kind of file some bytes are, read from the bytes alone."""

from __future__ import annotations

import re
from enum import Enum

from forensics.errors import PhotoRefused
from forensics.photo.refusals import AGAIN, TAKEN, animated, unsupported


class Kind(Enum):
    """The formats that are taken; the value is the media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    HEIC = "image/heic"


_RAW_HINT = (
    'Develop it to a TIFF or a JPEG of best quality in the camera maker\'s program (not "preview") and upload that.'
)

# What pictures of other kinds start with, and what to call them.
_PICTURES: tuple[tuple[bytes, str], ...] = (
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"%PDF-", "a PDF document"),
    (b"8BPS", "a Photoshop document (PSD)"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x01\x00", "a Windows icon"),
    (b"v/1\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"\x8aMNG", "MNG"),
    (b"\x8bJNG", "JNG"),
    (b"qoif", "QOI"),
    (b"II\xbc\x01", "JPEG XR"),
    (b"%!PS", "PostScript"),
    (b"\x1aE\xdf\xa3", "a film (Matroska or WebM)"),
)
_RAW: tuple[tuple[bytes, str], ...] = (
    (b"FUJIFILMCCD-RAW", "a raw file of a Fujifilm camera"),
    (b"IIRO", "a raw file of an Olympus camera"),
    (b"IIRS", "a raw file of an Olympus camera"),
    (b"MMOR", "a raw file of an Olympus camera"),
    (b"IIU\x00", "a raw file of a Panasonic camera"),
    (b"FOVb", "a raw file of a Sigma camera"),
)
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"{\\rtf", "an RTF document"),
    (b"OggS", "a sound or film (Ogg)"),
    (b"ID3", "a sound (MP3)"),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"miaf"}
_SEQUENCE_BRANDS = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"}


def kind_of(data: bytes) -> Kind:
    """Tell the kind of file from its first bytes.

    Parameters
    ----------
    data : bytes
        The whole file, not empty.

    Returns
    -------
    Kind
        One of the kinds that are taken.

    Raises
    ------
    PhotoRefused
        ``unsupported_format`` for pictures of other kinds and ``not_an_image`` for everything else, both saying what
        was found; ``animated`` for a sequence of pictures in a HEIC container.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    for start, name in _RAW:
        if data.startswith(start):
            raise unsupported(name, hint=_RAW_HINT)
    if data[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        if data[8:10] == b"CR":
            raise unsupported("a raw file of a Canon camera", hint=_RAW_HINT)
        return Kind.TIFF
    if data.startswith(b"RIFF"):
        if data[8:12] == b"WEBP":
            return Kind.WEBP
        raise _not_an_image("a sound or film (RIFF)")
    if data[4:8] == b"ftyp":
        return _kind_of_container(data)
    for start, name in _PICTURES:
        if data.startswith(start):
            raise unsupported(name)
    if re.match(rb"P[1-7][\s#]", data):
        raise unsupported("a portable anymap (PNM)")
    for start, name in _OTHERS:
        if data.startswith(start):
            raise _not_an_image(name)
    raise _of_text_or_unknown(data)


def _kind_of_container(data: bytes) -> Kind:
    """Tell HEIC from AVIF, raw files and films, all of which are ISO base media files (ISO/IEC 14496-12)."""
    size = int.from_bytes(data[:4], "big")
    listed = data[8 : max(12, min(size, 256))]
    major = listed[:4]
    brands = {major} | {listed[i : i + 4] for i in range(8, len(listed) - 3, 4)}
    if major in (b"avif", b"avis") or (brands & {b"avif", b"avis"} and not brands & {b"heic", b"heix"}):
        raise unsupported("AVIF")
    if major == b"crx ":
        raise unsupported("a raw file of a Canon camera", hint=_RAW_HINT)
    if major in _SEQUENCE_BRANDS:
        raise animated("HEIC", "a sequence of pictures")
    if brands & _HEIC_BRANDS:
        return Kind.HEIC
    raise unsupported("a film (MP4, MOV or the like)", hint="Save the sharpest frame as a picture and upload that.")


def _of_text_or_unknown(data: bytes) -> PhotoRefused:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return unsupported("SVG")
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script")):
        return _not_an_image("a web page")
    if start.startswith(b"<?xml"):
        return _not_an_image("an XML document")
    if data[128:132] == b"DICM":
        return unsupported("DICOM")
    if not any(data[:4096]):
        return _not_an_image("only zero bytes at its start, as a failed copy leaves them", hint=AGAIN)
    try:
        data[:1024].decode("ascii")
    except UnicodeDecodeError:
        return _not_an_image("bytes of no known kind")
    return _not_an_image("text")


def _not_an_image(found: str, *, hint: str = "Choose the photograph itself.") -> PhotoRefused:
    return PhotoRefused("not_an_image", expected=TAKEN, found=found, hint=hint)
