"""What is printed beside ticks: figures at equal steps, and the word of the unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from forensics.scale.strip import Strip
from forensics.scale.strokes import Floats


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures in a row along the ticks.

    Attributes
    ----------
    count : int
        How many stand at equal steps; a figure of two digits is one.
    every : int
        Ticks from one to the next; 0 where there are none.
    double : int
        How many have two digits or more that stand side by side: of 0, 10, 20 all but the first.
    top, bottom : float
        Distance from the feet between which they stand, in pixels of the photograph.
    """

    count: int
    every: int
    double: int
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class FigureParams:
    """What :func:`find_figures` and :func:`read_unit` can be set to.

    Attributes
    ----------
    ink : float
        Part of the contrast of the ticks from which a pixel counts as ink (0.2 to 0.8).
    low, high : float
        Height of a figure in lengths of the longest ticks (0.1 to 0.5, and 0.5 to 4).
    wide : float
        Least width of most figures, as a part of their height (0.1 to 0.6).
    aside : float
        How far the middle of a figure may lie from its place, as a part of their step (0.05 to 0.4).
    gap : float
        Between two letters of a word, in lengths of the longest ticks (0.05 to 0.4).
    alike : float
        Least correlation of each letter with its pattern (0.4 to 0.9): what is no
        letter stays under 0.45.
    """

    ink: float = 0.4
    low: float = 0.2
    high: float = 2.0
    wide: float = 0.3
    aside: float = 0.22
    gap: float = 0.16
    alike: float = 0.5


