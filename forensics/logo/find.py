"""Where on a photograph the marks may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.logo.region import MINIMUM_SIDE, Region
from forensics.photo import Photo
from forensics.photo.shrink import shrunk


@dataclass(frozen=True, slots=True)
class FindParams:
    """What :func:`find_regions` can be set to.

    Attributes
    ----------
    working_side : int
        Longest side in pixels of the copy that is looked at (200 to 1,000): outlines of marks need no detail.
    most : int
        The most regions returned (1 to 50).
    edges : tuple of float
        Percentiles of the slope above which a pixel is an edge (50 to 99): a low one for embossed marks, a high one for
        prints on a busy background.
    least_slope : float
        No pixel under this slope is an edge, in steps of CIELAB over three pixels (5 to 60): the noise of a plain wall.
    reaches : tuple of int
        Edges nearer to each other than this many pixels of the copy belong together (odd, 1 to 51): strokes of a
        letter, letters of a word, words of a label.
    lightness_step, colour_step : int
        Width of a step of lightness and of the two colour axes (8 to 128) for areas of one colour.
    colours : int
        The most frequent colours whose areas are looked at (1 to 50).
    least_side : int
        Smallest side of a region in pixels of the copy (8 to 50).
    most_area : float
        Largest part of the photograph that a region takes (0.3 to 1); more than that is the whole.
    favour_large : float
        Preference for large regions: the power of their part of the photograph (0 to 1).
    favour_centre : float
        Preference for the middle, where photographers put what matters (0 to 5).
    favour_square : float
        Preference against long strips: edges of tables and of bags (0 to 1).
    overlap : float
        Of two regions that share more than this part of their union, the better one is returned (0.3 to 0.9).
    turned : float
        A region is returned as a turned rectangle where that is smaller than the upright one by this factor (0.5 to 1).
    """

    working_side: int = 480
    most: int = 8
    edges: tuple[float, ...] = (75.0, 88.0, 95.0)
    least_slope: float = 20.0
    reaches: tuple[int, ...] = (3, 7, 13, 25)
    lightness_step: int = 64
    colour_step: int = 24
    colours: int = 10
    least_side: int = 12
    most_area: float = 0.85
    favour_large: float = 0.35
    favour_centre: float = 2.0
    favour_square: float = 0.3
    overlap: float = 0.6
    turned: float = 0.75


_MOST_SLOPE = 200.0
"""One edge of black on white is no more of a mark than several of grey."""


def find_regions(photo: Photo, *, params: FindParams = FindParams()) -> tuple[Region, ...]:
    """Find the parts of a photograph that may bear a mark.

    Stages:

    1. A small copy in CIELAB, and its slope: the steepest of lightness and the two colours.
    2. Candidates: edges that lie near to each other, at several thresholds and distances; areas of one colour.
    3. A score for each: how much more edge there is in it than around it; larger, central and compact ones first.
    4. The best that do not repeat each other, as upright or turned rectangles.

    Parameters
    ----------
    photo : Photo
        The photograph.
    params : FindParams
        Settings.

    Returns
    -------
    tuple of Region
        Best first; none where there is nothing to see. The whole photograph is not among them.
    """
    # 1. Copy and slope.
    factor = min(1.0, params.working_side / max(photo.width, photo.height))
    size = (max(1, round(photo.width * factor)), max(1, round(photo.height * factor)))
    copy = shrunk(photo.pixels, size)
    lab = np.asarray(cv2.cvtColor(copy, cv2.COLOR_RGB2LAB), np.float32)
    lab = np.asarray(cv2.GaussianBlur(lab, (0, 0), 0.8), np.float32)
    slopes = cv2.Sobel(lab, cv2.CV_32F, 1, 0) ** 2 + cv2.Sobel(lab, cv2.CV_32F, 0, 1) ** 2
    slope = np.sqrt(slopes.max(axis=2))
    # 2. Candidates.
    masks = [*_edges(slope, params), *_colours(lab, params)]
    boxes, sources = _components(masks, params)
    if not len(boxes):
        return ()
    # 3. Scores.
    scores = _scores(np.minimum(slope, _MOST_SLOPE), boxes, params)
    # 4. The best, apart from each other.
    scale = np.array([photo.width / size[0], photo.height / size[1]], np.float32)
    limits = np.array([photo.width, photo.height], np.float32)
    regions = []
    for index in _apart(boxes, scores, params):
        polygon = np.clip(_outline(masks[sources[index]], boxes[index], params) * scale, 0, limits).astype(np.float32)
        if np.ptp(polygon, axis=0).min() >= MINIMUM_SIDE:
            regions.append(Region(polygon, "finder", float(np.clip(scores[index], 0, 1))))
    return tuple(regions)


def _edges(slope: NDArray[np.float32], params: FindParams) -> Iterator[NDArray[np.uint8]]:
    for percentile in params.edges:
        strong = (slope > max(params.least_slope, float(np.percentile(slope, percentile)))).astype(np.uint8)
        for reach in params.reaches:
            closed = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
            yield np.asarray(closed, np.uint8)


def _colours(lab: NDArray[np.float32], params: FindParams) -> Iterator[NDArray[np.uint8]]:
    steps = np.array([params.lightness_step, params.colour_step, params.colour_step], np.float32)
    # Twice, the steps shifted by half, so that no colour is cut in two both times.
    for shift in (0.0, 0.5):
        step = np.floor(lab / steps + shift).astype(np.int32)
        colour = (step[..., 0] * 64 + step[..., 1]) * 64 + step[..., 2]
        values, counts = np.unique(colour, return_counts=True)
        for value in values[np.argsort(-counts, kind="stable")][: params.colours]:
            area = (colour == value).astype(np.uint8)
            yield np.asarray(cv2.morphologyEx(area, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.uint8)


def _components(masks: list[NDArray[np.uint8]], params: FindParams) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the boxes (x, y, width, height) of connected parts, and from which mask each is."""
    boxes, sources = [np.zeros((0, 4))], [np.zeros(0, np.intp)]
    for number, mask in enumerate(masks):
        # Their outlines are found ten times as fast as what OpenCV calls connected components; holes have a parent.
        outlines, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        outer = (
            [outline for outline, (*_, parent) in zip(outlines, tree[0], strict=True) if parent < 0] if outlines else []
        )
        found = np.array([cv2.boundingRect(outline) for outline in reversed(outer)], np.float64).reshape(-1, 4)
        large = (found[:, 2:].min(axis=1, initial=np.inf) >= params.least_side) & (
            found[:, 2] * found[:, 3] < params.most_area * mask.size
        )
        boxes.append(found[large])
        sources.append(np.full(int(large.sum()), number, np.intp))
    return np.concatenate(boxes), np.concatenate(sources)


