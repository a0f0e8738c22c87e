"""Answers that take from several places: hits with their seizures and chemistry, a seizure with its matches."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from api import present
from api.schemas.chemistry import ChemistryScore
from api.schemas.comparisons import Comparison, HitList
from api.schemas.seizures import Seizure
from indexer import chemistry, common_designs, hits, listing, matches, search
from indexer.hits import Hit
from indexer.listing import ComparisonView, PhotographRow
from indexer.memory import Memory


def hits_of_photograph(memory: Memory, photograph: PhotographRow, *, limit: int) -> HitList:
    """Search with a photograph.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph : PhotographRow
        The one to search with.
    limit : int
        The most hits.

    Returns
    -------
    HitList
        Best first; none while the photograph waits to be described.
    """
    return _hit_list(memory, photograph, hits.search_photograph(memory, photograph.record.id, limit=limit))


def hits_of_mark(memory: Memory, mark_id: UUID, photograph: PhotographRow, *, limit: int) -> HitList:
    """Search with one mark of a photograph.

    Parameters
    ----------
    memory : Memory
        The installation.
    mark_id : UUID
        The mark.
    photograph : PhotographRow
        That it is on.
    limit : int
        The most hits.

    Returns
    -------
    HitList
        Best first.
    """
    return _hit_list(memory, photograph, hits.search_mark(memory, mark_id, limit=limit))


def hits_of_file(
    memory: Memory, data: bytes, *, file_name: str, polygon: Sequence[tuple[float, float]] | None, limit: int
) -> HitList:
    """Search with a file that is no exhibit.

    Parameters
    ----------
    memory : Memory
        The installation.
    data : bytes
        The file.
    file_name : str
        What it was called.
    polygon : sequence of (x, y) or None
        The region to search with; None for all that are found.
    limit : int
        The most hits.

    Returns
    -------
    HitList
        Best first.
    """
    found = search.search_file(memory, data, file_name=file_name, polygon=polygon, limit=limit)
    return _hit_list(memory, listing.get_photograph(memory, found.photograph_id), found.hits)


def comparison(memory: Memory, view: ComparisonView) -> Comparison:
    """Show a comparison with the chemistry of both seizures.

    Parameters
    ----------
    memory : Memory
        The installation.
    view : ComparisonView
        Both sides.

    Returns
    -------
    Comparison
        The answer.
    """
    query, reference = view.query_seizure, view.reference_seizure
    of_both = (
        chemistry.compare_seizures(memory, query.record.id, reference.record.id)
        if query and reference and query.record.id != reference.record.id
        else None
    )
    spread = common_designs.spread(memory, view.record.query_photograph_id).get(view.record.id)
    return present.comparison(view, of_both, spread)


def seizure(memory: Memory, seizure_id: UUID) -> Seizure:
    """Show a seizure with all that belongs to it, and the seizures that its marks lead to.

    Parameters
    ----------
    memory : Memory
        The installation.
    seizure_id : UUID
        Which.

    Returns
    -------
    Seizure
        The answer.

    Raises
    ------
    NotFound
        There is no such seizure.
    """
    row, photographs = listing.get_seizure(memory, seizure_id)
    return present.seizure(
        row,
        photographs,
        [present.profile(stored) for stored in chemistry.profiles(memory, seizure_id)],
        [
            present.seizure_match(match, _chemistry(memory, seizure_id, match.seizure.record.id))
            for match in matches.list_matches(memory, seizure_id)
        ],
    )


def _hit_list(memory: Memory, query: PhotographRow, found: Sequence[Hit]) -> HitList:
    of_hits = listing.get_seizure_rows(memory, {hit.seizure.id for hit in found if hit.seizure})
    scores = {other: _chemistry(memory, query.record.seizure_id, other) for other in of_hits}
    spread = common_designs.spread(memory, query.record.id)
    return HitList(
        query=present.photograph(query),
        items=[
            present.hit(
                hit,
                of_hits.get(hit.seizure.id) if hit.seizure else None,
                scores.get(hit.seizure.id) if hit.seizure else None,
                spread.get(hit.comparison.id),
            )
            for hit in found
        ],
    )


def _chemistry(memory: Memory, one: UUID | None, other: UUID) -> ChemistryScore | None:
    if one is None or one == other:
        return None
    return present.chemistry_score(chemistry.compare_seizures(memory, one, other))
