"""How far a scale reaches beyond its ticks: its figures and its body."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.scale.figures import Figures
from forensics.scale.strip import Strip


@dataclass(frozen=True, slots=True)
class AreaParams:
    """What :func:`cover` can be set to; lengths in those of the longest ticks.

    Attributes
    ----------
    inside, outside, beyond : float
        How far the body is looked for: inside of the feet (1.5 to 6), outside of them (0.2 to 3), past the end ticks
        (0.5 to 4).
    like : float
        A place has the colour of the ground if no channel differs by more than this part of the ticks' contrast (0.1
        to 0.9).
    share : float
        Part of a row or column that must have it (0.2 to 0.9): the rest are figures and ticks.
    gap : float
        A row of print that is longer than this ends the body (0.05 to 1).
    margin : float
        What is covered beyond the last ink where the body has no edge, such as on a sheet of paper (0 to 1).
    """

    inside: float = 3.6
    outside: float = 1.2
    beyond: float = 2.4
    like: float = 0.4
    share: float = 0.4
    gap: float = 0.3
    margin: float = 0.25


def cover(
    pixels: NDArray[np.uint8], strip: Strip, *, longest: float, shortest: float, contrast: float, figures: Figures,
    params: AreaParams = AreaParams(),
) -> NDArray[np.float32]:  # fmt: skip
    """Find the area that a scale covers.

    Parameters
    ----------
    pixels : ndarray of shape (height, width, 3), uint8
        The photograph.
    strip : Strip
        The strip of its ticks.
    longest, shortest : float
        Lengths of its ticks in pixels of the photograph.
    contrast : float
        Grey levels between ticks and ground.
    figures : Figures
        What is printed beside them.
    params : AreaParams
        See there.

    Returns
    -------
    ndarray of shape (4, 2), float32
        Corners in pixels of the photograph; they may lie outside of it.
    """
    pitch = float(np.hypot(strip.x[1], strip.y[1]))
    step = max(1.0, longest / 16)
    beyond = params.beyond * longest
    number = np.arange(-beyond / pitch, strip.ticks - 1 + beyond / pitch, step / pitch)
    deep = np.arange(-params.outside * longest, params.inside * longest, step)
    at = strip.place(number[None, :], strip.foot + deep[:, None] / strip.step).astype(np.float32)
    seen = cv2.remap(pixels, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    colour = seen.astype(np.float32)
    # The ground between neighbouring ticks, beside their feet; it may change slowly along the ruler.
    between = np.arange(strip.ticks - 1) + 0.5
    depths = np.array([[0.25], [0.4], [0.6], [0.75]]) * shortest / strip.step
    spots = strip.place(between[None, :].astype(np.float64), depths + strip.foot).astype(np.float32)
    ground = cv2.remap(pixels, spots[..., 0], spots[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    level = np.median(ground.astype(np.float32), axis=0)
    window = min(9, len(level))
    smooth = np.stack(
        [np.median(level[max(0, k - window // 2) : k + window // 2 + 1], axis=0) for k in range(len(level))]
    )
    nearest = np.clip(np.floor(number), 0, len(level) - 1).astype(int)
    like = (np.abs(colour - smooth[nearest][None]) < max(params.like * contrast, 10.0)).all(axis=2)
    # Where ticks are close the ground between them is smeared; past their ends it is plain.
    past = strip.place(number[None, :], strip.foot + np.array([[1.1], [1.2], [1.3]]) * longest / strip.step)
    past = past.astype(np.float32)
    plain = cv2.remap(pixels, past[..., 0], past[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    plain_level = np.median(plain.reshape(-1, 3).astype(np.float32), axis=0)
    if float(np.abs(plain_level - np.median(smooth, axis=0)).max()) < contrast:
        like |= (np.abs(colour - plain_level) < max(params.like * contrast, 10.0)).all(axis=2)
    over = (number >= -0.2) & (number <= strip.ticks - 0.8)
    by_row = like[:, over].mean(axis=1)
    gap = max(1, round(params.gap * longest / step))
    foot = int(np.searchsorted(deep, 0.0))
    end = int(np.searchsorted(deep, longest))
    bottom, open_below = _run(by_row[end:] >= params.share, gap)
    top, open_above = _run(by_row[:foot][::-1] >= params.share, max(1, gap // 2))
    least = max(figures.bottom, longest) + params.margin * longest
    low = least if open_below else max(longest + bottom * step, least)
    high = params.margin * longest if open_above else top * step + 0.5 * step
    rows = (deep > 0.1 * shortest) & (deep < low)
    by_column = like[rows].mean(axis=0)
    left, open_left = _run(by_column[number < -0.3][::-1] >= params.share, gap)
    right, open_right = _run(by_column[number > strip.ticks - 0.7] >= params.share, gap)
    usual = 0.6 * longest + params.margin * longest
    left_by = (usual if open_left else max(left * step + 0.3 * pitch, 0.5 * pitch)) / pitch
    right_by = (usual if open_right else max(right * step + 0.3 * pitch, 0.5 * pitch)) / pitch
    numbers = np.array([-left_by, strip.ticks - 1 + right_by, strip.ticks - 1 + right_by, -left_by])
    deeps = np.array([-high, -high, low, low])
    return strip.place(numbers, strip.foot + deeps / strip.step).astype(np.float32)


def _run(same: NDArray[np.bool_], gap: int) -> tuple[int, bool]:
    """Length of the run from the start over gaps, and whether it reaches the end."""
    last, missed = 0, 0
    for k, yes in enumerate(same.tolist()):
        if yes:
            last, missed = k + 1, 0
        else:
            missed += 1
            if missed > gap:
                return last, False
    return last, True
