"""When two comparisons are of the same pair, so that what was decided of one holds for the other."""

from __future__ import annotations

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select

from indexer.records import Comparison, FoundBy, Mark


def comparisons(session: Session, query: Mark, reference: Mark) -> list[Comparison]:
    """Return the stored comparisons of the same pair of marks, from either side.

    Two marks are one pair whichever of them was asked with. Regions that the program found overlap, and show the same
    mark more than once: for them, any two of the same two photographs are one pair. A region that a person drew is
    meant by itself.

    Parameters
    ----------
    session : Session
        The session.
    query, reference : Mark
        The pair.

    Returns
    -------
    list of Comparison
        Those of exactly these marks first.
    """
    first, second = aliased(Mark), aliased(Mark)
    rows = session.exec(
        select(Comparison, first.found_by, second.found_by)
        .join(first, col(Comparison.query_mark_id) == first.id)
        .join(second, col(Comparison.reference_mark_id) == second.id)
        .where(
            or_(
                and_(
                    col(Comparison.query_photograph_id) == query.photograph_id,
                    col(Comparison.reference_photograph_id) == reference.photograph_id,
                ),
                and_(
                    col(Comparison.query_photograph_id) == reference.photograph_id,
                    col(Comparison.reference_photograph_id) == query.photograph_id,
                ),
            )
        )
        .order_by(col(Comparison.id))
    ).all()
    these = {query.id, reference.id}
    exact = [row for row, _, _ in rows if {row.query_mark_id, row.reference_mark_id} == these]
    if FoundBy.PERSON in (query.found_by, reference.found_by):
        return exact
    return exact + [row for row, *found_by in rows if row not in exact and FoundBy.PERSON not in found_by]
