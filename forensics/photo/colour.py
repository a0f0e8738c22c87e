"""From the samples as stored to sRGB on white.

Stages: 1. the embedded profile is read; 2. samples are taken to sRGB by it, or by the plain rule of their space;
3. what is transparent shows white, as on a light table.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from forensics.photo.raster import Raster, Space

_MODE: dict[Space, str] = {"grey": "L", "rgb": "RGB", "cmyk": "CMYK", "lab": "LAB"}
_SIGNATURE: dict[Space, str] = {"grey": "GRAY", "rgb": "RGB", "cmyk": "CMYK", "lab": "Lab"}
_SET_ASIDE = "The embedded colour profile is damaged or of another colour space; the colours were read as sRGB."

# Two levels of 255 are what rounding makes between two editions of the sRGB profile.
_ROUNDING = 2
_WHITE = 255


def to_srgb(raster: Raster, icc: bytes) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Take a raster to sRGB.

    Parameters
    ----------
    raster : Raster
        Samples as stored.
    icc : bytes
        The embedded profile; empty where there is none.

    Returns
    -------
    pixels : ndarray of shape (height, width, 3), uint8
        RGB in sRGB.
    remarks : tuple of str
        Empty, or that the profile was set aside.

    Notes
    -----
    Relative colorimetric with black point compensation (ISO 18619), as printers' proofs are looked at. Transparency is
    mixed in sRGB's own encoding, as browsers do.
    """
    remarks: tuple[str, ...] = ()
    pixels = None
    # 1. and 2.
    if icc and raster.space != "lab":
        try:
            pixels = _by_profile(raster, icc)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            remarks = (_SET_ASIDE,)
    if pixels is None:
        pixels = _by_rule(raster)
    # 3.
    if raster.alpha is not None:
        pixels = _on_white(pixels, raster.alpha)
    return np.ascontiguousarray(pixels), remarks


def _by_profile(raster: Raster, icc: bytes) -> NDArray[np.uint8]:
    transform = _transform(icc, raster.space)
    if transform is None:
        return raster.samples
    return _applied(transform, raster.samples, raster.space)


def _by_rule(raster: Raster) -> NDArray[np.uint8]:
    match raster.space:
        case "rgb":
            return raster.samples
        case "grey":
            return np.asarray(cv2.cvtColor(np.ascontiguousarray(raster.samples), cv2.COLOR_GRAY2RGB), np.uint8)
        case "cmyk":
            return np.asarray(Image.fromarray(raster.samples, "CMYK").convert("RGB"))
        case "lab":
            return _applied(_from_lab(), raster.samples, "lab")


def _applied(transform: ImageCms.ImageCmsTransform, samples: NDArray[np.uint8], space: Space) -> NDArray[np.uint8]:
    image = Image.fromarray(np.ascontiguousarray(samples), _MODE[space])
    return np.asarray(ImageCms.applyTransform(image, transform))


@lru_cache(maxsize=16)
def _transform(icc: bytes, space: Space) -> ImageCms.ImageCmsTransform | None:
    """Build the way from a profile to sRGB; None where the profile is sRGB's own by another name."""
    profile = ImageCms.ImageCmsProfile(BytesIO(icc))
    if profile.profile.xcolor_space.strip() != _SIGNATURE[space]:
        raise ValueError("profile of another colour space")
    transform = _built(profile, space)
    if space == "rgb":
        steps = np.arange(0, 256, 15, dtype=np.uint8)
        colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
        change = np.abs(_applied(transform, colours, "rgb").astype(np.int16) - colours)
        if change.max() <= _ROUNDING:
            return None
    return transform


@lru_cache(maxsize=1)
def _from_lab() -> ImageCms.ImageCmsTransform:
    return _built(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "lab")


def _built(profile: ImageCms.ImageCmsProfile, space: Space) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        profile,
        ImageCms.createProfile("sRGB"),
        _MODE[space],
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _on_white(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    opacity = alpha[..., None].astype(np.uint16)
    mixed = pixels * opacity + _WHITE * (255 - opacity)
    return ((mixed + 127) // 255).astype(np.uint8)
