import numpy as np
import pytest

from forensics.logo import CompareParams, describe, whole
from forensics.logo import compare as compare_features
from tests.forensics.logo.designs import design, ground, photo, placed, through, warped

SIDE = 240


def described(pixels):
    picture = photo(pixels)
    return describe(picture, whole(picture))


def tilted(strength):
    """A view from the side: the design's right edge is farther away."""
    from cv2 import getPerspectiveTransform

    corners = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
    near = np.array([[200, 120], [430, 120 + strength], [430, 360 - strength], [200, 360]], np.float32)
    return getPerspectiveTransform(corners, near)


VIEWS = {
    "turned 37 degrees": placed(37, 1.0, (320, 240)),
    "turned 160 degrees": placed(160, 1.0, (320, 240)),
    "turned 270 degrees": placed(270, 1.0, (320, 240)),
    "half size": placed(15, 0.5, (200, 300)),
    "larger": placed(-80, 1.6, (320, 240)),
    "tilted": tilted(30),
}


@pytest.mark.parametrize("view", VIEWS, ids=str)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_finds_the_design_in_any_view_and_says_where(view, number):
    matrix = VIEWS[view]
    result = compare_features(
        described(warped(design(number), matrix, ground(number, 640, 480))), described(design(number))
    )

    assert result
    assert result.score > 3
    assert result.measurements["inliers"] == len(result.query_points) == len(result.reference_points) >= 8
    # The transform takes the photograph's pixels back onto the design's.
    assert result.transform is not None
    inside = np.random.default_rng(0).uniform(60, 180, (100, 2))
    error = np.linalg.norm(through(result.transform, through(matrix, inside)) - inside, axis=1)
    # An affine transform cannot follow the perspective of the tilted view wholly.
    assert np.median(error) < (8 if view == "tilted" else 2)
    # The points that agree are those of the design.
    gap = np.linalg.norm(through(np.linalg.inv(matrix), result.query_points) - result.reference_points, axis=1)
    assert np.median(gap) < 2


def test_related_score_above_unrelated():
    numbers = range(8)
    designs = {number: described(design(number)) for number in numbers}
    chance = np.random.default_rng(5)
    related, unrelated = [], []
    for number in numbers:
        view = placed(float(chance.uniform(0, 360)), float(chance.uniform(0.5, 1.2)), (320, 240))
        seen = described(warped(design(number), view, ground(number + 50, 640, 480)))
        for other, reference in designs.items():
            result = compare_features(seen, reference)
            assert result
            (related if other == number else unrelated).append(result.score)

    assert min(related) > 3 * max(unrelated)


def test_a_part_of_a_design_is_enough():
    half = design(4)[:, :130]
    result = compare_features(
        described(warped(half, placed(20, 1, (300, 250)), ground(4, 640, 480))), described(design(4))
    )

    assert result
    assert result.score > 3


def test_a_mirrored_print_is_found_only_when_asked_for_and_said_to_be():
    matrix = placed(25, 1.0, (320, 240))
    seen = described(warped(design(6)[:, ::-1], matrix, ground(6, 640, 480)))
    reference = described(design(6))

    straight = compare_features(seen, reference)
    turned = compare_features(seen, reference, params=CompareParams(mirrored=True))

    assert straight
    assert turned
    assert not straight.mirrored
    assert turned.mirrored
    assert turned.score > 3 > straight.score
    # Points and transform are in the pixels of the photograph as it is.
    flip = np.array([[-1.0, 0, SIDE - 1], [0, 1, 0], [0, 0, 1]])
    gap = np.linalg.norm(through(flip @ np.linalg.inv(matrix), turned.query_points) - turned.reference_points, axis=1)
    assert np.median(gap) < 2
    assert turned.transform is not None
    assert np.linalg.det(turned.transform) < 0
    error = np.linalg.norm(through(turned.transform, turned.query_points) - turned.reference_points, axis=1)
    assert np.median(error) < 2


def test_mirroring_asked_for_leaves_a_straight_print_as_it_is():
    seen, reference = described(design(7)), described(design(7))

    asked = compare_features(seen, reference, params=CompareParams(mirrored=True))

    assert asked
    assert not asked.mirrored
    assert asked.score == compare_features(seen, reference).score


def test_nothing_to_compare_is_said_with_a_reason():
    blank = described(np.full((200, 200, 3), 90, np.uint8))
    for query, reference, name in [(blank, described(design(1)), "query"), (described(design(1)), blank, "reference")]:
        result = compare_features(query, reference)

        assert not result
        assert result.reason.startswith(f"the {name} has 0 points")
        assert result.hint


def test_features_of_another_method_do_not_compare():
    from dataclasses import replace

    one = described(design(1))

    result = compare_features(one, replace(one, method="logo/0"))

    assert not result
    assert "logo/0" in result.reason


def test_one_point_agrees_with_one_point():
    # A motif that repeats has many likenesses, and still each point may agree with one other only.
    tile = design(3, 80)
    wall = described(np.tile(tile, (3, 3, 1)))

    result = compare_features(wall, described(np.tile(tile, (2, 2, 1))))

    assert result
    for points in (result.query_points, result.reference_points):
        # A place may hold two points that differ in orientation or scale.
        assert np.unique(points, axis=0, return_counts=True)[1].max() <= 3


def test_measurements_are_in_their_ranges():
    result = compare_features(described(design(2)), described(design(2)))

    assert result
    for name in ("thickness", "dense_query", "dense_reference", "cover_query", "cover_reference"):
        assert 0 <= result.measurements[name] <= 1
    assert result.measurements["tentative"] <= CompareParams().most_matches
    assert result.measurements["weight"] <= CompareParams().second_margin * result.measurements["inliers"]
    assert result.measurements["stretch"] >= 1
    assert result.measurements["global"] == pytest.approx(1, abs=0.01)
