"""Two described regions compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forensics.comparison import Comparison, NoComparison
from forensics.logo.features import METHOD, LogoFeatures
from forensics.logo.rootsift import mirrored as mirrored_local
from forensics.logo.weighing import weigh


@dataclass(frozen=True, slots=True)
class CompareParams:
    """What :func:`compare` can be set to.

    Attributes
    ----------
    background : int
        The how-manieth nearest point of the reference is taken for a chance likeness (2 to 20). Above the number of
        times that a letter or a motif repeats on a mark.
    margin : float
        A tentative match is nearer than this part of the chance likeness (0.7 to 1).
    typical : float
        A point is typical where unrelated photographs come nearer to it than this part of the chance likeness within
        the reference (0.5 to 1): rulers and captions are far below it. Chance alone brings a tenth of many photographs
        near to any point, and that is not held against it.
    nearest : int
        Tentative matches of one point of the query (1 to 3): a motif that repeats has more than one candidate.
    most_matches : int
        The most tentative matches that are looked at, the most telling first (30 to 400). Time grows with its square.
    reach : float
        Part of the reference's extent by which two matches may disagree on where a point lies (0.005 to 0.05).
    bend : float
        The same, as a part of the distance between the two points (0.05 to 0.4): perspective and wrinkles.
    octaves : float
        By how much two matches may disagree on the change of scale, as a power of two (0.4 to 1.5).
    turn : float
        By how much they may disagree on the rotation, radians (0.2 to 1).
    tolerance : float
        Part of the reference's extent within which a point agrees with the fitted transform (0.004 to 0.03).
    stretch : float
        A transform that stretches one way more than this against the other is no view of a mark (2 to 6).
    hypotheses : int
        How many of the best supported matches a transform is fitted from (1 to 10).
    least_points : int
        An agreement of fewer points than this gives no transform (3 to 10).
    second_reach : float
        In the second look, part of the reference's extent within which a point is looked for where the transform puts
        it (0.01 to 0.05). More than ``tolerance``: the first fit rests on few points.
    second_margin : float
        In the second look a match is nearer than this part of the chance likeness (0.9 to 1.3). Above 1, since few
        points lie where it is looked for, so that a faint likeness there says more.
    second_octaves, second_turn : float
        By how much a point's scale (as a power of two) and rotation may differ there from what the transform says
        (0.3 to 1; 0.2 to 1 radian).
    transforms : int
        From how many of the transforms fitted first the second look is taken (1 to 5).
    thin : float
        Agreeing points that spread across by less than this part of their spread along (0 to 0.5) lie on a line, which
        tells little of a geometry: rulers and edges. Their score shrinks in proportion. Words spread by more.
    mirrored : bool
        Also compare with the query turned over, at twice the time.
    mirrored_margin : float
        Only what scores higher by this (0 to 5) turned over is called mirrored: many designs are nearly symmetric.
    """

    background: int = 5
    margin: float = 0.95
    typical: float = 0.65
    nearest: int = 2
    most_matches: int = 150
    reach: float = 0.015
    bend: float = 0.25
    octaves: float = 1.0
    turn: float = 0.6
    tolerance: float = 0.012
    stretch: float = 3.0
    hypotheses: int = 8
    least_points: int = 3
    second_reach: float = 0.02
    second_margin: float = 1.1
    second_octaves: float = 0.7
    second_turn: float = 0.5
    transforms: int = 3
    thin: float = 0.12
    mirrored: bool = False
    mirrored_margin: float = 1.0


@dataclass(frozen=True, slots=True)
class _Matches:
    """Tentative matches, most telling first: rows of both, and weight from 0 (chance) to 1 (the same)."""

    query: NDArray[np.intp]
    reference: NDArray[np.intp]
    weight: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How far apart all points are: squared, dealt into parts (see :func:`_squared`).

    And how far by chance: within the reference, and what unrelated photographs come to, where that is known.
    """

    squared: NDArray[np.float32]
    within: NDArray[np.float32]
    unrelated: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class _Agreement:
    """Rows of the matches that agree, their weight, and the affine transform (2 x 3) where there is one."""

    rows: NDArray[np.intp]
    weight: float
    affine: NDArray[np.float64] | None


