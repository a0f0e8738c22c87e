from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from forensics.comparison import Comparison, NoComparison
from forensics.toolmark.striated import (
    METHOD,
    Gallery,
    StriatedFeatures,
    StriatedParams,
    cohort,
    compare,
    describe_profile,
    normalise,
)
from forensics.toolmark.striated.score import weights
from forensics.toolmark.striated.striae import striae
from tests.forensics.toolmark.marks import STEP, trace

DATA = Path(os.environ.get("CACHET_DATA", Path(__file__).resolve().parents[5] / "shared" / "data"))


def mark(tool: int, **how: float) -> StriatedFeatures:
    found = describe_profile(trace(tool, **how), spacing=STEP)  # type: ignore[arg-type]
    assert isinstance(found, StriatedFeatures)
    return found


def compared(query: StriatedFeatures, reference: StriatedFeatures, params: StriatedParams | None = None) -> Comparison:
    found = compare(query, reference, params=params)
    assert isinstance(found, Comparison)
    return found


def test_one_tool_scores_above_every_other() -> None:
    same = [compared(mark(tool, take=1), mark(tool, take=2, shift=60)).score for tool in range(4)]
    other = [compared(mark(one), mark(two)).score for one in range(4) for two in range(one + 1, 4)]
    assert min(same) > max(other)


def test_shift_stretch_and_overlap_are_told() -> None:
    found = compared(mark(1, take=1, shift=100, stretch=1.05), mark(1, take=2))
    assert found.measurements["stretch"] == pytest.approx(0.95)
    assert found.measurements["offset_mm"] == pytest.approx(0.7, abs=0.05)
    assert found.measurements["overlap"] == pytest.approx((667 - 100) / 635, abs=0.06)
    assert found.measurements["matching_striae"] > 0.5 * found.measurements["striae"]
    np.testing.assert_allclose(
        found.reference_points[:, 0], found.query_points[:, 0] * 0.95 + found.measurements["offset_mm"], atol=0.06
    )


def test_a_mark_from_its_other_end_is_found_where_that_is_asked_for() -> None:
    forward = mark(1, take=2)
    back = StriatedFeatures(METHOD, mark(1, take=1, shift=50).profile[::-1].copy(), STEP, "height")
    plain = compared(back, forward)
    turned = compared(back, forward, StriatedParams(reversible=True))
    assert turned.mirrored
    assert not plain.mirrored
    assert turned.score > plain.score
    assert turned.score == pytest.approx(compared(mark(1, take=1, shift=50), forward).score, rel=0.15)
    places = turned.query_points[:, 0]
    assert places.min() >= 0
    assert places[0] > places[-1]


def test_what_cannot_be_compared_says_why() -> None:
    light = StriatedFeatures(METHOD, mark(1).profile, STEP, "light")
    old = StriatedFeatures("striated/0", mark(1).profile, STEP, "height")
    short = StriatedFeatures(METHOD, mark(1).profile[:50], 6e-5, "height")
    for other, words in ((light, "photographs"), (old, "striated/0"), (short, "overlap")):
        found = compare(mark(1), other)
        assert isinstance(found, NoComparison)
        assert words in found.reason


def test_normalising_sets_a_score_against_other_tools() -> None:
    chance = np.random.default_rng(1)
    rare, common = cohort(chance.normal(-5, 1, 200)), cohort(chance.normal(1, 1, 200))
    assert normalise(2.0, rare, rare) > normalise(2.0, rare, common) > normalise(2.0, common, common)
    assert normalise(2.0, common, common) == pytest.approx(1.0, abs=0.3)
    assert cohort(np.full(5, 1.0)) is None
    assert cohort(np.full(50, np.nan)) is None
    assert normalise(2.0, None, None) == 2.0
    assert normalise(2.0, common, None) == normalise(2.0, common, common)


def test_striae_match_once_and_in_kind() -> None:
    at = np.arange(600.0)
    ours = np.sin(2 * np.pi * at / 40)
    assert striae(ours, ours).consecutive == striae(ours, ours).seen == len(striae(ours, ours).pairs)
    assert striae(ours, ours).congruence > 0
    assert len(striae(ours, -ours).pairs) == 0
    broken = ours.copy()
    broken[300:340] = 0
    found = striae(ours, broken)
    assert 10 <= found.consecutive < found.seen


def test_more_agreement_never_lowers_the_score() -> None:
    learnt = weights()
    clean, noisy = (Gallery([mark(1, take=2)]).measure(mark(1, take=1, noise=noise)).values for noise in (0.2, 2.0))
    assert learnt.score(clean)[0] > learnt.score(noisy)[0]


@pytest.mark.real
def test_screwdrivers_led_alike_are_told_apart() -> None:
    file = DATA / "toolmarks" / "screwdriver_tmaRks" / "tmaRks.npz"
    if not file.is_file():
        pytest.skip(f"expected real marks in {file}; found none. Set CACHET_DATA to the folder that holds them")
    with np.load(file) as stored:
        profiles, sources, spacing = stored["profile"], stored["source"], stored["dx"]
    chosen = [np.flatnonzero(sources == name)[:2] for name in ("T05LA", "T10SA", "T16SB", "T20SA")]
    marks = [
        [describe_profile(profiles[at].astype(float) * 1e-3, spacing=float(spacing[at]) * 1e-3) for at in pair]
        for pair in chosen
    ]
    assert all(isinstance(found, StriatedFeatures) for pair in marks for found in pair)
    known: list[list[StriatedFeatures]] = marks  # type: ignore[assignment]
    same = [compared(pair[0], pair[1]).score for pair in known]
    other = [compared(known[a][0], known[b][1]).score for a in range(4) for b in range(4) if a != b]
    assert min(same) > max(other)
