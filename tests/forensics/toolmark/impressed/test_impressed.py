from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from forensics.comparison import Comparison, NoComparison
from forensics.errors import ForensicsError
from forensics.photo import Photo
from forensics.toolmark import Surface, Unusable
from forensics.toolmark.field import Field
from forensics.toolmark.impressed import (
    METHOD,
    CellParams,
    ImpressedFeatures,
    RegisterParams,
    compare,
    compare_all,
    describe_photograph,
    describe_surface,
)
from forensics.toolmark.impressed.cells import match_cells
from forensics.toolmark.impressed.register import Turned, register
from tests.forensics.toolmark.marks import face, impression

DATA = Path(os.environ.get("CACHET_DATA", Path(__file__).resolve().parents[5] / "shared" / "data"))


def mark(tool: int, **how: object) -> ImpressedFeatures:
    found = describe_surface(impression(tool, **how))  # type: ignore[arg-type]
    assert isinstance(found, ImpressedFeatures)
    return found


def compared(query: ImpressedFeatures, reference: ImpressedFeatures) -> Comparison:
    found = compare(query, reference)
    assert isinstance(found, Comparison)
    return found


def field(seed: int, size: int) -> Field:
    chance = np.random.default_rng(seed)
    valid = chance.random((size, size)) < 0.9
    return Field(np.where(valid, chance.standard_normal((size, size)), 0.0), valid, 1.0, "height")


