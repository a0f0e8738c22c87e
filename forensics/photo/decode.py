"""Bytes to a ``Photo``, or a refusal that says why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.errors import PhotoRefused
from forensics.photo import heic, jpeg, png, tiff, webp
from forensics.photo.colour import to_srgb
from forensics.photo.exif import read_exif
from forensics.photo.header import Header
from forensics.photo.kind import Kind, kind_of
from forensics.photo.photo import Photo
from forensics.photo.raster import Raster
from forensics.photo.refusals import TAKEN, damaged


@dataclass(frozen=True, slots=True)
class DecodeParams:
    """How much is taken on.

    Attributes
    ----------
    most_bytes : int
        Of the file. Default 256 MiB: a photograph of 40 megapixels as an uncompressed TIFF of 16 bits has 240 MB.
        Bounds: 1 to 2**31 - 1.
    most_pixels : int
        Width times height. Default 2**27, 134 million: the largest common telephone picture has 108 million, and
        134 million take 0.4 GB as RGB. Bounds: 1 to 2**28.
    longest_side : int
        In pixels. Default 32,766: OpenCV's warps count in 16-bit numbers. Bounds: 1 to 32,766.
    most_scans : int
        Passes of a progressive JPEG over the picture. Default 64: encoders make about ten; each further one may cost as
        much time as the whole picture with hardly a byte. Bounds: 1 to 1,000.
    most_profile_bytes : int
        Of a colour profile. Default 16 MiB: the largest printing profiles have some 3 MB. Bounds: 1 to 2**28.
    """

    most_bytes: int = 256 * 2**20
    most_pixels: int = 2**27
    longest_side: int = 32_766
    most_scans: int = 64
    most_profile_bytes: int = 16 * 2**20

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {
            "most_bytes": 2**31 - 1,
            "most_pixels": 2**28,
            "longest_side": 32_766,
            "most_scans": 1000,
            "most_profile_bytes": 2**28,
        }
        for name, most in bounds.items():
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between 1 and {most}; found {getattr(self, name)}")


_DEFAULT = DecodeParams()


def decode(data: bytes, *, params: DecodeParams = _DEFAULT) -> Photo:
    """Decode a photograph.

    Stages: 1. the number of bytes; 2. the kind, from the first bytes; 3. the walk through the file's structure, which
    finds it whole or not and reads its header; 4. the size of the picture, before a pixel is decoded; 5. the pixels;
    6. to sRGB on white; 7. upright; 8. the facts of the camera.

    Parameters
    ----------
    data : bytes
        The untouched file. Its name is never asked for.
    params : DecodeParams
        The limits.

    Returns
    -------
    Photo
        Upright and in sRGB; pixels not writeable.

    Raises
    ------
    PhotoRefused
        With one of the codes ``empty``, ``not_an_image``, ``unsupported_format``, ``truncated``, ``damaged``,
        ``too_many_bytes``, ``too_many_pixels``, ``zero_area``, ``animated``.

    Notes
    -----
    Safe to call from several threads at once. JPEG carries no check sum: a bit that flipped inside its picture data
    cannot always be told from the picture.
    """
    # 1.
    if not data:
        raise PhotoRefused(
            "empty", expected=TAKEN, found="a file of 0 bytes", hint="Copy the file again and upload it."
        )
    if len(data) > params.most_bytes:
        raise PhotoRefused(
            "too_many_bytes",
            expected=f"at most {params.most_bytes} bytes",
            found=f"{len(data)}",
            hint="Save it with lossless compression, or raise the limit in the settings.",
        )
    # 2.
    kind = kind_of(data)
    try:
        # 3.
        header = _read_header(kind, data, params)
        # 4.
        _check_size(header, params)
        # 5.
        raster = _read_raster(header)
        if raster.samples.shape[:2] != (header.height, header.width):
            raise damaged(kind.name, "a picture of another size than its header says")
        # 6.
        pixels, remarks = to_srgb(raster, header.icc)
    except PhotoRefused:
        raise
    except MemoryError as error:
        raise PhotoRefused(
            "too_many_pixels",
            expected="a picture that fits into this machine's free memory",
            found="one that does not",
            hint="Upload fewer at once, or a smaller one.",
        ) from error
    except Exception as error:
        # A decoder may fail in any way on hostile bytes; all of them mean this.
        raise damaged(kind.name, f"one that its decoder cannot read ({_said(error)})") from error
    # 8. before 7., which needs it
    facts = header.facts if isinstance(header, tiff.TiffHeader) else read_exif(header.exif)
    if not facts.readable:
        remarks = (*remarks, "The EXIF block is damaged; camera, time and orientation were left out.")
    # 7.
    pixels = _upright(pixels, header.orientation or facts.orientation)
    pixels.flags.writeable = False
    return Photo(
        pixels=pixels,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=kind.value,
        bit_depth=header.bit_depth,
        camera=facts.camera,
        taken_at=facts.taken_at,
        remarks=(*header.remarks, *remarks),
    )


def _read_header(kind: Kind, data: bytes, params: DecodeParams) -> Header:
    match kind:
        case Kind.JPEG:
            return jpeg.read_header(data, most_scans=params.most_scans)
        case Kind.PNG:
            return png.read_header(data, most_profile_bytes=params.most_profile_bytes)
        case Kind.TIFF:
            return tiff.read_header(data)
        case Kind.WEBP:
            return webp.read_header(data)
        case Kind.HEIC:
            return heic.read_header(data)


def _read_raster(header: Header) -> Raster:
    match header:
        case jpeg.JpegHeader():
            return jpeg.read_raster(header)
        case png.PngHeader():
            return png.read_raster(header)
        case tiff.TiffHeader():
            return tiff.read_raster(header)
        case Header(kind=Kind.WEBP):
            return webp.read_raster(header)
        case _:
            return heic.read_raster(header)


def _check_size(header: Header, params: DecodeParams) -> None:
    width, height = header.width, header.height
    if width == 0 or height == 0:
        raise PhotoRefused(
            "zero_area",
            expected="a picture of at least one pixel",
            found=f"one of {width} x {height}",
            hint="Copy the file again from the camera and upload that copy.",
        )
    if width * height > params.most_pixels or max(width, height) > params.longest_side:
        raise PhotoRefused(
            "too_many_pixels",
            expected=f"at most {params.most_pixels} pixels, and {params.longest_side} along a side",
            found=f"{width} x {height}",
            hint="Crop it to the package and its scale, or save it at half the size.",
        )


def _upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn a picture by its EXIF orientation: 5 to 8 lie on their side, 2, 4, 5 and 7 are mirrored."""
    turned = pixels
    if orientation >= 5:
        turned = np.asarray(cv2.transpose(turned), np.uint8)
    # After the transpose, orientation 6 wants a mirror left to right, 8 one top to bottom, 7 both.
    flip = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}.get(orientation)
    if flip is not None:
        turned = np.asarray(cv2.flip(turned, flip), np.uint8)
    return np.ascontiguousarray(turned)


def _said(error: Exception) -> str:
    """Take what the decoder said, in one short line, for the log and the curious."""
    said = " ".join(str(error).split()) or type(error).__name__
    return said[:160]
