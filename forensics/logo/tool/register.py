"""Lay the mark of a query over that of a reference, to a part of a pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.comparison import NoComparison
from forensics.logo.region import Region
from forensics.logo.tool.agreement import agreement
from forensics.logo.tool.bend import Bend, BendParams, bend
from forensics.logo.tool.light import Field, blurred, directions, levelled
from forensics.photo import Photo

METHOD = "tool/2"
"""Compare tools, and version. Scores of different versions do not compare."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How two marks of one design were found to lie over each other.

    Attributes
    ----------
    query_points, reference_points : ndarray of shape (N, 2), float32
        What agrees, in pixels of each photograph.
    transform : ndarray of shape (3, 3), float64, or None
        Takes query pixels to reference pixels, roughly; a turning over included.
    query, reference : Region
        The marks.
    """

    query_points: NDArray[np.float32]
    reference_points: NDArray[np.float32]
    transform: Matrix | None
    query: Region
    reference: Region


@dataclass(frozen=True, slots=True)
class RegisterParams:
    """How marks are laid over each other.

    Attributes
    ----------
    least_span : float
        A mark that spans fewer pixels than this on either photograph (60 to 400) is not compared: what is individual
        to a tool measures a fiftieth of its mark, and has to be a few pixels. Of the training pairs under 200 pixels,
        one tool was told from two little better than by chance.
    most_span : float
        A mark is looked at with at most this many pixels (200 to 1,200); time grows with its square.
    margin : float
        Part of the extent of what agrees that is looked at around it (0 to 0.5).
    levels : tuple of int
        How many times smaller the pictures are on each step, coarse to fine.
    coarse_cells, fine_cells : float
        How many cells a mark's span holds on the coarse steps, and on the last (4 to 30).
    reach : int
        How far a cell is looked for, in pixels of its step (2 to 8).
    alike : float
        Least correlation of a cell with its fellow that counts (0 to 0.8).
    fewest : int
        Fewer cells than this (6 to 60) fix no geometry.
    perspective : float
        Holds the perspective of the fitted plane down where cells are few or noisy (0 to 0.1).
    core : float
        Agreeing points farther from their middle than this many times the median are left out (2 to 5).
    turns : int
        How many turns of the mark are tried (4 to 120).
    turn_span : float
        The mark spans this many pixels for that (48 to 200).
    turn_gain : float
        How much better another turn has to lie over the reference, in mean correlation (0 to 0.3).
    looks : int
        How often the window is drawn closer around what agrees (0 to 4).
    apart : float
        Lines that agree and are less than twice this part of the span apart are one mark (0.01 to 0.1).
    rim : float
        Part of the mark that is looked at around it (0 to 0.2).
    around : float
        How far from a cell that was found on both the design may still be, as a part of the span (0.03 to 0.3).
    bend : BendParams
        How the last pixels are found.
    """

    least_span: float = 200.0
    most_span: float = 480.0
    margin: float = 0.25
    levels: tuple[int, ...] = (4, 2, 1)
    coarse_cells: float = 7.0
    fine_cells: float = 10.0
    reach: int = 4
    alike: float = 0.3
    fewest: int = 8
    perspective: float = 0.01
    core: float = 2.5
    turns: int = 60
    turn_span: float = 96.0
    turn_gain: float = 0.02
    looks: int = 2
    apart: float = 0.035
    rim: float = 0.06
    around: float = 0.1
    bend: BendParams = field(default_factory=BendParams)


@dataclass(frozen=True, slots=True)
class Registered:
    """Two marks in one frame, at one resolution.

    Attributes
    ----------
    query, reference : ndarray of shape (H, W), float32
        Grey levels; the query is warped to the reference.
    known : ndarray of shape (H, W), bool
        Where both photographs show something.
    to_reference : ndarray of shape (3, 3), float64
        Takes pixels of this frame to pixels of the reference photograph.
    to_window : ndarray of shape (3, 3), float64
        Takes pixels of the query photograph to pixels of this frame, but for the bend.
    span : float
        The longer side of what is looked at, in pixels of the frame; no finer than the coarser photograph.
    design : ndarray of shape (H, W), float32
        Where both show lines of the design, 0 to 1.
    bend : Bend
        How the query lay over the reference before it was warped: what no plane explains is bent paper, bent film, a
        lens, or another drawing.
    """

    query: Field
    reference: Field
    known: NDArray[np.bool_]
    to_reference: Matrix
    to_window: Matrix
    span: float
    design: Field
    bend: Bend


@dataclass(frozen=True, slots=True)
class _Frame:
    """A window on the reference photograph: its matrix from that, width and height, and the mark's span in it."""

    matrix: Matrix
    size: tuple[int, int]
    span: float


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells of the reference, where they were found in the query, how alike they are."""

    places: NDArray[np.float32]
    shifts: NDArray[np.float32]
    alike: NDArray[np.float32]
    energy: NDArray[np.float32]


def register(
    query: Photo, reference: Photo, alignment: Alignment, *, params: RegisterParams = RegisterParams()
) -> Registered | NoComparison:
    """Lay two marks over each other.

    Stages:

    1. A window around what agrees, at the resolution of the coarser photograph.
    2. Coarse to fine: cells of the reference are looked for in the query by the directions of their edges, and a plane
       is fitted to where they were found, few wrong ones counting little; at last with perspective.
    3. Cells that are found on both, where a plane lays them: that is where the design is.
    4. The move of every pixel, smooth over an eighth of the mark; see :func:`forensics.logo.tool.bend.bend`. The query
       is warped by it, so that what is left differs in itself and not in place.
    5. Where both show lines of the design.

    Parameters
    ----------
    query, reference : Photo
        The photographs.
    alignment : Alignment
        Where the design was found on both.
    params : RegisterParams
        Settings.

    Returns
    -------
    Registered or NoComparison
        NoComparison where there is too little to see: no geometry, too few pixels, or nothing that agrees.
    """
    # 1.
    if alignment.transform is None or len(alignment.reference_points) < 3:
        return NoComparison(METHOD, "the two marks could not be laid over each other", "Photograph the mark square on.")
    frame = _window(reference, alignment, alignment.transform, params)
    to_window = frame.matrix @ alignment.transform
    for look in range(params.looks + 1):
        if frame.span < params.least_span:
            return NoComparison(
                METHOD,
                f"the mark spans {frame.span:.0f} px; {params.least_span:.0f} or more needed",
                "Photograph the mark alone, from nearer.",
            )
        # 2.
        seen = _warped(reference, frame.matrix, frame.size)
        if look == 1:
            to_window = _turn(seen, query, to_window, frame, params) @ to_window
        for level in params.levels[:-1] if look < params.looks else params.levels[1:]:
            correction = _step(seen, _warped(query, to_window, frame.size), frame, level, params)
            if correction is not None:
                to_window = correction @ to_window
        moved = _warped(query, to_window, frame.size)
        known = _covered(reference, frame.matrix, frame.size) & _covered(query, to_window, frame.size)
        design = _design(seen, moved, known, frame.span)
        if look == params.looks:
            break
        # 3.
        closer = _closer(frame, design, _through(frame.matrix, alignment.reference_points), to_window, params)
        to_window = closer.matrix @ np.linalg.inv(frame.matrix) @ to_window
        frame = closer
    cells = _cells(seen, moved, frame.span, params.fine_cells * 2, params.reach)
    weights = _weights(cells, design, known, frame.span / params.fine_cells / 4, params)
    if np.count_nonzero(weights) < params.fewest:
        return NoComparison(
            METHOD,
            f"{np.count_nonzero(weights)} parts of the mark can be told on both; {params.fewest} or more needed",
            "Photograph the mark in focus, with light from the side.",
        )
    plane = _plane(cells.places + cells.shifts, cells.places, weights, tolerance=0.7, params=params)
    # 4.
    flat = _warped(query, plane @ to_window, frame.size)
    bent = bend(flat, seen, _near(cells.places, weights, known, frame, params), span=frame.span, params=params.bend)
    y, x = np.mgrid[: frame.size[1], : frame.size[0]].astype(np.float32)
    laid = np.asarray(
        cv2.remap(flat, x + bent.flow[..., 0], y + bent.flow[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )
    # 5.
    design = _design(seen, laid, known, frame.span)
    back = np.asarray(np.linalg.inv(frame.matrix), np.float64)
    return Registered(laid, seen, known, back, plane @ to_window, frame.span, design, bent)


def _closer(
    frame: _Frame, design: Field, points: NDArray[np.float64], to_window: Matrix, params: RegisterParams
) -> _Frame:
    """Frame the one patch of lines that agree with most of the points that do: not a ruler beside it, or a rim."""
    apart = 2 * round(params.apart * frame.span) + 1
    joined = cv2.dilate((design > 0.3).astype(np.uint8), np.ones((apart, apart), np.uint8))
    count, patches, boxes, _ = cv2.connectedComponentsWithStats(joined)
    if count < 2:
        return frame
    columns, rows = np.rint(points).astype(int).clip(0, np.array(frame.size) - 1).T
    held = np.bincount(patches[rows, columns], minlength=count)
    mass = np.bincount(patches.ravel(), weights=design.ravel(), minlength=count)
    best = 1 + int(np.argmax(((1 + held) * mass)[1:]))
    left, top, width, height = (float(value) for value in boxes[best, :4])
    rim = apart / 2 - params.rim * max(width, height)
    back = np.asarray(np.linalg.inv(frame.matrix), np.float64)
    low, high = _through(back, np.array([[left + rim, top + rim], [left + width - rim, top + height - rim]]))
    zoom = math.sqrt(abs(float(np.linalg.det((back @ to_window)[:2, :2]))))
    return _framed(low, high, min(1.0, 1.0 / max(zoom, 1e-6)), params)


def _window(reference: Photo, alignment: Alignment, transform: Matrix, params: RegisterParams) -> _Frame:
    points, polygon = _core(alignment.reference_points, params), alignment.reference.polygon
    low, high = points.min(axis=0).astype(np.float64), points.max(axis=0).astype(np.float64)
    margin = params.margin * float((high - low).max())
    low = np.maximum(np.maximum(low - margin, polygon.min(axis=0)), 0.0)
    high = np.minimum(np.minimum(high + margin, polygon.max(axis=0)), [reference.width, reference.height])
    zoom = math.sqrt(abs(float(np.linalg.det(transform[:2, :2]))))
    return _framed(low, high, min(1.0, 1.0 / max(zoom, 1e-6)), params)


def _core(points: NDArray[np.float32], params: RegisterParams) -> NDArray[np.float32]:
    """Leave out points that lie far from the most: what agrees far from the mark is no part of it."""
    for _ in range(4):
        gap = np.linalg.norm(points - np.median(points, axis=0), axis=1)
        near = gap <= params.core * float(np.median(gap))
        if near.all() or np.count_nonzero(near) < 3:
            break
        points = points[near]
    return points


def _framed(low: NDArray[np.float64], high: NDArray[np.float64], scale: float, params: RegisterParams) -> _Frame:
    """Make a window over a box of the reference photograph, at this scale or the one that fits."""
    sides = np.maximum(high - low, 1.0)
    scale = min(scale, params.most_span / float(sides.max()))
    pad = 2 * params.reach
    matrix = np.array(
        [[scale, 0.0, pad - scale * low[0]], [0.0, scale, pad - scale * low[1]], [0.0, 0.0, 1.0]], np.float64
    )
    width, height = (round(side * scale) + 2 * pad for side in sides)
    return _Frame(matrix, (width, height), float(sides.max()) * scale)


def _warped(photo: Photo, matrix: Matrix, size: tuple[int, int]) -> Field:
    """Grey levels of a photograph through a window."""
    grey = cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY)
    scale = math.sqrt(abs(float(np.linalg.det(matrix[:2, :2]))))
    # A warp samples points: what is larger than the window is shrunk by areas first.
    if scale < 0.7:
        height, width = grey.shape
        smaller = (max(1, round(width * scale)), max(1, round(height * scale)))
        back = np.diag([width / smaller[0], height / smaller[1], 1.0])
        back[:2, 2] = (np.diag(back)[:2] - 1.0) / 2.0
        grey = cv2.resize(grey, smaller, interpolation=cv2.INTER_AREA)
        matrix = matrix @ back
    seen = cv2.warpPerspective(
        grey.astype(np.float32), matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(seen, np.float32)


def _turn(seen: Field, query: Photo, to_window: Matrix, frame: _Frame, params: RegisterParams) -> Matrix:
    """Return the turn that lays the query over the reference best, where it is clearly another than none.

    A ring or a frame agrees with itself turned round, and its points may outvote what stands inside.
    """
    scale = min(1.0, params.turn_span / frame.span)
    width, height = (max(24, round(side * scale)) for side in frame.size)
    small = np.diag([width / frame.size[0], height / frame.size[1], 1.0])
    one = np.asarray(cv2.resize(seen, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    reach = max(3, round(0.06 * max(width, height)))
    # The query is taken with its surroundings, so that a turn leaves no corner empty.
    side = math.ceil(math.hypot(width, height)) + 2 * reach
    around = np.array([[1.0, 0.0, (side - width) / 2], [0.0, 1.0, (side - height) / 2], [0.0, 0.0, 1.0]])
    other = _warped(query, around @ small @ to_window, (side, side))
    span = frame.span * scale
    template = directions(levelled(one, span / 8), 1.2)[reach:-reach, reach:-reach]
    # Every line counts alike: a strong frame does not outvote what stands in it.
    lines = blurred((template**2).sum(axis=2), 2.0)
    weight = np.minimum(lines / (np.median(lines) + 1e-9), 2.0)
    best, none, turn = -1.0, -1.0, np.eye(3)
    for step in range(params.turns):
        about = cv2.getRotationMatrix2D((side / 2, side / 2), 360.0 * step / params.turns, 1.0)
        turned = cv2.warpAffine(other, about, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        left, top = round((side - width) / 2), round((side - height) / 2)
        seen_so = directions(levelled(np.asarray(turned, np.float32), span / 8), 1.2)
        cut = seen_so[top : top + height, left : left + width]
        found = cv2.matchTemplate(cut, template, cv2.TM_CCORR_NORMED)
        row, column = divmod(int(found.argmax()), found.shape[1])
        there = cut[row : row + template.shape[0], column : column + template.shape[1]]
        alike = float((agreement(there, template, sigma=4.0, reach=0).alike * weight).sum() / weight.sum())
        none = alike if step == 0 else none
        if alike > best:
            back = np.array([[1.0, 0.0, reach - column], [0.0, 1.0, reach - row], [0.0, 0.0, 1.0]])
            best, turn = alike, back @ np.linalg.inv(around) @ np.vstack([about, [0.0, 0.0, 1.0]]) @ around
    if best < none + params.turn_gain:
        return np.eye(3)
    return np.asarray(np.linalg.inv(small) @ turn @ small)


def _covered(photo: Photo, matrix: Matrix, size: tuple[int, int]) -> NDArray[np.bool_]:
    full = np.ones((photo.height, photo.width), np.uint8)
    return np.asarray(cv2.warpPerspective(full, matrix, size, flags=cv2.INTER_NEAREST) > 0)


def _step(seen: Field, moved: Field, frame: _Frame, level: int, params: RegisterParams) -> Matrix | None:
    """Return what takes the query's window nearer to the reference's; None where a step is too coarse to tell."""
    width, height = (max(1, side // level) for side in frame.size)
    span = frame.span / level
    if level > 1 and span < 90:
        return None
    one, other = (
        np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_AREA), np.float32)
        for field in (seen, moved)
    )
    cells = _cells(one, other, span, params.coarse_cells if level > 1 else params.fine_cells, params.reach)
    if len(cells.places) < params.fewest:
        return None
    strong = np.minimum(cells.energy / (np.percentile(cells.energy, 80) + 1e-6), 1.0)
    weights = np.where(cells.alike > params.alike, cells.alike**2 * strong, 0.0)
    if np.count_nonzero(weights) < params.fewest:
        return None
    back = np.array([frame.size[0] / width, frame.size[1] / height])
    return _plane(
        (cells.places + cells.shifts) * back,
        cells.places * back,
        weights,
        tolerance=1.5 * level,
        params=params,
        perspective=level == 1,
    )


def _cells(one: Field, other: Field, span: float, count: float, reach: int) -> _Cells:
    """Look for cells of the one in the other by the directions of their edges."""
    sigma = max(1.0, span / 140)
    here, there = (directions(levelled(field, span / 10), sigma) for field in (one, other))
    here_energy, there_energy = ((field**2).sum(axis=2) for field in (here, there))
    half = max(6, round(0.6 * span / count)) if count < 15 else max(8, round(span / count))
    step = max(4, round(0.8 * half))
    own = cv2.blur(here_energy, (2 * half + 1, 2 * half + 1))
    wide = cv2.blur(there_energy, (2 * (half + reach) + 1, 2 * (half + reach) + 1))
    height, width = one.shape
    places, shifts, alike, energy = [], [], [], []
    for y in range(half + reach, height - half - reach, step):
        for x in range(half + reach, width - half - reach, step):
            cell = here[y - half : y + half + 1, x - half : x + half + 1]
            around = there[y - half - reach : y + half + reach + 1, x - half - reach : x + half + reach + 1]
            found = np.asarray(cv2.matchTemplate(around, cell, cv2.TM_CCORR_NORMED), np.float32)
            row, column = divmod(int(found.argmax()), found.shape[1])
            places.append((x, y))
            shifts.append((column - reach + _peak(found[row], column), row - reach + _peak(found[:, column], row)))
            alike.append(found[row, column])
            energy.append(math.sqrt(max(0.0, min(float(own[y, x]), float(wide[y, x])))))
    return _Cells(
        np.array(places, np.float32).reshape(-1, 2),
        np.array(shifts, np.float32).reshape(-1, 2),
        np.array(alike, np.float32),
        np.array(energy, np.float32),
    )


def _peak(values: NDArray[np.float32], at: int) -> float:
    """Return how far beside a sample the parabola through it and its neighbours peaks."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = (float(value) for value in values[at - 1 : at + 2])
    curve = before - 2 * here + after
    return 0.5 * (before - after) / curve if curve < 0 else 0.0


