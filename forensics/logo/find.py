"""Where on a photograph the marks are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from forensics.logo.region import Region
from forensics.photo import Photo


@dataclass(frozen=True, slots=True)
class FindParams:
    """What :func:`find_regions` can be set to.

    Attributes
    ----------
    working_side : int
        Longest side in pixels of the copy that is looked at (200 to 1,600).
    most : int
        The most regions returned (1 to 50).
    """

    working_side: int = 480
    most: int = 6


def find_regions(photo: Photo, *, params: FindParams = FindParams()) -> tuple[Region, ...]:
    """Find the parts of a photograph that may bear a mark.

    Parameters
    ----------
    photo : Photo
        The photograph.
    params : FindParams
        Settings.

    Returns
    -------
    tuple of Region
        Rotated rectangles, best first; none where there is nothing to see. The whole photograph is not among them.
    """
    factor = min(1.0, params.working_side / max(photo.width, photo.height))
    size = (max(1, round(photo.width * factor)), max(1, round(photo.height * factor)))
    grey = cv2.cvtColor(cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    slope = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    strong = (slope > max(40.0, float(np.percentile(slope, 85)))).astype(np.uint8)
    regions = []
    for reach in (5, 11, 21):
        joined = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
        outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in outlines:
            (_, (across, down), _) = rectangle = cv2.minAreaRect(outline)
            area = across * down
            if min(across, down) < 12 or area > 0.8 * size[0] * size[1]:
                continue
            polygon = (cv2.boxPoints(rectangle) / factor).astype(np.float32)
            polygon = np.clip(polygon, 0, [photo.width, photo.height]).astype(np.float32)
            regions.append(Region(polygon, "finder", min(1.0, area / (size[0] * size[1]) * 4)))
    regions.sort(key=lambda region: -region.score)
    return tuple(regions[: params.most])
