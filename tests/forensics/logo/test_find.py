import numpy as np
import pytest

from forensics.logo import FindParams, find_regions
from tests.forensics.logo.designs import design, ground, photo, placed, through, warped

SIDE = 240
CORNERS = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], float)


def covered(region, corners):
    """Part of the design's outline that the region covers, and of the region that it fills."""
    import cv2

    outline = corners.astype(np.float32)
    shared, _ = cv2.intersectConvexConvex(region.polygon, outline)
    return shared / cv2.contourArea(outline), shared / max(cv2.contourArea(region.polygon), 1)


@pytest.mark.parametrize("degrees", [0, 20, 45, 70, 200])
def test_a_stamped_design_is_found_at_any_rotation(degrees):
    matrix = placed(degrees, 0.7, (600, 400))
    package = photo(warped(design(2), matrix, ground(3, 1200, 900)))

    cover = np.array([covered(region, through(matrix, CORNERS)) for region in find_regions(package)])

    assert ((cover[:, 0] > 0.7) & (cover[:, 1] > 0.4)).any()


def test_several_designs_are_found_apart():
    matrices = [placed(20, 0.6, (250, 250)), placed(-50, 0.7, (900, 300)), placed(100, 0.6, (600, 700))]
    pixels = ground(4, 1200, 900)
    for number, matrix in enumerate(matrices):
        pixels = warped(design(number), matrix, pixels)

    regions = find_regions(photo(pixels))

    for matrix in matrices:
        cover = np.array([covered(region, through(matrix, CORNERS)) for region in regions])
        assert ((cover[:, 0] > 0.6) & (cover[:, 1] > 0.3)).any()


def test_regions_lie_on_the_photograph_best_first_and_no_more_than_asked_for():
    package = photo(warped(design(5), placed(10, 1.5, (580, 60)), ground(5, 640, 480)))

    regions = find_regions(package, params=FindParams(most=5))

    assert 0 < len(regions) <= 5
    assert [region.score for region in regions] == sorted((region.score for region in regions), reverse=True)
    for region in regions:
        left, top, right, bottom = region.box
        assert 0 <= left < right <= package.width
        assert 0 <= top < bottom <= package.height
        assert region.found_by == "finder"
        assert 0 <= region.score <= 1


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (200, 300)])
def test_nothing_is_found_where_there_is_nothing(shape):
    assert find_regions(photo(np.full((*shape, 3), 200, np.uint8))) == ()
