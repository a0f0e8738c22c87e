"""What every line of evidence answers when it compares two things."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two features compared: how alike, where they agree, under which geometry.

    Attributes
    ----------
    method : str
        The comparing method and its version, such as ``"logo/1"``. Scores of different methods do not compare.
    score : float
        Higher is more alike. A rank, not a probability: no likelihood ratio is claimed without a calibration set.
    measurements : dict of str to float
        The several measurements the score was made of (inliers, tentative matches, overlap, ...), for the reader.
    query_points, reference_points : ndarray of shape (N, 2), float32
        The points that agree, in pixels of each photograph; row i of one belongs to row i of the other.
    transform : ndarray of shape (3, 3), float64, or None
        Takes homogeneous query pixels to reference pixels.
    mirrored : bool
        Whether the query agrees only when turned over.
    """

    method: str
    score: float
    measurements: dict[str, float] = field(default_factory=dict)
    query_points: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2), np.float32))
    reference_points: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2), np.float32))
    transform: NDArray[np.float64] | None = None
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class NoComparison:
    """A comparison that could not be made. Falsy, and says why: a result, not an exception."""

    method: str
    reason: str
    hint: str

    def __bool__(self) -> Literal[False]:
        """Read as "no result" in a condition."""
        return False
