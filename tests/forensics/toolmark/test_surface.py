from __future__ import annotations

import numpy as np
import pytest

from forensics.errors import SurfaceRefused
from forensics.toolmark import Surface


def test_what_is_no_number_was_not_measured() -> None:
    heights = np.array([[1.0, np.nan, 3.0], [np.inf, 5.0, 6.0]])
    surface = Surface.from_heights(heights, spacing_x=2e-6, spacing_y=5e-6)
    np.testing.assert_array_equal(surface.valid, [[True, False, True], [False, True, True]])
    assert np.isnan(surface.heights[1, 0])
    assert surface.width == pytest.approx(4e-6)
    assert surface.height == pytest.approx(5e-6)


def test_single_precision_is_kept() -> None:
    assert Surface.from_heights(np.ones((2, 2), np.float32), spacing_x=1e-6, spacing_y=1e-6).heights.dtype == np.float32


@pytest.mark.parametrize("spacing", [0.0, -1e-6, float("nan"), float("inf")])
def test_a_spacing_that_is_none_is_refused(spacing: float) -> None:
    with pytest.raises(SurfaceRefused) as refused:
        Surface.from_heights(np.ones((2, 2)), spacing_x=spacing, spacing_y=1e-6)
    assert refused.value.code == "wrong_spacing"


def test_a_mask_that_calls_nothing_measured_is_refused() -> None:
    with pytest.raises(SurfaceRefused) as refused:
        Surface(np.array([[np.nan, 1.0]]), np.array([[True, True]]), 1e-6, 1e-6)
    assert refused.value.code == "wrong_mask"


def test_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(SurfaceRefused) as refused:
        Surface(np.ones((2, 2)), np.ones((2, 3), bool), 1e-6, 1e-6)
    assert refused.value.code == "wrong_shape"