def _scores(slope: NDArray[np.float32], boxes: NDArray[np.float64], params: FindParams) -> NDArray[np.float64]:
    height, width = slope.shape
    sums = cv2.integral(slope)
    x, y, across, down = boxes.T

    def total(around: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        left, right = (np.clip(edge, 0, width).astype(int) for edge in (x - around, x + across + around))
        top, bottom = (np.clip(edge, 0, height).astype(int) for edge in (y - around, y + down + around))
        return sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left], (right - left) * (
            bottom - top
        )

    inside, area = total(np.zeros(len(boxes)))
    # A ring of a quarter of the smaller side.
    with_ring, area_with_ring = total(0.25 * np.minimum(across, down) + 3)
    density = inside / np.maximum(area, 1)
    around = (with_ring - inside) / np.maximum(area_with_ring - area, 1)
    off_centre = np.hypot((x + across / 2) / width - 0.5, (y + down / 2) / height - 0.5)
    strip = np.maximum(across, down) / np.minimum(across, down)
    scores = density / (around + 10) * (area / slope.size) ** params.favour_large
    return np.asarray(scores * np.exp(-params.favour_centre * off_centre) / strip**params.favour_square)


def _apart(boxes: NDArray[np.float64], scores: NDArray[np.float64], params: FindParams) -> list[int]:
    """Rows of the best boxes, none repeating a better one."""
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    area = boxes[:, 2:].prod(axis=1)
    left = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while len(left) and len(kept) < params.most:
        best = int(left[0])
        kept.append(best)
        shared = np.maximum(np.minimum(high[best], high[left]) - np.maximum(low[best], low[left]), 0).prod(axis=1)
        left = left[shared <= params.overlap * (area[best] + area[left] - shared)]
    return kept


def _outline(mask: NDArray[np.uint8], box: NDArray[np.float64], params: FindParams) -> NDArray[np.float32]:
    """Return the corners of the turned rectangle where that is much smaller than the upright one, else of that."""
    x, y, across, down = box.astype(int).tolist()
    upright = np.array([[x, y], [x + across, y], [x + across, y + down], [x, y + down]], np.float32)
    part = mask[y : y + down, x : x + across]
    found, labels, statistics, _ = cv2.connectedComponentsWithStats(part)
    if found < 2:
        return upright
    largest = 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA]))
    points = np.argwhere(labels == largest)[:, ::-1].astype(np.float32) + np.array([x, y], np.float32)
    rectangle = cv2.minAreaRect(points)
    if rectangle[1][0] * rectangle[1][1] < params.turned * across * down and min(rectangle[1]) >= params.least_side:
        return np.asarray(cv2.boxPoints(rectangle), np.float32)
    return upright
