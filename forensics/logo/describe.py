"""From a region of a photograph to its features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.logo.features import D_GLOBAL, METHOD, ROWS, LogoFeatures
from forensics.logo.region import Region, clipped
from forensics.logo.rootsift import compact, rootsift
from forensics.photo import Photo


@dataclass(frozen=True, slots=True)
class LogoParams:
    """What :func:`describe` can be set to.

    Attributes
    ----------
    working_side : int
        Longest side in pixels that a photograph is reduced to first (200 to 4,000): time grows with its square, and
        1,000 keeps a mark of a twentieth of the picture at 50 pixels.
    points_whole, points_region : int
        The most points kept of a whole photograph and of a region of one (20 to 4,095).
    contrast : float
        Lowest contrast of a point, SIFT's threshold (0.005 to 0.08). Lower than the usual 0.04, because embossed and
        worn marks are faint; the points of least contrast go first where there are too many.
    cells : int
        The picture is divided into cells x cells, and points are taken from each in turn (1 to 32), so that one busy
        part does not take all.
    gain : float
        Steps of a byte for a distance of 1 between descriptors (100 to 500): the largest that rarely runs over.
    """

    working_side: int = 1000
    points_whole: int = 600
    points_region: int = 100
    contrast: float = 0.02
    cells: int = 8
    gain: float = 200.0


def describe(photo: Photo, region: Region, *, params: LogoParams = LogoParams()) -> LogoFeatures:
    """Describe one region of a photograph; see :func:`describe_all`."""
    return describe_all(photo, [region], params=params)[0]


def describe_all(
    photo: Photo, regions: Sequence[Region], *, params: LogoParams = LogoParams()
) -> tuple[LogoFeatures, ...]:
    """Describe regions of one photograph, sharing the work between them.

    Stages:

    1. Reduce the photograph to the working size.
    2. Find points of interest with SIFT at low contrast.
    3. For each region: take the points inside it, spread over its cells.
    4. Project their descriptors to bytes, and sum the region up in one vector.

    Parameters
    ----------
    photo : Photo
        The photograph.
    regions : sequence of Region
        Regions of it; parts that lie outside the photograph are cut off.
    params : LogoParams
        Settings.

    Returns
    -------
    tuple of LogoFeatures
        In the order of the regions. A region with nothing in it has no points. What is returned is what
        :meth:`LogoFeatures.to_bytes` stores: storing changes nothing.

    Raises
    ------
    RegionRefused
        Where a region is no polygon, lies outside the photograph, or is too small.
    """
    polygons = [clipped(photo, region) for region in regions]
    # 1. Working size.
    factor = min(1.0, params.working_side / max(photo.width, photo.height))
    size = (max(1, round(photo.width * factor)), max(1, round(photo.height * factor)))
    pixels = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA) if factor < 1 else photo.pixels
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    # 2. Points.
    sift = cv2.SIFT.create(nfeatures=0, contrastThreshold=params.contrast)
    found, raw = sift.detectAndCompute(grey, None)
    points = np.array([(*p.pt, p.size, np.deg2rad(p.angle) % (2 * np.pi)) for p in found], np.float32).reshape(-1, 4)
    points[:, :3] /= np.float32(factor)
    strength = np.array([p.response for p in found], np.float32)
    # 3. and 4. Regions.
    features = []
    for region, polygon in zip(regions, polygons, strict=True):
        inside = _inside(points, polygon)
        most = min(params.points_whole if region.found_by == "whole" else params.points_region, ROWS)
        chosen = inside[_spread(points[inside, :2], strength[inside], cells=params.cells, most=most)]
        local = (
            compact(rootsift(raw[chosen]), gain=params.gain)
            if len(chosen)
            else compact(np.zeros((0, 128), np.float32), gain=params.gain)
        )
        vector = _vector(pixels, polygon * np.float32(factor), local)
        features.append(LogoFeatures.from_bytes(LogoFeatures(METHOD, points[chosen], local, vector).to_bytes()))
    return tuple(features)


def _inside(points: NDArray[np.float32], polygon: NDArray[np.float32]) -> NDArray[np.intp]:
    """Rows of the points that lie in the polygon."""
    within = [cv2.pointPolygonTest(polygon, (float(x), float(y)), False) >= 0 for x, y in points[:, :2]]
    return np.flatnonzero(np.array(within, bool))


def _spread(places: NDArray[np.float32], strength: NDArray[np.float32], *, cells: int, most: int) -> NDArray[np.intp]:
    """Rows to keep, best first: the strongest of every cell, then the second of every cell, and so on."""
    if not len(places):
        return np.zeros(0, np.intp)
    low, high = places.min(axis=0), places.max(axis=0)
    cell = np.minimum((places - low) / np.maximum(high - low, 1e-6) * cells, cells - 1).astype(np.int64)
    number = cell[:, 0] * cells + cell[:, 1]
    order = np.lexsort((-strength, number))
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    turn = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    return np.asarray(order[np.lexsort((-strength[order], turn))][:most])


def _vector(pixels: NDArray[np.uint8], polygon: NDArray[np.float32], local: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Sum a region up: its colours (hue by saturation) and its mean descriptor. Unit length, or zero."""
    vector = np.zeros(D_GLOBAL, np.float32)
    mask = np.zeros(pixels.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(polygon).astype(np.int32)], 255)
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    colours = cv2.calcHist([hsv], [0, 1, 2], mask, [8, 3, 3], [0, 180, 0, 256, 0, 256]).ravel()
    vector[:72] = np.sqrt(colours / max(colours.sum(), 1))
    if len(local):
        mean = local.astype(np.float32).mean(axis=0) - 128
        vector[72 : 72 + local.shape[1]] = mean / max(float(np.linalg.norm(mean)), 1e-6)
    norm = float(np.linalg.norm(vector))
    return vector / np.float32(norm) if norm > 0 else vector
