"""Seeded random fields: grain, clouds, creases, and smooth distortions."""

from __future__ import annotations

import math
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
_Scalar = TypeVar("_Scalar", np.uint8, np.float32)


def white(shape: tuple[int, int], rng: np.random.Generator) -> Field:
    """Independent normal values of mean 0 and deviation 1."""
    return rng.standard_normal(shape, dtype=np.float32)


def blobs(shape: tuple[int, int], cell: float, rng: np.random.Generator, *, stretch: float = 1.0) -> Field:
    """Smooth noise of deviation near 0.7 whose lumps are ``cell`` pixels tall and ``cell * stretch`` wide."""
    rows = max(2, round(shape[0] / max(cell, 1.0)) + 1)
    columns = max(2, round(shape[1] / max(cell * stretch, 1.0)) + 1)
    coarse = white((rows, columns), rng)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def clouds(
    shape: tuple[int, int],
    cell: float,
    rng: np.random.Generator,
    *,
    octaves: int = 4,
    gain: float = 0.5,
    stretch: float = 1.0,
) -> Field:
    """Sum of ``octaves`` of smooth noise, each half as large in its lumps and ``gain`` times as strong."""
    cell = max(cell, 1.0)
    # The finest lumps say how coarse a grid is enough; one enlargement then serves all octaves.
    fewer = max(1.0, min(cell, cell * stretch) / 2 ** (octaves - 1) / 2.5)
    small = (max(4, math.ceil(shape[0] / fewer)), max(4, math.ceil(shape[1] / fewer)))
    total = np.zeros(small, np.float32)
    weight, power = 1.0, 0.0
    for _ in range(octaves):
        total += np.float32(weight) * blobs(small, cell / fewer, rng, stretch=stretch)
        power += weight**2
        weight *= gain
        cell = max(cell / 2, fewer)
    total /= np.float32(math.sqrt(power))
    if small == shape:
        return total
    return np.asarray(cv2.resize(total, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def creases(
    shape: tuple[int, int], cell: float, rng: np.random.Generator, *, turn: float = 0.0, stretch: float = 4.0
) -> Field:
    """Sharp ridges in [0, 1], drawn out along ``turn`` radians, as film under tension has."""
    side = math.ceil(math.hypot(*shape))
    half = max(64, side // 2)
    field = clouds((half, half), cell / 2, rng, octaves=3, gain=0.55, stretch=stretch)
    ridge = np.exp(np.abs(field) * np.float32(-3.2))
    matrix = cv2.getRotationMatrix2D((half / 2, half / 2), math.degrees(turn), side / half)
    move = np.array([[0, 0, shape[1] / 2 - half / 2], [0, 0, shape[0] / 2 - half / 2]])
    moved = cv2.warpAffine(
        ridge, matrix + move, (shape[1], shape[0]), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(moved, np.float32)


def smooth_warp(
    picture: NDArray[_Scalar], size: float, rng: np.random.Generator, *, cells: int = 4
) -> NDArray[_Scalar]:
    """Bend a square picture smoothly by about ``size`` pixels."""
    side = picture.shape[0]
    shift = [cv2.resize(white((cells, cells), rng), (side, side), interpolation=cv2.INTER_CUBIC) for _ in range(2)]
    y, x = np.mgrid[:side, :side].astype(np.float32)
    moved = [np.asarray(axis + size * bend, np.float32) for axis, bend in zip((x, y), shift, strict=True)]
    return cv2.remap(picture, moved[0], moved[1], cv2.INTER_LINEAR)  # type: ignore[return-value]


def blur(picture: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Gaussian blur, channel by channel."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def as_share(picture: NDArray[np.uint8]) -> Field:
    """Coverage of 0 to 255 as a share of 0 to 1."""
    return np.asarray(picture, np.float32) / np.float32(255)


def spread(field: Field) -> NDArray[np.float32]:
    """Repeat a field for each of three channels: numpy is slow where it must stretch the last axis itself."""
    return np.asarray(cv2.merge((field, field, field)), np.float32)


def tinted(field: Field, colour: tuple[float, float, float]) -> NDArray[np.float32]:
    """Multiply a tone by a colour; shape (H, W, 3)."""
    return np.asarray(cv2.merge([field * np.float32(channel) for channel in colour]), np.float32)


def smoothstep(values: NDArray[np.floating], low: float, high: float) -> Field:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = (np.asarray(values, np.float32) - np.float32(low)) * np.float32(1 / (high - low))
    np.clip(t, 0, 1, out=t)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
