from __future__ import annotations

import numpy as np
import pytest

from forensics.toolmark import filters


@pytest.mark.parametrize("cutoff", [8.0, 20.0, 57.0])
def test_half_of_a_wave_passes_at_its_cut_off(cutoff: float) -> None:
    wave = np.sin(2 * np.pi * np.arange(2000) / cutoff)
    kept = filters.smooth(wave, cutoff)[500:1500]
    assert np.abs(kept).max() == pytest.approx(0.5, abs=0.01)


def test_it_agrees_with_fitting_a_line_about_every_place() -> None:
    values = np.random.default_rng(1).standard_normal(60)
    cutoff, alpha = 9.0, np.sqrt(np.log(2) / np.pi)
    places = np.arange(60.0)
    slow = np.empty(60)
    for at in range(60):
        weight = np.exp(-np.pi * ((places - at) / (alpha * cutoff)) ** 2)
        line = np.polynomial.Polynomial.fit(places, values, 1, w=np.sqrt(weight))
        slow[at] = line(at)
    np.testing.assert_allclose(filters.smooth(values, cutoff), slow, atol=1e-4)


def test_a_slope_passes_to_the_very_ends() -> None:
    slope = np.linspace(-3, 5, 200)
    np.testing.assert_allclose(filters.smooth(slope, 40), slope, atol=1e-9)
    np.testing.assert_allclose(filters.band(slope, 5, 40), 0, atol=1e-9)


def test_a_band_keeps_what_lies_in_it() -> None:
    at = np.arange(3000)
    inside, short, long = (np.sin(2 * np.pi * at / wave) for wave in (50, 4, 2000))
    kept = filters.band(inside + short + long, 15, 200)[500:2500]
    np.testing.assert_allclose(kept, inside[500:2500], atol=0.15)


def test_evening_out_gives_deep_and_shallow_places_one_size() -> None:
    at = np.arange(2000)
    wave = np.sin(2 * np.pi * at / 20) * np.where(at < 1000, 1.0, 8.0)
    even = filters.even_out(wave, 200, floor=0.001)
    assert np.abs(even[200:800]).max() == pytest.approx(np.abs(even[1200:1800]).max(), rel=0.02)
    assert np.all(filters.even_out(np.zeros(100), 20, floor=0.1) == 0)


def test_what_was_not_measured_does_not_matter() -> None:
    chance = np.random.default_rng(3)
    image, valid = chance.standard_normal((40, 40)), chance.random((40, 40)) < 0.8
    other = np.where(valid, image, 1e6)
    one, two = (filters.masked_smooth(values, valid, 10) for values in (image, other))
    np.testing.assert_allclose(one, two)
    np.testing.assert_allclose(filters.masked_smooth(np.full((40, 40), 3.0), valid, 10), 3.0)
