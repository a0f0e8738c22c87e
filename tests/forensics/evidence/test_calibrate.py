from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forensics.errors import EvidenceRefused
from forensics.evidence import (
    CalibrateParams,
    Calibration,
    CalibrationSet,
    Evidence,
    NoEvidence,
    Origin,
    calibrate,
    cllr,
    fit_logistic,
    weigh,
)
from forensics.evidence.calibrate import Shape
from tests.forensics.evidence.sets import drawn, true_log10_lr

SHAPES: tuple[Shape, ...] = ("kernel", "logistic", "isotonic")


@pytest.mark.parametrize("shape", SHAPES)
def test_likelihood_ratios_come_near_the_true_ones(shape: Shape) -> None:
    made = calibrate(drawn(1, sources=100), shape=shape)
    assert isinstance(made, Calibration)
    fresh = drawn(2, sources=100)
    ours, true = made.log10_lr(fresh.scores), true_log10_lr(fresh.scores)
    assert cllr(ours, fresh.same) < cllr(true, fresh.same) + 0.03
    assert made.papers.measures.cllr == pytest.approx(cllr(true, fresh.same), abs=0.1)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", [1e-9, 1e6])
def test_the_scale_of_a_score_changes_nothing(shape: Shape, scale: float) -> None:
    usual, scaled = (calibrate(drawn(3, scale=by), shape=shape) for by in (1.0, scale))
    assert isinstance(usual, Calibration)
    assert isinstance(scaled, Calibration)
    known = drawn(3).scores
    np.testing.assert_allclose(scaled.log10_lr(scale * known), usual.log10_lr(known), atol=0.02)
    assert scaled.papers.measures.cllr < 0.9


def test_tiny_raw_distances_calibrate_as_any() -> None:
    """A regression on values near 1e-7 that are not standardised costs one bit, without a word."""
    known = drawn(4, scale=1e-7)
    curve = fit_logistic(known.scores, known.same)
    assert curve is not None
    assert cllr(curve.log10_lr(known.scores), known.same) < 0.7


def test_pairs_that_do_not_overlap_stay_within_what_the_set_supports() -> None:
    known = drawn(5, apart=40.0)
    for shape in SHAPES:
        made = calibrate(known, shape=shape)
        assert isinstance(made, Calibration)
        weighed = made.log10_lr(np.array([-1e6, 40.0, 1e6]))
        assert np.isfinite(weighed).all()
        assert weighed.max() <= np.log10(known.different_pairs + 1) + 0.01
        assert weighed.min() >= -np.log10(known.same_pairs + 1) - 0.01


def test_a_number_carries_its_papers() -> None:
    known = drawn(6)
    made = calibrate(known)
    found = weigh(1.7, made, method="tool/2")
    assert isinstance(found, Evidence)
    papers = found.papers
    assert (papers.method, papers.set_name, papers.set_version, papers.origin) == (
        "tool/2",
        "drawn",
        3,
        Origin.REFERENCE,
    )
    assert (papers.same_pairs, papers.different_pairs, papers.sources) == (80, 780, 40)
    assert papers.bounds.lower <= found.log10_lr <= papers.bounds.upper
    assert found.lr == pytest.approx(10**found.log10_lr)
    assert found.within_scores
    assert found.wording.side == "same"


def test_what_lies_beyond_the_bounds_says_so() -> None:
    made = calibrate(drawn(6), shape="logistic")
    far, near = (weigh(score, made, method="tool/2") for score in (50.0, 1.0))
    assert isinstance(far, Evidence)
    assert isinstance(near, Evidence)
    assert far.at_bound
    assert far.unbounded > far.log10_lr == far.papers.bounds.upper
    assert not far.within_scores
    assert not near.at_bound


def test_no_calibration_set_gives_no_number() -> None:
    found = weigh(1.0, None, method="logo/4")
    assert not found
    assert isinstance(found, NoEvidence)
    assert (found.code, found.reason) == (
        "no_calibration_set",
        "expected a calibration set for logo/4; found none",
    )


def test_another_method_or_no_score_gives_no_number() -> None:
    made = calibrate(drawn(6))
    for score, method, code in ((1.0, "tool/3", "other_method"), (None, "tool/2", "no_score")):
        found = weigh(score, made, method=method)
        assert isinstance(found, NoEvidence)
        assert found.code == code
    assert weigh(float("nan"), made, method="tool/2") == weigh(None, made, method="tool/2")


def test_a_set_too_small_is_refused_with_the_reason_and_the_refusal_handed_on() -> None:
    known = drawn(7)
    for changed, code, reason in (
        ({"least_matches": 81}, "too_few_matches", "expected 81 known matches or more in drawn (version 3); found 80"),
        ({"least_non_matches": 781}, "too_few_non_matches", "expected 781 known non-matches"),
        ({"least_sources": 41}, "too_few_sources", "expected 41 sources with known matches"),
    ):
        refused = calibrate(known, params=replace(CalibrateParams(), **changed))
        assert isinstance(refused, NoEvidence)
        assert refused.code == code
        assert refused.reason.startswith(reason)
        assert weigh(1.0, refused, method="tool/2") is refused
    assert calibrate(known, params=CalibrateParams(least_matches=80, least_non_matches=780, least_sources=40))


def test_scores_that_say_nothing_are_refused() -> None:
    known = drawn(8)
    for shape in ("kernel", "logistic"):
        refused = calibrate(replace(known, scores=np.full(len(known.scores), 0.3)), shape=shape)
        assert isinstance(refused, NoEvidence)
        assert refused.code == "no_spread"


def test_the_best_shape_is_passed_over_for_one_that_is_as_good() -> None:
    known = drawn(9, sources=80)
    usual = calibrate(known)
    assert isinstance(usual, Calibration)
    assert usual.papers.shape == "kernel"
    # A score that saturates leaves two kernels of one width nothing to stand on.
    crushed = calibrate(replace(known, scores=np.exp(6 * known.scores)))
    assert isinstance(crushed, Calibration)
    assert crushed.papers.shape == "isotonic"


def test_known_pairs_that_cannot_be_a_set_are_refused() -> None:
    def made(scores: list[float], second: list[str]) -> CalibrationSet:
        return CalibrationSet.of(
            name="x",
            version=1,
            method="tool/2",
            origin=Origin.DECISIONS,
            scores=scores,
            first=["a", "b"],
            second=second,
        )

    assert made([1.0, 2.0], ["a", "c"]).same.tolist() == [True, False]
    for scores, second, code in (([1.0], ["a", "c"], "lengths"), ([1.0, float("inf")], ["a", "c"], "not_finite")):
        with pytest.raises(EvidenceRefused) as refused:
            made(scores, second)
        assert refused.value.code == code
