"""Which earlier marks are worth a full comparison: votes of local descriptors, and the global vector.

What an index must know of the layout is in :func:`entries`, :func:`numbers_of` and :func:`id_range`. In the spaces a
mark takes 8 + :data:`~forensics.logo.D_LOCAL` bytes for each of its points and 8 + 2 :data:`~forensics.logo.D_GLOBAL`
bytes for its global vector. The points of a part of a photograph are held once, with the
whole; and no more of them than :data:`INDEXED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forensics.logo import LogoFeatures

NUMBER_SHIFT = 32
"""A local id is ``number << 32 | row``."""

INDEXED = 500
"""The most points of a mark that are in the space, and that vote: the best. A full comparison looks at them all."""


class Searchable(Protocol):
    """The part of a vector space that the shortlist needs."""

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return squared distances or inner products and ids, each of shape (N, k), best first; id -1 for none."""
        ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Entries:
    """What one described mark puts into the two vector spaces.

    Attributes
    ----------
    local_ids : ndarray of shape (N,), int64
        For the space "logo.local". All lie in :func:`id_range` of the mark's number.
    local_vectors : ndarray of shape (N, D_LOCAL), float32
        Bytes as numbers, 0 to 255: an 8-bit store loses nothing. Squared Euclidean metric.
    vector : ndarray of shape (1, D_GLOBAL), float32
        For the space "logo.vector", under the mark's number itself. Inner product metric.
    """

    local_ids: NDArray[np.int64]
    local_vectors: NDArray[np.float32]
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mark worth a full comparison, and why.

    Attributes
    ----------
    number : int
        The number of the mark's features.
    score : float
        Higher is likelier. Only for ranking the candidates of one query.
    votes : float
        What its local descriptors contributed.
    alike : float
        Inner product of the global vectors, where it was among the nearest; 0 otherwise.
    """

    number: int
    score: float
    votes: float
    alike: float


@dataclass(frozen=True, slots=True)
class ShortlistParams:
    """What :func:`shortlist` can be set to.

    Attributes
    ----------
    neighbours : int
        Nearest descriptors looked at for each point of the query (5 to 200). The farthest of them stands for a chance
        likeness, which the others must beat to have a vote.
    power : float
        A vote is worth how much nearer it is than chance, to this power (1 to 3): above 1, one striking likeness
        outweighs many faint ones.
    alike : float
        What a place among the nearest global vectors is worth (0 to 2), against the same place by votes.
    flat : int
        Places are worth 1 / (flat + place), from 1 (1 to 100): the more, the less the first ones stand out.
    most : int
        The most candidates returned (1 to 1,000).
    """

    neighbours: int = 20
    power: float = 2.0
    alike: float = 0.5
    flat: int = 10
    most: int = 70


def entries(number: int, features: LogoFeatures) -> Entries:
    """Return what a mark puts into the vector spaces.

    Parameters
    ----------
    number : int
        The mark's number, from 1 to 2**31 - 1.
    features : LogoFeatures
        The described mark.

    Returns
    -------
    Entries
        Ids and vectors for both spaces; the same for the same features, so that they can be removed by it.
    """
    held = features.local[: 0 if features.part else INDEXED]
    ids = np.int64(number) << NUMBER_SHIFT | np.arange(len(held), dtype=np.int64)
    return Entries(ids, held.astype(np.float32), features.vector[None].astype(np.float32))


def id_range(number: int) -> tuple[int, int]:
    """Return the half-open range of local ids that a mark may have: everything of the mark, to remove it."""
    return number << NUMBER_SHIFT, (number + 1) << NUMBER_SHIFT


def numbers_of(local_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the marks that local ids belong to."""
    return local_ids >> NUMBER_SHIFT


