import numpy as np
import pytest

from forensics.errors import ForensicsError, RegionRefused
from forensics.logo import D_GLOBAL, D_LOCAL, METHOD, LogoFeatures, LogoParams, Region, describe, describe_all, whole
from tests.forensics.logo.designs import design, ground, photo, placed, warped


@pytest.fixture(scope="module")
def package():
    return photo(warped(design(1), placed(30, 0.8, (320, 240)), ground(1, 640, 480)))


def square(left, top, side, found_by="person"):
    corners = [[left, top], [left + side, top], [left + side, top + side], [left, top + side]]
    return Region(np.array(corners, np.float32), found_by)


def test_shapes_types_and_ranges(package):
    features = describe(package, whole(package))

    assert features.method == METHOD
    assert 50 < len(features) <= LogoParams().points_whole
    assert features.points.shape == (len(features), 4)
    assert features.local.shape == (len(features), D_LOCAL)
    assert features.vector.shape == (D_GLOBAL,)
    assert (features.points.dtype, features.local.dtype, features.vector.dtype) == (np.float32, np.uint8, np.float32)
    assert np.linalg.norm(features.vector) == pytest.approx(1, abs=2e-3)
    assert (features.points[:, :2] >= 0).all()
    assert (features.points[:, 0] <= package.width).all()
    assert (features.points[:, 1] <= package.height).all()
    assert (features.points[:, 3] >= 0).all()
    assert (features.points[:, 3] < 2 * np.pi).all()


def test_the_same_photograph_gives_the_same_bytes(package):
    assert describe(package, whole(package)).to_bytes() == describe(package, whole(package)).to_bytes()


def test_regions_described_together_are_as_described_alone(package):
    regions = [whole(package), square(220, 140, 200, "finder"), square(240, 160, 150)]

    together = describe_all(package, regions)

    for seen, region in zip(together, regions, strict=True):
        alone = describe(package, region)
        assert np.array_equal(seen.points, alone.points)
        assert np.array_equal(seen.local, alone.local)
        # A network rounds a little differently when it sees several at once.
        assert seen.vector @ alone.vector == pytest.approx(1, abs=1e-3)
    assert [f.part for f in together] == [False, True, False]


def test_the_whole_knows_the_vectors_of_its_parts_and_nothing_else_does(package):
    regions = [whole(package), square(220, 140, 200, "finder"), square(240, 160, 150), square(10, 10, 90, "finder")]

    seen, part, drawn, other = describe_all(package, regions)

    assert np.array_equal(seen.parts, np.stack([part.vector, other.vector]))
    assert np.array_equal(seen.vectors, np.stack([seen.vector, part.vector, other.vector]))
    assert len(part.parts) == len(drawn.parts) == 0


def test_light_and_dark_exchanged_is_the_same_design(package):
    negative = photo(255 - package.pixels)

    straight, exchanged = describe(package, whole(package)), describe(negative, whole(negative))

    # Rounding moves some points; most have the same place, turn and bytes.
    def points(features):
        return {tuple(row) for row in np.column_stack([np.round(features.points[:, :2]), features.local])}

    assert len(points(straight) & points(exchanged)) > 0.7 * len(straight)


def test_what_is_left_out_has_no_points_but_where_a_person_drew(package):
    over = np.array([[200, 100], [420, 100], [420, 400], [200, 400]], np.float32)
    regions = [whole(package), square(220, 140, 150)]

    seen, drawn = describe_all(package, regions, leave_out=[over])

    inside = (
        (seen.points[:, 0] > 201) & (seen.points[:, 0] < 419) & (seen.points[:, 1] > 101) & (seen.points[:, 1] < 399)
    )
    assert len(seen) > 50
    assert not inside.any()
    assert np.array_equal(drawn.points, describe(package, regions[1]).points)


def test_points_of_a_region_lie_in_it(package):
    for found_by in ("finder", "person"):
        region = square(250, 170, 120, found_by)
        features = describe(package, region)
        left, top, right, bottom = region.box

        assert len(features) > 10
        assert ((features.points[:, 0] >= left - 0.1) & (features.points[:, 0] <= right + 0.1)).all()
        assert ((features.points[:, 1] >= top - 0.1) & (features.points[:, 1] <= bottom + 0.1)).all()


