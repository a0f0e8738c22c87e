"""Two described regions compared."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.comparison import Comparison, NoComparison
from forensics.logo.features import METHOD, LogoFeatures
from forensics.logo.rootsift import mirrored as mirrored_local


@dataclass(frozen=True, slots=True)
class CompareParams:
    """What :func:`compare` can be set to.

    Attributes
    ----------
    ratio : float
        Largest ratio of nearest to second nearest distance of a tentative match (0.6 to 0.95).
    tolerance : float
        Distance in pixels of the reference within which a point agrees with the transform (1 to 20).
    least_points : int
        A geometry from fewer points than this proves nothing (4 to 10).
    mirrored : bool
        Also compare with the query turned over, at twice the time.
    """

    ratio: float = 0.85
    tolerance: float = 6.0
    least_points: int = 4
    mirrored: bool = False


def compare(
    query: LogoFeatures, reference: LogoFeatures, *, params: CompareParams = CompareParams()
) -> Comparison | NoComparison:
    """Compare two described regions.

    Stages:

    1. Tentative matches: nearest descriptors, both ways, that pass the ratio test.
    2. The affine transform that most of them agree on.
    3. A score of several measurements.

    Parameters
    ----------
    query, reference : LogoFeatures
        Two described regions.
    params : CompareParams
        Settings.

    Returns
    -------
    Comparison or NoComparison
        NoComparison, with its reason, where either has too few points to compare.
    """
    if query.method != reference.method:
        return NoComparison(METHOD, f"described by {query.method} and {reference.method}", "Run cachet reindex.")
    for name, features in (("query", query), ("reference", reference)):
        if len(features) < params.least_points:
            reason = f"the {name} has {len(features)} points; a comparison takes {params.least_points} or more"
            return NoComparison(METHOD, reason, "Photograph the mark from nearer, in focus, with light from the side.")
    straight = _compare(query, query.local, reference, mirrored=False, params=params)
    if not params.mirrored:
        return straight
    turned = _compare(query, mirrored_local(query.local), reference, mirrored=True, params=params)
    return turned if turned.score > straight.score else straight


def _compare(
    query: LogoFeatures, local: NDArray[np.uint8], reference: LogoFeatures, *, mirrored: bool, params: CompareParams
) -> Comparison:
    # 1. Tentative matches.
    a, b = local.astype(np.float32), reference.local.astype(np.float32)
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None] - 2 * a @ b.T
    nearest = squares.argmin(axis=1)
    best = np.sqrt(np.maximum(squares[np.arange(len(a)), nearest], 0))
    second = np.sqrt(np.maximum(np.partition(squares, 1, axis=1)[:, 1], 0))
    both = squares.argmin(axis=0)[nearest] == np.arange(len(a))
    rows = np.flatnonzero(both & (best <= params.ratio * second))
    measured = {"tentative": float(len(rows)), "inliers": 0.0, "global": float(query.vector @ reference.vector)}
    empty = Comparison(METHOD, 0.0, measured, mirrored=mirrored)
    if len(rows) < params.least_points:
        return empty
    # 2. Geometry.
    here, there = query.points[rows, :2], reference.points[nearest[rows], :2]
    affine, kept = cv2.estimateAffine2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=params.tolerance, maxIters=500, confidence=0.99
    )
    if affine is None or int(kept.sum()) < params.least_points:
        return empty
    agree = kept.ravel().astype(bool)
    # 3. Score.
    measured["inliers"] = float(agree.sum())
    measured["inlier_ratio"] = float(agree.mean())
    closeness = 1 - best[rows][agree] / np.maximum(second[rows][agree], 1e-6)
    score = float(agree.sum() * np.sqrt(agree.mean()) + closeness.sum())
    transform = np.vstack([affine, [0, 0, 1]]).astype(np.float64)
    return Comparison(METHOD, score, measured, here[agree], there[agree], transform, mirrored)
