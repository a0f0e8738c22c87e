"""How typical a point is: what many unrelated photographs show (a ruler, a table, a caption) says little.

Evidence is likeness *and* rarity (Aitken and Taroni, Statistics and the Evaluation of Evidence for Forensic
Scientists). Scale bars agree with each other point by point; only a look at unrelated photographs tells that this
means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.logo.features import LogoFeatures


@dataclass(frozen=True, slots=True)
class TypicalParams:
    """What :class:`Typical` can be set to.

    Attributes
    ----------
    least : int
        From fewer unrelated photographs than this (8 to 64) nothing is concluded: in a small base a real series of
        seizures looks as common as a ruler.
    share : float
        The part (0.02 to 0.5) of unrelated photographs that may show as like a point before that likeness counts as
        chance. A tenth: few stamps are on a tenth of unrelated seizures; the laboratory's own ruler is on most.
    fewest : int
        That part is never taken to be fewer photographs than this (2 to 20): a series of three is what is looked for.
    points : int
        Points looked at of each unrelated photograph, the best first (50 to 4,095). Time grows with it.
    """

    least: int = 16
    share: float = 0.1
    fewest: int = 4
    points: int = 750


class Typical:
    """A sample of unrelated photographs, to measure points against.

    Parameters
    ----------
    sample : sequence of ndarray of shape (N, D_LOCAL), uint8
        The local descriptors of photographs that are unrelated to each other, best first.
    params : TypicalParams
        Settings.
    """

    def __init__(self, sample: Sequence[NDArray[np.uint8]], *, params: TypicalParams = TypicalParams()) -> None:
        self.params = params
        # With its squared length beside each row, one product gives squared distances.
        self._sample = [
            np.column_stack([some, (some**2).sum(axis=1)])
            for some in (rows[: params.points].astype(np.float32) for rows in sample)
        ]

    def __len__(self) -> int:
        """Count the photographs."""
        return len(self._sample)

    def chance(self, query: LogoFeatures, *, without: Sequence[int] = ()) -> NDArray[np.float32]:
        """Return how near unrelated photographs come to each point of a query.

        Parameters
        ----------
        query : LogoFeatures
            The described query.
        without : sequence of int
            Places in the sample that are not unrelated to the query.

        Returns
        -------
        ndarray of shape (N,), float32
            For each point, the distance at which the stated share of the unrelated photographs have a point as like;
            infinite where there are too few of them to tell.
        """
        left = len(self) - len(set(without))
        if left < self.params.least or not len(query):
            return np.full(len(query), np.inf, np.float32)
        ours = query.local.astype(np.float32)
        beside = np.vstack([-2 * ours.T, np.ones(len(ours), np.float32)])
        nearest = np.full((len(self), len(query)), np.inf, np.float32)
        # One photograph at a time: its matrix stays in the processor's cache.
        for near, rows in zip(nearest, self._sample, strict=True):
            if len(rows):
                (rows @ beside).min(axis=0, out=near)
        nearest = np.sqrt(np.maximum(nearest + (ours**2).sum(axis=1), 0))
        nearest = np.delete(nearest, sorted(set(without)), axis=0)
        place = min(max(int(np.ceil(self.params.share * left)), self.params.fewest), left) - 1
        return np.asarray(np.partition(nearest, place, axis=0)[place], np.float32)
