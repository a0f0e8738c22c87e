"""Search: with a photograph or a mark that is here, or with a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from forensics.errors import RegionRefused
from indexer import ingest, marks
from indexer.errors import Refused
from indexer.hits import Hit, SearchParams, search_mark, search_photograph
from indexer.records import PhotographState, Purpose
from indexer.removal import remove_photograph

if TYPE_CHECKING:
    from indexer.memory import Memory

__all__ = ["Found", "Hit", "SearchParams", "describe_query", "search_file", "search_mark", "search_photograph"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search with a file found.

    Attributes
    ----------
    photograph_id : UUID
        The photograph that was asked with.
    mark_id : UUID or None
        The region that was asked with, if one was drawn.
    already_known : bool
        Whether the same bytes were here before.
    hits : list of Hit
        Best first.
    """

    photograph_id: UUID
    mark_id: UUID | None
    already_known: bool
    hits: list[Hit]


def search_file(
    memory: Memory,
    data: bytes,
    *,
    file_name: str,
    polygon: Sequence[Sequence[float]] | None = None,
    drawn_by_id: UUID | None = None,
    limit: int = 20,
    params: SearchParams | None = None,
) -> Found:
    """Search with a file: it is kept as a photograph that was asked with, described at once, and not indexed.

    Parameters
    ----------
    memory : Memory
        The installation.
    data : bytes
        The file, as it came.
    file_name : str
        What it was called.
    polygon : sequence of (x, y), optional
        The region to search with; by default all that are found, and the whole. One that a person drew before is
        taken again.
    drawn_by_id : UUID, optional
        Who drew it.
    limit : int
        The most hits returned.
    params : SearchParams, optional
        Settings.

    Returns
    -------
    Found
        The photograph and its hits.

    Raises
    ------
    PhotoRefused
        It is no photograph that can be kept.
    RegionRefused
        The polygon is no region of it.
    Refused
        ``not_described``: it could not be described.
    """
    accepted = describe_query(memory, data, file_name=file_name)
    if polygon is None:
        hits = search_photograph(memory, accepted.photograph_id, limit=limit, params=params)
        return Found(accepted.photograph_id, None, accepted.already_known, hits)
    try:
        mark = marks.drawn(memory, accepted.photograph_id, polygon) or marks.draw(
            memory, accepted.photograph_id, polygon, drawn_by_id=drawn_by_id
        )
    except RegionRefused:
        if not accepted.already_known:
            remove_photograph(memory, accepted.photograph_id)
        raise
    hits = search_mark(memory, mark.id, limit=limit, params=params)
    return Found(accepted.photograph_id, mark.id, accepted.already_known, hits)


def describe_query(memory: Memory, data: bytes, *, file_name: str) -> ingest.Accepted:
    """Keep a file as a photograph that is asked with, and describe it at once.

    Parameters
    ----------
    memory : Memory
        The installation.
    data : bytes
        The file, as it came.
    file_name : str
        What it was called.

    Returns
    -------
    Accepted
        It is described, and can be searched with.

    Raises
    ------
    PhotoRefused
        It is no photograph that can be kept.
    Refused
        ``not_described``: it could not be described.
    """
    accepted = ingest.accept(memory, data, file_name=file_name, purpose=Purpose.QUERY)
    photograph = ingest.describe_now(memory, accepted.photograph_id)
    if photograph.state is not PhotographState.READY:
        raise Refused(
            "not_described",
            expected="a photograph that can be described",
            found=f"one that could not be: {photograph.failure}",
            hint="Search with it again, or save it anew from another program and search with that.",
        )
    return accepted
