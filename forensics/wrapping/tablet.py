"""Tablets and capsules on a plain ground: their outline, sizes, score line and colours, each with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.measure import find_contours

from forensics.photo import Photo
from forensics.photo.shrink import shrunk
from forensics.photo.srgb import lab, linear
from forensics.scale import Card, ColourCorrection, Scale


@dataclass(frozen=True, slots=True)
class TabletParams:
    """What :func:`measure_tablets` can be set to.

    Attributes
    ----------
    working_side : int
        Longest side in pixels of the copy that is measured (600 to 4,000).
    border : float
        Width of the frame whose median is the ground, as a part of the longer side (0.01 to 0.1).
    noise : float
        A pixel is not of the ground from so many times the ground's own spread (3 to 15).
    difference : float
        And from this difference in units of CIELAB (3 to 20).
    smallest : float
        Least area, as a part of the photograph (0.0005 to 0.05).
    solid : float
        Least part of its convex hull that a tablet fills (0.8 to 0.98); what fills less is something else.
    inside : float
        Width of the band inside the edge that tells the edge's height, as a part of the width (0.02 to 0.15).
    edge : float
        Standard uncertainty of where an edge lies, in pixels (0.2 to 2): blur, shadow, the round of the edge.
    round : float
        Least width by length of a round one (0.9 to 0.99).
    shape : float
        Least overlap with an ellipse, a capsule or a rectangle to be called so (0.9 to 0.99).
    score_step : float
        Degrees between the directions in which a score line is looked for (1 to 10).
    score_reach : float
        How far from the middle, as a part of the width (0.02 to 0.2): a score line halves.
    score_seen : float
        Least part of its way across that the line must be seen (0.5 to 0.95); letters end sooner.
    score_depth : float
        How much it must stand out, in standard deviations of the surface (0.8 to 4). Set with the part seen on 24
        photographs of ``tablets_nih``.
    two_colours : float
        Least difference between the halves of a capsule of two colours (5 to 40).
    least_part : float
        Least part of the surface of a second colour (0.1 to 0.4).
    """

    working_side: int = 1600
    border: float = 0.03
    noise: float = 6.0
    difference: float = 6.0
    smallest: float = 0.003
    solid: float = 0.93
    inside: float = 0.06
    edge: float = 0.7
    round: float = 0.95
    shape: float = 0.955
    score_step: float = 3.0
    score_reach: float = 0.06
    score_seen: float = 0.8
    score_depth: float = 1.5
    two_colours: float = 15.0
    least_part: float = 0.2


@dataclass(frozen=True, slots=True)
class Length:
    """A length with its standard uncertainty.

    Attributes
    ----------
    pixels, pixels_uncertainty : float
        Of the photograph.
    millimetres, uncertainty : float or None
        None without a scale; the uncertainty holds that of the scale.
    """

    pixels: float
    pixels_uncertainty: float
    millimetres: float | None
    uncertainty: float | None


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of a surface.

    Attributes
    ----------
    lab : tuple of three floats
        Median CIELAB (D65, 2 degrees).
    part : float
        Of the surface, 0 to 1.
    spread : float
        Standard deviation over the surface, in units of CIELAB, from its median absolute deviation.
    uncertainty : float or None
        Of the median, from the card whose patches corrected it; None where nothing did: the numbers are then as the
        camera gave them, and compare within one photograph only.
    """

    lab: tuple[float, float, float]
    part: float
    spread: float
    uncertainty: float | None


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A line across the middle that halves a tablet.

    Attributes
    ----------
    angle : float
        Its direction in the photograph, radians from the x axis, 0 to pi; y is down.
    ends : ndarray of shape (2, 2), float64
        In pixels of the photograph.
    seen : float
        Part of its way over which it stands out, 0 to 1.
    """

    angle: float
    ends: NDArray[np.float64]
    seen: float


@dataclass(frozen=True, slots=True)
class Tablet:
    """A tablet or capsule as one photograph shows it.

    Attributes
    ----------
    outline : ndarray of shape (N, 2), float64
        In pixels of the photograph.
    shape : str
        ``"round"``, ``"oval"``, ``"capsule"``, ``"rectangle"`` or ``"other"``.
    diameter : Length or None
        Of a round one: the mean over all directions.
    length, width : Length
        The width is the least distance of two parallel lines that touch it, the length that at right angles to it.
    score_line : ScoreLine or None
        None where none is seen; that says nothing of the other side.
    colours : tuple of Colour
        One, or two of a capsule of two; the larger first.
    """

    outline: NDArray[np.float64]
    shape: Literal["round", "oval", "capsule", "rectangle", "other"]
    diameter: Length | None
    length: Length
    width: Length
    score_line: ScoreLine | None
    colours: tuple[Colour, ...]


def measure_tablets(
    photo: Photo,
    scale: Scale | Card | None = None,
    *,
    colours: ColourCorrection | None = None,
    leave_out: Sequence[NDArray[np.float32]] = (),
    params: TabletParams = TabletParams(),
) -> tuple[Tablet, ...]:
    """Measure the tablets that lie apart on a plain ground; those cut by the edge of the photograph are left out.

    Stages:

    1. How far each pixel's colour is from the ground's, which is that of the frame.
    2. Solid regions of another colour; each edge where the difference is half of that just inside.
    3. Sizes between parallel lines in all directions; the shape that overlaps best.
    4. A score line: narrow, dark or light, straight across the middle.
    5. The colour, or the two of a capsule.

    Parameters
    ----------
    photo : Photo
        The photograph, the camera upright above the ground.
    scale : Scale, Card or None
        A scale in the plane of the tablets' edges. A thick tablet's edge lies above it, and looks larger.
    colours : ColourCorrection or None
        From a card on the same photograph.
    leave_out : sequence of ndarray of shape (N, 2)
        Polygons of rulers and cards.
    params : TabletParams
        See there.

    Returns
    -------
    tuple of Tablet
        The largest first.
    """
    shrink = min(1.0, params.working_side / max(photo.width, photo.height))
    size = (max(1, round(photo.width * shrink)), max(1, round(photo.height * shrink)))
    pixels = shrunk(photo.pixels, size)
    # 1.
    colour = lab(linear(pixels))
    free = np.ones(pixels.shape[:2], np.uint8)
    for polygon in leave_out:
        cv2.fillPoly(free, [np.rint(polygon * shrink).astype(np.int32)], 0)
    apart, noise = _from_ground(colour, free, params)
    # 2.
    threshold = max(params.difference, params.noise * noise)
    rough = ((cv2.GaussianBlur(apart, (0, 0), 1.0) > threshold) & (free > 0)).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(_opened(rough), connectivity=4)
    measured = []
    for number in range(1, count):
        x, y, wide, tall, area = boxes[number].tolist()
        cut = x == 0 or y == 0 or x + wide == size[0] or y + tall == size[1]
        if cut or area < params.smallest * size[0] * size[1]:
            continue
        outline = _outline(apart, labels == number, threshold, params)
        if outline is not None:
            measured.append(_measured(outline, colour, scale, colours, pixels, shrink, params))
    return tuple(sorted(measured, key=lambda tablet: -tablet.length.pixels * tablet.width.pixels))


def _from_ground(
    colour: NDArray[np.float64], free: NDArray[np.uint8], params: TabletParams
) -> tuple[NDArray[np.float32], float]:
    """1."""
    reach = max(2, round(params.border * max(free.shape)))
    frame = free > 0
    frame[reach:-reach, reach:-reach] = False
    ground = np.median(colour[frame], axis=0) if frame.any() else np.median(colour.reshape(-1, 3), axis=0)
    apart = np.linalg.norm(colour - ground, axis=2).astype(np.float32)
    return apart, 1.4826 * float(np.median(apart[frame])) if frame.any() else 0.0


def _opened(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take away strokes, such as a ruler's that was not found."""
    side = max(3, round(0.008 * max(mask.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), np.uint8)


def _outline(
    apart: NDArray[np.float32], region: NDArray[np.bool_], threshold: float, params: TabletParams
) -> NDArray[np.float64] | None:
    """2."""
    contours, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(contours, key=cv2.contourArea)
    whole = np.zeros(region.shape, np.uint8)
    cv2.drawContours(whole, [largest], -1, 1, cv2.FILLED)
    depth = cv2.distanceTransform(whole, cv2.DIST_L2, 5)
    band = (depth > 2) & (depth < max(4.0, 2 * params.inside * float(depth.max())))
    if not band.any():
        return None
    level = max(threshold, 0.5 * float(np.median(apart[band])))
    # Deep inside, a pale print must not open the outline.
    field = np.where(depth > max(3.0, params.inside * float(depth.max())), np.maximum(apart, 2 * level), apart)
    near = cv2.dilate(whole, np.ones((9, 9), np.uint8))
    found = find_contours(np.where(near > 0, field, 0).astype(np.float64), level)  # type: ignore[no-untyped-call]
    closed = [line[:, ::-1] for line in found if len(line) > 20 and np.array_equal(line[0], line[-1])]
    if not closed:
        return None
    outline = max(closed, key=lambda line: cv2.contourArea(line.astype(np.float32)))
    hull = cv2.convexHull(outline.astype(np.float32))
    full = float(cv2.contourArea(outline.astype(np.float32)))
    return np.asarray(outline, np.float64) if full >= params.solid * float(cv2.contourArea(hull)) else None


def _measured(
    outline: NDArray[np.float64],
    colour: NDArray[np.float64],
    scale: Scale | Card | None,
    correction: ColourCorrection | None,
    pixels: NDArray[np.uint8],
    shrink: float,
    params: TabletParams,
) -> Tablet:
    """3. to 5., and into pixels of the photograph."""
    # 3.
    hull = cv2.convexHull(outline.astype(np.float32))[:, 0].astype(np.float64)
    turns = np.arange(0, np.pi, np.pi / 180)
    ways = np.stack([np.cos(turns), np.sin(turns)])
    along = hull @ ways
    calipers = along.max(axis=0) - along.min(axis=0)
    across = int(np.argmin(calipers))
    longest = (across + 90) % 180
    shape = _shape(outline, float(turns[longest]), float(calipers[longest]), float(calipers[across]), params)
    per_pixel, relative = (None, 0.0) if scale is None else (scale.millimetres_per_pixel, scale.uncertainty or 0.0)
    if isinstance(scale, Card):
        middle = ((outline.mean(axis=0) + 0.5) / shrink - 0.5)[None]
        # Its slant is known at each place, and does not add to the uncertainty there.
        per_pixel, relative = float(scale.millimetres_per_pixel_at(middle)[0]), _without(relative, scale.slant)

    def of(value: float, off: float) -> Length:
        value, off = value / shrink, off / shrink
        if per_pixel is None:
            return Length(value, off, None, None)
        return Length(value, off, value * per_pixel, per_pixel * float(np.hypot(off, relative * value)))

    # Two edges each; their errors are alike on one photograph, and do not average out over directions.
    edge = params.edge * np.sqrt(2)
    diameter = None
    if shape == "round":
        diameter = of(float(calipers.mean()), float(np.hypot(edge, calipers.std())))
    inside = np.zeros(colour.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.rint(outline).astype(np.int32)], 1)
    reach = max(2, round(2 * params.inside * float(calipers[across])))
    inner = cv2.erode(inside, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    line = _score_line(colour[..., 0], np.asarray(inner, np.uint8), params)
    return Tablet(
        outline=(outline + 0.5) / shrink - 0.5,
        shape=shape,
        diameter=diameter,
        length=of(float(calipers[longest]), edge),
        width=of(float(calipers[across]), edge),
        score_line=None if line is None else ScoreLine(line.angle, (line.ends + 0.5) / shrink - 0.5, line.seen),
        colours=_colours(pixels[inner > 0], correction, params),
    )


def _without(whole: float, part: float) -> float:
    return float(np.sqrt(max(0.0, whole**2 - part**2)))


def _shape(
    outline: NDArray[np.float64], turn: float, length: float, width: float, params: TabletParams
) -> Literal["round", "oval", "capsule", "rectangle", "other"]:
    """3. Overlap, intersection by union, with what has the same length and width."""
    turned = (outline - outline.mean(axis=0)) @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    turned -= (turned.max(axis=0) + turned.min(axis=0)) / 2
    side = 240
    unit = side / length
    canvas = (side + 40, side + 40)
    middle = np.array([canvas[1] / 2, canvas[0] / 2])
    own = np.zeros(canvas, np.uint8)
    cv2.fillPoly(own, [np.rint(turned * unit + middle).astype(np.int32)], 1)
    y, x = np.indices(canvas)
    u, v = np.abs(x - middle[0]) / unit, np.abs(y - middle[1]) / unit
    kinds: dict[Literal["oval", "capsule", "rectangle"], NDArray[np.bool_]] = {
        "oval": (2 * u / length) ** 2 + (2 * v / width) ** 2 <= 1,
        "capsule": np.hypot(np.maximum(u - (length - width) / 2, 0), v) <= width / 2,
        "rectangle": (u <= length / 2) & (v <= width / 2),
    }
    overlap = {name: float(((own > 0) & kind).sum() / ((own > 0) | kind).sum()) for name, kind in kinds.items()}
    best = max(overlap, key=lambda name: overlap[name])
    if overlap[best] < params.shape:
        return "other"
    return "round" if width >= params.round * length and best != "rectangle" else best


def _score_line(lightness: NDArray[np.float64], inner: NDArray[np.uint8], params: TabletParams) -> ScoreLine | None:
    """4."""
    rows, columns = np.nonzero(inner)
    if len(rows) < 100:
        return None
    middle = np.array([columns.mean(), rows.mean()])
    reach = float(np.sqrt(len(rows) / np.pi))
    fine = max(1.0, 0.02 * reach)
    smooth = cv2.GaussianBlur(lightness, (0, 0), fine)
    wide = cv2.GaussianBlur(lightness, (0, 0), 5 * fine)
    relief = np.abs(smooth - wide)
    usual = float(np.median(relief[inner > 0])) * 1.4826
    best: ScoreLine | None = None
    best_sum = 0.0
    longest = 2 * float(np.hypot(np.ptp(columns), np.ptp(rows)))
    steps = np.arange(-longest / 2, longest / 2, 1.0)
    for turn in np.deg2rad(np.arange(0, 180, params.score_step)):
        way, aside = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        for shift in np.linspace(-params.score_reach, params.score_reach, 7) * 2 * reach:
            places = middle + shift * aside + steps[:, None] * way
            at = np.rint(places).astype(int)
            within = ((at >= 0) & (at < [inner.shape[1], inner.shape[0]])).all(axis=1)
            at, kept = at[within], places[within]
            on = inner[at[:, 1], at[:, 0]] > 0
            if on.sum() < reach:
                continue
            seen = relief[at[on, 1], at[on, 0]] > params.score_depth * usual
            part, total = float(seen.mean()), float(relief[at[on, 1], at[on, 0]].sum())
            if part >= params.score_seen and total > best_sum:
                ends = kept[on][[0, -1]]
                best, best_sum = ScoreLine(float(turn), np.asarray(ends, np.float64), part), total
    return best


def _colours(rgb: NDArray[np.uint8], correction: ColourCorrection | None, params: TabletParams) -> tuple[Colour, ...]:
    """5."""
    thin = rgb[:: max(1, len(rgb) // 20_000)]
    values = lab(linear(thin)) if correction is None else correction.lab(thin)
    off = None if correction is None else correction.uncertainty
    groups = [values]
    if len(values) >= 20:
        stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.1)
        # Seeded by the colours themselves: the same surface gives the same answer.
        first = (values @ np.linalg.svd(values - values.mean(axis=0), full_matrices=False)[2][0]).astype(np.float32)
        labels = (first > np.median(first)).astype(np.int32)[:, None]
        _, labels, centres = cv2.kmeans(values.astype(np.float32), 2, labels, stop, 1, cv2.KMEANS_USE_INITIAL_LABELS)
        parts = [values[labels[:, 0] == number] for number in (0, 1)]
        smaller = min(len(part) for part in parts) / len(values)
        if smaller >= params.least_part and float(np.linalg.norm(centres[0] - centres[1])) >= params.two_colours:
            groups = sorted(parts, key=len, reverse=True)
    found = []
    for group in groups:
        middle = np.median(group, axis=0)
        spread = 1.4826 * float(np.median(np.linalg.norm(group - middle, axis=1)))
        l_star, a_star, b_star = middle.tolist()
        found.append(Colour((l_star, a_star, b_star), len(group) / len(values), spread, off))
    return tuple(found)
