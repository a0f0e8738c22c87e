"""Pictures for the screen: made once in a worker process, then kept until their photograph is deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from api.pictures.aligned import Frame, Matrix, frame
from api.pictures.render import from_jpeg, narrowed, to_jpeg, whole, windowed
from indexer.memory import Memory


@dataclass(frozen=True, slots=True)
class ScreenParams:
    """Which pictures are made.

    Attributes
    ----------
    widths : tuple of int
        In pixels; a request gets the next one up. Few, so that what was made is found again: a list's thumbnail, a
        card, half a screen, a screen, a large screen.
    through : int
        Smaller widths are made from this one, so that an original is decoded once and not once a width.
    """

    widths: tuple[int, ...] = (160, 320, 640, 1280, 2560)
    through: int = 1280


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG for the screen.

    Attributes
    ----------
    data : bytes
        The file.
    tag : str
        Names exactly this picture: another picture has another tag.
    """

    data: bytes
    tag: str


def width_for(wanted: int, *, params: ScreenParams = ScreenParams()) -> int:
    """Choose the width that is made for one that is wanted.

    Parameters
    ----------
    wanted : int
        In pixels.
    params : ScreenParams
        Which are made.

    Returns
    -------
    int
        The next one up; the largest where none is.
    """
    return next((width for width in params.widths if width >= wanted), params.widths[-1])


def photograph(memory: Memory, sha256: str, *, wanted: int, params: ScreenParams = ScreenParams()) -> Picture:
    """Show a whole photograph, upright, at the next width up and never larger than the original.

    Parameters
    ----------
    memory : Memory
        The installation.
    sha256 : str
        Names the original.
    wanted : int
        The width, in pixels.
    params : ScreenParams
        Which widths are made.

    Returns
    -------
    Picture
        Without anything that the camera wrote beside the pixels.
    """
    width = width_for(wanted, params=params)

    def make() -> bytes:
        if width < params.through:
            larger = photograph(memory, sha256, wanted=params.through, params=params)
            return to_jpeg(narrowed(from_jpeg(larger.data), width))
        return _in_worker(memory, partial(whole, memory.originals.read(sha256), width=width))

    return _kept(memory, sha256, f"photograph-{width}", make)


def mark(
    memory: Memory, sha256: str, *, polygon: Sequence[Sequence[float]], photograph_size: tuple[int, int], wanted: int
) -> Picture:
    """Show a mark with some margin.

    Parameters
    ----------
    memory : Memory
        The installation.
    sha256 : str
        Names the original of its photograph.
    polygon : sequence of (x, y)
        The mark, in pixels of its photograph.
    photograph_size : tuple of int
        Width and height of its photograph, in pixels.
    wanted : int
        The width, in pixels.

    Returns
    -------
    Picture
        At the next width up.
    """
    window = frame(polygon, photograph=photograph_size, width=width_for(wanted))
    return _seen(memory, sha256, window, None)


def aligned(
    memory: Memory,
    sha256: str,
    *,
    reference_polygon: Sequence[Sequence[float]],
    reference_size: tuple[int, int],
    to_reference: Matrix | None,
    wanted: int,
) -> Picture:
    """Show one of two compared photographs in the frame of the reference mark.

    Parameters
    ----------
    memory : Memory
        The installation.
    sha256 : str
        Names the original that is shown.
    reference_polygon : sequence of (x, y)
        The reference mark, in pixels of its photograph.
    reference_size : tuple of int
        Width and height of the reference photograph, in pixels.
    to_reference : ndarray of shape (3, 3), float64, or None
        Takes pixels of the photograph that is shown to those of the reference; None for the reference itself.
    wanted : int
        The width, in pixels.

    Returns
    -------
    Picture
        Of the same size for both photographs.
    """
    window = frame(reference_polygon, photograph=reference_size, width=width_for(wanted))
    return _seen(memory, sha256, window, to_reference)


def _seen(memory: Memory, sha256: str, window: Frame, to_reference: Matrix | None) -> Picture:
    what = hashlib.sha256(window.to_window.tobytes())
    what.update(f"{window.width}x{window.height}".encode())
    what.update(b"" if to_reference is None else to_reference.tobytes())

    def make() -> bytes:
        read = memory.originals.read(sha256)
        return _in_worker(memory, partial(windowed, read, window=window, to_reference=to_reference))

    return _kept(memory, sha256, f"window-{what.hexdigest()[:24]}", make)


def _in_worker(memory: Memory, task: Callable[[], bytes]) -> bytes:
    return memory.workers.run(task, seconds=memory.params.decode_seconds, urgent=True)


def _kept(memory: Memory, sha256: str, name: str, make: Callable[[], bytes]) -> Picture:
    data = memory.derivatives.get(sha256, f"{name}.jpg")
    if data is None:
        data = make()
        memory.derivatives.put(sha256, f"{name}.jpg", data)
        if not memory.originals.exists(sha256):
            # Its photograph was deleted meanwhile: nothing of it stays.
            memory.derivatives.remove(sha256)
    return Picture(data, f"{sha256[:16]}-{name}")
