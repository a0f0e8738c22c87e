"""Colours as the patches of a scale card say they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.photo import Photo
from forensics.photo.srgb import lab, linear
from forensics.scale.card import Card


@dataclass(frozen=True, slots=True)
class ColourParams:
    """What :func:`correct_colour` can be set to.

    Attributes
    ----------
    part : tuple of four floats
        Left, top, right and bottom of what is read of a patch, as parts of it (0 to 1): clear of its edges and of the
        figures at its foot.
    range : tuple of two int
        Levels of 0 to 255 between which all channels of a patch must lie; beyond them the camera clips.
    least_pixels : int
        The fewest pixels of a patch (9 to 400).
    patches : int
        The fewest patches (6 to 12): a correction has nine numbers, a patch gives three.
    """

    part: tuple[float, float, float, float] = (0.15, 0.15, 0.85, 0.6)
    range: tuple[int, int] = (4, 251)
    least_pixels: int = 16
    patches: int = 8


@dataclass(frozen=True, slots=True)
class ColourCorrection:
    """How to take a photograph's colours to those of the card.

    Attributes
    ----------
    matrix : ndarray of shape (3, 3), float64
        Linear sRGB of the photograph, as rows, times this is linear sRGB under the card's light.
    uncertainty : float
        Root mean square difference (CIE 1976, in units of CIELAB) of each patch from its nominal colour, corrected by
        the other patches: the camera, the light and its evenness; how true the print is, nobody has measured.
    patches : int
        Patches used.
    """

    matrix: NDArray[np.float64]
    uncertainty: float
    patches: int

    def lab(self, rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Give corrected CIELAB (D65, 2 degrees) of pixels; shapes (..., 3)."""
        return lab(linear(rgb) @ self.matrix)


@dataclass(frozen=True, slots=True)
class NoCorrection:
    """Colours that cannot be corrected. Falsy, and says why."""

    reason: str
    hint: str

    def __bool__(self) -> Literal[False]:
        """Read as "no result" in a condition."""
        return False


def correct_colour(
    photo: Photo, card: Card, *, params: ColourParams = ColourParams()
) -> ColourCorrection | NoCorrection:
    """Learn from a card's patches how a photograph's colours must be changed.

    Stages:

    1. The median of each patch in linear light; those that clip, or lie beyond the photograph, are left out.
    2. A linear map by least squares, each patch weighed so that equal errors look about equal.
    3. Each patch corrected by a map from the others: how far off it is then.

    Parameters
    ----------
    photo : Photo
        The photograph.
    card : Card
        A card found on it.
    params : ColourParams
        See there.

    Returns
    -------
    ColourCorrection or NoCorrection
        The latter where too few patches can be read.
    """
    # 1.
    seen, nominal = [], []
    for patch in card.layout.patches:
        x, y, wide, tall = patch.box
        left, top, right, bottom = params.part
        quad = [
            [x + across * wide, y + down * tall]
            for across, down in ((left, top), (right, top), (right, bottom), (left, bottom))
        ]
        levels = _inside(photo, card, np.array(quad))
        if len(levels) < params.least_pixels:
            continue
        middle = np.median(levels, axis=0)
        if middle.min() >= params.range[0] and middle.max() <= params.range[1]:
            seen.append(linear(np.rint(middle).astype(np.uint8)))
            nominal.append(linear(np.array(patch.srgb, np.uint8)))
    if len(seen) < params.patches:
        return NoCorrection(
            f"{len(seen)} of {len(card.layout.patches)} colour patches can be read; {params.patches} are needed.",
            "Photograph the whole card, and expose so that its lightest and darkest patches differ from white and "
            "black.",
        )
    measured, wanted = np.array(seen), np.array(nominal)
    # 2.
    matrix = _fitted(measured, wanted)
    # 3.
    off = []
    for left_out in range(len(measured)):
        others = np.arange(len(measured)) != left_out
        corrected = measured[left_out] @ _fitted(measured[others], wanted[others])
        off.append(lab(corrected) - lab(wanted[left_out]))
    return ColourCorrection(matrix, float(np.sqrt((np.array(off) ** 2).sum(axis=1).mean())), len(measured))


def _fitted(measured: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    # Lightness goes with the cube root of light: its slope, and so the weight, with the power of minus two thirds.
    weight = np.maximum(wanted.mean(axis=1, keepdims=True), 0.01) ** (-2 / 3)
    return np.asarray(np.linalg.lstsq(measured * weight, wanted * weight, rcond=None)[0], np.float64)


def _inside(photo: Photo, card: Card, quad: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Give the pixels within a quadrilateral of the card; none where it is not all on the photograph."""
    corners = cv2.perspectiveTransform(quad[None], np.linalg.inv(card.to_card))[0]
    low, high = np.floor(corners.min(axis=0)).astype(int), np.ceil(corners.max(axis=0)).astype(int) + 1
    if (low < 0).any() or high[0] > photo.width or high[1] > photo.height:
        return np.empty((0, 3), np.uint8)
    part = photo.pixels[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(part.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners - low).astype(np.int32), 1)
    return np.asarray(part[mask > 0], np.uint8)
