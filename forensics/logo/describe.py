"""From a region of a photograph to its features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.measure import points_in_poly

from forensics.logo.embedding import embed
from forensics.logo.features import METHOD, ROWS, LogoFeatures
from forensics.logo.region import Region, clipped
from forensics.logo.rootsift import INVERTED, compact, rootsift
from forensics.photo import Photo


@dataclass(frozen=True, slots=True)
class LogoParams:
    """What :func:`describe` can be set to.

    Attributes
    ----------
    side : int
        Longest side in pixels that a picture is brought to before its points are found (200 to 4,000); a small one is
        enlarged up to four times, since the points of a mark of 100 pixels are too fine to be found otherwise. Time
        grows with its square. At 1,000 fewer practice photographs were found than at 800, not more.
    points_whole, points_person, points_finder : int
        The most points kept of a whole photograph, of a region that a person drew, and of one that the finder found
        (20 to 4,095).
    contrast : float
        Lowest contrast of a point, SIFT's threshold (0.005 to 0.08). Lower than the usual 0.04, because embossed and
        worn marks are faint; where there are too many points, the least of them go.
    edge : float
        How much longer than across a point's neighbourhood may be, SIFT's edge threshold (5 to 50). Above the usual 10:
        smooth shapes have few other points.
    favour_large : float
        Points are kept by their contrast times their scale to this power (0 to 2): large points are fewer, and survive
        blur, wear and a change of distance.
    margin : float
        A drawn region is described with this part of its longest side around it (0 to 0.5), so that the neighbourhoods
        of points on the edge are whole. No point outside the region is kept.
    gain : float
        Steps of a byte for a distance of 1 along the descriptors' longest axis (100 to 300): the largest that rarely
        runs over.
    """

    side: int = 800
    points_whole: int = 750
    points_person: int = 300
    points_finder: int = 100
    contrast: float = 0.01
    edge: float = 20.0
    favour_large: float = 0.5
    margin: float = 0.1
    gain: float = 200.0

    def most(self, region: Region) -> int:
        """Return the most points kept of a region."""
        by_finder = {"whole": self.points_whole, "person": self.points_person, "finder": self.points_finder}
        return min(by_finder[region.found_by], ROWS)


@dataclass(frozen=True, slots=True)
class _Points:
    """Points of a picture: x, y, scale and angle; how much each is worth; whether dark; and what describes them."""

    places: NDArray[np.float32]
    worth: NDArray[np.float32]
    dark: NDArray[np.bool_]
    found: Sequence[cv2.KeyPoint]
    grey: NDArray[np.uint8]
    sift: cv2.SIFT

    def without(self, polygons: Sequence[NDArray[np.float32]]) -> _Points:
        """Leave out what lies in any of some polygons."""
        left = np.ones(len(self.places), bool)
        for polygon in polygons:
            left &= ~points_in_poly(self.places[:, :2], polygon)  # type: ignore[no-untyped-call]
        if left.all():
            return self
        found = [point for point, keep in zip(self.found, left.tolist(), strict=True) if keep]
        return _Points(self.places[left], self.worth[left], self.dark[left], found, self.grey, self.sift)

    def rootsift(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Describe some of the points. Only those that are kept: a noisy picture has twenty times as many."""
        if not len(rows):
            return np.zeros((0, 128), np.float32)
        # SIFT starts from the scale of the smallest point it is given: with the smallest of all, what a point's
        # descriptor is does not depend on which others are kept.
        smallest = int(np.argmin(self.places[:, 2]))
        kept, raw = self.sift.compute(self.grey, [self.found[row] for row in (*rows, smallest)])
        if len(kept) != len(rows) + 1:
            raise RuntimeError(f"expected SIFT to describe the {len(rows)} points that it found; found {len(kept) - 1}")
        described = rootsift(np.asarray(raw[:-1], np.float32))
        dark = self.dark[rows]
        described[dark] = described[dark][:, INVERTED]
        return described


def describe(photo: Photo, region: Region, *, params: LogoParams = LogoParams()) -> LogoFeatures:
    """Describe one region of a photograph; see :func:`describe_all`."""
    return describe_all(photo, [region], params=params)[0]


