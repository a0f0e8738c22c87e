"""Torn and cut ends of tape, generated: there is no public data of real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Kind = Literal["torn", "scissors", "dispenser"]
KINDS: tuple[Kind, ...] = ("torn", "scissors", "dispenser")

_FINE = 0.02
"""Millimetres between two points of a line of separation."""


@dataclass(frozen=True, slots=True)
class EndsParams:
    """What :func:`make_ends` can be set to; lengths in millimetres.

    Attributes
    ----------
    width : float
        Of the tape (6 to 75).
    pixel : float
        Side of a pixel (0.02 to 0.2).
    pull : float
        Standard deviation of how each end is deformed by itself, over some five millimetres (0 to 0.5).
    fray : float
        The same over a fifth of a millimetre (0 to 0.2).
    tooth, depth : float
        Distance and depth of the teeth of the dispenser, the same for all ends (0.5 to 4; 0.1 to 2).
    """

    width: float = 24.0
    pixel: float = 0.06
    pull: float = 0.1
    fray: float = 0.04
    tooth: float = 1.6
    depth: float = 0.6


def make_ends(
    kind: Kind, rng: np.random.Generator, *, params: EndsParams = EndsParams()
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Separate a tape, and photograph both ends, each pointing to the right.

    Parameters
    ----------
    kind : str
        ``"torn"`` by hand, cut with ``"scissors"``, or on the teeth of a ``"dispenser"``.
    rng : numpy.random.Generator
        Chance.
    params : EndsParams
        See there.

    Returns
    -------
    one, other : ndarray of shape (H, W, 3), uint8
        RGB. Their scale is ``params.pixel`` millimetres per pixel.
    """
    line = _line(kind, rng, params)
    colour = rng.uniform(0.35, 0.8, 3) * np.array([1.0, 0.85, 0.6])
    # The second lies on the other side of the line and is turned half about to be photographed.
    return _photographed(line, colour, rng, params), _photographed(-line[::-1], colour, rng, params)


def _line(kind: Kind, rng: np.random.Generator, params: EndsParams) -> NDArray[np.float64]:
    """Where the tape comes apart: millimetres along it, over its width."""
    count = round(params.width / _FINE)
    across = np.linspace(-0.5, 0.5, count)
    if kind == "torn":
        line = params.width * np.tan(rng.normal(0, 0.1)) * across
        for cell in (12.0, 6.0, 3.0, 1.5, 0.75, 0.4):
            line = line + 0.22 * cell**0.8 * _smooth(count, cell, rng)
        return np.asarray(line, np.float64)
    if kind == "scissors":
        line = params.width * np.tan(rng.normal(0, 0.06)) * across + rng.normal(0, 1.2) * across**2
        for place in rng.uniform(-0.5, 0.5, rng.integers(0, 3)):
            # The blades are opened and set anew.
            line = line + rng.normal(0, 0.4) * (across > place) + rng.normal(0, 0.8) * np.maximum(across - place, 0)
        return np.asarray(line + 0.02 * _smooth(count, 1.0, rng), np.float64)
    phase = (across * params.width / params.tooth + rng.uniform()) % 1
    teeth = params.depth * np.abs(2 * phase - 1)
    torn = 0.12 * _smooth(count, 1.0, rng) + 0.15 * _smooth(count, 5.0, rng)
    return np.asarray(teeth + torn + params.width * np.tan(rng.normal(0, 0.02)) * across, np.float64)


def _photographed(
    line: NDArray[np.float64], colour: NDArray[np.float64], rng: np.random.Generator, params: EndsParams
) -> NDArray[np.uint8]:
    count = len(line)
    # What happens to this end alone: pulled, frayed, a little lost, laid down a little askew.
    own = line + params.pull * _smooth(count, 5.0, rng) + params.fray * _smooth(count, 0.2, rng)
    for _ in range(rng.integers(0, 3)):
        place, wide = rng.uniform(0, count), rng.uniform(0.2, 0.6) / _FINE
        own = own - rng.uniform(0.1, 0.4) * np.exp(-(((np.arange(count) - place) / wide) ** 2))
    own = own + np.tan(rng.normal(0, 0.008)) * params.width * np.linspace(-0.5, 0.5, count)
    wide = params.width * rng.normal(1, 0.004)
    before, beyond = 4.0 - float(own.min()), 3.0 + float(own.max())
    shape = (round((wide + 4) / params.pixel), round((before + beyond) / params.pixel))
    scale = 3
    y = (np.arange(shape[0] * scale) + 0.5) / scale * params.pixel - 2
    x = (np.arange(shape[1] * scale) + 0.5) / scale * params.pixel - before
    reach = np.interp(y, np.linspace(0, wide, count), own, left=-np.inf, right=-np.inf)
    tape = (x[None, :] < reach[:, None]).astype(np.float32)
    cover = cv2.resize(tape, shape[::-1], interpolation=cv2.INTER_AREA)[..., None]
    ground = rng.uniform(0.1, 0.2)
    picture = 255 * (ground + cover * (colour - ground))
    picture = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), rng.uniform(0.6, 1.2))
    return np.asarray(np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255), np.uint8)


def _smooth(count: int, cell: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Noise of standard deviation near 1 whose waves are some ``cell`` millimetres long."""
    knots = max(4, round(count * _FINE / cell) + 3)
    coarse = rng.normal(0, 1.3, (1, knots)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (count, 1), interpolation=cv2.INTER_CUBIC)[0], np.float64)
