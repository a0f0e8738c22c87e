"""A decoded photograph and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Camera:
    """What the file says of the camera; an empty string where it says nothing."""

    make: str = ""
    model: str = ""
    lens: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph, upright and in sRGB.

    Attributes
    ----------
    pixels : ndarray of shape (height, width, 3), uint8
        RGB in sRGB, EXIF orientation applied, C-contiguous and not writeable.
    sha256 : str
        Of the untouched bytes, hexadecimal.
    media_type : str
        Read from the bytes, never from the file name: ``image/jpeg``, ``image/png``, ``image/tiff``, ``image/webp``
        or ``image/heic``.
    bit_depth : int
        Bits per channel of the original.
    camera : Camera or None
        As the file says; None where it says nothing.
    taken_at : datetime or None
        As the camera's clock said; without a zone unless the file gives one.
    metres_per_pixel : float or None
        The scale in the plane of the mark; None while unknown.
    """

    pixels: NDArray[np.uint8]
    sha256: str
    media_type: str
    bit_depth: int = 8
    camera: Camera | None = None
    taken_at: datetime | None = None
    metres_per_pixel: float | None = None

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])
