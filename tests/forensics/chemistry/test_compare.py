from __future__ import annotations

import csv
import math
import os
import statistics
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forensics.chemistry import METHOD, Amount, PearsonParams, Profile, compare
from forensics.comparison import Comparison, NoComparison
from forensics.errors import ProfileRefused

NAMES = ("cocaine", "levamisole", "phenacetin", "caffeine", "lidocaine", "procaine", "ecgonine")
DATA = Path(os.environ.get("CACHET_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))


def profile(values: dict[str, float | None], *, unit: str = "peak area", method: str = "GC-MS") -> Profile:
    return Profile("S", method, unit, tuple(Amount(name, value) for name, value in values.items()))


def of(*values: float | None) -> Profile:
    return profile(dict(zip(NAMES, values, strict=False)))


def plainly(left: list[float], right: list[float]) -> float:
    """Compute the score as the paper says it, without a library."""

    def pretreated(values: list[float]) -> list[float]:
        return [math.sqrt(math.sqrt(value / math.fsum(values))) for value in values]

    return statistics.correlation(pretreated(left), pretreated(right))


def score(left: Profile, right: Profile) -> float:
    result = compare(left, right)
    assert isinstance(result, Comparison)
    return result.score


amounts = st.lists(st.one_of(st.just(0.0), st.floats(1e-3, 1e6)), min_size=5, max_size=7)


@given(amounts, amounts)
def test_the_score_is_that_of_the_paper(left: list[float], right: list[float]) -> None:
    size = min(len(left), len(right))
    left, right = left[:size], right[:size]
    result = compare(of(*left), of(*right))
    # Both ways agree only where the values are not equal up to rounding.
    assume(all(max(v) > 0 and (max(v) - min(v)) / max(v) > 1e-6 for v in (left, right)))
    assert isinstance(result, Comparison)
    assert result.score == pytest.approx(plainly(left, right), abs=1e-9)
    assert result.method == METHOD == "chemistry.pearson/1"


@given(amounts, st.floats(1e-3, 1e3))
def test_purity_and_scale_make_no_difference(values: list[float], factor: float) -> None:
    result = compare(of(*values), of(*(value * factor for value in values)))
    if isinstance(result, Comparison):
        assert result.score == pytest.approx(1, abs=1e-6)


@given(amounts, amounts)
def test_the_order_of_the_two_makes_no_difference(left: list[float], right: list[float]) -> None:
    one, other = compare(of(*left), of(*right)), compare(of(*right), of(*left))
    assert bool(one) == bool(other)
    if isinstance(one, Comparison) and isinstance(other, Comparison):
        assert one.score == pytest.approx(other.score, abs=1e-12)
        assert -1 <= one.score <= 1


def test_the_order_of_the_analytes_makes_no_difference() -> None:
    values = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 9.0}
    assert score(profile(values), profile(dict(reversed(values.items())))) == pytest.approx(1)


def test_small_peaks_count_beside_large_ones() -> None:
    large = of(1e4, 10, 40, 5, 20, 60)
    other = of(1e4, 60, 5, 40, 10, 20)
    by_root = [compare(large, other, params=PearsonParams(root=root)) for root in (1, 2, 4)]
    scores = [result.score for result in by_root if isinstance(result, Comparison)]
    assert scores[0] > 0.9999 > scores[1] > scores[2]


def test_not_detected_is_a_zero_and_not_looked_for_is_left_out() -> None:
    nothing = of(1, 2, 3, 4, 5, None)
    zero = of(1, 2, 3, 4, 5, 0)
    left_out = of(1, 2, 3, 4, 5)
    full = of(5, 4, 3, 2, 1, 9)
    assert score(nothing, full) == score(zero, full)
    assert score(left_out, full) != score(nothing, full)
    assert score(left_out, full) == pytest.approx(score(left_out, of(5, 4, 3, 2, 1)))
    result = compare(left_out, full)
    assert isinstance(result, Comparison)
    assert result.measurements == {
        "shared_analytes": 5,
        "detected_in_both": 5,
        "detected_in_one": 0,
        "not_looked_for_by_both": 1,
    }
    result = compare(nothing, full)
    assert isinstance(result, Comparison)
    assert result.measurements["detected_in_one"] == 1


def test_shares_are_of_what_both_looked_for() -> None:
    # A large peak that only one laboratory looked for must not push the others together.
    narrow = of(1, 2, 3, 4, 5)
    wide = profile({**dict(zip(NAMES[:5], (1.0, 2.0, 3.0, 4.0, 5.0), strict=True)), "other": 1e9})
    assert score(narrow, wide) == pytest.approx(1)


def test_names_are_the_same_in_any_case_and_spacing() -> None:
    left = profile({"Cocaine": 1, "cis-Cinnamoyl  cocaine": 2, "A": 3, "B": 4, "C": 6})
    right = profile({"cocaine ": 1, "cis-cinnamoyl cocaine": 2, "a": 3, "b": 4, "c": 6})
    assert score(left, right) == pytest.approx(1)


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        (of(1, 2, 3, 4), of(1, 2, 3, 4), "at least 5 analytes"),
        (of(1, 2, 3, 4, 5), profile({"x": 1, "y": 2, "z": 3, "u": 4, "v": 5}), "found 0"),
        (of(2, 2, 2, 2, 2), of(1, 2, 3, 4, 5), "equal"),
        (of(0.1, 0.1, 0.1, 0.1, 0.1, 0.1), of(1, 2, 3, 4, 5, 6), "equal"),
        (of(None, None, None, None, 0), of(1, 2, 3, 4, 5), "detected"),
        (of(1, 2, 3, 4, 5), profile(dict(zip(NAMES, (1, 2, 3, 4, 5), strict=False)), unit="mg/g"), "unit"),
        (of(1, 2, 3, 4, 5), profile(dict(zip(NAMES, (1, 2, 3, 4, 5), strict=False)), method="LC-MS"), "method"),
    ],
)
def test_what_cannot_be_compared_says_why(left: Profile, right: Profile, reason: str) -> None:
    for one, other in ((left, right), (right, left)):
        result = compare(one, other)
        assert isinstance(result, NoComparison)
        assert not result
        assert reason in result.reason
        assert result.hint.endswith(".")


