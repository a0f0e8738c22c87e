from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.photo import Photo
from forensics.toolmark import Surface
from forensics.toolmark.field import Field, coarser, level, of_photograph, of_surface, turned


def test_pixels_of_a_scan_become_square() -> None:
    heights = np.repeat(np.arange(40.0)[:, None], 10, axis=1)
    field = of_surface(Surface.from_heights(heights, spacing_x=4e-6, spacing_y=1e-6))
    assert field.spacing == 4e-6
    assert field.values.shape == (10, 10)
    np.testing.assert_allclose(field.values[:, 0], np.arange(10) * 4 + 1.5)


def test_only_the_polygon_of_a_photograph_is_known() -> None:
    pixels = np.full((50, 60, 3), 255, np.uint8)
    polygon = np.array([[10, 10], [40, 10], [40, 30]], np.float32)
    field = of_photograph(Photo(pixels, "", "image/png"), polygon, metres_per_pixel=1e-5)
    assert field.values.shape == (21, 31)
    assert field.valid[0, -1]
    assert not field.valid[-1, 0]
    assert set(np.unique(field.values)) == {0.0, 1.0}


@pytest.mark.parametrize("angle", [0.3, 2.0, -1.2])
def test_the_matrix_says_where_a_pixel_goes(angle: float) -> None:
    values = np.zeros((60, 90))
    values[20, 70] = 1.0
    values = cv2.GaussianBlur(values, (0, 0), 2)
    field, matrix = turned(Field(values, np.ones(values.shape, bool), 1.0, "height"), angle)
    row, column = np.unravel_index(int(field.values.argmax()), field.values.shape)
    np.testing.assert_allclose(matrix @ [70, 20, 1], [column, row], atol=0.8)


def test_a_curved_form_is_taken_out_and_a_dent_does_not_pull_it() -> None:
    y, x = np.mgrid[0:80, 0:80] / 80
    values = 3 * x - 2 * y + 4 * x * y + x**2
    dented = values.copy()
    dented[30:40, 30:40] -= 50
    flat = level(Field(dented, np.ones(values.shape, bool), 1.0, "height")).values
    assert np.abs(flat[:20]).max() < 1e-6
    assert flat[35, 35] == pytest.approx(-50, abs=1e-6)


def test_coarser_pixels_hold_the_mean_of_what_is_known() -> None:
    values, valid = np.ones((20, 20)), np.ones((20, 20), bool)
    values[::2], valid[::2] = 100, False
    valid[1, 1] = True
    found = coarser(Field(values, valid, 1e-6, "height"), 4e-6)
    assert found.spacing == 4e-6
    np.testing.assert_array_equal(found.values[found.valid], 1.0)
    same = Field(values, valid, 1e-6, "height")
    assert coarser(same, 1e-6) is same