def shortlist(
    query: LogoFeatures,
    local: Searchable,
    vector: Searchable,
    *,
    chance: NDArray[np.float32] | None = None,
    params: ShortlistParams = ShortlistParams(),
) -> list[Candidate]:
    """Rank the marks that are worth a full comparison with the query.

    Stages:

    1. The nearest descriptors of every point of the query. The farthest of them stands for chance (after McCann and
       Lowe, CVPR 2012): a point of which there are many alike has no say; nor has one that unrelated photographs show.
    2. One vote of each point for each mark, and one vote for each point of a mark, so that repeated texture counts once
       (after Jegou, Douze and Schmid, CVPR 2009).
    3. The nearest global vectors, of the whole and of its parts, which alone find marks of few points.
    4. Both rankings together, by places (reciprocal rank fusion, after Cormack, Clarke and Buettcher, SIGIR 2009).

    Parameters
    ----------
    query : LogoFeatures
        The described query.
    local, vector : Searchable
        The spaces "logo.local" (squared Euclidean) and "logo.vector" (inner product).
    chance : ndarray of shape (N,), float32, optional
        How near unrelated photographs come to each point of the query; see :class:`forensics.logo.Typical`.
    params : ShortlistParams
        Settings.

    Returns
    -------
    list of Candidate
        Best first; empty where nothing is stored or the query has no content.
    """
    votes = _votes(query, local, chance, params)
    alike = _alike(query, vector, params)
    # 4. Together.
    score: dict[int, float] = {}
    for found, worth in ((votes, 1.0), (alike, params.alike)):
        ranked = sorted(found, key=lambda number: (-found[number], number))
        for place, number in enumerate(ranked[: params.most], start=1):
            score[number] = score.get(number, 0.0) + worth / (params.flat + place)
    best = sorted(score, key=lambda number: (-score[number], number))[: params.most]
    return [Candidate(number, score[number], votes.get(number, 0.0), alike.get(number, 0.0)) for number in best]


def _votes(
    query: LogoFeatures, local: Searchable, chance: NDArray[np.float32] | None, params: ShortlistParams
) -> dict[int, float]:
    """Sum the votes for each mark."""
    if not len(query) or not len(local):
        return {}
    # 1. Nearest, and chance.
    asked = query.local[:INDEXED].astype(np.float32)
    squared, ids = local.search(asked, min(params.neighbours + 1, len(local)))
    distance = np.sqrt(np.where(ids < 0, 0, squared))
    farthest = distance.max(axis=1)
    if chance is not None:
        farthest = np.minimum(farthest, chance[:INDEXED])
    gain = np.maximum(farthest[:, None] - distance, 0) ** params.power
    rows, places = np.nonzero((ids >= 0) & (gain > 0))
    ids, gain = ids[rows, places], gain[rows, places]
    # 2. The greatest of a point for a mark, then the greatest for a point of a mark.
    order = np.argsort(-gain, kind="stable")
    rows, ids, gain = rows[order], ids[order], gain[order]
    first = np.unique(np.column_stack([rows, numbers_of(ids)]), axis=0, return_index=True)[1]
    first = first[np.argsort(first)]
    ids, gain = ids[first], gain[first]
    first = np.unique(ids, return_index=True)[1]
    numbers, place = np.unique(numbers_of(ids[first]), return_inverse=True)
    return dict(zip(numbers.tolist(), np.bincount(place, gain[first]).tolist(), strict=True))


def _alike(query: LogoFeatures, vector: Searchable, params: ShortlistParams) -> dict[int, float]:
    """Return the marks of the nearest global vectors, each with its best inner product."""
    # 3. Nearest as a whole, and by parts.
    asked = query.vectors[query.vectors.any(axis=1)]
    if not params.alike or not len(vector) or not len(asked):
        return {}
    products, ids = vector.search(asked, min(params.most, len(vector)))
    best: dict[int, float] = {}
    for number, product in zip(ids.ravel().tolist(), products.ravel().tolist(), strict=True):
        if number >= 0:
            best[number] = max(product, best.get(number, product))
    return best
