from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.photo import Photo, QualityParams, assess


def photo(pixels: NDArray[np.generic]) -> Photo:
    return Photo(np.clip(np.round(pixels.astype(np.float64)), 0, 255).astype(np.uint8), "", "image/png")


@cache
def scene(width: int = 1600, height: int = 1200, seed: int = 1) -> NDArray[np.uint8]:
    """Draw a sharp, well-lit table with marked bricks on it, at any size, the same but for the sampling."""
    generator = np.random.default_rng(seed)
    large = 2
    canvas = np.full((height * large, width * large, 3), (120, 112, 100), np.uint8)
    unit = np.array([width, height]) * large
    for _ in range(60):
        centre = tuple(int(v) for v in generator.uniform(0.05, 0.95, 2) * unit)
        axes = tuple(int(v) for v in generator.uniform(0.01, 0.08, 2) * unit[0])
        colour = tuple(int(v) for v in generator.integers(40, 215, 3))
        turn = float(generator.uniform(0, 180))
        cv2.ellipse(canvas, centre, axes, turn, 0, 360, colour, -1)
        box = cv2.boxPoints((centre, axes, turn + 45)).astype(np.int32)
        cv2.polylines(canvas, [box], True, tuple(255 - c for c in colour), max(1, int(unit[0] * 0.002)))
    drawn = np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    drawn.flags.writeable = False
    return drawn


def codes(pixels: NDArray[np.generic]) -> set[str]:
    return {finding.code for finding in assess(photo(pixels)).findings}


def measured(pixels: NDArray[np.generic], code: str) -> float:
    return assess(photo(pixels)).measurements[code]


def blurred(pixels: NDArray[np.uint8], thousandths: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), thousandths * max(pixels.shape) / 1000), np.uint8)


def brightened(pixels: NDArray[np.uint8], stops: float) -> NDArray[np.float64]:
    """Expose by so many stops more; sRGB is near enough a power of 2.2."""
    return 255 * np.clip((pixels / 255.0) ** 2.2 * 2.0**stops, 0, 1) ** (1 / 2.2)


def with_glare(pixels: NDArray[np.uint8], radius: float) -> NDArray[np.float64]:
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    distance = np.hypot(x - 0.5 * width, y - 0.45 * height) / (radius * max(width, height))
    light = 600 * np.exp(-(distance**2) / 2)
    return np.clip(pixels + light[..., None], 0, 255)


@pytest.mark.parametrize("seed", range(6))
def test_a_good_picture_is_left_alone(seed: int) -> None:
    assert codes(scene(seed=seed)) == set()
    assert assess(photo(scene(seed=seed))).ok


@pytest.mark.parametrize("seed", range(3))
def test_blur_rises_with_blurring_and_is_found(seed: int) -> None:
    widths = [measured(blurred(scene(seed=seed), s) if s else scene(seed=seed), "blur") for s in (0, 1.5, 2.5, 4, 6)]
    assert widths == sorted(widths)
    assert codes(blurred(scene(seed=seed), 4)) == {"blur"}