def test_packing_keeps_everything() -> None:
    features = mark(1)
    back = ImpressedFeatures.from_bytes(features.to_bytes())
    assert (back.method, back.spacing, back.kind) == (METHOD, features.spacing, "height")
    np.testing.assert_array_equal(back.valid, features.valid)
    np.testing.assert_allclose(back.values, features.values, atol=1e-4 * float(np.abs(features.values).max()))
    assert ImpressedFeatures.from_bytes(back.to_bytes()).to_bytes() == back.to_bytes()
    packed = features.to_bytes()
    for place in (0, 5, 40, len(packed) // 2, len(packed) - 1):
        changed = bytearray(packed)
        changed[place] ^= 1
        with pytest.raises(ForensicsError):
            ImpressedFeatures.from_bytes(bytes(changed))


def test_one_face_is_found_at_any_turn_and_another_is_not() -> None:
    reference = mark(1, take=1)
    for degrees, shift in ((0, (0, 0)), (25, (14, -9)), (130, (0, 10)), (-95, (-8, 6))):
        found = compared(mark(1, take=2, angle=np.deg2rad(degrees), shift=shift), reference)
        assert found.score > 4
        assert abs((found.measurements["turn_degrees"] + degrees + 180) % 360 - 180) < 2
    for other in (2, 3):
        assert compared(mark(other), reference).score < 1.5


def test_the_transform_takes_points_to_points_and_tells_the_shift() -> None:
    query, reference = mark(1, take=1, shift=(12, -7)), mark(1, take=2)
    found = compared(query, reference)
    assert found.transform is not None
    placed = np.column_stack([found.query_points, np.ones(len(found.query_points))]) @ found.transform[:2].T
    assert np.abs(placed - found.reference_points).max() <= 3 * 2 + 0.5
    np.testing.assert_allclose(np.median(found.reference_points - found.query_points, axis=0), [12, -7], atol=1.0)


def test_a_photograph_is_compared_with_a_photograph_only() -> None:
    relief = face(5)
    light = np.clip(128 + 40 * relief / relief.std(), 0, 255).astype(np.uint8)
    photo = Photo(np.repeat(light[..., None], 3, axis=2), "", "image/png")
    polygon = np.array([[60, 60], [330, 60], [330, 330], [60, 330]], np.float32)
    moved = polygon + np.array([8, -10], np.float32)
    marks = [describe_photograph(photo, here, metres_per_pixel=12.5e-6) for here in (polygon, moved)]
    assert all(isinstance(found, ImpressedFeatures) for found in marks)
    first, second = marks
    assert isinstance(first, ImpressedFeatures)
    assert isinstance(second, ImpressedFeatures)
    assert compared(first, second).score > 10
    other = compare(first, mark(1))
    assert isinstance(other, NoComparison)
    assert "photographs" in other.reason
    assert isinstance(describe_photograph(photo, polygon), Unusable)


def test_a_larger_mark_is_compared_by_larger_cells() -> None:
    small, large = impression(1, take=1), impression(1, take=2)
    grown = [Surface(one.heights, one.valid, 1e-3, 1e-3) for one in (small, large)]
    first, second = (describe_surface(one) for one in grown)
    assert isinstance(first, ImpressedFeatures)
    assert isinstance(second, ImpressedFeatures)
    found = compared(first, second)
    assert found.measurements["cell_mm"] > 10
    assert found.score > 4


def test_too_little_is_told_with_the_reason() -> None:
    nothing = Surface.from_heights(np.full((50, 50), np.nan), spacing_x=1e-5, spacing_y=1e-5)
    flat = Surface.from_heights(np.zeros((200, 200)), spacing_x=1e-5, spacing_y=1e-5)
    for surface, words in ((nothing, "found 0"), (flat, "flat")):
        found = describe_surface(surface)
        assert isinstance(found, Unusable)
        assert words in found.reason


def test_the_best_shift_is_that_of_looking_at_every_one() -> None:
    query, reference = field(1, 24), field(2, 30)
    params = RegisterParams(turns=1, range=0.0, least_overlap=0.5, kept=1)
    found = register(Turned(query, params=params), reference)[0]
    best, where = -np.inf, (0, 0)
    smaller = min(query.valid.sum(), reference.valid.sum())
    for down in range(-23, 30):
        for right in range(-23, 30):
            rows, columns = np.nonzero(query.valid)
            at = rows + down, columns + right
            inside = (at[0] >= 0) & (at[0] < 30) & (at[1] >= 0) & (at[1] < 30)
            rows, columns = rows[inside], columns[inside]
            known = reference.valid[rows + down, columns + right]
            rows, columns = rows[known], columns[known]
            if len(rows) < 0.5 * smaller:
                continue
            ours, theirs = query.values[rows, columns], reference.values[rows + down, columns + right]
            score = float(ours @ theirs / np.sqrt((ours @ ours) * (theirs @ theirs)) * np.sqrt(len(rows) / smaller))
            if score > best:
                best, where = score, (right, down)
    assert found.correlation == pytest.approx(best, abs=1e-4)
    np.testing.assert_allclose(found.matrix[:, 2], where, atol=1e-9)


def test_each_cell_finds_the_place_that_correlates_best() -> None:
    query, reference = field(3, 40), field(4, 40)
    reference.values[3:, 5:] = query.values[:-3, :-5]
    reference.valid[3:, 5:] = query.valid[:-3, :-5]
    params = CellParams(side=10, search=7, turn=0.0, shift_tolerance=1.0)
    found = match_cells(query, reference, 0.0, np.array([[1.0, 0, 0], [0, 1.0, 0]]), params=params)
    inside = (found.query < 40 - 5 - 5).all(axis=1)
    assert inside.sum() >= 6
    np.testing.assert_allclose(found.reference[inside] - found.query[inside], np.tile([5, 3], (inside.sum(), 1)))
    np.testing.assert_allclose(found.correlation[inside], 1.0, atol=1e-3)
    assert found.congruent[inside].all()
    np.testing.assert_allclose(found.matrix, [[1, 0, 5], [0, 1, 3]], atol=1e-6)


@pytest.mark.real
def test_slides_made_one_after_the_other_are_told_apart() -> None:
    file = DATA / "toolmarks" / "cartridge_fadul" / "fadul.npz"
    if not file.is_file():
        pytest.skip(f"expected real scans in {file}; found none. Set CACHET_DATA to the folder that holds them")
    with np.load(file) as stored:
        heights = stored["height_2nm"][[0, 1, 4, 5, 6]]
    surfaces = [
        Surface.from_heights(np.where(one > -32768, one * 2e-9, np.nan), spacing_x=12.5e-6, spacing_y=12.5e-6)
        for one in heights
    ]
    marks = [describe_surface(surface) for surface in surfaces]
    assert all(isinstance(found, ImpressedFeatures) for found in marks)
    scores = {pair: found.score for pair, found in compare_all(marks).items() if isinstance(found, Comparison)}  # type: ignore[arg-type]
    same = {(0, 1), (2, 3)}
    assert min(scores[pair] for pair in same) > 2 + max(score for pair, score in scores.items() if pair not in same)
