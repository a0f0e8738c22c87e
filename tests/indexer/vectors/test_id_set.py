from __future__ import annotations

import numpy as np
import pytest

from indexer.vectors import id_set
from indexer.vectors.id_set import IdSet


def test_it_is_a_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_set, "_RECENT", 50)
    chance = np.random.default_rng(0)
    fast, plain = IdSet(np.array([5, 3, 9])), {3, 5, 9}
    for _ in range(60):
        new = np.setdiff1d(chance.integers(0, 1000, 20), np.fromiter(plain, np.int64))
        fast.add(new)
        plain |= set(new.tolist())
        gone = chance.integers(0, 1000, 15)
        fast.discard(gone)
        plain -= set(gone.tolist())
        asked = chance.integers(0, 1000, 40)
        assert fast.held(asked).tolist() == [number in plain for number in asked.tolist()]
        ranges = [(100, 200), (150, 300), (990, 2000)]
        inside = sorted(number for number in plain if any(low <= number < high for low, high in ranges))
        assert fast.within(ranges).tolist() == inside
        assert len(fast) == len(plain)
    assert fast.all().tolist() == sorted(plain)
    assert fast.within([]).tolist() == []
