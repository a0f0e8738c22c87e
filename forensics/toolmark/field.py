"""A surface scan or a photograph as one field of values with square pixels: what marks are described from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.photo import Photo
from forensics.toolmark.surface import Surface

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Field:
    """Values with square pixels.

    Attributes
    ----------
    values : ndarray of shape (H, W), float64
        Heights in metres, or grey values from 0 to 1; 0 where nothing is known.
    valid : ndarray of shape (H, W), bool
        Where something is known.
    spacing : float
        Metres from pixel to pixel.
    kind : {"height", "light"}
        What the values are.
    """

    values: Array
    valid: NDArray[np.bool_]
    spacing: float
    kind: Literal["height", "light"]


def of_surface(surface: Surface) -> Field:
    """Return a scan with square pixels: the finer of its two spacings is brought to the coarser one."""
    spacing = max(surface.spacing_x, surface.spacing_y)
    values = np.where(surface.valid, surface.heights, 0.0).astype(np.float64)
    field = Field(values, surface.valid, spacing, "height")
    scale = surface.spacing_x / spacing, surface.spacing_y / spacing
    return field if min(scale) > 0.999 else _resized(field, *scale)


def of_photograph(photo: Photo, polygon: NDArray[np.float32], *, metres_per_pixel: float) -> Field:
    """Return the upright box around a polygon on a photograph, known only within the polygon.

    Parameters
    ----------
    photo : Photo
        The photograph.
    polygon : ndarray of shape (N, 2), float32
        Corners, in pixels of the photograph.
    metres_per_pixel : float
        In the plane of the mark.

    Returns
    -------
    Field
        Of grey values.
    """
    low = np.maximum(np.floor(polygon.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(polygon.max(axis=0)).astype(int) + 1, [photo.width, photo.height])
    high = np.maximum(high, low + 1)
    part = photo.pixels[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return Field(np.zeros((1, 1)), np.zeros((1, 1), bool), metres_per_pixel, "light")
    mask = np.zeros(part.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(polygon - low).astype(np.int32)], 1)
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY).astype(np.float64) / 255
    valid = mask > 0
    return Field(np.where(valid, grey, 0.0), valid, metres_per_pixel, "light")


def coarser(field: Field, spacing: float) -> Field:
    """Return a field with pixels of a given size, if its own are clearly smaller; otherwise itself."""
    scale = field.spacing / spacing
    return field if scale > 0.9 else replace(_resized(field, scale, scale), spacing=spacing)


def level(field: Field, *, degree: int = 2) -> Field:
    """Take the form out: a polynomial in x and y, fitted to what is known, the second time without what is far off.

    Parameters
    ----------
    field : Field
        Of heights, or of light that falls off to one side.
    degree : int
        Of the polynomial; 2 takes out a tilt and the curve of a rod.

    Returns
    -------
    Field
        About zero.
    """
    rows, columns = np.nonzero(field.valid)
    if len(rows) < 16:
        return field
    height, width = field.values.shape
    some = np.linspace(0, len(rows) - 1, min(len(rows), 20_000)).astype(int)
    at = _powers(columns[some] / width, rows[some] / height, degree)
    seen = field.values[rows[some], columns[some]]
    kept = np.ones(len(some), bool)
    form = np.zeros(at.shape[1])
    for _ in range(2):
        form = np.linalg.lstsq(at[kept], seen[kept], rcond=None)[0]
        left = np.abs(seen - at @ form)
        kept = left <= 3 * 1.4826 * np.median(left) + 1e-30
    grid_x, grid_y = np.meshgrid(np.arange(width) / width, np.arange(height) / height)
    flat = field.values - (_powers(grid_x.ravel(), grid_y.ravel(), degree) @ form).reshape(height, width)
    return replace(field, values=np.where(field.valid, flat, 0.0))


def turned(field: Field, angle: float) -> tuple[Field, Array]:
    """Turn a field about its middle, on a ground large enough for all of it.

    Parameters
    ----------
    field : Field
        Any.
    angle : float
        Radians, from x towards y.

    Returns
    -------
    field : Field
        Turned; pixels that come from unknown ones in part are unknown.
    matrix : ndarray of shape (2, 3), float64
        Takes pixels of the field to pixels of the turned one.
    """
    height, width = field.values.shape
    cosine, sine = np.cos(angle), np.sin(angle)
    out_width = int(np.ceil(abs(width * cosine) + abs(height * sine) - 1e-6))
    out_height = int(np.ceil(abs(width * sine) + abs(height * cosine) - 1e-6))
    middle, out_middle = (
        np.array([width - 1, height - 1]) / 2,
        np.array([out_width - 1, out_height - 1]) / 2,
    )
    turn = np.array([[cosine, -sine], [sine, cosine]])
    matrix = np.column_stack([turn, out_middle - turn @ middle])
    known = cv2.warpAffine(field.valid.astype(np.float32), matrix, (out_width, out_height), flags=cv2.INTER_LINEAR)
    values = cv2.warpAffine(field.values, matrix, (out_width, out_height), flags=cv2.INTER_LINEAR)
    valid = known > 0.99
    return replace(field, values=np.where(valid, values, 0.0), valid=valid), matrix


def _resized(field: Field, scale_x: float, scale_y: float) -> Field:
    height, width = field.values.shape
    size = max(1, round(width * scale_x)), max(1, round(height * scale_y))
    known = cv2.resize(field.valid.astype(np.float64), size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(np.where(field.valid, field.values, 0.0), size, interpolation=cv2.INTER_AREA)
    valid = known > 0.5
    return replace(field, values=np.where(valid, total / np.maximum(known, 1e-9), 0.0), valid=valid)


def _powers(x: Array, y: Array, degree: int) -> Array:
    return np.column_stack([x**i * y**j for i in range(degree + 1) for j in range(degree + 1 - i)])
