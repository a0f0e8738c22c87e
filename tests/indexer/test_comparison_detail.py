from __future__ import annotations

import numpy as np
import pytest

from forensics.comparison import Comparison
from indexer.comparison_detail import pack, unpack


@pytest.mark.parametrize("points", [0, 1, 300])
@pytest.mark.parametrize("transform", [None, np.arange(9, dtype=np.float64).reshape(3, 3) / 7])
def test_what_is_packed_is_unpacked(points: int, transform: np.ndarray | None) -> None:
    chance = np.random.default_rng(points)
    here, there = (chance.uniform(0, 4000, (points, 2)).astype(np.float32) for _ in range(2))
    detail = unpack(pack(Comparison("m/1", 1.0, {}, here, there, transform)))
    np.testing.assert_array_equal(detail.query_points, here)
    np.testing.assert_array_equal(detail.reference_points, there)
    if transform is None:
        assert detail.transform is None
    else:
        np.testing.assert_array_equal(detail.transform, transform)


def test_nothing_is_no_points() -> None:
    detail = unpack(b"")
    assert detail.query_points.shape == (0, 2)
    assert detail.transform is None


def test_another_format_is_told() -> None:
    with pytest.raises(ValueError, match="format 1; found 9"):
        unpack(b"\x09\x00")
