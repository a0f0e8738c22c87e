"""When two comparisons are of the same pair, so that what was decided of one holds for the other.

Two marks are one pair whichever of them was asked with. Regions that the program found overlap, and show the same mark
more than once: for them, any two of the same two photographs are one pair. A region that a person drew is meant by
itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, and_, col, or_, select

from indexer.records import Comparison, FoundBy, Mark


@dataclass(frozen=True, slots=True)
class Between:
    """The stored comparisons between one photograph and others, from either side.

    Attributes
    ----------
    rows : dict of frozenset of UUID to list of Comparison
        Oldest first, by the two photographs.
    drawn : frozenset of UUID
        Of their marks, those that a person drew.
    """

    rows: dict[frozenset[UUID], list[Comparison]]
    drawn: frozenset[UUID]

    def same_pair(self, query: Mark, reference: Mark) -> list[Comparison]:
        """Return the comparisons of the same pair of marks, those of exactly these two first."""
        these = {query.id, reference.id}
        of_both = self.rows.get(frozenset((query.photograph_id, reference.photograph_id)), [])
        exact = [row for row in of_both if {row.query_mark_id, row.reference_mark_id} == these]
        if FoundBy.PERSON in (query.found_by, reference.found_by):
            return exact
        return exact + [
            row
            for row in of_both
            if {row.query_mark_id, row.reference_mark_id} != these
            and row.query_mark_id not in self.drawn
            and row.reference_mark_id not in self.drawn
        ]


def between(session: Session, photograph_id: UUID, others: Collection[UUID]) -> Between:
    """Read the stored comparisons between a photograph and some others.

    Parameters
    ----------
    session : Session
        The session.
    photograph_id : UUID
        The one.
    others : collection of UUID
        The others.

    Returns
    -------
    Between
        Asked with either of them.
    """
    rows = session.exec(
        select(Comparison)
        .options(defer(col(Comparison.detail)))  # type: ignore[arg-type]
        .where(
            or_(
                and_(
                    col(Comparison.query_photograph_id) == photograph_id,
                    col(Comparison.reference_photograph_id).in_(others),
                ),
                and_(
                    col(Comparison.reference_photograph_id) == photograph_id,
                    col(Comparison.query_photograph_id).in_(others),
                ),
            )
        )
        .order_by(col(Comparison.id))
    ).all()
    by_photographs: dict[frozenset[UUID], list[Comparison]] = {}
    for row in rows:
        by_photographs.setdefault(frozenset((row.query_photograph_id, row.reference_photograph_id)), []).append(row)
    return Between(
        by_photographs, _drawn(session, {key for row in rows for key in (row.query_mark_id, row.reference_mark_id)})
    )


def _drawn(session: Session, mark_ids: Iterable[UUID]) -> frozenset[UUID]:
    return frozenset(
        session.exec(select(Mark.id).where(col(Mark.id).in_(mark_ids), Mark.found_by == FoundBy.PERSON)).all()
    )
