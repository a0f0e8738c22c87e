from __future__ import annotations

import numpy as np

from indexer.vectors.id_set import IdSet


def test_it_is_a_set() -> None:
    chance = np.random.default_rng(0)
    for _ in range(200):
        drawn = [chance.integers(0, 60, chance.integers(0, 40)) for _ in range(2)]
        one, other = (IdSet(ids) for ids in drawn)
        plain_one, plain_other = (set(ids.tolist()) for ids in drawn)
        for made, plain in (
            (one, plain_one),
            (one | other, plain_one | plain_other),
            (one & other, plain_one & plain_other),
            (one - other, plain_one - plain_other),
        ):
            assert made.all().tolist() == sorted(plain)
            assert len(made) == len(plain)
            # Runs stand apart: what is stored of the same set is always the same.
            assert (made.runs[1:, 0] > made.runs[:-1, 1]).all()
            assert IdSet.of_ranges(made.runs).runs.tolist() == made.runs.tolist()
        asked = chance.integers(-5, 70, (6, 7))
        assert one.held(asked).tolist() == np.isin(asked, drawn[0]).tolist()
        ranges = [(30, 40), (3, 9), (7, 31), (50, 90), (5, 5)]
        inside = sorted(key for key in plain_one if any(low <= key < high for low, high in ranges))
        assert one.within(ranges).all().tolist() == inside
    assert one.within([]).all().tolist() == []


def test_the_points_of_many_marks_are_few_runs() -> None:
    marks = np.arange(1000, dtype=np.int64)[:, None] << 32
    assert len(IdSet((marks | np.arange(500)).ravel()).runs) == 1000
