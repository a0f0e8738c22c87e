"""Two impressed marks laid on each other: how many cells agree, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import betainc

from forensics.comparison import Comparison, NoComparison
from forensics.toolmark.impressed.cells import CellParams, Cells, match_cells
from forensics.toolmark.impressed.features import METHOD, ImpressedFeatures
from forensics.toolmark.impressed.register import Placing, RegisterParams, Turned, register
from forensics.toolmark.impressed.scale import Reliefs, ScaleParams, reliefs


@dataclass(frozen=True, slots=True)
class ImpressedParams:
    """How impressed marks are compared.

    Attributes
    ----------
    scale : ScaleParams
        Resolutions.
    register : RegisterParams
        How the whole is laid on the other.
    cells : CellParams
        How cells are cut, searched and counted.
    """

    scale: ScaleParams = field(default_factory=ScaleParams)
    register: RegisterParams = field(default_factory=RegisterParams)
    cells: CellParams = field(default_factory=CellParams)


class Comparer:
    """Prepares each mark once for many comparisons.

    Parameters
    ----------
    params : ImpressedParams, optional
        How they are compared.
    """

    def __init__(self, *, params: ImpressedParams | None = None) -> None:
        self.params = params or ImpressedParams()
        self._reliefs: dict[tuple[int, int], Reliefs] = {}
        self._turned: dict[tuple[int, int], Turned] = {}
        self._kept: list[ImpressedFeatures] = []

    def compare(self, query: ImpressedFeatures, reference: ImpressedFeatures) -> Comparison | NoComparison:
        """Compare two impressed marks; see :func:`compare`."""
        if query.method != reference.method:
            return NoComparison(
                METHOD,
                f"expected marks that were described alike; found {query.method} and {reference.method}.",
                "Describe both again: cachet reindex.",
            )
        if query.kind != reference.kind:
            return NoComparison(
                METHOD,
                f"expected two scans or two photographs; found {query.kind} and {reference.kind}.",
                "Photograph or scan the other mark in the same way.",
            )
        # 1.
        level = self._level(query, reference)
        ours, theirs = self._prepared(query, level), self._prepared(reference, level)
        # 2.
        placings = register(self._in_turns(query, level), theirs.coarse)
        # 3. and 4.
        found = [(placing, self._cells(ours, theirs, placing)) for placing in placings]
        tried = [(placing, cells) for placing, cells in found if len(cells.query)]
        if not tried:
            return NoComparison(
                METHOD,
                f"expected marks that can overlap by {100 * self.params.register.least_overlap:.0f} % of the smaller; "
                f"found {1e3 * query.extent:.2f} mm and {1e3 * reference.extent:.2f} mm that cannot.",
                "Take more of the mark.",
            )
        scores = [self.evidence(cells, len(tried)) for _, cells in tried]
        best = max(range(len(tried)), key=lambda number: (scores[number], tried[number][0].correlation))
        # 5.
        return self._told(query, reference, ours, theirs, tried[best], scores[best])

    def evidence(self, cells: Cells, placings: int) -> float:
        """Return how little chance explains a count of congruent cells, as minus the decimal logarithm.

        Of N cells of which each finds its place anywhere in its search, one after the other fixes a geometry, and the
        others agree with it with a chance that the tolerances and the search tell: the expected number of
        geometries with as many agreeing cells (Desolneux, Moisan and Morel, 2000).
        """
        params = self.params.cells
        total, count = len(cells.query), cells.count
        if count < 2:
            return float(-np.log10(max(total, 1) * placings))
        span = min(1.0, (2 * params.shift_tolerance + 1) / (2 * params.search + 1))
        turns = len(params.turns)
        near = min(1.0, (2 * int(params.turn_tolerance / params.turn_step + 1e-9) + 1) / turns)
        chance = span**2 * near
        tail = float(betainc(count - 1, total - count + 1, chance)) if total > count else chance ** (count - 1)
        return float(-np.log10(max(tail, 1e-300)) - np.log10(total * placings))

    def _level(self, query: ImpressedFeatures, reference: ImpressedFeatures) -> int:
        scale = self.params.scale
        wanted = min(scale.level_of(query.extent), scale.level_of(reference.extent))
        return max(wanted, scale.coarsest(query.spacing), scale.coarsest(reference.spacing))

    def _prepared(self, mark: ImpressedFeatures, level: int) -> Reliefs:
        key = (id(mark), level)
        if key not in self._reliefs:
            # Kept, so that no other mark ever gets its identity.
            self._kept.append(mark)
            self._reliefs[key] = reliefs(mark, level=level, params=self.params.scale)
        return self._reliefs[key]

    def _in_turns(self, mark: ImpressedFeatures, level: int) -> Turned:
        key = (id(mark), level)
        if key not in self._turned:
            # All turns of one mark take some megabytes: only the last query's are kept.
            self._turned = {key: Turned(self._prepared(mark, level).coarse, params=self.params.register)}
        return self._turned[key]

    def _cells(self, ours: Reliefs, theirs: Reliefs, placing: Placing) -> Cells:
        """Match cells under a placing, from coarse pixels to fine ones."""
        ratio = ours.coarse.spacing / ours.fine.spacing
        matrix = placing.matrix.copy()
        turn = matrix[:, :2]
        # Middles of pixels: a coarse pixel's lies between fine ones.
        half = (ratio - 1) / 2
        matrix[:, 2] = ratio * matrix[:, 2] + half - turn @ np.full(2, half)
        return match_cells(ours.fine, theirs.fine, placing.angle, matrix, params=self.params.cells)

    def _told(
        self,
        query: ImpressedFeatures,
        reference: ImpressedFeatures,
        ours: Reliefs,
        theirs: Reliefs,
        best: tuple[Placing, Cells],
        score: float,
    ) -> Comparison:
        placing, cells = best
        kept = cells.congruent
        mine, other = ours.fine.spacing / query.spacing, theirs.fine.spacing / reference.spacing
        transform = np.eye(3)
        transform[:2] = cells.matrix
        scaled = np.diag([other, other, 1.0]) @ transform @ np.diag([1 / mine, 1 / mine, 1.0])
        turn = float(np.rad2deg(np.arctan2(cells.matrix[1, 0], cells.matrix[0, 0])))
        return Comparison(
            METHOD,
            score,
            {
                "congruent_cells": float(cells.count),
                "cells": float(len(cells.query)),
                "share": cells.count / len(cells.query),
                "mean_correlation": float(cells.correlation[kept].mean()) if kept.any() else 0.0,
                "whole_correlation": placing.correlation,
                "turn_degrees": turn,
                "cell_mm": 1e3 * self.params.cells.side * ours.fine.spacing,
            },
            (cells.query[kept] * mine).astype(np.float32),
            (cells.reference[kept] * other).astype(np.float32),
            scaled,
        )


def compare(
    query: ImpressedFeatures, reference: ImpressedFeatures, *, params: ImpressedParams | None = None
) -> Comparison | NoComparison:
    """Compare two impressed marks by congruent matching cells.

    Stages: 1. the resolution that suits the smaller of the two; 2. the best placings of the whole, over all turns and
    shifts; 3. under each, the best place of every cell; 4. the vote for one shift and turn; 5. the placing with the
    most evidence.

    Parameters
    ----------
    query, reference : ImpressedFeatures
        Of the same kind, both heights or both light.
    params : ImpressedParams, optional
        How they are compared.

    Returns
    -------
    Comparison or NoComparison
        The score is minus the decimal logarithm of the number of geometries on which as many cells would be expected to
        agree by chance: 0 and below is what chance gives. ``measurements`` holds the count of congruent cells, how many
        cells there were, their mean correlation, that of the whole, and the turn. Points are the middles of congruent
        cells in pixels of each mark's features; the transform takes the one to the other.

    References
    ----------
    Song, "Proposed NIST ballistics identification system (NBIS) based on 3D topography measurements on correlation
    cells", AFTE Journal 45 (2013); Chen, Song, Chu, Soons, Zhao, "A convergence algorithm for correlation of breech
    face images based on the congruent matching cells (CMC) method", Forensic Science International 280 (2017).
    """
    return Comparer(params=params).compare(query, reference)


def compare_all(
    marks: Sequence[ImpressedFeatures], *, params: ImpressedParams | None = None
) -> dict[tuple[int, int], Comparison | NoComparison]:
    """Compare every pair of marks, the earlier one as the query."""
    comparer = Comparer(params=params)
    return {
        (first, second): comparer.compare(marks[first], marks[second])
        for first in range(len(marks))
        for second in range(first + 1, len(marks))
    }
