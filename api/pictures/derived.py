"""Pictures made from originals, kept on disk. All of it may be deleted at any moment, and is made again when needed."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.photo import Photo, decode

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class DerivedParams:
    """How pictures for the screen are made.

    Attributes
    ----------
    widths : tuple of int
        The widths that are made, in pixels; a request gets the next one up. Few, so that the cache is hit: a list's
        thumbnail, a card, half a screen, a screen, a large screen.
    through : int
        Smaller widths are made from this one, so that an original is decoded once and not once a width.
    quality : int
        Of the JPEG, 1 to 95: at 85 a screen shows no difference, at half the size of 95.
    at_once : int
        Originals decoded at the same time; one of 50 million pixels takes 150 MB.
    """

    widths: tuple[int, ...] = (160, 320, 640, 1280, 2560)
    through: int = 1280
    quality: int = 85
    at_once: int = 2


@dataclass(frozen=True, slots=True)
class Derived:
    """The folder of derived pictures: one folder a photograph, so that deleting it leaves nothing.

    Attributes
    ----------
    folder : Path
        Where they are kept.
    read : callable
        From an original's SHA-256 to its bytes.
    params : DerivedParams
        How they are made.
    """

    folder: Path
    read: Callable[[str], bytes]
    params: DerivedParams = field(default_factory=DerivedParams)
    _room: threading.BoundedSemaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make room for so many at once."""
        object.__setattr__(self, "_room", threading.BoundedSemaphore(self.params.at_once))

    def width(self, wanted: int) -> int:
        """Choose the width that is made for one that is wanted.

        Parameters
        ----------
        wanted : int
            In pixels.

        Returns
        -------
        int
            The next one up; the largest where none is.
        """
        return next((width for width in self.params.widths if width >= wanted), self.params.widths[-1])

    def photograph(self, sha256: str, wanted: int) -> Path:
        """Give the whole photograph, upright, at the next width up; never larger than the original.

        Parameters
        ----------
        sha256 : str
            Names the original.
        wanted : int
            In pixels.

        Returns
        -------
        Path
            A JPEG file.
        """
        width = self.width(wanted)

        def make() -> Pixels:
            if width < self.params.through:
                return _narrowed(_pixels(self.photograph(sha256, self.params.through)), width)
            with self._room:
                return _narrowed(decode(self.read(sha256)).pixels, width)

        return self.keep(sha256, f"photograph-{width}", make)

    def from_original(self, sha256: str, name: str, make: Callable[[Photo], Pixels]) -> Path:
        """Give a picture that is made from the decoded original.

        Parameters
        ----------
        sha256 : str
            Names the original.
        name : str
            Says everything that the picture depends on beside the original.
        make : callable
            From the photograph to the picture.

        Returns
        -------
        Path
            A JPEG file.
        """

        def decoded() -> Pixels:
            with self._room:
                return make(decode(self.read(sha256)))

        return self.keep(sha256, name, decoded)

    def keep(self, sha256: str, name: str, make: Callable[[], Pixels]) -> Path:
        """Give the kept picture, or make it and keep it.

        Parameters
        ----------
        sha256, name : str
            What it is kept under.
        make : callable
            Makes it.

        Returns
        -------
        Path
            A JPEG file, whole: it takes its name only when it is written.
        """
        path = self._home(sha256) / f"{name}.jpg"
        if path.is_file():
            return path
        encoded = _jpeg(make(), self.params.quality)
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(encoded)
        Path(file.name).replace(path)
        return path

    def forget(self, sha256: str) -> None:
        """Remove every picture of a photograph.

        Parameters
        ----------
        sha256 : str
            Names the original.
        """
        shutil.rmtree(self._home(sha256), ignore_errors=True)

    def _home(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


def _narrowed(pixels: Pixels, width: int) -> Pixels:
    height_now, width_now = pixels.shape[:2]
    if width_now <= width:
        return pixels
    size = (width, max(1, round(height_now * width / width_now)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _pixels(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def _jpeg(pixels: Pixels, quality: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return buffer.getvalue()
