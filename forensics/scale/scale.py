"""A scale on a photograph, and the photograph with its millimetres known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forensics.photo import Photo


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale: a ruler, a tape measure, an arm of an L-shaped scale, a scale card.

    Attributes
    ----------
    polygon : ndarray of shape (4, 2), float32
        What it covers, ticks, figures and body, in pixels of the photograph; corners may lie outside of it.
    millimetres_per_pixel : float or None
        Along the ticks, at their feet; None where it is not known what the ticks count.
    uncertainty : float or None
        Standard uncertainty of that, relative: the fit of the ticks, the slant of the ruler, the ruler itself.
    ticks : int
        From the first to the last, those not seen included; of a card, the corners of its chessboard that were seen.
    pixels_per_tick : float
        Mean distance of two ticks; of a card, the side of a square of its chessboard.
    millimetres_per_tick : float or None
        What one counts.
    unit_from : str
        What told it: the ``"card"`` that Cachet prints, the ``"lengths"`` of the ticks, the ``"word"`` beside them, the
        ``"figures"``, ``"another"`` scale on the same photograph with the same distances, or ``"nothing"``.
    words : str
        All that in a sentence.
    """

    polygon: NDArray[np.float32]
    millimetres_per_pixel: float | None
    uncertainty: float | None
    ticks: int
    pixels_per_tick: float
    millimetres_per_tick: float | None
    unit_from: Literal["card", "lengths", "word", "figures", "another", "nothing"]
    words: str


def with_scale(photo: Photo, scale: Scale) -> Photo:
    """Give a photograph the scale that was found on it.

    Parameters
    ----------
    photo : Photo
        The photograph.
    scale : Scale
        A scale in the plane of what is to be measured.

    Returns
    -------
    Photo
        With ``metres_per_pixel`` set; as it was where the scale's unit is not known.
    """
    if scale.millimetres_per_pixel is None:
        return photo
    return replace(photo, metres_per_pixel=scale.millimetres_per_pixel / 1000)