def _design(one: Field, other: Field, known: NDArray[np.bool_], span: float) -> Field:
    """Where both show coarse edges that run alike, beyond what the ground shows by itself."""
    size = (max(1, one.shape[1] // 2), max(1, one.shape[0] // 2))
    half = [np.asarray(cv2.resize(field, size, interpolation=cv2.INTER_AREA), np.float32) for field in (one, other)]
    coarse = [directions(levelled(field, span / 24), max(1.0, span / 180)) for field in half]
    agree = agreement(coarse[0], coarse[1], sigma=span / 120, reach=1)
    shared = np.sqrt(agree.query * agree.reference) * np.clip(agree.alike, 0, 1)
    covered = cv2.resize(known.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    middle, most = np.percentile(shared[covered], (50, 97)) if covered.any() else (0.0, 0.0)
    # Of a design that fills the window the median is no ground: then it is a quarter of a strong line.
    ground = float(min(1.5 * middle, 0.25 * most))
    drawn = np.clip((shared - ground) / max(0.5 * float(most) - ground, 1e-9), 0, 1)
    drawn = np.where((agree.alike > 0.35) & covered, drawn, 0.0).astype(np.float32)
    full = cv2.resize(drawn, one.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(full * known, np.float32)


def _weights(
    cells: _Cells, design: Field, known: NDArray[np.bool_], sigma: float, params: RegisterParams
) -> NDArray[np.float32]:
    if not len(cells.places):
        return np.zeros(0, np.float32)
    columns, rows = cells.places.astype(int).T
    drawn = blurred(design, max(sigma, 1.0))[rows, columns]
    within = np.linalg.norm(cells.shifts, axis=1) < params.reach
    sure = np.clip(cells.alike - params.alike, 0, 1) ** 2
    return np.asarray(drawn * sure * within * known[rows, columns], np.float32)


def _plane(
    source: NDArray[np.floating],
    target: NDArray[np.floating],
    weights: NDArray[np.floating],
    *,
    tolerance: float,
    params: RegisterParams,
    perspective: bool = True,
) -> Matrix:
    """Fit a homography, or an affine transform, by weighted least squares; what lies far off counts less and less."""
    middle = target.mean(axis=0)
    scale = 1.0 / (float(np.abs(target - middle).max()) + 1e-6)
    unit = np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1.0]])
    x, y = ((source - middle) * scale).astype(np.float64).T
    u, v = goal = ((target - middle) * scale).astype(np.float64).T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.vstack(
        [
            np.column_stack([x, y, one, none, none, none, -u * x, -u * y]),
            np.column_stack([none, none, none, x, y, one, -v * x, -v * y]),
        ]
    )
    used = rows if perspective else rows[:, :6]
    held = np.zeros((2, 8))
    held[0, 6] = held[1, 7] = 1.0
    now = np.asarray(weights, np.float64)
    matrix = np.eye(3)
    for _ in range(6):
        root = np.sqrt(np.concatenate([now, now]))
        known, wanted = used * root[:, None], goal.ravel() * root
        if perspective:
            known = np.vstack([known, held * math.sqrt(params.perspective * float(now.sum()))])
            wanted = np.concatenate([wanted, [0.0, 0.0]])
        solved = np.linalg.lstsq(known, wanted, rcond=None)[0]
        matrix = np.append(solved, [0.0, 0.0, 1.0][len(solved) - 6 :]).reshape(3, 3)
        gap = np.linalg.norm(_through(matrix, np.column_stack([x, y])) - goal.T, axis=1) / scale
        now = weights / (1 + (gap / tolerance) ** 2)
    return np.asarray(np.linalg.inv(unit) @ matrix @ unit)


def _through(matrix: Matrix, points: NDArray[np.floating]) -> NDArray[np.float64]:
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])


def _near(
    places: NDArray[np.float32],
    weights: NDArray[np.float32],
    known: NDArray[np.bool_],
    frame: _Frame,
    params: RegisterParams,
) -> Field:
    """Where cells that were found on both are not far, 0 to 1."""
    found = np.zeros(known.shape, np.float32)
    columns, rows = places[weights > 0].astype(int).T
    found[rows, columns] = 1
    # How many cells there are does not matter, only how far the next one is.
    spread = blurred(found, params.around * frame.span)
    return np.asarray(np.minimum(spread / max(float(np.median(spread[rows, columns])), 1e-9), 1.0) * known, np.float32)
