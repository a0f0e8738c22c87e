"""Which earlier marks are worth a full comparison: votes of local descriptors, and the global vector.

The id of a local vector carries where its point lies, so that votes can be held to one geometry without fetching any
features. What an index must do is in :func:`entries`, :func:`numbers_of` and :func:`id_range`; nothing else of the
layout is for others to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forensics.logo import LogoFeatures

NUMBER_SHIFT = 32
"""A local id is ``number << 32 | geometry << 12 | row``."""


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
        Nearest descriptors looked at for each point of the query (5 to 500); the farthest of them is the background
        that the others must beat.
    most : int
        The most candidates returned (1 to 1,000).
    """

    neighbours: int = 50
    most: int = 60


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
    rows = np.arange(len(features), dtype=np.int64)
    ids = np.int64(number) << NUMBER_SHIFT | rows
    return Entries(ids, features.local.astype(np.float32), features.vector[None].astype(np.float32))


def id_range(number: int) -> tuple[int, int]:
    """Return the half-open range of local ids that a mark may have: everything of the mark, to remove it."""
    return number << NUMBER_SHIFT, (number + 1) << NUMBER_SHIFT


def numbers_of(local_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the marks that local ids belong to."""
    return local_ids >> NUMBER_SHIFT


def shortlist(
    query: LogoFeatures, local: Searchable, vector: Searchable, *, params: ShortlistParams = ShortlistParams()
) -> list[Candidate]:
    """Rank the marks that are worth a full comparison with the query.

    Parameters
    ----------
    query : LogoFeatures
        The described query.
    local, vector : Searchable
        The spaces "logo.local" (squared Euclidean) and "logo.vector" (inner product).
    params : ShortlistParams
        Settings.

    Returns
    -------
    list of Candidate
        Best first; empty where nothing is stored or the query has no content.
    """
    votes: dict[int, float] = {}
    if len(query) and len(local):
        squared, ids = local.search(query.local.astype(np.float32), min(params.neighbours, len(local)))
        distance = np.sqrt(np.maximum(squared, 0))
        for row in range(len(ids)):
            seen: set[int] = set()
            for number, gap in zip(
                numbers_of(ids[row]).tolist(), (distance[row, -1] - distance[row]).tolist(), strict=True
            ):
                if number >= 0 and number not in seen:
                    seen.add(number)
                    votes[number] = votes.get(number, 0.0) + gap
    alike: dict[int, float] = {}
    if len(vector):
        products, ids = vector.search(query.vector[None].astype(np.float32), min(params.most, len(vector)))
        alike = {
            number: value for number, value in zip(ids[0].tolist(), products[0].tolist(), strict=True) if number >= 0
        }
    largest = max(votes.values(), default=1.0) or 1.0
    found = [
        Candidate(
            number,
            votes.get(number, 0.0) / largest + 0.1 * alike.get(number, 0.0),
            votes.get(number, 0.0),
            alike.get(number, 0.0),
        )
        for number in votes.keys() | alike.keys()
    ]
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.number))[: params.most]
