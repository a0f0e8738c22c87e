from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import logsumexp

from forensics.evidence import TwoLevel, fit_two_level
from forensics.evidence.two_level import log_kernel

Array = NDArray[np.float64]

DATA = Path(os.environ.get("CACHET_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
R = DATA / "chemistry" / "lir_fixtures" / "two_level_model"


def table(name: str) -> Array:
    return np.loadtxt(R / name, delimiter=",", skiprows=1, ndmin=2)


def from_r(name: str) -> Array:
    return np.loadtxt(R / "R_output" / f"{name}.csv", delimiter=",", skiprows=1, ndmin=2)


@pytest.fixture(scope="module")
def glass() -> tuple[TwoLevel, Array, list[Array]]:
    if not R.is_dir():
        pytest.skip(
            f"expected reference values of R at {R}; found none. Set CACHET_DATA to the folder above chemistry/"
        )
    train, trace = table("input/train_data.csv"), table("input/trace_data.csv")
    model = fit_two_level(train[:, 2:], train[:, 1])
    assert isinstance(model, TwoLevel)
    queries = [trace[trace[:, 1] == item, 2:] for item in np.unique(trace[:, 1])]
    return model, table("input/reference_data.csv")[:, 1:], queries


@pytest.mark.real
@pytest.mark.parametrize("step", ["MSwithin", "T0", "kappa", "h2", "means_z"])
def test_what_is_fitted_equals_r(glass: tuple[TwoLevel, Array, list[Array]], step: str) -> None:
    model = glass[0]
    ours = {
        "MSwithin": model.within,
        "T0": model.between,
        "kappa": model.repeats,
        "h2": model.width_squared,
        "means_z": model.means.T,
    }[step]
    np.testing.assert_allclose(ours, from_r(step) if np.ndim(ours) else from_r(step).item(), atol=1e-9)


@pytest.mark.real
@pytest.mark.parametrize("step", ["U_h0", "U_hx", "U_hn", "T_hn", "mu_h"])
def test_what_a_pair_is_weighed_by_equals_r(glass: tuple[TwoLevel, Array, list[Array]], step: str) -> None:
    model, reference, queries = glass
    terms = model.terms(query_count=len(queries[0]), reference_count=len(reference))
    ours = model.expected(reference.mean(0), count=len(reference)).T if step == "mu_h" else getattr(terms, step)
    np.testing.assert_allclose(ours, from_r(step), atol=1e-9)


@pytest.mark.real
def test_the_sums_equal_r(glass: tuple[TwoLevel, Array, list[Array]]) -> None:
    model, reference, queries = glass
    terms = model.terms(query_count=len(queries[0]), reference_count=len(reference))
    one, other = queries[0].mean(0), reference.mean(0)
    alone = log_kernel(other - model.means, terms.U_hx)
    given = log_kernel(one - model.expected(other, count=len(reference)), terms.U_hn)
    ours = {
        "ln_num1": logsumexp(alone + given),
        "ln_num2": logsumexp(alone),
        "ln_den": logsumexp(log_kernel(one - model.means, terms.U_h0)),
    }
    for name, value in ours.items():
        assert value == pytest.approx(from_r(name).item(), abs=1e-6), name


@pytest.mark.real
def test_the_likelihood_ratios_equal_r(glass: tuple[TwoLevel, Array, list[Array]]) -> None:
    model, reference, queries = glass
    ours = np.array([model.log10_lr(query, reference) for query in queries])
    theirs = from_r("log10_MLRs").ravel()
    finite = np.isfinite(theirs)
    np.testing.assert_allclose(ours[finite], theirs[finite], atol=1e-4)
    # Where R ran out of range, so must a likelihood ratio too small for a double be.
    assert (~finite).any()
    assert (ours[~finite] < np.log10(np.finfo(np.float64).tiny)).all()


def background(seed: int) -> tuple[Array, Array]:
    dice = np.random.default_rng(seed)
    sources = np.repeat(np.arange(40), 3)
    return dice.normal(0, 1, (40, 2))[sources] + dice.normal(0, 0.1, (120, 2)), sources


def test_it_equals_the_integrals_it_solves() -> None:
    features, sources = background(1)
    model = fit_two_level(features[:, :1], sources)
    assert model
    kernel, noise = model.width_squared * model.between[0, 0], model.within[0, 0]

    def normal(x: Array, mean: Array | float, variance: float) -> Array:
        return np.exp(-0.5 * (x - mean) ** 2 / variance) / np.sqrt(2 * np.pi * variance)

    theta = np.linspace(-8, 8, 40_001)
    prior = np.mean([normal(theta, mean, kernel) for mean in model.means[:, 0]], axis=0)
    query, reference = np.array([[0.4], [0.5]]), np.array([[0.42], [0.55], [0.47]])
    one = normal(theta, query.mean(), noise / 2)
    other = normal(theta, reference.mean(), noise / 3)
    expected = np.trapezoid(one * other * prior, theta) / (
        np.trapezoid(one * prior, theta) * np.trapezoid(other * prior, theta)
    )
    assert model.log10_lr(query, reference) == pytest.approx(np.log10(expected), abs=1e-6)


def test_it_is_the_same_from_both_sides_and_in_any_unit() -> None:
    features, sources = background(2)
    model, turned = fit_two_level(features, sources), fit_two_level(features * [1e-7, 1e5], sources)
    assert model
    assert turned
    one, other = features[:2], features[3:6]
    assert model.log10_lr(one, other) == pytest.approx(model.log10_lr(other, one), abs=1e-8)
    assert turned.log10_lr(one * [1e-7, 1e5], other * [1e-7, 1e5]) == pytest.approx(
        model.log10_lr(one, other), abs=1e-6
    )


def test_many_pairs_are_weighed_as_each_is() -> None:
    features, sources = background(3)
    model = fit_two_level(features, sources)
    assert model
    one, other = features[:50:5], features[1:51:5]
    many = model.log10_lrs(one, other, query_count=1, reference_count=1)
    np.testing.assert_allclose(many, [model.log10_lr(a, b) for a, b in zip(one, other, strict=True)], rtol=1e-9)


@pytest.mark.parametrize("flaw", ["constant", "copy", "single"])
def test_a_background_that_fixes_no_covariance_is_refused(flaw: str) -> None:
    features, sources = background(4)
    if flaw == "constant":
        features[:, 1] = 3.0
    elif flaw == "copy":
        features[:, 1] = 2 * features[:, 0]
    else:
        sources = np.arange(len(sources))
    refused = fit_two_level(features, sources)
    assert not refused
    assert refused.code == "singular"
    assert refused.reason.startswith("expected repeated measurements")