def compare(
    query: LogoFeatures,
    reference: LogoFeatures,
    *,
    chance: NDArray[np.float32] | None = None,
    params: CompareParams = CompareParams(),
) -> Comparison | NoComparison:
    """Compare two described regions.

    Stages:

    1. Tentative matches: each point of the query with its nearest of the reference, weighted by how much nearer they
       are than a chance likeness, which is how near its fifth nearest is (after McCann and Lowe, CVPR 2012), or, for
       what is typical, how near unrelated photographs come to it.
    2. Every match, by the scale and orientation of its two points, proposes a similarity; its support is the weight of
       the matches that agree with it (after Philbin et al., CVPR 2007, with no random choice).
    3. From the best supported: the affine transform of least squares, and the matches that agree with it, one to one;
       twice.
    4. A second look: under the best of these transforms every point of the query is looked for where it should be;
       what repeats on a mark, and was no tentative match for that, counts now. The transform is fitted once more.
    5. The score: several measurements of this agreement, weighed as :mod:`forensics.logo.weighing` learnt from known
       matches and known non-matches.

    Parameters
    ----------
    query, reference : LogoFeatures
        Two described regions.
    chance : ndarray of shape (N,), float32, optional
        How near unrelated photographs come to each point of the query; see :class:`Typical`.
    params : CompareParams
        Settings.

    Returns
    -------
    Comparison or NoComparison
        NoComparison, with its reason, where either has too few points to compare. The measurements: ``tentative``
        (matches looked at), ``first`` (weight of those that agree at first), ``inliers`` (points that agree at the
        second look), ``weight`` (theirs), ``thickness`` (how far they spread across, as a part of how far along),
        ``cover_query`` and ``cover_reference`` (part of the extent of all points that they span), ``dense_query`` and
        ``dense_reference`` (their part of the points there), ``stretch`` and ``zoom`` of the transform (the first as a
        ratio, the second in octaves), ``points_query`` and ``points_reference`` (how many there are), and ``global``
        (inner product of the two most alike global vectors of regions).
    """
    if query.method != reference.method:
        return NoComparison(METHOD, f"described by {query.method} and {reference.method}", "Run cachet reindex.")
    least = params.least_points + 1
    for name, features in (("query", query), ("reference", reference)):
        if len(features) < least:
            reason = f"the {name} has {len(features)} points; a comparison takes {least} or more"
            return NoComparison(METHOD, reason, "Photograph the mark from nearer, in focus, with light from the side.")
    straight = _compare(query, reference, chance, params)
    if not params.mirrored:
        return straight
    turned = _compare(turned_over(query), reference, chance, params)
    if turned.score <= straight.score + params.mirrored_margin:
        return straight
    # The mirrored query's pixels have x counted backwards.
    back = np.diag([-1.0, 1.0, 1.0])
    return replace(
        turned,
        mirrored=True,
        query_points=turned.query_points * np.array([-1, 1], np.float32),
        transform=None if turned.transform is None else turned.transform @ back,
    )


def turned_over(features: LogoFeatures) -> LogoFeatures:
    """Return the features of the mirrored picture, x counted backwards from 0: to find prints of the other side.

    It has no global vectors: what the network makes of a mirrored picture is not known from what it made of this one.
    """
    points = features.points * np.array([-1, 1, 1, 1], np.float32)
    points[:, 3] = (np.pi - features.points[:, 3]) % (2 * np.pi)
    none = np.zeros_like(features.vector)
    return replace(features, points=points, local=mirrored_local(features.local), vector=none, parts=none[None][:0])


