"""Answers that take from several places: hits with their seizures and chemistry, a seizure with its matches."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from api import present
from api.schemas.chemistry import ChemistryScore
from api.schemas.comparisons import Comparison, Hit, HitList, JointHitList
from api.schemas.photographs import Refusal
from api.schemas.seizures import Seizure
from indexer import chemistry, common_designs, hits, listing, matches, review, search, together
from indexer.chains import chains
from indexer.hits import Hit as Found
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
    memory: Memory,
    data: bytes,
    *,
    file_name: str,
    polygon: Sequence[tuple[float, float]] | None,
    drawn_by_id: UUID,
    limit: int,
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
    drawn_by_id : UUID
        Who drew it.
    limit : int
        The most hits.

    Returns
    -------
    HitList
        Best first.
    """
    found = search.search_file(memory, data, file_name=file_name, polygon=polygon, drawn_by_id=drawn_by_id, limit=limit)
    return _hit_list(memory, listing.get_photograph(memory, found.photograph_id), found.hits)


def hits_together(
    memory: Memory, photograph_ids: Sequence[UUID], *, refused: Sequence[Refusal] = (), limit: int
) -> JointHitList:
    """Search with several photographs of one mark.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_ids : sequence of UUID
        The photographs.
    refused : sequence of Refusal
        Files that came with them and are none.
    limit : int
        The most hits.

    Returns
    -------
    JointHitList
        Best first.

    Raises
    ------
    NotFound
        There is no such photograph.
    """
    found = together.search_together(memory, photograph_ids, limit=limit)
    queries = listing.get_photographs(memory, list(dict.fromkeys(photograph_ids)))
    shown: dict[UUID, Hit] = {}
    for query in queries:
        own = [pair for hit in found for pair in hit.pairs if pair.query_mark.photograph_id == query.record.id]
        shown |= {hit.comparison_id: hit for hit in _hits(memory, query, own)}
    of_hits = listing.get_seizure_rows(memory, {hit.seizure.id for hit in found if hit.seizure})
    return JointHitList(
        queries=[present.photograph(query) for query in queries],
        refused=list(refused),
        items=[
            present.joint_hit(
                hit,
                of_hits.get(hit.seizure.id) if hit.seizure else None,
                [shown[pair.comparison.id] for pair in hit.pairs],
            )
            for hit in found
        ],
    )


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
    found = matches.list_matches(memory, seizure_id)
    decided = review.latest(memory, [match.comparison_id for match in found])
    return present.seizure(
        row,
        photographs,
        [present.profile(stored) for stored in chemistry.profiles(memory, seizure_id)],
        [
            present.seizure_match(
                match, _chemistry(memory, seizure_id, match.seizure.record.id), decided.get(match.comparison_id)
            )
            for match in found
        ],
    )


def _hit_list(memory: Memory, query: PhotographRow, found: Sequence[Found]) -> HitList:
    return HitList(query=present.photograph(query), items=_hits(memory, query, found))


def _hits(memory: Memory, query: PhotographRow, found: Sequence[Found]) -> list[Hit]:
    of_hits = listing.get_seizure_rows(memory, {hit.seizure.id for hit in found if hit.seizure})
    scores = {other: _chemistry(memory, query.record.seizure_id, other) for other in of_hits}
    spread = common_designs.spread(memory, query.record.id)
    decided = review.latest(memory, [hit.comparison.id for hit in found])
    linked = chains(memory, found)
    return [
        present.hit(
            hit,
            of_hits.get(hit.seizure.id) if hit.seizure else None,
            scores.get(hit.seizure.id) if hit.seizure else None,
            spread.get(hit.comparison.id),
            decided.get(hit.comparison.id),
            linked.get(hit.comparison.id),
        )
        for hit in found
    ]


def _chemistry(memory: Memory, one: UUID | None, other: UUID) -> ChemistryScore | None:
    if one is None or one == other:
        return None
    return present.chemistry_score(chemistry.compare_seizures(memory, one, other))
