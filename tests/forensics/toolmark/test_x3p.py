from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from forensics.errors import SurfaceRefused
from forensics.toolmark import Surface, X3pParams, read_x3p
from tests.forensics.toolmark.marks import described, x3p, zipped

DATA = Path(os.environ.get("CACHET_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))

HEIGHTS = 1e-6 * np.random.default_rng(1).standard_normal((5, 7))


def refusal(data: bytes, params: X3pParams | None = None) -> str:
    with pytest.raises(SurfaceRefused) as refused:
        read_x3p(data, params=params or X3pParams())
    assert refused.value.hint
    return refused.value.code


def test_heights_beside_the_description() -> None:
    surface = read_x3p(x3p(HEIGHTS, step=(2e-6, 3e-6)))
    np.testing.assert_array_equal(surface.heights, HEIGHTS)
    assert (surface.spacing_x, surface.spacing_y) == (2e-6, 3e-6)
    assert surface.remarks == ()


def test_heights_within_the_description_and_an_empty_one_for_what_was_not_measured() -> None:
    heights = HEIGHTS.copy()
    heights[2, 3] = np.nan
    surface = read_x3p(x3p(heights, beside=False))
    np.testing.assert_array_equal(surface.heights, heights)
    assert not surface.valid[2, 3]


@pytest.mark.parametrize(("dtype", "increment"), [("I", 1e-9), ("L", 1e-10), ("F", 1.0)])
def test_integers_are_steps(dtype: str, increment: float) -> None:
    found = read_x3p(x3p(HEIGHTS, dtype=dtype, increment=increment)).heights
    np.testing.assert_allclose(found, HEIGHTS, atol=max(increment if increment < 1 else 0, 1e-12))


def test_the_mask_is_one_bit_a_point_from_the_lowest_on() -> None:
    mask = np.ones(HEIGHTS.shape, bool)
    mask[0, 0] = mask[1, 2] = mask[4, 6] = False
    surface = read_x3p(x3p(HEIGHTS, mask=mask))
    np.testing.assert_array_equal(surface.valid, mask)


def test_not_a_number_is_not_measured() -> None:
    heights = HEIGHTS.copy()
    heights[1] = np.nan
    assert not read_x3p(x3p(heights)).valid[1].any()


def test_listed_points_form_their_grid_in_any_order() -> None:
    places = [(column, row) for row in range(5) for column in range(7)]
    order = np.random.default_rng(2).permutation(len(places))[:-1]
    lines = "".join(
        f"<Datum>{places[at][0] * 2e-6!r};{places[at][1] * 3e-6!r};{float(HEIGHTS[places[at][::-1]])!r}</Datum>"
        for at in order
    )
    axes = "".join(
        f"<{name}><AxisType>A</AxisType><DataType>D</DataType><Increment>1</Increment></{name}>"
        for name in ("CX", "CY", "CZ")
    )
    record = f"<ListDimension>{len(order)}</ListDimension><DataList>{lines}</DataList>"
    surface = read_x3p(zipped(described(axes, record), {}))
    assert surface.valid.sum() == len(order)
    np.testing.assert_array_equal(surface.heights[surface.valid], HEIGHTS[surface.valid])
    assert surface.spacing_x == pytest.approx(2e-6)
    assert surface.spacing_y == pytest.approx(3e-6)
    assert any("single points" in remark for remark in surface.remarks)


@pytest.mark.parametrize(("unit", "factor"), [("mm", 1e3), ("um", 1e6)])
def test_other_units_than_metres_are_seen_and_told(unit: str, factor: float) -> None:
    data = x3p(HEIGHTS * factor, step=(5e-6 * factor, 5e-6 * factor))
    surface = read_x3p(data)
    np.testing.assert_allclose(surface.heights, HEIGHTS, rtol=1e-12)
    assert surface.spacing_x == pytest.approx(5e-6)
    assert any(unit in remark for remark in surface.remarks)
    np.testing.assert_array_equal(read_x3p(data, unit=unit).heights, surface.heights)
    assert read_x3p(data, unit=unit).remarks == ()


def test_heights_in_another_unit_than_the_rest_draw_a_remark() -> None:
    assert any("heights" in remark for remark in read_x3p(x3p(HEIGHTS * 1e9)).remarks)


def test_what_is_no_x3p() -> None:
    assert refusal(b"") == "empty"
    assert refusal(b"\xff\xd8\xff") == "not_x3p"
    assert refusal(zipped(b"<a/>", {})[:40]) == "truncated"
    assert refusal(zipped(b"<a", {})) == "damaged"


def test_a_file_cut_anywhere_is_refused_and_never_read_wrongly() -> None:
    whole = x3p(HEIGHTS)
    for length in range(0, len(whole), 37):
        assert refusal(whole[:length]) in {"empty", "not_x3p", "truncated", "damaged"}


def test_a_byte_changed_anywhere_is_refused_or_harmless() -> None:
    whole = x3p(HEIGHTS, mask=np.ones(HEIGHTS.shape, bool))
    for place in range(0, len(whole), 11):
        changed = bytearray(whole)
        changed[place] ^= 0x55
        try:
            surface = read_x3p(bytes(changed))
        except SurfaceRefused:
            continue
        assert isinstance(surface, Surface)
        np.testing.assert_array_equal(surface.heights[surface.valid], HEIGHTS[surface.valid])


def test_heights_whose_check_sum_does_not_agree() -> None:
    assert refusal(x3p(HEIGHTS, checksum="0" * 32)) == "damaged"


def test_fewer_heights_than_the_size_says() -> None:
    assert refusal(x3p(HEIGHTS, size=(50, 70))) == "truncated"
    assert refusal(x3p(HEIGHTS, size=(50, 70), beside=False)) == "truncated"


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'
    outside = '<!DOCTYPE a SYSTEM "file:///etc/passwd">'
    assert refusal(x3p(HEIGHTS, head=bomb)) == "unsafe_xml"
    assert refusal(x3p(HEIGHTS, head=outside)) == "unsafe_xml"


def test_what_would_unpack_to_too_much_is_not_unpacked() -> None:
    axes = "".join(
        f"<{name}><AxisType>{kind}</AxisType><DataType>D</DataType><Increment>1e-6</Increment></{name}>"
        for name, kind in (("CX", "I"), ("CY", "I"), ("CZ", "A"))
    )
    link = "<DataLink><PointDataLink>bindata/data.bin</PointDataLink></DataLink>"
    size = "<MatrixDimension><SizeX>2</SizeX><SizeY>2</SizeY><SizeZ>1</SizeZ></MatrixDimension>"
    assert refusal(zipped(described(axes, size + link), {"bindata/data.bin": bytes(10**7)})) == "too_many_bytes"
    small = X3pParams(most_description_bytes=1024)
    assert refusal(zipped(b"<a>" + b" " * 10**6 + b"</a>", {}), small) == "too_many_bytes"
    assert refusal(x3p(HEIGHTS), X3pParams(most_points=34)) == "too_many_points"
    assert refusal(x3p(HEIGHTS, size=(2**20, 2**20))) == "too_many_points"
    assert refusal(x3p(HEIGHTS), X3pParams(most_bytes=100)) == "too_many_bytes"


def test_several_layers_are_refused() -> None:
    data = x3p(HEIGHTS)
    axes = "<CX><AxisType>I</AxisType></CX><CY><AxisType>I</AxisType></CY><CZ><AxisType>A</AxisType></CZ>"
    size = "<MatrixDimension><SizeX>2</SizeX><SizeY>2</SizeY><SizeZ>3</SizeZ></MatrixDimension>"
    assert read_x3p(data).valid.all()
    assert refusal(zipped(described(axes, size), {})) == "unsupported_format"


def test_a_surface_without_one_measured_height_is_refused() -> None:
    assert refusal(x3p(np.full((3, 3), np.nan))) == "no_heights"


def test_distances_that_fit_no_unit_are_refused() -> None:
    assert refusal(x3p(HEIGHTS, step=(1e6, 1e6))) == "wrong_unit"
    assert refusal(x3p(HEIGHTS, step=(0.0, 0.0))) in {"wrong_unit", "wrong_spacing"}


@pytest.mark.real
def test_every_sample_that_circulates_is_read() -> None:
    folder = DATA / "toolmarks" / "x3p"
    if not folder.is_dir():
        pytest.skip(f"expected real scans in {folder}; found none. Set CACHET_DATA to the folder that holds them")
    found = {file.name: read_x3p(file.read_bytes()) for file in sorted(folder.glob("*.x3p"))}
    assert found
    assert all(surface.valid.any() and 1e-9 < surface.spacing_x < 1e-3 for surface in found.values())
    beside, within = found["ISO5436-sample1_bin.x3p"], found["ISO5436-sample1.x3p"]
    np.testing.assert_array_equal(beside.valid, within.valid)
    np.testing.assert_allclose(beside.heights, within.heights)