def _compare(
    query: LogoFeatures, reference: LogoFeatures, chance: NDArray[np.float32] | None, params: CompareParams
) -> Comparison:
    # 1. Tentative matches.
    matches, likeness = _tentative(query, reference, chance, params)
    # 2. Support of every match's similarity.
    here, there = query.points[matches.query], reference.points[matches.reference]
    agreeing = _support(here, there, params)
    support = agreeing @ matches.weight
    # 3. Affine transforms from the best supported.
    extent = float(np.ptp(reference.points[:, :2], axis=0).max())
    found: list[_Agreement] = []
    tried: set[bytes] = set()
    for row in np.argsort(-support, kind="stable")[: params.hypotheses]:
        # Matches that agree with each other propose the same again and again.
        if (key := agreeing[row].tobytes()) not in tried:
            tried.add(key)
            found.append(_refined(here, there, matches, agreeing[row], extent, params))
    found.sort(key=lambda agreement: -agreement.weight)
    # 4. A second look.
    best, affine, seen = matches, None, 0.0
    chosen: list[NDArray[np.float64]] = []
    for agreement in found:
        if agreement.affine is None or any(np.allclose(agreement.affine, other) for other in chosen):
            continue
        chosen.append(agreement.affine)
        looked, fitted = _second_look(query, reference, likeness, agreement.affine, extent, params)
        weight = _telling(reference, looked, params)
        if affine is None or weight > seen:
            best, affine, seen = looked, fitted, weight
        if len(chosen) == params.transforms:
            break
    if affine is None:
        best = _Matches(matches.query[:0], matches.reference[:0], matches.weight[:0])
    here, there = query.points[best.query], reference.points[best.reference]
    measurements = {
        "tentative": float(len(matches.query)),
        "first": found[0].weight if found else 0.0,
        "inliers": float(len(best.query)),
        "weight": seen,
        "thickness": _thickness(there[:, :2]),
        "cover_query": _cover(here, query.points),
        "cover_reference": _cover(there, reference.points),
        "dense_query": _dense(here, query.points),
        "dense_reference": _dense(there, reference.points),
        "points_query": float(len(query)),
        "points_reference": float(len(reference)),
        "global": float((query.vectors @ reference.vectors.T).max()),
        **_shape(affine),
    }
    # 5. Score.
    transform = None if affine is None else np.vstack([affine, [0.0, 0.0, 1.0]])
    return Comparison(METHOD, weigh(measurements), measurements, here[:, :2], there[:, :2], transform)


def _tentative(
    query: LogoFeatures, reference: LogoFeatures, chance: NDArray[np.float32] | None, params: CompareParams
) -> tuple[_Matches, _Likeness]:
    # The reference's points are dealt out into parts; nearest of each part, sorted: far quicker than sorting them all.
    parts = min(params.background + 3, len(reference))
    squared = _squared(query.local, reference.local, parts)
    nearest = np.ascontiguousarray(squared.min(axis=1).T)
    by_distance = nearest.argsort(axis=1)
    distance = np.sqrt(np.take_along_axis(nearest, by_distance, axis=1)).T
    by_distance = by_distance.T
    within = distance[min(params.background, parts - 1)]
    background = within if chance is None else np.where(_typical(chance, within, params), chance, within)
    weight = np.maximum(params.margin - (distance[: params.nearest] + 1) / (background + 1), 0)
    places, rows = np.nonzero(weight > 0)
    order = np.argsort(-weight[places, rows], kind="stable")[: params.most_matches]
    places, rows = places[order], rows[order]
    part_of = by_distance[places, rows]
    columns = squared[part_of, :, rows].argmin(axis=1) * parts + part_of
    return _Matches(rows, columns, weight[places, rows].astype(np.float32)), _Likeness(squared, within, chance)


def _typical(unrelated: NDArray[np.float32], within: NDArray[np.float32], params: CompareParams) -> NDArray[np.bool_]:
    """Say which points unrelated photographs show, too."""
    return np.asarray(unrelated < params.typical * within)


