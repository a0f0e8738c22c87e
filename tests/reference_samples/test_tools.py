"""Designs, tools and impressions: each repeatable, each tool its own, and wear that grows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference_samples.generator import (
    RAKING_SERIES,
    Design,
    Pressure,
    Tool,
    ToolParams,
    make_design,
    make_tool,
    redraw,
    render_impression,
    render_series,
)
from reference_samples.generator.emblems import EMBLEMS
from reference_samples.generator.light import cast_shadow
from reference_samples.generator.pen import Pen


def correlation(one: np.ndarray, two: np.ndarray) -> float:
    return float(np.corrcoef(one.ravel(), two.ravel())[0, 1])


def overlap(one: Design, two: Design) -> float:
    a, b = one.mask() > 0.5, two.mask() > 0.5
    return float((a & b).sum() / (a | b).sum())


def press(seed: int, design: int = 38) -> Tool:
    return make_tool(f"P{seed}", "press", make_design(design), seed=seed, size=0.06)


@pytest.mark.parametrize("name", sorted(EMBLEMS))
def test_emblem_stays_on_its_canvas_at_every_corner_of_its_parameters(name: str) -> None:
    for value in (0.0, 1.0):
        pen = Pen(200)
        EMBLEMS[name](pen, (value, value, value, value))
        assert 0.01 < (pen.coverage > 127).mean() < 0.9


def test_hundreds_of_designs_differ() -> None:
    small = [make_design(seed).mask()[::16, ::16].ravel() for seed in range(200)]
    table = np.corrcoef(np.array(small))
    alike = (table > 0.98).sum() - len(small)
    assert alike <= 4


def test_design_fills_its_mask() -> None:
    for seed in range(40):
        left, top, right, bottom = make_design(seed).extent()
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        assert max(right - left, bottom - top) > 0.9


def test_a_redrawn_design_is_nearer_to_its_model_than_another_design_and_further_than_another_cut() -> None:
    for seed in (3, 9, 27, 38):
        design = make_design(seed)
        copy = redraw(design, 5)
        assert copy.redrawn_from == design.design_id
        other_cut = make_tool("T", "press", design, seed=99, size=0.06).face(0)
        same = float(
            ((other_cut > 0.5) & (design.mask() > 0.5)).sum() / ((other_cut > 0.5) | (design.mask() > 0.5)).sum()
        )
        assert overlap(design, make_design(seed + 1)) < overlap(design, copy) < same


def test_same_tool_is_the_same_and_another_seed_is_another() -> None:
    assert np.array_equal(press(1).face(100), press(1).face(100))
    assert press(1).defects() != press(2).defects()


def test_wear_grows_and_so_do_the_defects() -> None:
    tool = press(4)
    uses = [0, 500, 2000, 8000]
    assert np.all(np.diff([tool.wear(use) for use in uses]) > 0)
    assert np.all(np.diff([len(tool.defects_at(use)) for use in uses]) >= 0)
    assert len(tool.defects_at(uses[-1])) > len(tool.defects_at(0))
    relief = [float(tool.face(use).sum()) for use in uses]
    assert np.all(np.diff(relief) < 0)
    sharp = [float(np.abs(np.diff(tool.face(use), axis=1)).max()) for use in uses]
    assert sharp[-1] < sharp[0]


def residual(tool: Tool, seed: int, uses: int) -> np.ndarray:
    """What an impression shows beyond its design."""
    picture = render_impression(tool, Pressure(seed, uses), size=400).pixels[..., 0].astype(np.float32)
    return picture - np.median(picture)


def test_impressions_of_one_tool_share_what_those_of_another_lack() -> None:
    """After the design's common part is taken away, what is left agrees within a tool and not between tools."""
    tools = [press(seed, design=27) for seed in range(4)]
    pictures = np.stack([[residual(tool, 10 * k + n, 1500 + n) for n in range(2)] for k, tool in enumerate(tools)])
    pictures -= pictures.mean((0, 1))
    same = [correlation(pair[0], pair[1]) for pair in pictures]
    other = [correlation(pictures[i, 0], pictures[j, 1]) for i in range(4) for j in range(4) if i != j]
    assert min(same) > max(other) + 0.1


@pytest.mark.parametrize("kind", ["press", "punch", "stamp", "plate"])
def test_impressions_are_repeatable_and_each_its_own(kind: str) -> None:
    tool = make_tool("T", kind, make_design(12), seed=1, size=0.05)  # type: ignore[arg-type]
    one, again, other = (render_impression(tool, Pressure(seed, 10), size=128).pixels for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert correlation(one, other) > 0.2


def test_a_series_is_registered_and_answers_the_lamp() -> None:
    series = render_series(press(3), Pressure(1, 100), size=256)
    assert [picture.light for picture in series] == list(RAKING_SERIES)
    assert all(np.array_equal(picture.polygon, series[0].polygon) for picture in series)
    right, top, left, bottom, diffuse = (picture.pixels[..., 0].astype(float) for picture in series)
    # Opposite lamps turn the relief's shading round; the diffuse light all but removes it.
    assert correlation(right, left) < min(correlation(right, top), 0.2)
    assert correlation(top, bottom) < 0.2
    assert diffuse.std() < 0.6 * min(picture.std() for picture in (right, top, left, bottom))


def test_polygon_holds_the_design_in_an_impression() -> None:
    tool = make_tool("S", "stamp", make_design(3), seed=1, size=0.05)
    picture = render_impression(tool, Pressure(2, 5), size=300, turn=math.radians(30))
    dark = picture.pixels.min(2) < 90
    low, high = picture.polygon.min(0), picture.polygon.max(0)
    ys, xs = np.nonzero(dark)
    assert len(xs) > 500
    assert np.mean((xs > low[0]) & (xs < high[0]) & (ys > low[1]) & (ys < high[1])) > 0.99


def test_light_from_the_right_shadows_the_left_of_a_bump() -> None:
    height = np.zeros((60, 60), np.float32)
    height[25:35, 25:35] = 6
    lit = cast_shadow(height, RAKING_SERIES[0].direction())
    assert lit[30, 20] < 0.5
    assert lit[30, 40] > 0.9


def test_bounds_are_held() -> None:
    with pytest.raises(ValueError, match="bounds"):
        ToolParams(defects=(1, 2))
    with pytest.raises(ValueError, match="64 pixels"):
        render_impression(press(1), Pressure(1, 1), size=10)