def find_figures(
    pixels: NDArray[np.uint8], strip: Strip, longest: float, contrast: float, *, params: FigureParams = FigureParams()
) -> Figures:
    """Find the figures beside ticks, inside of their longest.

    Parameters
    ----------
    pixels : ndarray of shape (height, width, 3), uint8
        The photograph.
    strip : Strip
        The strip of its ticks.
    longest : float
        Length of the longest ticks in pixels of the photograph.
    contrast : float
        Grey levels between ticks and ground.
    params : FigureParams
        See there.

    Returns
    -------
    Figures
        ``count`` 0 where there are none.
    """
    pitch = float(np.hypot(strip.x[1] + strip.ticks * strip.x[2], strip.y[1] + strip.ticks * strip.y[2]))
    step = max(1.0, longest / 40)
    beyond = longest / pitch
    number = np.arange(-beyond, strip.ticks - 1 + beyond, step / pitch)
    start = longest + max(1.0, 0.04 * longest)
    deep = np.arange(start, 3.2 * longest, step)
    at = strip.place(number[None, :], strip.foot + deep[:, None] / strip.step)
    inside = (at > 0).all(-1) & (at < np.array([pixels.shape[1], pixels.shape[0]]) - 1).all(-1)
    grey = _look(pixels, at)
    apart = (grey - np.median(grey, axis=1, keepdims=True)) * (-1.0 if strip.dark else 1.0)
    ink = ((apart > params.ink * contrast) & inside).astype(np.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, upper, wide, tall = boxes[1:, :4].astype(float).T
    least, most = max(params.low * longest / step, 4.0), params.high * longest / step
    fits = (tall >= least) & (tall <= most) & (wide <= 2.5 * tall)
    left, upper, wide, tall = left[fits], upper[fits], wide[fits], tall[fits]
    best = Figures(0, 0, 0, 0.0, 0.0)
    middle = upper + tall / 2
    # The row that holds most of them.
    rows = {(round(m / 2) * 2.0, round(t / 2) * 2.0) for m, t in zip(middle.tolist(), tall.tolist(), strict=True)}
    for row, height in sorted(rows)[:60]:
        same = (np.abs(middle - row) < 0.3 * height) & (np.abs(tall - height) < 0.35 * height)
        if int(same.sum()) < max(3, best.count):
            continue
        order = np.argsort(left[same])
        lefts, rights = left[same][order], (left + wide)[same][order]
        new = np.concatenate([[True], lefts[1:] - np.maximum.accumulate(rights)[:-1] > 0.45 * height])
        first = np.flatnonzero(new)
        last = np.concatenate([first[1:], [len(lefts)]]) - 1
        # Strokes alone are no figures, though a 1 among figures is one.
        across = np.maximum.accumulate(rights)[last] - lefts[first]
        if float(np.median(across)) < params.wide * height:
            continue
        places = number[0] + 0.5 * (lefts[first] + np.maximum.accumulate(rights)[last]) * step / pitch
        count, every = _lattice(places, params.aside)
        if count > best.count:
            low, high = float(upper[same].min()), float((upper + tall)[same].max())
            double = int((last > first).sum())
            best = Figures(count, every, double, start + low * step, start + high * step)
    return best


def _look(pixels: NDArray[np.uint8], at: Floats) -> NDArray[np.float32]:
    """Grey levels at places of a photograph."""
    here = at.astype(np.float32)
    seen = cv2.remap(pixels, here[..., 0], here[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen.astype(np.float32).mean(axis=2), np.float32)


def _lattice(number: Floats, aside: float) -> tuple[int, int]:
    """How many places stand at one whole step of ticks, and the step."""
    best = (0, 0)
    for every in (1, 2, 4, 5, 8, 10, 16, 20):
        if number[-1] - number[0] < 2 * every - 0.5:
            break
        turn = np.exp(2j * np.pi * number / every)
        phase = float(np.angle(turn.mean())) / (2 * np.pi) * every
        off = (number - phase + every / 2) % every - every / 2
        on = np.abs(off) < aside * every
        slots = np.unique(np.round((number[on] - phase) / every)).size
        # Each step has its figure, and there is little else in the row.
        if slots < 3 or slots < 0.7 * ((number[-1] - number[0]) / every + 1) or on.mean() < 0.75:
            continue
        if slots > best[0]:
            best = (slots, every)
    return best


def read_unit(
    pixels: NDArray[np.uint8], strip: Strip, *, longest: float, contrast: float, ground: float,
    params: FigureParams = FigureParams(),
) -> str:  # fmt: skip
    """Read the word of the unit near either end of the ticks.

    Parameters
    ----------
    pixels : ndarray of shape (height, width, 3), uint8
        The photograph.
    strip : Strip
        The strip of its ticks.
    longest : float
        Length of the longest ticks in pixels of the photograph.
    contrast : float
        Grey levels between ticks and ground.
    ground : float
        Grey level of the ground.
    params : FigureParams
        See there.

    Returns
    -------
    str
        ``"mm"``, ``"cm"`` or an empty string.
    """
    side = np.array([strip.x[1], strip.y[1]])
    side /= np.linalg.norm(side)
    # Finer than the pixels: where they are coarse, gaps between strokes would be lost half way between two of them.
    step = max(0.5, longest / 48)
    reach, best = 3.5 * longest, (params.alike, "")
    last = float(strip.ticks - 1)
    # Beside the ticks past either end, and below them within.
    places = [(end, sign, 0.25 * longest, -1.2 * longest) for end, sign in ((0.0, -1.0), (last, 1.0))]
    places += [(end, sign, -0.3 * longest, 1.04 * longest + 1) for end, sign in ((0.0, 1.0), (last, -1.0))]
    for end, sign, near_by, above in places:
        corner = strip.place(end, float(strip.foot))
        u = np.arange(near_by, reach, step)
        v = np.arange(above, 3.2 * longest, step)
        at = corner + sign * u[None, :, None] * side + v[:, None, None] * strip.inward
        patch = _look(pixels, at)
        apart = (patch - ground) * (-1.0 if strip.dark else 1.0)
        ink = (apart > params.ink * contrast).astype(np.uint8)
        near = round(params.gap * longest / step) | 1
        joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((near, near), np.uint8))
        count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        for k in range(1, min(count, 40)):
            x, y, wide, tall, _ = boxes[k].tolist()
            if (
                max(wide, tall) > 2.2 * longest / step
                or max(wide, tall) < 14
                or min(wide, tall) < 6
                or not 1.4 < max(wide, tall) / min(wide, tall) < 4.5
            ):
                continue
            word = np.where(labels[y : y + tall, x : x + wide] == k, apart[y : y + tall, x : x + wide], 0)
            if tall > wide:
                word = word.T
            word = np.maximum(word, 0)
            for turned in (word, word[::-1, ::-1], word[:, ::-1], word[::-1]):
                for name, alike in _read(turned):
                    if alike > best[0]:
                        best = (alike, name)
    return best[1]


_LETTER = (15, 15)


def _read(word: NDArray[np.float32]) -> list[tuple[str, float]]:
    """How much a small picture is like each word: like its letters, parted where there is little ink."""
    ink = word.sum(axis=0)
    low, high = round(0.3 * len(ink)), round(0.7 * len(ink))
    dips = np.flatnonzero((ink[low:high] <= ink[low - 1 : high - 1]) & (ink[low:high] <= ink[low + 1 : high + 1])) + low
    dips = dips[np.argsort(ink[dips], kind="stable")[:6]]
    best = {"mm": 0.0, "cm": 0.0}
    for at in dips.tolist():
        letters = [_framed(part, 0.35 * float(word.max())) for part in (word[:, :at], word[:, at + 1 :])]
        # Both letters against all models at once.
        if letters[0] is None or letters[1] is None:
            continue
        alike = {one: (models @ np.stack([letters[0], letters[1]], axis=1)).max(axis=0) for one, models in _models()}
        for name in best:
            best[name] = max(best[name], float(min(alike[name[0]][0], alike[name[1]][1])))
    return list(best.items())


def _framed(part: NDArray[np.float32], level: float) -> NDArray[np.float32] | None:
    """Cut a letter to its ink and bring it to one size; None where it is none."""
    rows, columns = np.flatnonzero(part.max(axis=1) > level), np.flatnonzero(part.max(axis=0) > level)
    if len(columns) < 4 or len(rows) < 4:
        return None
    trimmed = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if not 0.4 < trimmed.shape[1] / trimmed.shape[0] < 2.5:
        return None
    return _unit_vector(cv2.resize(np.ascontiguousarray(trimmed), _LETTER, interpolation=cv2.INTER_AREA))


def _unit_vector(letter: ArrayLike) -> NDArray[np.float32]:
    """Pixels without their mean, of length 1: the product of two is their correlation."""
    flat = np.asarray(letter, np.float32).ravel()
    flat = flat - flat.mean()
    return np.asarray(flat / max(float(np.linalg.norm(flat)), 1e-9), np.float32)


@cache
def _models() -> tuple[tuple[str, NDArray[np.float32]], ...]:
    """Each letter in several faces, as unit vectors one a row."""
    faces: tuple[tuple[Literal["sans", "uni"], int], ...] = (("sans", 400), ("sans", 700), ("uni", 400))
    return tuple((letter, np.stack([_letter(letter, face, weight) for face, weight in faces])) for letter in "cm")


def _letter(letter: str, face: Literal["sans", "uni"], weight: int) -> NDArray[np.float32]:
    """One letter, cut to its ink."""
    canvas = np.zeros((200, 300), np.uint8)
    cv2.putText(canvas, letter, (40, 150), (255,), cv2.FontFace(face), 130, weight)
    x, y, wide, tall = cv2.boundingRect(canvas)
    return _unit_vector(cv2.resize(canvas[y : y + tall, x : x + wide], _LETTER, interpolation=cv2.INTER_AREA))
