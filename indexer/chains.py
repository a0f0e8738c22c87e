"""The photograph that a hit was found through, with its comparisons to both sides: what a page shows of a chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import col, select

from forensics.logo import METHOD
from indexer.hits import Hit
from indexer.records import Comparison, Photograph, Seizure, Status

if TYPE_CHECKING:
    from indexer.memory import Memory


@dataclass(frozen=True, slots=True)
class Chain:
    """What links a query with a hit.

    Attributes
    ----------
    photograph : Photograph
        The one between them: both agree with it.
    seizure : Seizure or None
        What it belongs to.
    query_comparison_id, reference_comparison_id : UUID
        Its best comparison with the query, and with the hit.
    """

    photograph: Photograph
    seizure: Seizure | None
    query_comparison_id: UUID
    reference_comparison_id: UUID


def chains(memory: Memory, found: Sequence[Hit]) -> dict[UUID, Chain]:
    """Read what some hits were found through.

    Parameters
    ----------
    memory : Memory
        The installation.
    found : sequence of Hit
        Of one search or several.

    Returns
    -------
    dict of UUID to Chain
        By the comparison of the hit. Hits that stand for themselves have none; nor have those that were refuted, or
        whose link was deleted or refuted since.
    """
    linked = [hit for hit in found if hit.through is not None and hit.comparison.status is not Status.REFUTED]
    if not linked:
        return {}
    middles = {hit.through for hit in linked if hit.through}
    asked, answered = col(Comparison.query_photograph_id), col(Comparison.reference_photograph_id)
    keys = middles | {key for hit in linked for key in _ends(hit)}
    with memory.reading() as session:
        rows = session.exec(
            select(asked, answered, Comparison.id)
            .where(
                asked.in_(keys),
                answered.in_(keys),
                Comparison.method == METHOD,
                col(Comparison.status) != Status.REFUTED,
            )
            .order_by(col(Comparison.score))
        ).all()
        photographs = {
            row.id: row for row in session.exec(select(Photograph).where(col(Photograph.id).in_(middles))).all()
        }
        owners = {row.seizure_id for row in photographs.values() if row.seizure_id}
        seizures = {row.id: row for row in session.exec(select(Seizure).where(col(Seizure.id).in_(owners))).all()}
    # The best comes last; of a pair compared from both sides, the one asked for.
    best = {(one, other): key for one, other, key in rows}
    best = {(other, one): key for (one, other), key in best.items()} | best
    made = {}
    for hit in linked:
        query, reference = _ends(hit)
        middle = photographs.get(hit.through) if hit.through else None
        if middle is None:
            continue
        to_query, to_reference = best.get((query, middle.id)), best.get((middle.id, reference))
        if to_query and to_reference:
            owner = seizures.get(middle.seizure_id) if middle.seizure_id else None
            made[hit.comparison.id] = Chain(middle, owner, to_query, to_reference)
    return made


def _ends(hit: Hit) -> tuple[UUID, UUID]:
    return hit.comparison.query_photograph_id, hit.comparison.reference_photograph_id
