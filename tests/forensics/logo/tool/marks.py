"""Generated marks as photographs, and how they lie over each other."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.logo import Region
from forensics.logo.tool import Alignment
from forensics.photo import Photo
from reference_samples.generator import Pressure, Tool, make_design, make_tool, raking, render_impression

SIDE = 360


def tool(number: int, *, design: int = 3) -> Tool:
    """Cut a design into a printing plate."""
    return make_tool(f"L{number}", "plate", make_design(design), seed=number, size=0.06)


def photo(pixels: NDArray[np.uint8]) -> Photo:
    return Photo(np.ascontiguousarray(pixels), "0" * 64, "image/png", 8, None, None)


def mark(of: Tool, take: int, *, uses: int = 200) -> Photo:
    """Photograph a print of a tool: another take is another print."""
    picture = render_impression(of, Pressure(take, uses), light=raking(40.0 * take, elevation_degrees=50), size=SIDE)
    return photo(picture.pixels)


def turned(picture: Photo, *, degrees: float, scale: float = 1.0) -> tuple[Photo, NDArray[np.float64]]:
    """Turn a photograph about its middle; returns it, and the matrix that takes it back."""
    angle = math.radians(degrees)
    c, s, middle = scale * math.cos(angle), scale * math.sin(angle), picture.width / 2
    there = np.array([[c, -s, middle - middle * (c - s)], [s, c, middle - middle * (s + c)], [0, 0, 1.0]])
    size = (picture.width, picture.height)
    pixels = cv2.warpPerspective(picture.pixels, there, size, borderMode=cv2.BORDER_REPLICATE)
    return photo(np.asarray(pixels, np.uint8)), np.linalg.inv(there)


def alignment(transform: NDArray[np.float64] | None, *, side: int = SIDE) -> Alignment:
    """Lay all of one picture over all of the other, with points where the design is."""
    low, high = 0.14 * side, 0.86 * side
    points = np.array([[low, low], [high, low], [high, high], [low, high]], np.float32)
    whole = Region(np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32))
    back = points if transform is None else cv2.perspectiveTransform(points[None], np.linalg.inv(transform))[0]
    return Alignment(np.asarray(back, np.float32), points, transform, whole, whole)
