"""Which other seizures the marks of one were compared with, through the best comparison of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import aliased, defer
from sqlmodel import col, or_, select

from forensics.logo import METHOD
from indexer import listing, seizures
from indexer.listing import SeizureRow
from indexer.memory import Memory
from indexer.records import Comparison, Mark, Photograph, Status


@dataclass(frozen=True, slots=True)
class Match:
    """Another seizure, and the best comparison between the two.

    Attributes
    ----------
    seizure : SeizureRow
        The other one.
    comparison_id : UUID
        The best comparison, from whichever side it was made.
    score : float
        Of that comparison.
    status : Status
        Of that comparison.
    own_mark, other_mark : Mark
        The two marks.
    comparisons : int
        How many pairs of marks of the two seizures were found alike.
    """

    seizure: SeizureRow
    comparison_id: UUID
    score: float
    status: Status
    own_mark: Mark
    other_mark: Mark
    comparisons: int


def list_matches(memory: Memory, seizure_id: UUID, *, limit: int = 50) -> list[Match]:
    """List the seizures whose marks are like those of one.

    Stages: 1. every comparison between its photographs and those of others, from either side; 2. the best for each
    other seizure; 3. the records to show.

    Parameters
    ----------
    memory : Memory
        The installation.
    seizure_id : UUID
        Which.
    limit : int
        The most others.

    Returns
    -------
    list of Match
        Best first; those whose best comparison was refuted come last.

    Raises
    ------
    NotFound
        There is no such seizure.
    """
    asker, answer = aliased(Photograph), aliased(Photograph)
    with memory.reading() as session:
        seizures.get(session, seizure_id)
        # 1.
        found = session.exec(
            select(Comparison, asker.seizure_id, answer.seizure_id)
            .join(asker, col(Comparison.query_photograph_id) == asker.id)
            .join(answer, col(Comparison.reference_photograph_id) == answer.id)
            .where(
                or_(asker.seizure_id == seizure_id, answer.seizure_id == seizure_id),
                asker.seizure_id != answer.seizure_id,
                or_(col(Comparison.method) == METHOD, col(Comparison.status) != Status.CANDIDATE),
            )
            .options(defer(Comparison.detail))  # type: ignore[arg-type]  # sqlmodel types a column by its value
        ).all()
        # 2.
        pairs: dict[UUID, set[tuple[UUID, UUID]]] = defaultdict(set)
        best: dict[UUID, _Best] = {}
        for row, query_seizure, reference_seizure in found:
            own_asks = query_seizure == seizure_id
            other = reference_seizure if own_asks else query_seizure
            sides = row.query_mark_id, row.reference_mark_id
            own, others = sides if own_asks else sides[::-1]
            if other is None:
                continue
            pairs[other].add((own, others))
            # Of a pair compared from both sides, the one made from here is shown.
            one = _Best((row.status is not Status.REFUTED, row.score, own_asks), row.id, row.status, own, others)
            if other not in best or one.rank > best[other].rank:
                best[other] = one
        ranked = sorted(best.items(), key=lambda item: item[1].rank, reverse=True)[:limit]
        # 3.
        rows = listing.seizure_rows(session, [other for other, _ in ranked])
        keys = [key for _, one in ranked for key in (one.own_mark, one.other_mark)]
        marks = {mark.id: mark for mark in session.exec(select(Mark).where(col(Mark.id).in_(keys))).all()}
    return [
        Match(
            rows[other],
            one.comparison_id,
            one.rank[1],
            one.status,
            marks[one.own_mark],
            marks[one.other_mark],
            len(pairs[other]),
        )
        for other, one in ranked
    ]


@dataclass(frozen=True, slots=True)
class _Best:
    rank: tuple[bool, float, bool]
    comparison_id: UUID
    status: Status
    own_mark: UUID
    other_mark: UUID
