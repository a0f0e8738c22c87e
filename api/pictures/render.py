"""From the bytes of an original to a JPEG for the screen. Runs in a worker process: the bytes came from strangers."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from api.pictures.aligned import Frame, Matrix, through
from forensics.photo import decode

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class RenderParams:
    """How a picture is written.

    Attributes
    ----------
    quality : int
        Of the JPEG, 1 to 95: at 85 a screen shows no difference, at half the size of 95.
    """

    quality: int = 85


def whole(data: bytes, *, width: int, params: RenderParams = RenderParams()) -> bytes:
    """Show a whole photograph, upright and in sRGB, never enlarged.

    Parameters
    ----------
    data : bytes
        The original.
    width : int
        The most pixels across.
    params : RenderParams
        How it is written.

    Returns
    -------
    bytes
        A JPEG without anything that the camera wrote beside the pixels.
    """
    return to_jpeg(narrowed(decode(data).pixels, width), params=params)


def windowed(
    data: bytes, *, window: Frame, to_reference: Matrix | None = None, params: RenderParams = RenderParams()
) -> bytes:
    """Show what of a photograph is seen through a window; see :func:`api.pictures.aligned.through`.

    Parameters
    ----------
    data : bytes
        The original.
    window : Frame
        Laid on the reference photograph.
    to_reference : ndarray of shape (3, 3), optional
        From this photograph's pixels to the reference's.
    params : RenderParams
        How it is written.

    Returns
    -------
    bytes
        A JPEG of the window's size.
    """
    return to_jpeg(through(decode(data).pixels, window, to_reference), params=params)


def narrowed(pixels: Pixels, width: int) -> Pixels:
    """Shrink a picture by areas.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        The picture.
    width : int
        The most pixels across.

    Returns
    -------
    ndarray of shape (h, w, 3), uint8
        The same picture where it is no wider.
    """
    height_now, width_now = pixels.shape[:2]
    if width_now <= width:
        return pixels
    size = (width, max(1, round(height_now * width / width_now)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def to_jpeg(pixels: Pixels, *, params: RenderParams = RenderParams()) -> bytes:
    """Write a picture as a progressive JPEG, which a slow line shows early.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        RGB in sRGB.
    params : RenderParams
        How it is written.

    Returns
    -------
    bytes
        The file.
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=params.quality, optimize=True, progressive=True)
    return buffer.getvalue()


def from_jpeg(data: bytes) -> Pixels:
    """Read a JPEG that this program wrote.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        RGB.
    """
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))
