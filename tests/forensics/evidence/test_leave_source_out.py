from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from forensics.evidence import CalibrationSet, FoldParams, fit_logistic, leave_source_out
from forensics.evidence.leave_source_out import deal
from tests.forensics.evidence.sets import drawn

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass
class Watched:
    """Fits nothing, and remembers what it was fitted on and asked for."""

    known: CalibrationSet
    calls: list[tuple[set[float], Array]] = field(default_factory=list)

    def fit(self, scores: Array, same: Flags) -> Watched:
        assert same.any()
        assert not same.all()
        self.calls.append((set(scores.tolist()), np.empty(0)))
        return self

    def log10_lr(self, scores: Array) -> Array:
        self.calls[-1] = (self.calls[-1][0], scores)
        return np.zeros(len(scores))


def test_no_pair_is_weighed_by_a_curve_that_saw_one_of_its_sources() -> None:
    known = drawn(1, sources=12)
    number = {score: at for at, score in enumerate(known.scores.tolist())}
    watched = Watched(known)
    assert not np.isnan(leave_source_out(known, watched.fit, params=FoldParams(folds=4))).any()
    asked = 0
    for fitted, weighed in watched.calls:
        rows = [number[score] for score in fitted]
        seen = {*known.first[rows].tolist(), *known.second[rows].tolist()}
        for score in weighed.tolist():
            asked += 1
            at = number[score]
            assert not seen & {int(known.first[at]), int(known.second[at])}
    assert asked == len(known.scores)


def test_it_equals_leaving_out_each_pair_of_sources_by_hand() -> None:
    known = drawn(2, sources=8)
    quick = leave_source_out(known, fit_logistic, params=FoldParams(folds=8))
    for at in range(len(known.scores)):
        own = (known.first[at], known.second[at])
        left = ~np.isin(known.first, own) & ~np.isin(known.second, own)
        curve = fit_logistic(known.scores[left], known.same[left])
        assert curve is not None
        np.testing.assert_allclose(quick[at], curve.log10_lr(known.scores[at : at + 1])[0], atol=1e-9)


def test_sources_with_known_matches_are_dealt_evenly() -> None:
    known = drawn(3, sources=30)
    chosen = ~known.same | (known.first < 10)
    few = replace(known, scores=known.scores[chosen], same=known.same[chosen], first=known.first[chosen])
    few = replace(few, second=known.second[chosen])
    parts = deal(few, params=FoldParams(folds=5))
    assert np.bincount(parts[:10]).tolist() == [2] * 5


def test_where_nothing_can_be_fitted_there_is_nothing() -> None:
    known = drawn(4, sources=2)
    assert np.isnan(leave_source_out(known, fit_logistic)).all()
