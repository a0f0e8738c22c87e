"""How alike two pictures are around every pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forensics.logo.tool.light import Field, blurred


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike two pictures are around every pixel.

    Attributes
    ----------
    alike : ndarray of shape (H, W), float32
        The correlation around a pixel, -1 to 1, at the best of a few small shifts.
    query, reference : ndarray of shape (H, W), float32
        How much each shows there: the mean square.
    """

    alike: Field
    query: Field
    reference: Field


def agreement(query: Field, reference: Field, *, sigma: float, reach: int) -> Agreement:
    """Correlate two pictures around every pixel.

    Congruent cells (Song, AFTE Journal 2013) with a cell around every pixel instead of a grid of them.

    Parameters
    ----------
    query, reference : ndarray of shape (H, W, C), float32
        Channels of mean about 0, such as :func:`forensics.logo.tool.light.directions` gives.
    sigma : float
        Deviation of the Gaussian that a cell is weighted by, in pixels.
    reach : int
        How many pixels the query may be shifted by.

    Returns
    -------
    Agreement
        Of both pictures' size.
    """
    here, there = (blurred((field**2).sum(axis=2), sigma) + np.float32(1e-9) for field in (query, reference))
    best = np.full(here.shape, -1, np.float32)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            if down**2 + right**2 > reach**2 + 1:
                continue
            moved = np.roll(query, (down, right), (0, 1))
            both = blurred((moved * reference).sum(axis=2), sigma)
            np.maximum(best, both / np.sqrt(np.roll(here, (down, right), (0, 1)) * there), out=best)
    # Two cells of one blur are as wide; at the rim, where a shift wraps, they are not quite.
    return Agreement(np.minimum(best, 1), here, there)
