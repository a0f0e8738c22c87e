import cv2
import numpy as np

from forensics.logo.features import D_LOCAL
from forensics.logo.fit_projection import fit, samples
from forensics.logo.rootsift import MIRRORED, _projection, compact, mirrored, rootsift
from tests.forensics.logo.designs import design


def both_ways():
    """Descriptors of the points of a design, and of the same points in its mirror picture."""
    grey = cv2.cvtColor(design(1), cv2.COLOR_RGB2GRAY)
    sift = cv2.SIFT.create()
    points, straight = sift.detectAndCompute(grey, None)
    turned = [cv2.KeyPoint(239 - p.pt[0], p.pt[1], p.size, (180 - p.angle) % 360, p.response, p.octave) for p in points]
    _, flipped = sift.compute(np.ascontiguousarray(grey[:, ::-1]), turned)
    return rootsift(straight), rootsift(flipped)


def test_the_order_that_mirrors_a_descriptor_is_that_of_the_mirrored_picture():
    straight, flipped = both_ways()

    apart = np.median(np.linalg.norm(straight[:, MIRRORED] - flipped, axis=1))

    assert apart < 0.25 * np.median(np.linalg.norm(straight - flipped, axis=1))


def test_compact_descriptors_mirror_by_signs():
    straight, _ = both_ways()

    by_signs = mirrored(compact(straight, gain=200.0)).astype(int)
    by_order = compact(straight[:, MIRRORED], gain=200.0).astype(int)

    # A byte of 0 stands for -128, which has no mirror image.
    assert np.abs(by_signs - by_order).max() <= 2


def test_axes_are_orthonormal_and_each_even_or_odd():
    fitted = _projection()

    assert fitted["axes"].shape == (D_LOCAL, 128)
    assert np.allclose(fitted["axes"] @ fitted["axes"].T, np.eye(D_LOCAL), atol=1e-5)
    assert np.allclose(fitted["axes"][:, MIRRORED], fitted["axes"] * fitted["mirror"][:, None], atol=1e-5)


def test_the_shipped_projection_is_what_the_script_fits():
    fitted, shipped = fit(samples()), _projection()

    assert np.allclose(fitted["spread"], shipped["spread"], rtol=0.02)
    # The space that the axes span; two of nearly equal spread may be turned within it.
    kept = np.linalg.norm(fitted["axes"] @ shipped["axes"].T, axis=1)
    assert kept.min() > 0.9


def test_distances_survive_the_bytes():
    straight, _ = both_ways()
    nearest_before = ((straight[:, None] - straight[None]) ** 2).sum(axis=2) + 9 * np.eye(len(straight))
    packed = compact(straight, gain=200.0).astype(float)
    nearest_after = ((packed[:, None] - packed[None]) ** 2).sum(axis=2) + 1e9 * np.eye(len(straight))

    rank = np.argsort(np.argsort(nearest_after, axis=1), axis=1)[
        np.arange(len(straight)), nearest_before.argmin(axis=1)
    ]

    assert np.median(rank) == 0
    assert (rank < 5).mean() > 0.8
