"""What a vector space must do, whichever engine is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

IdRange = tuple[int, int]
"""Ids from the first to before the second."""

Metric = Literal["squared_euclidean", "inner_product"]


class VectorsRefused(ValueError):
    """Vectors or ids that a space does not take."""


class SpaceUnusable(Exception):
    """A saved space that cannot be believed; the message says why. It is to be built again from the database."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saved space must be found to be, to be believed.

    Attributes
    ----------
    sha256 : str
        Of the file.
    rows : int
        How many vectors are in it.
    """

    sha256: str
    rows: int


class VectorSpace(Protocol):
    """Vectors under integer ids, found by nearness. Every method may be called from any thread."""

    metric: Metric
    dimension: int

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.generic]) -> None:
        """Add vectors. An id that is already there is replaced.

        Raises
        ------
        VectorsRefused
            A wrong shape or type, a value that is not finite or that the space cannot hold, an id twice or negative.
            Nothing is added then.
        """
        ...

    def remove(self, ids: NDArray[np.int64]) -> int:
        """Remove ids; those that are not there are no error. Returns how many were."""
        ...

    def remove_ranges(self, ranges: Sequence[IdRange]) -> int:
        """Remove every id in the ranges. Returns how many there were."""
        ...

    def search(
        self, vectors: NDArray[np.generic], k: int, *, exclude: Sequence[IdRange] = ()
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Find the nearest.

        Parameters
        ----------
        vectors : ndarray of shape (N, dimension)
            What to look for.
        k : int
            How many to find for each.
        exclude : sequence of IdRange
            Ids that must not be found.

        Returns
        -------
        values : ndarray of shape (N, k), float32
            Squared distances (smaller first) or inner products (larger first); infinite, or minus infinite, where
            there are fewer than k.
        ids : ndarray of shape (N, k), int64
            -1 where there are fewer than k.
        """
        ...

    def count(self, ranges: Sequence[IdRange]) -> int:
        """Return how many ids lie in the ranges."""
        ...

    def ids(self) -> NDArray[np.int64]:
        """Return every id, ascending."""
        ...

    def __len__(self) -> int: ...

    def settle(self) -> None:
        """Wait for what is done aside after changes; searches and changes need not."""
        ...

    def save(self, path: Path) -> Saved:
        """Write everything to a file, durably."""
        ...

    def load(self, path: Path, saved: Saved) -> None:
        """Take everything from a file in place of what is held; raises SpaceUnusable and then holds what it held."""
        ...


class Excluding:
    """A vector space seen without some ids, for a search that must not find the asker itself.

    Parameters
    ----------
    space : VectorSpace
        The space.
    exclude : sequence of IdRange
        What is not to be found in it.
    """

    def __init__(self, space: VectorSpace, exclude: Sequence[IdRange]) -> None:
        self._space = space
        self._exclude = tuple(exclude)

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Find the nearest of the others."""
        return self._space.search(vectors, k, exclude=self._exclude)

    def __len__(self) -> int:
        return len(self._space) - self._space.count(self._exclude)
