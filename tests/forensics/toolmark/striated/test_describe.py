from __future__ import annotations

import numpy as np
import pytest

from forensics.photo import Photo
from forensics.toolmark import Surface, Unusable
from forensics.toolmark.field import level, of_surface
from forensics.toolmark.filters import band
from forensics.toolmark.striated import StriatedFeatures, describe_photograph, describe_profile, describe_surface
from forensics.toolmark.striated.direction import direction
from tests.forensics.toolmark.marks import STEP, striated_surface, trace


def likeness(found: np.ndarray, truth: np.ndarray) -> float:
    """Best correlation over shifts, from either end."""
    one, other = (band(np.asarray(part, float), 5, 80) for part in (found, truth))
    one = one[20:-20]
    return max(
        float(np.corrcoef(part, other[start : start + len(one)])[0, 1])
        for part in (one, one[::-1])
        for start in range(len(other) - len(one) + 1)
    )


@pytest.mark.parametrize("degrees", [3.0, 40.0, 90.0, 131.0, 177.0])
def test_the_direction_and_the_profile_are_found_at_any_angle(degrees: float) -> None:
    surface = striated_surface(1, angle=np.deg2rad(degrees))
    found, coherence = direction(level(of_surface(surface)))
    off = abs((np.rad2deg(found) - degrees + 90) % 180 - 90)
    assert off < 0.5
    assert coherence > 0.3
    mark = describe_surface(surface)
    assert isinstance(mark, StriatedFeatures)
    assert mark.kind == "height"
    assert mark.agreement > 0.9
    assert mark.length == pytest.approx(400 * STEP, rel=0.1)
    truth = trace(1, size=400, noise=0.0)
    assert likeness(mark.profile[20:-20], truth) > 0.95


def test_bent_striae_are_laid_straight() -> None:
    truth = trace(2, size=500, noise=0.0)
    y, x = np.mgrid[0:300, 0:460]
    heights = np.interp(x + 20 + 14 * (y / 300 - 0.5) ** 2 * 4, np.arange(500), truth)
    mark = describe_surface(Surface.from_heights(heights, spacing_x=STEP, spacing_y=STEP))
    assert isinstance(mark, StriatedFeatures)
    assert likeness(mark.profile[20:-20], truth) > 0.97


def test_a_photograph_is_described_by_its_light() -> None:
    profile = trace(3, size=300, noise=0.0)
    light = 120 + 60 * np.gradient(profile) / np.gradient(profile).std() / 3
    pixels = np.repeat(np.clip(light, 0, 255).astype(np.uint8)[None, :, None], 120, axis=0).repeat(3, axis=2)
    photo = Photo(pixels, "", "image/png")
    everywhere = np.array([[0, 0], [299, 0], [299, 119], [0, 119]], np.float32)
    mark = describe_photograph(photo, everywhere, metres_per_pixel=STEP)
    assert isinstance(mark, StriatedFeatures)
    assert mark.kind == "light"
    assert likeness(mark.profile[10:-10], light) > 0.97
    unknown = describe_photograph(photo, everywhere)
    assert isinstance(unknown, Unusable)
    assert "scale" in unknown.reason


def test_a_profile_is_cut_at_long_gaps_and_short_ones_are_closed() -> None:
    profile = trace(4)
    profile[:30] = np.nan
    profile[100:110] = np.nan
    profile[500:600] = np.nan
    mark = describe_profile(profile, spacing=STEP)
    assert isinstance(mark, StriatedFeatures)
    assert len(mark.profile) == 470
    assert np.isfinite(mark.profile).all()


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (np.full(500, np.nan), "found 0"),
        (np.zeros(500), "flat"),
        (trace(1)[:40], "found 40"),
    ],
)
def test_too_little_is_told_with_the_reason(profile: np.ndarray, words: str) -> None:
    found = describe_profile(profile, spacing=STEP)
    assert isinstance(found, Unusable)
    assert not found
    assert words in found.reason
    assert found.hint


def test_grain_without_a_direction_is_no_striated_mark() -> None:
    heights = 1e-6 * np.random.default_rng(1).standard_normal((200, 200))
    found = describe_surface(Surface.from_heights(heights, spacing_x=STEP, spacing_y=STEP))
    assert isinstance(found, Unusable)
    assert "one way" in found.reason
