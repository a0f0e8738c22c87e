"""Decoded samples, not yet in sRGB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.photo.refusals import unsupported

Space = Literal["grey", "rgb", "cmyk", "lab"]


@dataclass(frozen=True, slots=True)
class Raster:
    """Samples as stored, at 8 bits.

    Attributes
    ----------
    space : {"grey", "rgb", "cmyk", "lab"}
        What the channels mean. CMYK counts ink: 0 is paper. Lab is as ICC stores it at 8 bits, a and b signed.
    samples : ndarray of shape (height, width) or (height, width, channels), uint8
        The channels.
    alpha : ndarray of shape (height, width), uint8, or None
        Opacity, not multiplied into the samples; None where all is opaque.
    """

    space: Space
    samples: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None = None


def high_byte(samples: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Bring 16-bit samples to 8 bits by their high byte, as the PNG standard allows and the other decoders do."""
    return (samples >> 8).astype(np.uint8)


def from_pillow(image: Image.Image) -> Raster:
    """Take the samples of a Pillow image, whatever its mode.

    Parameters
    ----------
    image : PIL.Image.Image
        Opened; its pixels are decoded here.

    Returns
    -------
    Raster
        The same picture.

    Raises
    ------
    PhotoRefused
        ``unsupported_format`` for 32-bit and floating point samples, whose white is not defined.
    """
    mode = image.mode
    if mode in ("P", "PA"):
        image = image.convert("RGBA" if mode == "PA" or "transparency" in image.info else "RGB")
    elif mode == "1":
        image = image.convert("L")
    elif mode == "YCbCr":
        image = image.convert("RGB")
    elif mode == "La":
        image = image.convert("LA")
    elif mode == "RGBa":
        image = image.convert("RGBA")
    if image.mode.startswith("I;16"):
        return Raster("grey", high_byte(np.asarray(image).astype(np.uint16)))
    samples = np.asarray(image)
    match image.mode:
        case "L":
            return Raster("grey", samples)
        case "LA":
            return Raster("grey", samples[..., 0], samples[..., 1])
        case "RGB":
            return Raster("rgb", samples)
        case "RGBA":
            return Raster("rgb", samples[..., :3], samples[..., 3])
        case "CMYK":
            return Raster("cmyk", samples)
        case "LAB":
            return Raster("lab", samples)
        case other:
            raise unsupported(
                f"samples of a kind that has no defined white ({other})", hint="Save it with 8 or 16 bits per channel."
            )
