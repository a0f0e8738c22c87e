"""A thing that lies on the table, as its upper face: where it is, what it is made of, which marks it bears."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference_samples.generator.impression import Matrix, Pressure
from reference_samples.generator.light import Surface
from reference_samples.generator.noise import Field, blur
from reference_samples.generator.tool import Tool


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark on a panel.

    Attributes
    ----------
    tool, pressure : Tool, Pressure
        What left it, and how.
    kind : str
        ``embossed``, ``ink``, ``sticker`` or ``punch``.
    design_to_local : ndarray of shape (3, 3)
        Takes the unit square of the design to metres on the panel.
    """

    tool: Tool
    pressure: Pressure
    kind: str
    design_to_local: Matrix


@dataclass(frozen=True, slots=True)
class Canvas:
    """A grid of pixels over a part of a plane measured in metres.

    Attributes
    ----------
    left, top : float
        Metres at the first pixel's corner.
    scale : float
        Pixels to a metre.
    shape : tuple of int
        Rows and columns.
    """

    left: float
    top: float
    scale: float
    shape: tuple[int, int]

    @classmethod
    def over(cls, box: tuple[float, float, float, float], scale: float) -> Canvas:
        """Cover a box given as left, top, right, bottom in metres."""
        left, top, right, bottom = box
        return cls(
            left, top, scale, (max(8, math.ceil((bottom - top) * scale)), max(8, math.ceil((right - left) * scale)))
        )

    @property
    def matrix(self) -> Matrix:
        """Takes metres to pixels."""
        s = self.scale
        return np.array([[s, 0, -s * self.left - 0.5], [0, s, -s * self.top - 0.5], [0, 0, 1.0]])

    def grid(self) -> tuple[Field, Field]:
        """Metres at each pixel: x and y, to be broadcast against one another."""
        x = self.left + (np.arange(self.shape[1], dtype=np.float32) + 0.5) / np.float32(self.scale)
        y = self.top + (np.arange(self.shape[0], dtype=np.float32) + 0.5) / np.float32(self.scale)
        return x[None, :].astype(np.float32), y[:, None].astype(np.float32)

    def depth(self, outline: ArrayLike) -> Field:
        """Distance in metres from the outline, positive inside it."""
        points = apply(self.matrix, outline)
        mask = np.zeros(self.shape, np.uint8)
        cv2.fillPoly(mask, [np.rint(points * 16).astype(np.int32).reshape(-1, 1, 2)], (255,), cv2.LINE_8, 4)
        # The canvas may end inside the outline, and must not count as an edge there.
        padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        inside = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
        outside = cv2.distanceTransform(255 - padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
        # The mask is a staircase; a hair of blur makes it a line again.
        return blur(np.asarray((inside - outside) / self.scale, np.float32), 0.9)


@dataclass(slots=True)
class Panel:
    """The upper face of a thing, and enough of its sides to draw them.

    Attributes
    ----------
    canvas : Canvas
        Where its pixels lie, in its own metres; its own origin is its middle.
    surface : Surface
        What it is made of.
    alpha : ndarray of the canvas's shape, float32
        1 where the thing is.
    outline : ndarray of shape (N, 2)
        In its own metres.
    thickness : float
        Metres above the table.
    bevel : float
        Metres by which its edge is lower than its top.
    side : tuple of three floats
        Linear reflectance of its sides.
    marks : list of PlacedMark
        What it bears.
    """

    canvas: Canvas
    surface: Surface
    alpha: Field
    outline: NDArray[np.float64]
    thickness: float
    bevel: float
    side: tuple[float, float, float]
    marks: list[PlacedMark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a panel lies in the world: metres, x right, y down, a turn in radians, and the height it lies on."""

    x: float
    y: float
    turn: float
    z: float = 0.0

    @property
    def matrix(self) -> Matrix:
        """Takes the panel's metres to the world's."""
        c, s = math.cos(self.turn), math.sin(self.turn)
        return np.array([[c, -s, self.x], [s, c, self.y], [0, 0, 1.0]])

    def window(
        self, half_width: float, half_height: float, outline: NDArray[np.float64], *, pad: float
    ) -> tuple[float, float, float, float]:
        """Find the part of a panel that a view around the world's origin can show, in its metres, and ``pad`` more."""
        view = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [half_width, half_height]
        seen = apply(np.asarray(np.linalg.inv(self.matrix), np.float64), view)
        low = np.maximum(seen.min(0), outline.min(0) - pad)
        high = np.minimum(seen.max(0), outline.max(0) + pad)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def apply(matrix: Matrix, points: ArrayLike) -> NDArray[np.float64]:
    """Take points through a 3 x 3 transform."""
    at = np.asarray(points, np.float64).reshape(-1, 2)
    moved = np.column_stack([at, np.ones(len(at))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], np.float64)


def placing(tool: Tool, x: float, y: float, turn: float) -> Matrix:
    """Transform that puts a tool's design, at its true size, centred at (x, y) metres and turned by radians."""
    c, s = math.cos(turn) * tool.size, math.sin(turn) * tool.size
    return np.array([[c, -s, x - (c - s) / 2], [s, c, y - (s + c) / 2], [0, 0, 1.0]])


def join(panels: Sequence[Panel]) -> list[PlacedMark]:
    """Every mark on the panels."""
    return [mark for panel in panels for mark in panel.marks]
