"""A decoded photograph and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import cv2
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
    remarks : tuple of str
        What was set aside while decoding, in words: a broken colour profile, an unreadable EXIF block.
    """

    pixels: NDArray[np.uint8]
    sha256: str
    media_type: str
    bit_depth: int = 8
    camera: Camera | None = None
    taken_at: datetime | None = None
    metres_per_pixel: float | None = None
    remarks: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])

    def resized(self, longest: int) -> Photo:
        """Give the same photograph with its longer side at most this many pixels.

        Parameters
        ----------
        longest : int
            Pixels, at least 1. A smaller photograph is given back as it is: nothing is enlarged.

        Returns
        -------
        Photo
            Averaged over areas, so that fine texture does not turn into moire; the scale is carried along.
        """
        factor = longest / max(self.width, self.height)
        if factor >= 1:
            return self
        size = (max(1, round(self.width * factor)), max(1, round(self.height * factor)))
        pixels = np.asarray(cv2.resize(self.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        pixels.flags.writeable = False
        scale = None if self.metres_per_pixel is None else self.metres_per_pixel * self.width / size[0]
        return replace(self, pixels=pixels, metres_per_pixel=scale)
