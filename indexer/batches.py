"""Long lists of keys, a part at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

KEYS_AT_A_TIME = 1000
"""Databases have a limit to the values of one query."""


def some_at_a_time(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give the keys in parts, each so long that it fits into one query.

    Parameters
    ----------
    keys : sequence
        Of any length.

    Yields
    ------
    sequence
        The next of them, in order.
    """
    for at in range(0, len(keys), KEYS_AT_A_TIME):
        yield keys[at : at + KEYS_AT_A_TIME]