@pytest.mark.parametrize("turn", [0, 30, 45, 90, 135])
def test_a_shaken_camera_is_found_in_every_direction(turn: float) -> None:
    picture = scene()
    length = 25
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    kernel = cv2.warpAffine(kernel, cv2.getRotationMatrix2D((length // 2, length // 2), turn, 1), (length, length))
    assert "blur" in codes(cv2.filter2D(picture, -1, kernel / kernel.sum()))


def test_a_background_out_of_focus_is_no_fault() -> None:
    picture = scene()
    soft = blurred(picture, 6)
    soft[300:900, 400:1200] = picture[300:900, 400:1200]
    assert "blur" not in codes(soft)


def test_noise_is_not_sharpness() -> None:
    soft = blurred(scene(), 4)
    noisy = soft + np.random.default_rng(0).normal(0, 4, soft.shape)
    assert "blur" in codes(noisy)


def test_under_exposure_is_found() -> None:
    levels = [measured(brightened(scene(), -stops), "under_exposed") for stops in range(5)]
    assert levels == sorted(levels, reverse=True)
    assert "under_exposed" in codes(brightened(scene(), -4))
    assert "under_exposed" not in codes(brightened(scene(), -1))


def test_over_exposure_is_found() -> None:
    shares = [measured(brightened(scene(), stops), "over_exposed") for stops in range(5)]
    assert shares == sorted(shares)
    assert "over_exposed" in codes(brightened(scene(), 4))
    assert "over_exposed" not in codes(brightened(scene(), 0.5))


def test_glare_is_found_and_white_print_is_not() -> None:
    shares = [measured(with_glare(scene(), radius), "glare") for radius in (0.02, 0.04, 0.06, 0.08)]
    assert shares == sorted(shares)
    assert "glare" in codes(with_glare(scene(), 0.06))
    printed = scene().copy()
    cv2.putText(printed, "MARK", (300, 700), cv2.FONT_HERSHEY_SIMPLEX, 10, (255, 255, 255), 60)
    assert "glare" not in codes(printed)


def test_a_white_table_around_the_package_is_not_glare() -> None:
    picture = np.full((1200, 1600, 3), 255, np.uint8)
    picture[200:1000, 300:1300] = scene()[200:1000, 300:1300]
    assert "glare" not in codes(picture)


def test_flat_light_is_found() -> None:
    spreads = [measured(120 + (scene() - 120.0) * share, "low_contrast") for share in (1, 0.5, 0.2, 0.05)]
    assert spreads == sorted(spreads, reverse=True)
    assert "low_contrast" in codes(120 + (scene() - 120.0) * 0.05)


def test_a_lively_background_does_not_hide_a_flat_middle() -> None:
    picture = scene().copy()
    picture[200:1000, 300:1300] = 130
    assert "low_contrast" in codes(picture)


def test_a_small_picture_is_told() -> None:
    assert codes(scene(640, 480)) == {"low_resolution"}
    assert measured(scene(640, 480), "low_resolution") == 480


@pytest.mark.parametrize("change", ["none", "blur", "glare", "dark", "bright", "flat"])
def test_the_verdict_does_not_depend_on_the_megapixels(change: str) -> None:
    def changed(pixels: NDArray[np.uint8]) -> NDArray[np.generic]:
        match change:
            case "blur":
                return blurred(pixels, 4)
            case "glare":
                return with_glare(pixels, 0.06)
            case "dark":
                return brightened(pixels, -4)
            case "bright":
                return brightened(pixels, 4)
            case "flat":
                return 120 + (pixels - 120.0) * 0.05
            case _:
                return pixels

    once, twice = codes(changed(scene(1200, 900))), codes(changed(scene(2400, 1800)))
    assert once == twice
    assert bool(once) == (change != "none")


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_the_verdict_does_not_depend_on_the_way_up(turns: int) -> None:
    for pixels in (scene(), blurred(scene(), 4), with_glare(scene(), 0.06)):
        assert codes(pixels) == codes(np.rot90(pixels, turns))


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (2, 2), (5, 3), (3000, 2)])
def test_any_shape_is_measured(shape: tuple[int, int]) -> None:
    for level in (0, 128, 255):
        quality = assess(photo(np.full((*shape, 3), level, np.uint8)))
        assert "low_resolution" in {finding.code for finding in quality.findings}
        assert all(np.isfinite(value) for value in quality.measurements.values())


def test_a_picture_without_edges_is_not_called_unsharp() -> None:
    quality = assess(photo(np.full((1200, 1600, 3), 128, np.uint8)))
    assert "blur" not in quality.measurements
    assert {finding.code for finding in quality.findings} == {"low_contrast"}


def test_a_finding_says_what_and_how() -> None:
    for pixels in (blurred(scene(), 4), brightened(scene(), -4), brightened(scene(), 4), with_glare(scene(), 0.06)):
        for finding in assess(photo(pixels)).findings:
            assert finding.words.endswith(".")
            assert finding.advice.endswith(".")
            assert finding.unit
            assert finding.measured != finding.limit
    flat = next(f for f in assess(photo(np.full((900, 900, 3), 128, np.uint8))).findings if f.code == "low_contrast")
    assert "10 to 20 degrees" in flat.advice


def test_limits_can_be_set_and_have_bounds() -> None:
    assert assess(photo(scene()), params=QualityParams(least_side=5000)).findings[0].code == "low_resolution"
    for field in ("working_size", "most_blur", "least_bright", "most_glare", "least_contrast", "least_side"):
        with pytest.raises(ValueError, match=field):
            QualityParams(**{field: -1})