def test_a_drawn_region_is_described_in_more_detail_than_its_part_of_the_whole(package):
    many = LogoParams(side=400, points_finder=2000, points_person=2000)
    drawn = describe(package, square(260, 180, 110), params=many)
    found = describe(package, square(260, 180, 110, "finder"), params=many)

    assert len(drawn) > 1.2 * len(found)


def test_more_points_than_wanted_are_cut_to_the_best(package):
    few = describe(package, whole(package), params=LogoParams(points_whole=40))
    many = describe(package, whole(package))

    assert len(few) == 40
    assert np.array_equal(few.local, many.local[:40])


def test_a_blank_photograph_has_no_points():
    blank = photo(np.full((300, 400, 3), 128, np.uint8))

    assert len(describe(blank, whole(blank))) == 0


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        ([[700, 10], [800, 10], [800, 90]], "outside"),
        ([[-50, -50], [-10, -50], [-10, -10]], "outside"),
        ([[10, 10], [14, 10], [14, 200], [10, 200]], "too_small"),
        ([[10, 10], [200, 200]], "not_a_polygon"),
        ([[10, 10], [20, 20], [200, 200]], "too_small"),
        ([[10, 10], [np.nan, 20], [200, 20]], "not_a_polygon"),
        ([[10, 10], [np.inf, 20], [200, 20]], "not_a_polygon"),
    ],
)
def test_regions_that_are_none_are_refused(package, corners, code):
    with pytest.raises(RegionRefused, match=r"expected .*; found ") as refused:
        describe(package, Region(np.array(corners, np.float32)))

    assert refused.value.code == code


def test_a_region_over_the_edge_is_cut_off_at_it(package):
    over = describe(package, Region(np.array([[300, 200], [900, 200], [900, 900], [300, 900]], np.float32)))
    cut = describe(package, Region(np.array([[300, 200], [640, 200], [640, 480], [300, 480]], np.float32)))

    assert over.to_bytes() == cut.to_bytes()


@pytest.fixture(scope="module")
def features(package):
    return describe(package, whole(package))


class TestBytes:
    def test_round_trip_changes_nothing(self, features):
        again = LogoFeatures.from_bytes(features.to_bytes())

        assert again.method == features.method
        assert again.part == features.part
        for name in ("points", "local", "vector", "parts"):
            assert np.array_equal(getattr(again, name), getattr(features, name))
        assert again.to_bytes() == features.to_bytes()

    def test_size_is_as_documented(self, features):
        assert len(features.to_bytes()) == 33 + 2 * D_GLOBAL * (1 + len(features.parts)) + len(features) * (6 + D_LOCAL)

    def test_no_points_round_trip(self):
        empty = LogoFeatures(
            METHOD, np.zeros((0, 4), np.float32), np.zeros((0, D_LOCAL), np.uint8), np.zeros(D_GLOBAL, np.float32)
        )

        assert len(LogoFeatures.from_bytes(empty.to_bytes())) == 0

    def test_every_truncation_is_refused(self, features):
        data = features.to_bytes()
        for length in [0, 3, 4, 20, 30, 31, len(data) // 2, len(data) - 5, len(data) - 1]:
            with pytest.raises(ForensicsError, match="packed") as refused:
                LogoFeatures.from_bytes(data[:length])
            assert refused.value.code == "damaged_features"

    def test_a_changed_byte_anywhere_is_refused(self, features):
        data = features.to_bytes()
        for place in np.random.default_rng(3).integers(0, len(data), 200).tolist():
            damaged = bytearray(data)
            damaged[place] ^= 0x10
            with pytest.raises(ForensicsError):
                LogoFeatures.from_bytes(bytes(damaged))

    def test_bytes_of_another_format_say_what_to_do(self, features):
        import struct
        import zlib

        body = bytearray(features.to_bytes()[:-4])
        body[4] = 99
        with pytest.raises(ForensicsError, match="reindex") as refused:
            LogoFeatures.from_bytes(bytes(body) + struct.pack("<I", zlib.crc32(body)))
        assert refused.value.code == "unknown_format"
