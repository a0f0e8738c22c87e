"""A comb laid straight: its ticks stand side by side, at equal distances, whatever their turn and perspective."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.scale.comb import Comb
from forensics.scale.strokes import Floats

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip of a comb.

    Attributes
    ----------
    picture : ndarray of shape (rows, columns, 3), float32
        Rows run from outside the feet inward, columns along the ticks.
    cell : int
        Columns of a tick's share.
    first : int
        Column of tick 0.
    ticks : int
        Ticks from the first to the last, with those not seen.
    foot : int
        Row of the feet.
    step : float
        Pixels of the photograph in a row.
    x, y : ndarray of shape (3,), float64
        Polynomials of the feet: constant, linear and quadratic in the tick's number.
    inward : ndarray of shape (2,), float64
        Unit vector down the rows, on the photograph.
    dark : bool
        Ticks darker than the ground.
    """

    picture: NDArray[np.float32]
    cell: int
    first: int
    ticks: int
    foot: int
    step: float
    x: Floats
    y: Floats
    inward: Floats
    dark: bool

    def place(self, number: Floats | float, row: Floats | float) -> Floats:
        """Pixels of the photograph of a tick's number (or between two) and a row; shape (..., 2)."""
        k = np.asarray(number, float)
        deep = (np.asarray(row, float) - self.foot) * self.step
        x = self.x[0] + k * (self.x[1] + k * self.x[2]) + deep * self.inward[0]
        y = self.y[0] + k * (self.y[1] + k * self.y[2]) + deep * self.inward[1]
        return np.stack([x, y], axis=-1)


