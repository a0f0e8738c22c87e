"""The part of a photograph that bears a mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.errors import RegionRefused
from forensics.photo import Photo

MINIMUM_SIDE = 8.0
"""Pixels. A region whose bounding box is smaller on either side holds no design that could be told from another."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a photograph, as a polygon.

    Attributes
    ----------
    polygon : ndarray of shape (N, 2), float32
        Three corners or more, in pixels of the photograph (x to the right, y down).
    found_by : str
        ``"whole"`` for the whole photograph, ``"finder"`` for :func:`~forensics.logo.find_regions`, ``"person"`` for
        one that somebody drew; a person's region wins over the finder's.
    score : float
        How sure the finder is, from 0 to 1; 1 for a whole photograph and for a person's region.
    """

    polygon: NDArray[np.float32]
    found_by: Literal["whole", "finder", "person"] = "person"
    score: float = 1.0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the upright box around the polygon."""
        left, top = self.polygon.min(axis=0).tolist()
        right, bottom = self.polygon.max(axis=0).tolist()
        return left, top, right, bottom


def whole(photo: Photo) -> Region:
    """Return the region that is the whole photograph."""
    right, bottom = photo.width, photo.height
    corners = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)
    return Region(corners, found_by="whole")


def clipped(photo: Photo, region: Region) -> NDArray[np.float32]:
    """Check a region against its photograph and cut off what lies outside.

    Parameters
    ----------
    photo : Photo
        The photograph.
    region : Region
        A region of it; corners may lie outside.

    Returns
    -------
    ndarray of shape (N, 2), float32
        The polygon, every corner on the photograph.

    Raises
    ------
    RegionRefused
        ``not_a_polygon``: not a finite array of three corners or more. ``outside``: no part of it is on the photograph.
        ``too_small``: what is left is under :data:`MINIMUM_SIDE` on a side.
    """
    polygon = np.asarray(region.polygon, np.float32)
    if polygon.ndim != 2 or polygon.shape[0] < 3 or polygon.shape[1] != 2 or not np.isfinite(polygon).all():
        raise RegionRefused(
            "not_a_polygon",
            expected="a polygon of three corners or more, each a finite x and y",
            found=f"an array of shape {polygon.shape}",
            hint="Draw the region again.",
        )
    limits = np.array([photo.width, photo.height], np.float32)
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    if (high <= 0).any() or (low >= limits).any():
        raise RegionRefused(
            "outside",
            expected=f"a region on the photograph of {photo.width} x {photo.height} pixels",
            found=f"one from ({low[0]:.0f}, {low[1]:.0f}) to ({high[0]:.0f}, {high[1]:.0f})",
            hint="Draw the region again, over the mark.",
        )
    inside = np.clip(polygon, 0, limits).astype(np.float32)
    side = float(np.ptp(inside, axis=0).min())
    if side < MINIMUM_SIDE or cv2.contourArea(inside) < MINIMUM_SIDE:
        raise RegionRefused(
            "too_small",
            expected=f"a region of at least {MINIMUM_SIDE:.0f} pixels a side on the photograph",
            found=f"one of {side:.1f} pixels at its narrowest",
            hint="Draw it larger, or take the photograph from nearer.",
        )
    return inside
