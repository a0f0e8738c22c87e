from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.evidence import cllr, cllr_min, det, ece, elub, equal_error, measure, pav, tippett
from tests.forensics.evidence.sets import drawn, true_log10_lr

SAME = np.array([True, True, True, False, False, False, False])
LOG10_LR = np.array([2.0, 1.0, -1.0, 0.5, -0.5, -1.5, -2.0])


def test_figures_of_a_set_worked_by_hand() -> None:
    found = measure(LOG10_LR, SAME)
    lr = 10**LOG10_LR
    expected = (np.log2(1 + 1 / lr[SAME]).mean() + np.log2(1 + lr[~SAME]).mean()) / 2
    assert found.cllr == pytest.approx(expected)
    assert found.cllr == pytest.approx(found.cllr_min + found.cllr_cal)
    assert (found.same_pairs, found.different_pairs) == (3, 4)
    assert (found.misleading_same, found.misleading_different) == (pytest.approx(1 / 3), 0.25)
    assert (found.strongest_misleading_same, found.strongest_misleading_different) == (-1.0, 0.5)
    # Steps: two matches alone; one match among two non-matches; two non-matches alone.
    middle = (np.log2(1 + 1 / (2 / 3)) / 3 + np.log2(1 + 2 / 3) * 2 / 4) / 2
    assert found.cllr_min == pytest.approx(middle)


def test_saying_nothing_costs_one_bit_and_misleading_for_certain_costs_all() -> None:
    assert cllr(np.zeros(7), SAME) == 1.0
    assert cllr_min(np.zeros(7), SAME) == 1.0
    assert cllr(np.array([np.inf, 1, 1, np.inf, -1, -1, -1]), SAME) == np.inf
    assert cllr(np.where(SAME, np.inf, -np.inf), SAME) == 0.0


def test_weights_count_pairs() -> None:
    counts = np.array([3, 1, 2, 1, 4, 0, 2])
    again = np.repeat(np.arange(7), counts)
    for figure in (cllr, cllr_min, equal_error):
        assert figure(LOG10_LR, SAME, weight=counts.astype(float)) == pytest.approx(
            figure(LOG10_LR[again], SAME[again])
        )


def test_the_equal_error_of_normal_scores_is_that_of_theory() -> None:
    known = drawn(1, sources=300)
    assert equal_error(known.scores, known.same) == pytest.approx(0.1587, abs=0.02)
    assert equal_error(-known.scores, known.same) == pytest.approx(0.8413, abs=0.02)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.booleans()), min_size=2, max_size=30))
def test_what_always_holds(pairs: list[tuple[float, bool]]) -> None:
    log10_lr = np.array([value for value, _ in pairs])
    same = np.array([truth for _, truth in pairs])
    same[:2] = [True, False]
    least = cllr_min(log10_lr, same)
    assert 0 <= least <= min(cllr(log10_lr, same), 1.0) + 1e-12
    assert cllr_min(log10_lr**3 + log10_lr, same) <= least + 1e-9
    bounds = elub(log10_lr, same)
    assert bounds.lower <= 0 <= bounds.upper
    assert 0 <= equal_error(log10_lr, same) <= 1


def test_bounds_grow_with_the_set() -> None:
    few, many = (drawn(2, sources=count, apart=8.0) for count in (20, 120))
    narrow, wide = (elub(true_log10_lr(known.scores, apart=8.0), known.same) for known in (few, many))
    assert wide.lower < narrow.lower < 0 < narrow.upper < wide.upper


def test_bounds_of_likelihood_ratios_that_mislead_leave_nothing() -> None:
    bounds = elub(-LOG10_LR, SAME)
    assert (bounds.lower, bounds.upper) == (0.0, 0.0)
    assert bounds.hold(LOG10_LR).tolist() == [0.0] * 7


def test_plots_say_what_the_figures_say() -> None:
    heights = tippett(LOG10_LR, SAME)
    assert heights.log10_lr.tolist() == sorted(LOG10_LR)
    for level, same, different in zip(heights.log10_lr, heights.same, heights.different, strict=True):
        assert same == pytest.approx((LOG10_LR[SAME] >= level).mean())
        assert different == pytest.approx((LOG10_LR[~SAME] >= level).mean())

    errors = det(LOG10_LR, SAME)
    assert (errors.missed[0], errors.alarmed[0], errors.missed[-1], errors.alarmed[-1]) == (1, 0, 0, 1)
    assert errors.alarmed_probit[0] == -np.inf
    at = int(np.flatnonzero(errors.alarmed == 0.5)[0])
    assert errors.alarmed_probit[at] == pytest.approx(0.0, abs=1e-12)

    steps = pav(LOG10_LR, SAME)
    assert (np.diff(steps.best[1:-2]) >= 0).all()
    assert (steps.best[0], steps.best[-1]) == (-np.inf, np.inf)

    entropy = ece(LOG10_LR, SAME, points=3)
    assert entropy.log10_prior.tolist() == [-3.0, 0.0, 3.0]
    assert entropy.given[1] == pytest.approx(cllr(LOG10_LR, SAME))
    assert entropy.best[1] == pytest.approx(cllr_min(LOG10_LR, SAME))
    assert entropy.neutral[1] == pytest.approx(1.0)
    assert (entropy.best <= entropy.neutral + 1e-12).all()
