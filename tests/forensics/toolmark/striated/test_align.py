from __future__ import annotations

import itertools

import numpy as np
import pytest

from forensics.toolmark.striated import METHOD, Gallery, StriatedFeatures
from forensics.toolmark.striated.align import AlignParams, Batch, place, stretched
from forensics.toolmark.striated.score import NAMES, values
from forensics.toolmark.striated.signals import SignalParams, Signals, resampled, signals
from tests.forensics.toolmark.marks import STEP, trace

PARAMS = SignalParams()


def mark(tool: int, **how: float) -> StriatedFeatures:
    return StriatedFeatures(METHOD, trace(tool, **how).astype(np.float32), STEP, "height")  # type: ignore[arg-type]


def prepared(tool: int, **how: float) -> Signals:
    return signals(mark(tool, **how), level=0, params=PARAMS)


def fisher(ours: np.ndarray, theirs: np.ndarray) -> float:
    found = [np.corrcoef(one, other)[0, 1] for one, other in zip(ours, theirs, strict=True)]
    return float(np.arctanh(np.clip(found, -0.98, 0.98)).sum())


def slowly(query: Signals, reference: Signals, params: AlignParams) -> tuple[float, float, int, float]:
    """Look at every shift and stretch one after the other, and at windows where the whole agrees best."""
    tried = []
    for stretch in params.stretches:
        ours = stretched(query.main, stretch).astype(float)
        count = ours.shape[1]
        cost = params.stretch_cost * abs(stretch - 1) / 0.025
        places = []
        for lag in range(1 - count, reference.size):
            start, stop = max(0, -lag), min(count, reference.size - lag)
            if stop - start >= max(params.least_overlap * min(count, reference.size), params.least_values):
                agreed = fisher(ours[:, start:stop], reference.main[:, start + lag : stop + lag])
                places.append((agreed * np.sqrt((stop - start) / 333) - cost, lag))
        if not places:
            continue
        places.sort(reverse=True)
        kept = [places[0]]
        if stretch == params.stretches[0]:
            kept += [place for place in places if abs(place[1] - places[0][1]) > params.apart][:1]
        edges = np.linspace(0, count, max(1, round(count / params.window)) + 1).astype(int)
        for whole, lag in kept:
            agreed, total = 0.0, 0
            for begin, end in itertools.pairwise(edges.tolist()):
                start, stop = max(begin, -lag), min(end, reference.size - lag)
                if stop - start >= params.least_window:
                    here = fisher(ours[:, start:stop], reference.main[:, start + lag : stop + lag])
                    agreed, total = agreed + (stop - start) * here, total + stop - start
            tried.append((agreed / np.sqrt(total * 333) - cost, whole, lag, stretch))
    return max(tried)


def test_it_agrees_with_looking_at_every_place_one_by_one() -> None:
    query = prepared(1, take=1, shift=40, stretch=1.03)
    others = [prepared(1, take=2), prepared(1, take=3, size=451, shift=-30), prepared(2, size=540), prepared(3)]
    params = AlignParams()
    placed = place(query, Batch(others), params=params)
    for row, other in enumerate(others):
        evidence, whole, lag, stretch = slowly(query, other, params)
        assert placed.evidence[row] == pytest.approx(evidence, abs=2e-3)
        assert placed.whole[row] == pytest.approx(whole, abs=2e-3)
        assert (placed.lag[row], placed.stretch[row]) == (lag, pytest.approx(stretch))
        ours = stretched(query.main, stretch)
        start, stop = max(0, -lag), min(ours.shape[1], other.size - lag)
        found = [np.corrcoef(ours[c, start:stop], other.main[c, start + lag : stop + lag])[0, 1] for c in range(3)]
        np.testing.assert_allclose(placed.correlation[row], np.clip(found, -0.98, 0.98), atol=1e-3)


def test_marks_beside_it_change_nothing() -> None:
    query, others = prepared(1, take=1), [prepared(1, take=2), prepared(2, size=300), prepared(3, size=600)]
    together = values(query, Batch(others), place(query, Batch(others), params=AlignParams()))
    for row, other in enumerate(others):
        alone = values(query, Batch([other]), place(query, Batch([other]), params=AlignParams()))
        np.testing.assert_allclose(together[row], alone[0], atol=2e-3)


def test_marks_that_cannot_overlap_enough_are_told() -> None:
    params = AlignParams(least_values=200)
    query, other = prepared(1, size=300), prepared(1, size=300)
    assert not place(query, Batch([other]), params=params).possible[0]
    assert place(query, Batch([other]), params=AlignParams()).possible[0]


def test_short_marks_are_compared_by_finer_waves_and_coarse_ones_by_what_they_hold() -> None:
    long, short = mark(1), StriatedFeatures(METHOD, mark(1).profile, STEP / 4, "height")
    coarse = StriatedFeatures(METHOD, mark(1).profile, 8 * STEP, "height")
    gallery = Gallery([long, short, coarse])
    assert gallery.level(long, 0) == 0
    assert gallery.level(short, 1) == -4 + 1 * (PARAMS.level(short) == -3)
    assert gallery.level(short, 0) >= PARAMS.coarsest(long)
    assert gallery.level(long, 2) == PARAMS.coarsest(coarse) == 4


def test_a_gallery_gives_what_single_comparisons_give_in_its_own_order() -> None:
    marks = [mark(1, take=2), mark(2), StriatedFeatures(METHOD, mark(3).profile, STEP, "light"), mark(1, take=3)]
    measured = Gallery(marks).measure(mark(1, take=1))
    assert measured.possible.tolist() == [True, True, False, True]
    assert measured.values.shape == (4, len(NAMES))
    alone = Gallery([marks[3]]).measure(mark(1, take=1))
    np.testing.assert_allclose(measured.values[3], alone.values[0], atol=2e-3)
    some = Gallery(marks).measure(mark(1, take=1), only=[3])
    assert some.possible.tolist() == [False, False, False, True]


@pytest.mark.parametrize("ratio", [0.3, 0.8, 1.7])
def test_resampling_keeps_places(ratio: float) -> None:
    at = np.arange(400)
    wave = np.sin(2 * np.pi * at / 80)
    found = resampled(wave, ratio)
    np.testing.assert_allclose(found, np.sin(2 * np.pi * np.arange(len(found)) / ratio / 80), atol=0.05)
