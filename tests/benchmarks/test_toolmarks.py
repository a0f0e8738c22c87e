from __future__ import annotations

import numpy as np
import pytest

from benchmarks.detection import detection, intervals
from benchmarks.toolmarks import normalised
from forensics.toolmark.striated.score import NAMES
from training.striated_score.fit import cross_validated, fit


def scores(seed: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    same = chance.random(400) < 0.3
    return np.round(chance.normal(size=400) + 1.5 * same, 1), same


def test_it_agrees_with_counting_at_every_limit() -> None:
    values, same = scores(1)
    found = detection(values, same, specificity=0.96)
    gap = values[same][:, None] - values[~same][None]
    assert found.area == pytest.approx((gap > 0).mean() + 0.5 * (gap == 0).mean())
    limits = np.append(np.unique(values), np.inf)
    missed = np.array([(values[same] < limit).mean() for limit in limits])
    alarms = np.array([(values[~same] >= limit).mean() for limit in limits])
    at = int(np.argmin(np.abs(missed - alarms)))
    low, high = sorted((missed[at], alarms[at]))
    assert low - 0.05 <= found.equal_error <= high + 0.05
    assert found.sensitivity == pytest.approx(max(1 - missed[alarms <= 0.04]))


def test_weights_count_as_repeats() -> None:
    values, same = scores(2)
    times = np.random.default_rng(3).integers(1, 4, len(values))
    one = detection(values, same, specificity=0.9, weight=times.astype(float))
    other = detection(values.repeat(times), same.repeat(times), specificity=0.9)
    assert one == other


def test_kinds_that_do_not_overlap_have_no_error() -> None:
    found = detection(np.array([1.0, 2, 5, 6]), np.array([False, False, True, True]), specificity=0.96)
    assert (found.area, found.equal_error, found.sensitivity) == (1.0, 0.0, 1.0)


def test_intervals_hold_the_measure_and_widen_with_fewer_tools() -> None:
    values, same = scores(4)
    chance = np.random.default_rng(5)
    widths = []
    for tools in (4, 40):
        first = chance.integers(0, tools, len(values))
        second = np.where(same, first, chance.integers(0, tools, len(values)))
        low, high = intervals(values, same, first, second, specificity=0.9, replicates=200)
        assert low.area <= detection(values, same, specificity=0.9).area <= high.area
        widths.append(high.area - low.area)
    assert widths[0] > widths[1]


def pairs(seed: int, marks: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    tool = np.arange(marks) // 6
    source = np.array([f"{number}{side}" for number, side in zip(tool, np.arange(marks) // 3 % 2, strict=True)])
    same = source[:, None] == source[None]
    values = chance.normal(size=(marks, marks, len(NAMES)))
    values[..., 0] += 3 * same
    return (values + values.swapaxes(0, 1)) / 2, source, tool


def test_a_fit_finds_what_tells_the_kinds_apart() -> None:
    values, source, _ = pairs(1)
    one, other = np.triu_indices(60, 1)
    found = fit(values[one, other], (source[:, None] == source[None])[one, other])
    assert int(np.argmax(np.abs(found.weight))) == 0


def test_cross_validation_scores_every_pair_and_sees_nothing_of_its_tools() -> None:
    values, source, tool = pairs(2)
    plain, typical = cross_validated(values, source, tool, folds=5)
    one, other = np.triu_indices(60, 1)
    assert np.isfinite(plain[one, other]).all()
    assert np.isfinite(typical[one, other]).all()
    # Names exchanged within a tool change no score of that tool's own pairs: its labels were never seen.
    renamed = source.copy()
    renamed[:6] = renamed[5::-1][:6]
    again, _ = cross_validated(values, renamed, tool, folds=5)
    np.testing.assert_allclose(again[:6, :6], plain[:6, :6])


def test_normalising_looks_at_marks_of_neither_tool() -> None:
    values, _, tool = pairs(4)
    scores = values[..., 0].copy()
    scores[3, 20] = scores[20, 3] = -np.inf
    found = normalised(scores, tool)
    i, j = 2, 45
    others = (tool != tool[i]) & (tool != tool[j])
    parts = [scores[number, others] for number in (i, j)]
    expected = np.mean([(scores[i, j] - part.mean()) / part.std() for part in parts])
    assert found[i, j] == found[j, i] == pytest.approx(expected)
    assert found[3, 20] == -np.inf


def test_a_pair_that_could_not_be_compared_is_rejected() -> None:
    values, source, tool = pairs(3)
    values[0, 1] = values[1, 0] = np.nan
    plain, typical = cross_validated(values, source, tool, folds=5)
    assert plain[0, 1] == typical[0, 1] == -np.inf
    assert np.isfinite(plain[0, 2:]).all()