def describe_all(
    photo: Photo,
    regions: Sequence[Region],
    *,
    leave_out: Sequence[NDArray[np.float32]] = (),
    params: LogoParams = LogoParams(),
) -> tuple[LogoFeatures, ...]:
    """Describe regions of one photograph, sharing the work between them.

    Stages:

    1. Find points of interest on the whole photograph at a moderate size, with SIFT at low contrast. A dark point is
       described as if light and dark were exchanged: under a lamp from the other side a pressed edge looks so, and
       a light print on dark has the same design as a dark one on light. A region that a person drew is cut out of
       the photograph's own pixels, enlarged where it is small, and gets its own points.
    2. For each region: keep the points inside it that are worth most.
    3. Project their descriptors to bytes.
    4. Sum the region up in one vector, which knows shapes as a network does, not as points; see
       :func:`forensics.logo.embedding.embed`.

    Parameters
    ----------
    photo : Photo
        The photograph.
    regions : sequence of Region
        Regions of it; parts that lie outside the photograph are cut off.
    leave_out : sequence of ndarray of shape (N, 2), float32
        Polygons in pixels of the photograph whose points are left out, such as scales: they are no mark. What a person
        drew is described with all that is in it.
    params : LogoParams
        Settings.

    Returns
    -------
    tuple of LogoFeatures
        In the order of the regions. A region with nothing in it has no points. What is returned is what
        :meth:`LogoFeatures.to_bytes` stores: storing changes nothing. A region of the finder is a ``part``: its points
        are among those of the whole photograph.

    Raises
    ------
    RegionRefused
        Where a region is no polygon, lies outside the photograph, or is too small.
    """
    polygons = [clipped(photo, region) for region in regions]
    # 1. Points of the whole, found when first asked for.
    shared: _Points | None = None
    sources, rows = [], []
    for region, polygon in zip(regions, polygons, strict=True):
        if region.found_by == "person":
            points = _cut_out(photo, polygon, params)
        else:
            points = shared = shared or _points(photo.pixels, params).without(leave_out)
        # 2. Those inside, best first.
        inside = np.flatnonzero(points_in_poly(points.places[:, :2], polygon))  # type: ignore[no-untyped-call]
        sources.append(points)
        rows.append(inside[np.argsort(-points.worth[inside], kind="stable")[: params.most(region)]])
    # 3. Bytes; a point that several regions hold is described once.
    local: list[NDArray[np.uint8]] = [np.zeros((0, 0), np.uint8)] * len(rows)
    for source in {id(points): points for points in sources}.values():
        its = [place for place, points in enumerate(sources) if points is source]
        kept, back = np.unique(np.concatenate([rows[place] for place in its]), return_inverse=True)
        described = compact(source.rootsift(kept), gain=params.gain)
        for place, part in zip(its, np.split(back, np.cumsum([len(rows[place]) for place in its])[:-1]), strict=True):
            local[place] = described[part]
    features = []
    # 4. One vector for each, and the parts' with the whole.
    vectors = embed(photo.pixels, polygons)
    is_part = np.array([region.found_by == "finder" for region in regions], bool)
    for region, points, chosen, rows_of, vector in zip(regions, sources, rows, local, vectors, strict=True):
        parts = vectors[is_part] if region.found_by == "whole" else vectors[:0]
        places = points.places[chosen]
        found = LogoFeatures(METHOD, places, rows_of, vector, region.found_by == "finder", parts)
        features.append(LogoFeatures.from_bytes(found.to_bytes()))
    return tuple(features)


def _grey(pixels: NDArray[np.uint8], params: LogoParams) -> tuple[NDArray[np.uint8], float]:
    """Bring a picture to grey and to a size at which points are found, and say by what factor."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    longest = max(pixels.shape[:2])
    factor = min(params.side / longest, 4.0)
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(grey if factor == 1 else cv2.resize(grey, size, interpolation=how), np.uint8), factor


def _points(pixels: NDArray[np.uint8], params: LogoParams) -> _Points:
    """Find the points of a picture; places are in its own pixels, before it was resized."""
    sift = cv2.SIFT.create(nfeatures=0, contrastThreshold=params.contrast, edgeThreshold=params.edge)
    grey, factor = _grey(pixels, params)
    found = sift.detect(grey, None)
    places = np.array([(*point.pt, point.size, np.deg2rad(point.angle)) for point in found], np.float32).reshape(-1, 4)
    contrast = np.array([point.response for point in found], np.float32)
    worth = contrast * places[:, 2] ** np.float32(params.favour_large)
    dark = _dark(grey, places)
    places[dark, 3] = (places[dark, 3] + np.float32(np.pi)) % np.float32(2 * np.pi)
    places[:, :3] /= np.float32(factor)
    return _Points(places, worth, dark, found, grey, sift)


def _dark(grey: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say which points are darker than what lies around them: the sign of their difference of Gaussians, by boxes."""
    if not len(places):
        return np.zeros(0, bool)
    total = cv2.integral(grey)
    deviation = places[:, 2] / 2

    def mean(half: NDArray[np.floating]) -> NDArray[np.float64]:
        low = np.clip(np.rint(places[:, :2] - half[:, None]), 0, [grey.shape[1] - 1, grey.shape[0] - 1]).astype(int)
        high = np.clip(np.rint(places[:, :2] + half[:, None]) + 1, low + 1, [grey.shape[1], grey.shape[0]]).astype(int)
        (left, top), (right, bottom) = low.T, high.T
        area = (right - left) * (bottom - top)
        inside = total[bottom, right].astype(np.float64) - total[top, right] - total[bottom, left] + total[top, left]
        return np.asarray(inside / area)

    return mean(0.8 * deviation) < mean(np.maximum(2 * deviation, 1.5))


def _cut_out(photo: Photo, polygon: NDArray[np.float32], params: LogoParams) -> _Points:
    """Find the points around a polygon, at the photograph's own resolution."""
    around = params.margin * float(np.ptp(polygon, axis=0).max())
    left, top = np.maximum(np.floor(polygon.min(axis=0) - around), 0).astype(int).tolist()
    right, bottom = np.ceil(polygon.max(axis=0) + around).astype(int).tolist()
    points = _points(photo.pixels[top:bottom, left:right], params)
    points.places[:, :2] += np.array([left, top], np.float32)
    return points
