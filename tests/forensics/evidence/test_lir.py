"""Against the Netherlands Forensic Institute's ``lir``."""

from __future__ import annotations

import numpy as np
import pytest
from lir.algorithms.bayeserror import elub as lir_elub
from lir.algorithms.isotonic_regression import IsotonicCalibrator
from lir.algorithms.kde import KDECalibrator
from lir.algorithms.logistic_regression import LogitCalibrator
from lir.data.models import LLRData
from lir.lrsystems.two_level import TwoLevelModelNormalKDE
from lir.metrics import cllr as lir_cllr
from lir.metrics import cllr_min as lir_cllr_min
from lir.plotting.expected_calibration_error import calculate_ece
from numpy.typing import NDArray

from forensics.evidence import (
    IsotonicParams,
    LogisticParams,
    cllr,
    cllr_min,
    ece,
    elub,
    fit_isotonic,
    fit_kernel,
    fit_logistic,
    fit_two_level,
)

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def made(seed: int, *, matches: int, others: int, apart: float = 2.0) -> tuple[Array, Flags]:
    dice = np.random.default_rng(seed)
    scores = np.concatenate([dice.normal(apart, 1, matches), dice.normal(0, 1.5, others)])
    return scores, np.arange(matches + others) < matches


CASES = [made(1, matches=60, others=400), made(2, matches=300, others=300, apart=0.5), made(3, matches=40, others=90)]


@pytest.mark.parametrize(("scores", "same"), CASES)
def test_logistic(scores: Array, same: Flags) -> None:
    fitted = fit_logistic(scores, same, params=LogisticParams(ridge=1.0))
    assert fitted is not None
    standard = (scores - fitted.mean) / fitted.deviation
    theirs = LogitCalibrator(tol=1e-10).fit(standard, same.astype(int)).transform(standard)
    np.testing.assert_allclose(fitted.log10_lr(scores), theirs, atol=1e-6)


@pytest.mark.parametrize(("scores", "same"), CASES)
def test_kernel(scores: Array, same: Flags) -> None:
    fitted = fit_kernel(scores, same)
    assert fitted is not None
    theirs = KDECalibrator(bandwidth="silverman").fit(scores, same.astype(int)).transform(scores)
    np.testing.assert_allclose(fitted.log10_lr(scores), theirs, atol=2e-3)


@pytest.mark.parametrize("misleading", [0, 1])
@pytest.mark.parametrize(("scores", "same"), CASES)
def test_isotonic_with_ties(scores: Array, same: Flags, misleading: int) -> None:
    scores = scores.round(1)
    asked = np.linspace(scores.min() - 0.5, scores.max() + 0.5, 301)
    ours = fit_isotonic(scores, same, params=IsotonicParams(misleading=misleading)).log10_lr(asked)
    calibrator = IsotonicCalibrator(add_misleading=misleading).fit(scores, same.astype(int))
    with np.errstate(divide="ignore"):
        theirs = calibrator.transform(asked)
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


@pytest.mark.parametrize("stretch", [0.3, 1.0, 3.0])
@pytest.mark.parametrize(("scores", "same"), CASES)
def test_bounds_costs_and_entropy(scores: Array, same: Flags, stretch: float) -> None:
    log10_lr = stretch * (scores - scores.mean())
    bounds = elub(log10_lr, same)
    np.testing.assert_allclose((bounds.lower, bounds.upper), lir_elub(log10_lr.copy(), same.astype(int)), atol=1e-9)
    theirs = LLRData(features=log10_lr, labels=same.astype(int))
    assert cllr(log10_lr, same) == pytest.approx(lir_cllr(theirs), abs=1e-9)
    with np.errstate(divide="ignore"):
        assert cllr_min(log10_lr, same) == pytest.approx(lir_cllr_min(theirs), abs=1e-9)
    held = bounds.hold(log10_lr)  # theirs loses probabilities within rounding of 1, and is infinite there
    plot = ece(held, same, points=7)
    prior = 1 / (1 + 10**-plot.log10_prior)
    np.testing.assert_allclose(plot.given, calculate_ece(10**held, same.astype(int), prior), atol=1e-9)


def test_two_level_with_sources_of_unequal_size() -> None:
    dice = np.random.default_rng(4)
    sources = np.repeat(np.arange(30), dice.integers(1, 6, 30))
    features = dice.normal(0, 1, (30, 3))[sources] + dice.normal(0, 0.2, (len(sources), 3))
    model = fit_two_level(features, sources)
    assert model
    theirs = TwoLevelModelNormalKDE().fit_on_unpaired_instances(features, sources)
    np.testing.assert_allclose(model.within, theirs.mean_within_covars, rtol=1e-9)
    np.testing.assert_allclose(model.between, theirs.between_covars, rtol=1e-8)
    query, reference = dice.normal(0, 0.5, (2, 20, 3, 3))
    ours = [model.log10_lr(one, other[:2]) for one, other in zip(query, reference, strict=True)]
    np.testing.assert_allclose(ours, theirs.transform(query, reference[:, :2]), rtol=1e-7)