def cut_strip(pixels: NDArray[np.uint8], comb: Comb, *, outside: float, inside: float, beyond: float) -> Strip:
    """Cut the strip of a comb out of a photograph.

    Parameters
    ----------
    pixels : ndarray of shape (height, width, 3), uint8
        The photograph.
    comb : Comb
        Its ticks, in pixels of it.
    outside, inside, beyond : float
        Pixels of the photograph to be seen outside of the feet, inside of them, and past the first and the last tick.

    Returns
    -------
    Strip
        What lies outside the photograph repeats its border.
    """
    pitch = comb.pitch
    cell = int(np.clip(2 * round(pitch / 2), 6, 24))
    step = max(1.0, (outside + inside) / 160)
    x, y = _feet(comb)
    ticks = int(comb.number[-1]) + 1
    more = math.ceil(beyond / pitch)
    columns = np.arange((ticks + 2 * more) * cell, dtype=np.float64)
    first = more * cell + cell // 2
    rows = np.arange(math.ceil((outside + inside) / step), dtype=np.float64)
    foot = round(outside / step)
    empty = np.zeros((1, 1, 3), np.float32)
    strip = Strip(empty, cell, first, ticks, foot, step, x, y, comb.inward, comb.dark)
    at = strip.place(((columns - first) / cell)[None, :], rows[:, None]).astype(np.float32)
    # One row of pixels is averaged over the pixels of the photograph that it stands for.
    source = pixels
    spread = max(pitch / cell, step)
    if spread > 1.5:
        left, top = np.maximum(np.floor(at.min((0, 1))).astype(int) - 8, 0)
        right, bottom = np.ceil(at.max((0, 1))).astype(int) + 9
        right, bottom = max(right, left + 2), max(bottom, top + 2)
        around = pixels[top:bottom, left:right]
        if around.size:
            source = np.asarray(cv2.GaussianBlur(around, (0, 0), 0.35 * spread), np.uint8)
            at -= np.array([left, top], np.float32)
    picture = cv2.remap(source, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Strip(picture.astype(np.float32), cell, first, ticks, foot, step, x, y, comb.inward, comb.dark)


def _feet(comb: Comb) -> tuple[Floats, Floats]:
    """Fit the feet, quadratic where there are enough of them; outliers weigh little."""
    k = comb.number.astype(float)
    degree = 2 if len(k) >= 10 else 1
    basis = np.vander(k, degree + 1, increasing=True)
    weight = np.ones(len(k))
    solution = np.zeros((degree + 1, 2))
    for _ in range(4):
        solution = np.asarray(np.linalg.lstsq(basis * weight[:, None], comb.foot * weight[:, None], rcond=None)[0])
        left = np.hypot(*(comb.foot - basis @ solution).T)
        scale = 1.4826 * float(np.median(left)) + 0.05
        weight = 1 / np.maximum(1, left / scale)
    full = np.zeros((3, 2))
    full[: degree + 1] = solution
    return full[:, 0], full[:, 1]


@dataclass(frozen=True, slots=True)
class Ticks:
    """What the strip shows of the ticks.

    Attributes
    ----------
    length : ndarray of shape (ticks,), float64
        Rows from the feet to where each tick ends, as long as it were in the middle of the strip: what is further away
        looks shorter; 0 for one that is not there.
    there : ndarray of shape (ticks,), bool
        Seen.
    like : ndarray of shape (ticks,), float64
        How each looks like the typical one, as a correlation of grey levels across it.
    contrast : float
        Grey levels between tick and ground.
    ground : float
        Grey level between the ticks.
    outside : float
        Part of what lies outside of the feet that has the level of the ticks: little on a clean body, nearly all past
        the edge of a body; between the two on a page or a pattern.
    """

    length: Floats
    there: NDArray[np.bool_]
    like: Floats
    contrast: float
    ground: float
    outside: float


def measure_ticks(strip: Strip, shortest: float) -> Ticks:
    """Measure the ticks of a strip.

    Parameters
    ----------
    strip : Strip
        The strip.
    shortest : float
        About the length of the short ticks, in pixels of the photograph.

    Returns
    -------
    Ticks
        In the order of the strip.
    """
    cell, ticks = strip.cell, strip.ticks
    start = strip.first - cell // 2
    grey = strip.picture.mean(axis=2)[:, start : start + ticks * cell]
    rows = grey.shape[0]
    base = max(2, round(shortest / strip.step))
    top, bottom = strip.foot + round(0.15 * base), min(rows, strip.foot + max(round(0.7 * base), 2))
    zone = grey[top:bottom].mean(axis=0)
    # Slow changes of the light go: the mean over two cells on either side.
    wide = 3 * cell
    padded = np.pad(zone, wide // 2, mode="reflect") if len(zone) > wide else np.pad(zone, wide // 2, mode="edge")
    slow = np.convolve(padded, np.full(wide, 1 / wide), mode="same")[wide // 2 : wide // 2 + len(zone)]
    cells = (zone - slow).reshape(ticks, cell)
    cells = cells - cells.mean(axis=1, keepdims=True)
    typical = np.median(cells, axis=0)
    power = np.linalg.norm(cells, axis=1) * np.linalg.norm(typical)
    like = (cells @ typical) / np.maximum(power, 1e-9)
    # A tick against the ground half way to its neighbours; how wide the ticks are, the typical one tells.
    sign = -1.0 if strip.dark else 1.0
    by_cell = grey.reshape(rows, ticks, cell)
    peak = sign * typical
    around = slice(cell // 4, cell - cell // 4)
    wide_as = np.zeros(cell, bool)
    wide_as[around] = peak[around] > 0.5 * peak[around].max()
    middle = by_cell[:, :, wide_as].mean(axis=2) if wide_as.any() else by_cell[:, :, cell // 2]
    edge = max(1, cell // 6)
    ground = 0.5 * (by_cell[:, :, :edge].mean(axis=2) + by_cell[:, :, -edge:].mean(axis=2))
    over = sign * (middle - ground)
    contrast = float(np.median(over[top:bottom].mean(axis=0)))
    if contrast <= 0:
        return Ticks(np.zeros(ticks), np.zeros(ticks, bool), like, 0.0, 0.0, 0.0)
    there = over[top:bottom].mean(axis=0) > 0.4 * contrast
    seen = cv2.blur(over.astype(np.float32), (1, 3), borderType=cv2.BORDER_REPLICATE) > 0.45 * contrast
    below = ~seen[(top + bottom) // 2 :]
    below = np.vstack([below, np.ones((1, ticks), bool)])
    length = (below.argmax(axis=0) + (top + bottom) // 2 - strip.foot).astype(float)
    k = np.arange(ticks)
    local = np.hypot(strip.x[1] + 2 * k * strip.x[2], strip.y[1] + 2 * k * strip.y[2])
    # Distance shortens the ticks once, and the way from one to the next twice, for it slants as well.
    length *= np.sqrt(local[ticks // 2] / np.maximum(local, 1e-9))
    level = float(np.median(ground[top:bottom]))
    above = grey[: max(1, strip.foot - max(1, round(0.12 * base)))]
    outside = float((sign * (above - level) > 0.4 * contrast).mean())
    return Ticks(np.where(there, length, 0.0), there, like, contrast, level, outside)