def _squared(ours: NDArray[np.uint8], theirs: NDArray[np.uint8], parts: int) -> NDArray[np.float32]:
    """Return squared distances, shape (parts, rows a part, N): row r of part p is the reference's point r parts + p.

    One product gives them whole: of (-2 x, |x|^2, 1) and (y, 1, |y|^2). Every number on the way is whole and below
    2^24, so that single precision is exact.
    """
    count, width = theirs.shape
    rows = -(-count // parts)
    left = np.zeros((rows * parts, width + 2), np.float32)
    left[:count, :width] = theirs
    left[:, width] = 1
    left[:count, width + 1] = np.einsum("ij,ij->i", left[:count, :width], left[:count, :width])
    # Where the last row of a part is not filled, nothing is near.
    left[count:, width + 1] = 2.0**23
    right = np.empty((width + 2, len(ours)), np.float32)
    right[:width] = ours.T
    right[width] = np.einsum("ij,ij->j", right[:width], right[:width])
    right[:width] *= -2
    right[width + 1] = 1
    dealt = left.reshape(rows, parts, width + 2).swapaxes(0, 1).reshape(rows * parts, width + 2)
    return (dealt @ right).reshape(parts, rows, -1)


def _support(here: NDArray[np.float32], there: NDArray[np.float32], params: CompareParams) -> NDArray[np.bool_]:
    """Which matches (columns) agree with the similarity that each match (row) proposes."""
    z = (here[:, 0] + 1j * here[:, 1]).astype(np.complex64)
    y = (there[:, 0] + 1j * there[:, 1]).astype(np.complex64)
    # Reference to query: times the change of scale, and turned.
    change = ((here[:, 2] / there[:, 2]) * np.exp(1j * (here[:, 3] - there[:, 3]))).astype(np.complex64)
    step = change[:, None] * (y[None] - y[:, None])
    gap = np.abs(z[:, None] + step - z[None])
    reach = params.reach * (float(np.ptp(here[:, :2], axis=0).max()) if len(here) else 0.0)
    size = np.log2(np.abs(change))
    angle = np.angle(change)
    apart = np.abs(angle[:, None] - angle[None])
    return np.asarray(
        (gap < reach + params.bend * np.abs(step))
        & (np.abs(size[:, None] - size[None]) < params.octaves)
        & (np.minimum(apart, 2 * np.pi - apart) < params.turn)
    )


def _refined(
    here: NDArray[np.float32],
    there: NDArray[np.float32],
    matches: _Matches,
    agreeing: NDArray[np.bool_],
    extent: float,
    params: CompareParams,
) -> _Agreement:
    rows = _one_to_one(matches, np.flatnonzero(agreeing))
    affine = None
    for _ in range(2):
        if len(rows) < params.least_points:
            break
        fitted = _affine(here[rows], there[rows], matches.weight[rows])
        (a, b), (c, d) = fitted[:, :2].tolist()
        # The two singular values, by their product and the sum of their squares.
        product, squares = a * d - b * c, a * a + b * b + c * c + d * d
        greater = (squares + max(squares * squares - 4 * product * product, 0.0) ** 0.5) / 2
        if product <= 0 or greater > params.stretch * product:
            break
        affine = fitted
        zoom = product**0.5
        apart = here[:, :2] @ affine[:, :2].T + affine[:, 2] - there[:, :2]
        reach = params.tolerance * extent * min(max(zoom, 0.3), 1.0) + there[:, 2] / 16
        near = np.einsum("ij,ij->i", apart, apart) < reach**2
        sized = np.abs(np.log2(there[:, 2] / (here[:, 2] * zoom))) < params.octaves
        rows = _one_to_one(matches, np.flatnonzero(near & sized))
    if len(rows) < params.least_points:
        affine = None
    return _Agreement(rows, float(matches.weight[rows].sum()), affine)


def _second_look(
    query: LogoFeatures,
    reference: LogoFeatures,
    likeness: _Likeness,
    affine: NDArray[np.float64],
    extent: float,
    params: CompareParams,
) -> tuple[_Matches, NDArray[np.float64]]:
    """Match every point of the query with what lies where the transform puts it; fit again, and once more."""
    parts = len(likeness.squared)
    there = reference.points
    for _ in range(2):
        linear = affine[:, :2]
        zoom = float(np.sqrt(np.linalg.det(linear)))
        turn = np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1])
        put = (query.points[:, :2] @ linear.T + affine[:, 2]).astype(np.float32)
        reach = np.float32(params.second_reach * extent * min(max(zoom, 0.3), 1.0)) + there[:, 2] / 8
        rows, columns = _within_reach(put, there, reach)
        here = query.points[columns]
        off = (there[rows, 3] - here[:, 3] - np.float32(turn) + np.float32(np.pi)) % np.float32(2 * np.pi)
        fits = np.abs(off - np.float32(np.pi)) < params.second_turn
        fits &= np.abs(np.log2(there[rows, 2] / (here[:, 2] * np.float32(zoom)))) < params.second_octaves
        rows, columns = rows[fits], columns[fits]
        distance = np.sqrt(likeness.squared[rows % parts, rows // parts, columns])
        weight = params.second_margin - (distance + 1) / (likeness.within[columns] + 1)
        if likeness.unrelated is not None:
            # What is typical says nothing, wherever it is looked for.
            unrelated = likeness.unrelated[columns]
            capped = np.minimum(weight, params.margin - (distance + 1) / (unrelated + 1))
            weight = np.where(_typical(unrelated, likeness.within[columns], params), capped, weight)
        some = np.flatnonzero(weight > 0)
        order = some[np.argsort(-weight[some], kind="stable")]
        found = _Matches(columns[order], rows[order], weight[order].astype(np.float32))
        kept = _one_to_one(found, np.arange(len(order)))
        found = _Matches(found.query[kept], found.reference[kept], found.weight[kept])
        if len(kept) < params.least_points:
            break
        fitted = _affine(query.points[found.query], there[found.reference], found.weight)
        shape = _shape(fitted)
        if not np.isfinite(fitted).all() or np.linalg.det(fitted[:, :2]) <= 0 or shape["stretch"] > params.stretch:
            break
        affine = fitted
    return found, affine


def _within_reach(
    put: NDArray[np.float32], there: NDArray[np.float32], reach: NDArray[np.floating]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of a point there (rows) and one put (columns) that are, either way, no further apart than reach.

    By sorting: most of all pairs are far apart, and are never looked at.
    """
    order = np.argsort(put[:, 0], kind="stable")
    sorted_x = put[order, 0]
    first = np.searchsorted(sorted_x, there[:, 0] - reach)
    counts = np.searchsorted(sorted_x, there[:, 0] + reach, side="right") - first
    rows = np.repeat(np.arange(len(there)), counts)
    columns = order[np.arange(len(rows)) + np.repeat(first - np.cumsum(counts) + counts, counts)]
    near = np.abs(put[columns, 1] - there[rows, 1]) < reach[rows]
    return rows[near], columns[near]


def _telling(reference: LogoFeatures, matches: _Matches, params: CompareParams) -> float:
    """Return the weight of matches, less where they lie on a line."""
    thickness = _thickness(reference.points[matches.reference, :2])
    return float(matches.weight.sum()) * (min(1.0, thickness / params.thin) if params.thin else 1.0)


def _shape(affine: NDArray[np.float64] | None) -> dict[str, float]:
    """Return how an affine transform stretches (as a ratio, 1 or more) and enlarges (in octaves)."""
    if affine is None or not np.isfinite(affine).all():
        return {"stretch": 1.0, "zoom": 0.0}
    greater, less = np.linalg.svd(affine[:, :2], compute_uv=False).tolist()
    less = max(less, 1e-9)
    return {"stretch": max(greater, 1e-9) / less, "zoom": float(np.log2(max(greater * less, 1e-18)) / 2)}


def _dense(some: NDArray[np.float32], every: NDArray[np.float32]) -> float:
    """Return how many of the points in the upright box around some points these are, 0 to 1."""
    if len(some) < 3:
        return 0.0
    low, high = some[:, :2].min(axis=0), some[:, :2].max(axis=0)
    return len(some) / max(int(((every[:, :2] >= low) & (every[:, :2] <= high)).all(axis=1).sum()), 1)


def _one_to_one(matches: _Matches, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Keep the most telling match of every point; rows are in that order."""
    for side in (matches.query, matches.reference):
        # Written backwards, what stays of several is the first.
        first = np.empty(int(side.max(initial=-1)) + 1, np.intp)
        first[side[rows[::-1]]] = rows[::-1]
        rows = rows[first[side[rows]] == rows]
    return rows


def _affine(here: NDArray[np.float32], there: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the affine transform, shape (2, 3), of weighted least squares."""
    # About the weighted middles, so that the normal equations are two by two and well conditioned.
    share = weight / weight.sum(dtype=np.float64)
    x, y = here[:, :2].astype(np.float64), there[:, :2].astype(np.float64)
    middle, target = share @ x, share @ y
    x, y = x - middle, y - target
    (p, q), (_, r) = ((x * share[:, None]).T @ x).tolist()
    product = (x * share[:, None]).T @ y
    determinant = p * r - q * q
    if determinant <= 1e-12 * (p + r) ** 2:
        # On one line: nothing tells how it is stretched across.
        return np.full((2, 3), np.nan)
    linear = (np.array([[r, -q], [-q, p]]) @ product / determinant).T
    return np.column_stack([linear, target - linear @ middle])


def _thickness(places: NDArray[np.float32]) -> float:
    """Return the spread of places across their main direction as a part of the spread along it; 0 for fewer than 3."""
    if len(places) < 3:
        return 0.0
    along, across = np.linalg.svd(places.astype(np.float64) - places.mean(axis=0), compute_uv=False)
    return float(across / along) if along > 0 else 0.0


def _cover(some: NDArray[np.float32], every: NDArray[np.float32]) -> float:
    """Return the part of the extent of all points that some of them span, 0 to 1: the root of the ratio of areas."""
    if len(some) < 2:
        return 0.0
    sides = np.ptp(some[:, :2], axis=0) / np.maximum(np.ptp(every[:, :2], axis=0), 1e-6)
    return float(np.sqrt(sides.prod()))
