from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.logo import D_GLOBAL, D_LOCAL, METHOD, LogoFeatures, Typical, TypicalParams, compare

RULER, STAMP = 40, 20


def rows(seed: int, count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, D_LOCAL), dtype=np.uint8)


def features(local: NDArray[np.uint8], places: NDArray[np.float32]) -> LogoFeatures:
    points = np.column_stack([places, np.full(len(local), 9), np.zeros(len(local))]).astype(np.float32)
    return LogoFeatures(METHOD, points, local, np.zeros(D_GLOBAL, np.float32))


def places(seed: int, count: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(0, 1000, (count, 2)).astype(np.float32)


def photograph(seed: int, stamp: int | None = None) -> LogoFeatures:
    """One of a ruler that all share, a stamp that some share, and a background of its own."""
    local = [rows(0, RULER), rows(1000 + stamp, STAMP)] if stamp is not None else [rows(0, RULER)]
    where = [places(0, RULER), places(2000 + stamp, STAMP)] if stamp is not None else [places(0, RULER)]
    return features(
        np.concatenate([*local, rows(5000 + seed, 100)]), np.concatenate([*where, places(6000 + seed, 100)])
    )


@pytest.fixture(scope="module")
def typical() -> Typical:
    return Typical([photograph(seed).local for seed in range(30)])


def test_what_all_share_is_as_near_as_chance_and_what_few_share_is_not(typical: Typical) -> None:
    chance = typical.chance(photograph(77, stamp=1))
    assert np.all(chance[:RULER] == 0)
    assert np.all(chance[RULER:] > 100)


def test_it_agrees_with_looking_at_every_photograph_plainly() -> None:
    query = photograph(77, stamp=1)
    sample = [photograph(seed, stamp=seed % 3).local for seed in range(20)]
    params = TypicalParams(share=0.3)
    slow = np.sort(
        [
            [np.sqrt(((part.astype(float) - point.astype(float)) ** 2).sum(axis=1).min()) for point in query.local]
            for part in sample
        ],
        axis=0,
    )[5]
    np.testing.assert_allclose(Typical(sample, params=params).chance(query), slow, atol=0.1)


def test_rulers_that_agree_count_for_nothing_and_the_stamp_still_counts(typical: Typical) -> None:
    query, same_ruler, same_stamp = photograph(77, stamp=1), photograph(78), photograph(79, stamp=1)
    chance = typical.chance(query)
    assert compare(query, same_ruler).measurements["weight"] > 20
    ruler = compare(query, same_ruler, chance=chance)
    stamp = compare(query, same_stamp, chance=chance)
    assert ruler.measurements["weight"] < 2
    assert stamp.measurements["weight"] > 10
    assert stamp.score > ruler.score + 2
    assert {tuple(point) for point in stamp.query_points} <= {tuple(p) for p in query.points[RULER:, :2]}


def test_too_few_photographs_tell_nothing(typical: Typical) -> None:
    query = photograph(77)
    few = Typical([photograph(seed).local for seed in range(15)])
    assert np.all(np.isinf(few.chance(query)))
    assert np.all(np.isinf(typical.chance(query, without=range(15))))


def test_related_photographs_are_left_out() -> None:
    query = photograph(77, stamp=1)
    sample = [photograph(seed, stamp=1 if seed < 10 else None).local for seed in range(40)]
    assert np.all(Typical(sample).chance(query)[RULER : RULER + STAMP] == 0)
    assert np.all(Typical(sample).chance(query, without=range(10))[RULER : RULER + STAMP] > 100)


def test_photographs_without_points_count_as_unlike() -> None:
    empty = np.zeros((0, D_LOCAL), np.uint8)
    chance = Typical([photograph(1).local] * 3 + [empty] * 20).chance(photograph(77))
    assert np.all(np.isinf(chance))
