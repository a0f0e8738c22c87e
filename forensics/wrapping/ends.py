"""Torn and cut ends of tape or film: their contours, and how well two fit together."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from forensics.comparison import Comparison, NoComparison
from forensics.photo import Photo
from forensics.photo.srgb import lab, linear

METHOD = "ends/1"


@dataclass(frozen=True, slots=True)
class EndParams:
    """What :func:`describe_end` and :func:`compare_ends` can be set to.

    Attributes
    ----------
    step : float
        Metres between two points of a contour (2e-5 to 5e-4).
    rim : float
        Part of the photograph behind and before the end that shows nothing but tape, or nothing but ground (0.02 to
        0.2).
    contrast : float
        Least difference of tape and ground in units of CIELAB (3 to 20).
    narrowest : float
        Least width in metres (0.002 to 0.02).
    shift : float
        How far the sides of two ends may be off each other, in metres (0 to 0.005).
    tilt : float
        How far two ends may be turned to fit, in radians (0 to 0.1): what is not known of how they lay. The slant of a
        cut is shape, and is lost as far as this is wide.
    stretch : tuple of float
        Widths of the second by the first that are tried (0.95 to 1.05 each): film narrows where it is pulled.
    turned_over : float
        An end turned over must leave so much less of the squared gap to be taken for it (0.1 to 1): half is three
        decibels, so that strangers are not given two chances.
    rough : float
        Least standard deviation in metres from a straight line (1e-5 to 3e-4): a straight cut fits any other.
    noise : float
        Standard deviation in metres of the contour as a photograph shows it (1e-5 to 3e-4): gaps below it are none.
    """

    step: float = 1e-4
    rim: float = 0.05
    contrast: float = 8.0
    narrowest: float = 0.004
    shift: float = 0.001
    tilt: float = 0.01
    stretch: tuple[float, ...] = (0.99, 1.0, 1.01)
    turned_over: float = 0.5
    rough: float = 3e-5
    noise: float = 5e-5


@dataclass(frozen=True, slots=True)
class End:
    """The contour of an end.

    Attributes
    ----------
    along : ndarray of shape (N,), float64
        How far the end reaches, in metres, at equal steps across the tape from its left to its right side as seen by
        one who looks where the end points. Where a tongue hangs over, its outermost place.
    step : float
        Metres between two of them.
    places : ndarray of shape (N, 2), float64
        The same in pixels of the photograph.
    """

    along: NDArray[np.float64]
    step: float
    places: NDArray[np.float64]

    @property
    def width(self) -> float:
        """Of the tape, in metres."""
        return (len(self.along) - 1) * self.step


@dataclass(frozen=True, slots=True)
class EndFit:
    """Two ends laid together as well as they go.

    Attributes
    ----------
    comparison : Comparison
        The score is in decibels: how much smaller the gap is than it would be of two unrelated contours as rough as
        these. 0 says nothing fits. Its points are those that face each other, in pixels of each photograph.
    one, other : ndarray of shape (N, 2), float64
        The contours laid together, in metres: across and along; for the picture of the fit.
    gap : ndarray of shape (N,), float64
        Between them, in metres; negative where they overlap.
    """

    comparison: Comparison
    one: NDArray[np.float64]
    other: NDArray[np.float64]
    gap: NDArray[np.float64]


def describe_end(photo: Photo, *, direction: float = 0.0, params: EndParams = EndParams()) -> End | NoComparison:
    """Take the contour of an end from a photograph that shows it on a plain ground of another colour.

    Stages:

    1. The photograph turned so that the end points to the right.
    2. The tape's colour at its left rim, the ground's at its right one; how far each pixel is from one to the other.
    3. Per row the outermost place halfway between, to a part of a pixel; equal steps in metres.

    Parameters
    ----------
    photo : Photo
        With its scale. The tape reaches its border opposite to the end.
    direction : float
        Where the end points, in radians: 0 is the right of the photograph, a quarter turn its top.
    params : EndParams
        See there.

    Returns
    -------
    End or NoComparison
        The latter without a scale, or where tape and ground cannot be told apart.
    """
    if photo.metres_per_pixel is None:
        return NoComparison(METHOD, "The photograph has no scale.", "Lay a ruler or a scale card beside the end.")
    # 1.
    turned, back = _pointing_right(photo.pixels, direction)
    colour = lab(linear(turned))
    # 2.
    rim = max(2, round(params.rim * colour.shape[1]))
    ground = np.median(colour[:, -rim:].reshape(-1, 3), axis=0)
    left = colour[:, :rim]
    far = np.linalg.norm(left - ground, axis=2)
    tape_rows = np.median(far, axis=1) > max(params.contrast, 0.5 * float(np.quantile(far, 0.9)))
    if tape_rows.sum() * photo.metres_per_pixel < params.narrowest:
        return NoComparison(
            METHOD,
            "No tape is seen that reaches from the border to an end before a ground of another colour.",
            "Cut the picture to the end, the tape at one border and only ground at the opposite one.",
        )
    tape = np.median(left[tape_rows].reshape(-1, 3), axis=0)
    way = (tape - ground) / float(((tape - ground) ** 2).sum())
    share = cv2.GaussianBlur(((colour - ground) @ way).astype(np.float32), (0, 0), 0.7)
    # 3.
    rows = np.flatnonzero(tape_rows)
    first, last = int(rows[0]), int(rows[-1])
    columns = np.array([_reach(share[row]) for row in range(first, last + 1)])
    apart = params.step / photo.metres_per_pixel
    at = np.arange(0, last - first + 1e-9, apart)
    reached = np.interp(at, np.arange(len(columns)), columns)
    places = np.column_stack([reached, at + first, np.ones(len(at))]) @ back.T
    return End(reached * photo.metres_per_pixel, params.step, np.asarray(places, np.float64))


def compare_ends(one: End, other: End, *, params: EndParams = EndParams()) -> EndFit | NoComparison:
    """Lay two ends together, the second turned about to face the first, one of them turned over too.

    Stages:

    1. The second seen from the first: what reaches out here is held back there.
    2. All shifts and stretches across the tape; for each the best distance and small turn in closed form.
    3. The gap that is left, against how rough the two are.

    Parameters
    ----------
    one, other : End
        Of the same step.
    params : EndParams
        See there.

    Returns
    -------
    EndFit or NoComparison
        The latter where the ends differ too much in width, or one is so straight that it would fit any straight cut.
    """
    margin = round(params.shift / one.step)
    inner = min(len(one.along), len(other.along)) - 2 * margin
    if one.step != other.step or inner * one.step < params.narrowest / 2:
        return NoComparison(
            METHOD, "The ends are too narrow to be compared.", "Photograph the whole width of the tape."
        )
    if abs(one.width / other.width - 1) > 0.1:
        return NoComparison(
            METHOD,
            f"One tape is {1000 * one.width:.1f} mm wide, the other {1000 * other.width:.1f} mm.",
            "Check the scales; ends of tapes of different width do not fit.",
        )
    smoothest = min(_rough(one.along), _rough(other.along))
    if smoothest < params.rough:
        return NoComparison(
            METHOD,
            f"An end is straight to {1e6 * smoothest:.0f} micrometres: a straight cut fits any other.",
            "Compare other features, such as lines along the tape.",
        )
    begin = (len(one.along) - inner) // 2
    ours = one.along[begin : begin + inner]
    middle = np.arange(inner) - (inner - 1) / 2
    best: tuple[float, NDArray[np.float64], NDArray[np.float64], float, float, bool] | None = None
    for turned_over in (False, True):
        # 1.
        facing = -(other.along if turned_over else other.along[::-1])
        index = np.arange(len(facing), dtype=np.float64)
        index = index if turned_over else index[::-1]
        for stretch in params.stretch:
            # 2.
            centre = (len(facing) - 1) / 2
            grid = centre + (np.arange(inner + 2 * margin) - (inner + 2 * margin - 1) / 2) * stretch
            grid = grid[(grid >= 0) & (grid <= len(facing) - 1)]
            if len(grid) < inner:
                continue
            seen = sliding_window_view(np.interp(grid, np.arange(len(facing)), facing), inner)
            apart = seen - ours
            apart = apart - apart.mean(axis=1, keepdims=True)
            slope = np.clip(apart @ middle / (middle @ middle), -params.tilt * one.step, params.tilt * one.step)
            apart = apart - slope[:, None] * middle
            size = (apart**2).mean(axis=1)
            row = int(np.argmin(size))
            if best is None or size[row] < best[0] * (params.turned_over if turned_over and not best[5] else 1.0):
                numbers = np.interp(grid, np.arange(len(facing)), index)[row : row + inner]
                best = (float(size[row]), apart[row], numbers, float(slope[row]), stretch, turned_over)
    if best is None:
        return NoComparison(METHOD, "The ends do not overlap enough.", "Photograph the whole width of the tape.")
    # 3.
    left, gap, numbers, slope_best, stretch, turned_over = best
    theirs = ours + gap
    # A slant is shape too: theirs as it lay, not as it was turned to fit.
    rough = (float(ours.var()), float((theirs + slope_best * middle).var()))
    floor = 2 * params.noise**2
    score = 10 * float(np.log10((rough[0] + rough[1] + floor) / (left + floor)))
    nearest = np.rint(numbers).astype(int)
    across = (begin + np.arange(inner)) * one.step
    both = np.corrcoef(ours, theirs + slope_best * middle)[0, 1]
    return EndFit(
        comparison=Comparison(
            method=METHOD,
            score=score,
            measurements={
                "gap_rms_m": float(np.sqrt(left)),
                "gap_largest_m": float(np.abs(gap).max()),
                "correlation": float(both),
                "compared_m": inner * one.step,
                "rough_one_m": float(np.sqrt(rough[0])),
                "rough_other_m": float(np.sqrt(rough[1])),
                "tilt_rad": slope_best / one.step,
                "stretch": stretch,
            },
            query_points=one.places[begin : begin + inner].astype(np.float32),
            reference_points=other.places[nearest].astype(np.float32),
            mirrored=turned_over,
        ),
        one=np.column_stack([across, ours]),
        other=np.column_stack([across, theirs]),
        gap=gap,
    )


def _pointing_right(pixels: NDArray[np.uint8], direction: float) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """1. The picture turned, and what takes its homogeneous pixels back; shape (2, 3)."""
    height, width = pixels.shape[:2]
    if abs(direction) < 1e-9:
        return pixels, np.eye(2, 3)
    c, s = np.cos(direction), np.sin(direction)
    size = (round(abs(width * c) + abs(height * s)), round(abs(width * s) + abs(height * c)))
    # The way of the end, (c, -s) with y down, becomes (1, 0).
    turn = np.array([[c, -s], [s, c]])
    move = np.array([(size[0] - 1) / 2, (size[1] - 1) / 2]) - turn @ [(width - 1) / 2, (height - 1) / 2]
    matrix = np.column_stack([turn, move])
    turned = cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def _reach(share: NDArray[np.float32]) -> float:
    """3. Where a row is last more tape than ground."""
    over = np.flatnonzero(share > 0.5)
    if not len(over):
        return 0.0
    last = int(over[-1])
    if last + 1 >= len(share):
        return float(last)
    here, there = float(share[last]), float(share[last + 1])
    return last + (here - 0.5) / max(here - there, 1e-6)


def _straightened(along: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = np.arange(len(along)) - (len(along) - 1) / 2
    level = along - along.mean()
    return np.asarray(level - middle * (level @ middle) / (middle @ middle), np.float64)


def _rough(along: NDArray[np.float64]) -> float:
    return float(_straightened(along).std())
