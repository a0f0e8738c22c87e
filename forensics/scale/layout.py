"""What is printed on a scale card, in millimetres from its upper left corner; printer and finder read the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

CardName = Literal["a6", "small"]
Box = tuple[float, float, float, float]
"""Left, top, width and height in millimetres."""

MODULES = 6
"""Squares along a marker: four of code within a black border of one."""

_CODES = (0, 1, 2, 4, 6, 7, 15, 19, 20, 23, 26, 27, 28, 29, 33, 44, 46, 48)
"""Codes of OpenCV's ``DICT_4X4_1000``, taken in order where each differs in four or more of its sixteen squares from
every turn and every mirror image of itself and of the others."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A printed patch of one colour.

    Attributes
    ----------
    name : str
        For the reader.
    box : tuple of four floats
        Where it is.
    lab : tuple of three floats
        Nominal CIELAB (D65, 2 degrees), as sRGB gives it. A printer meets it only roughly.
    """

    name: str
    box: Box
    lab: tuple[float, float, float]

    @property
    def srgb(self) -> tuple[int, int, int]:
        """The colour to print, in sRGB of eight bits."""
        lab = np.array([[self.lab]], np.float32)
        red, green, blue = np.rint(255 * np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)[0, 0], 0, 1)).astype(int)
        return int(red), int(green), int(blue)


@dataclass(frozen=True, slots=True)
class Layout:
    """A scale card.

    Attributes
    ----------
    name : str
        ``"a6"`` or ``"small"``.
    width, height : float
        Of the card.
    left, top : float
        The upper left corner of the chessboard.
    columns, rows : int
        Squares of the chessboard; the first is black, white ones hold a marker each.
    square, marker : float
        Sides of a square and of a marker.
    first : int
        The number of the first marker; they are counted along the rows.
    horizontal, vertical : tuple of two floats
        Where the ruler along the lower edge begins, from the left, and how long it is; where the ruler along the left
        edge begins, counted upwards from the lower edge, and how long it is.
    tick : float
        Length of a tick of a centimetre.
    patches : tuple of Patch
        Greys and colours.
    """

    name: CardName
    width: float
    height: float
    left: float
    top: float
    columns: int
    rows: int
    square: float
    marker: float
    first: int
    horizontal: tuple[float, float]
    vertical: tuple[float, float]
    tick: float
    patches: tuple[Patch, ...]

    @property
    def corners(self) -> NDArray[np.float64]:
        """The card's four corners, clockwise from the upper left; shape (4, 2)."""
        return np.array([[0, 0], [self.width, 0], [self.width, self.height], [0, self.height]], np.float64)

    @property
    def saddles(self) -> NDArray[np.float64]:
        """Where four squares of the chessboard meet; shape (N, 2)."""
        x = self.left + self.square * np.arange(1, self.columns)
        y = self.top + self.square * np.arange(1, self.rows)
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)

    def squares(self, *, black: bool) -> list[Box]:
        """Give the chessboard's black or white squares, along the rows."""
        return [
            (self.left + column * self.square, self.top + row * self.square, self.square, self.square)
            for row in range(self.rows)
            for column in range(self.columns)
            if ((row + column) % 2 == 0) == black
        ]

    def markers(self) -> dict[int, Box]:
        """Give each marker's number and place."""
        inset = (self.square - self.marker) / 2
        return {
            self.first + place: (x + inset, y + inset, self.marker, self.marker)
            for place, (x, y, _, _) in enumerate(self.squares(black=False))
        }


def _patches(left: float, top: float, wide: float, tall: float, gap: float) -> tuple[Patch, ...]:
    greys = [(f"grey {level}", (float(level), 0.0, 0.0)) for level in (93, 80, 66, 51, 36, 20)]
    colours = [
        ("red", (45.0, 52.0, 28.0)),
        ("yellow", (80.0, 4.0, 70.0)),
        ("green", (55.0, -38.0, 32.0)),
        ("cyan", (55.0, -18.0, -26.0)),
        ("blue", (32.0, 18.0, -46.0)),
        ("magenta", (50.0, 50.0, -14.0)),
    ]
    return tuple(
        Patch(name, (left + column * (wide + gap), top + row * (tall + gap), wide, tall), lab)
        for column, kind in enumerate((greys, colours))
        for row, (name, lab) in enumerate(kind)
    )


LAYOUTS: dict[CardName, Layout] = {
    "a6": Layout(
        name="a6", width=148, height=105, left=18, top=7, columns=6, rows=4, square=15, marker=11.25, first=0,
        horizontal=(18, 120), vertical=(18, 80), tick=6, patches=_patches(114, 7, 14, 9.16, 1.0),
    ),
    "small": Layout(
        name="small", width=74, height=52, left=13, top=4, columns=4, rows=3, square=9, marker=6.75, first=12,
        horizontal=(10, 60), vertical=(10, 40), tick=4.5, patches=_patches(53, 4, 8.5, 4, 0.6),
    ),
}  # fmt: skip
"""The cards there are. Their markers are of different numbers, so that a photograph tells which card is on it."""


def marker_bits(number: int) -> NDArray[np.uint8]:
    """Draw a marker, one value a square: 0 is black, 1 is white.

    Parameters
    ----------
    number : int
        0 to 17.

    Returns
    -------
    ndarray of shape (6, 6), uint8
        With its black border.
    """
    known = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_1000)
    return np.asarray(cv2.aruco.generateImageMarker(known, _CODES[number], MODULES) > 0, np.uint8)


@lru_cache(maxsize=1)
def dictionary() -> tuple[Any, int]:
    """Give the markers as OpenCV wants them: each as it is, then each as a mirror shows it.

    Returns
    -------
    dictionary : cv2.aruco.Dictionary
        Of twice as many markers.
    count : int
        A number from this on is a marker seen in a mirror; less this, it is the marker's own.
    """
    seen = [marker_bits(number)[1:-1, 1:-1] for number in range(len(_CODES))]
    both = [*seen, *(np.ascontiguousarray(bits[:, ::-1]) for bits in seen)]
    rows = np.concatenate([cv2.aruco.Dictionary.getByteListFromBits(bits) for bits in both])
    # Of codes that differ in four squares, one wrong square can be put right without a doubt.
    return cv2.aruco.Dictionary(rows, MODULES - 2, 1), len(_CODES)