def test_methods_are_the_same_in_any_case() -> None:
    assert compare(of(1, 2, 3, 4, 5), profile(dict(zip(NAMES, (1, 2, 3, 4, 5), strict=False)), method="gc-ms "))


def test_values_at_the_ends_of_the_floating_range() -> None:
    top = 1.7e308
    assert score(of(top, top / 2, top / 3, top / 4, top / 5), of(60, 30, 20, 15, 12)) == pytest.approx(1)


def test_the_fewest_analytes_can_be_set() -> None:
    assert compare(of(1, 2, 3), of(1, 2, 3), params=PearsonParams(fewest_analytes=3))
    with pytest.raises(ValueError, match="fewest_analytes"):
        PearsonParams(fewest_analytes=2)
    with pytest.raises(ValueError, match="root"):
        PearsonParams(root=0.5)


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf, -math.inf])
def test_an_amount_is_a_number_of_0_or_more(value: float) -> None:
    with pytest.raises(ProfileRefused) as refusal:
        Amount("cocaine", value)
    assert refusal.value.code == "bad_value"


def test_a_profile_is_refused_with_the_reason() -> None:
    for made, code in (
        (lambda: Amount(" ", 1), "bad_analyte"),
        (lambda: Profile("S", "GC", "%", ()), "empty"),
        (lambda: Profile("S", "", "%", (Amount("a", 1),)), "no_method"),
        (lambda: Profile("S", "GC", " ", (Amount("a", 1),)), "no_unit"),
        (lambda: Profile("S", "GC", "%", (Amount("a", 1), Amount("A ", 2))), "duplicate_analyte"),
        (lambda: Profile("S", "GC", "%", (Amount("a", 101),)), "bad_value"),
        (lambda: Profile("S", "GC", "mg/g", (Amount("a", 1001),)), "bad_value"),
    ):
        with pytest.raises(ProfileRefused) as refusal:
            made()
        assert refusal.value.code == code


def test_not_detected_and_not_looked_for_are_two_things() -> None:
    measured = Profile("S", "GC", "Area", (Amount("a", None), Amount("b", 0)))
    assert [amount.value for amount in measured.amounts] == [None, 0.0]
    assert {amount.analyte for amount in measured.amounts} == {"a", "b"}
    assert measured.unit == "peak area"


@pytest.mark.real
def test_mothers_and_pups_are_more_alike_than_strangers() -> None:
    path = DATA / "chemistry" / "furseal_gc_peaks.csv"
    if not path.is_file():
        pytest.skip(
            f"expected real peak areas at {path}; found none. Set CACHET_DATA to the folder that holds chemistry/"
        )
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    peaks = [name for name in rows[0] if name.startswith("rt")]
    profiles = [
        Profile(row["specimen_id"], "GC", "peak area", tuple(Amount(peak, float(row[peak])) for peak in peaks))
        for row in rows
    ]
    own, strangers = [], []
    for i, one in enumerate(profiles):
        for j in range(i):
            pair = own if rows[i]["source_id"] == rows[j]["source_id"] else strangers
            pair.append(score(one, profiles[j]))
    assert len(own) >= 41
    better = sum(a > b for a in own for b in strangers) / (len(own) * len(strangers))
    # One in two would be chance.
    assert better > 0.75
