"""The examiner decides: candidate, under review, then confirmed, refuted or inconclusive, each with its reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session, col, select

from indexer import pairs, regions
from indexer.errors import NotFound, Refused
from indexer.records import Comparison, Decision, Status, User

if TYPE_CHECKING:
    from indexer.memory import Memory


def decide(memory: Memory, comparison_id: UUID, *, user_id: UUID, outcome: Status, reason: str) -> Decision:
    """Record a decision. It is of the pair of marks: the same pair seen from the other side has the status too.

    Parameters
    ----------
    memory : Memory
        The installation.
    comparison_id : UUID
        The comparison that was looked at.
    user_id : UUID
        Who decides.
    outcome : Status
        Anything but *candidate*.
    reason : str
        Why. Only *under review* needs none.

    Returns
    -------
    Decision
        The new record; earlier decisions stay.

    Raises
    ------
    NotFound
        There is no such comparison or user.
    Refused
        ``reason_missing``, or ``not_an_outcome``.
    """
    if outcome is Status.CANDIDATE:
        raise Refused(
            "not_an_outcome",
            expected="under_review, confirmed, refuted or inconclusive",
            found="candidate, which every comparison is before anybody looks",
            hint="Say inconclusive where it cannot be told.",
        )
    if outcome is not Status.UNDER_REVIEW and not reason.strip():
        raise Refused(
            "reason_missing",
            expected=f"a reason why it is {outcome}",
            found="none",
            hint="Write down what agrees, or what does not.",
        )
    with memory.writing() as session:
        comparison = get(session, comparison_id)
        if session.get(User, user_id) is None:
            raise NotFound("user", user_id)
        decision = Decision(comparison_id=comparison_id, user_id=user_id, outcome=outcome, reason=reason.strip())
        session.add(decision)
        for row in _same_pair(session, comparison):
            row.status = outcome
            session.add(row)
    return decision


def decisions(memory: Memory, comparison_id: UUID) -> list[Decision]:
    """Return every decision on the pair that a comparison is of, oldest first.

    Raises
    ------
    NotFound
        There is no such comparison.
    """
    with memory.reading() as session:
        same = [row.id for row in _same_pair(session, get(session, comparison_id))]
        return list(
            session.exec(select(Decision).where(col(Decision.comparison_id).in_(same)).order_by(col(Decision.id))).all()
        )


def latest(memory: Memory, comparison_ids: Collection[UUID]) -> dict[UUID, tuple[Decision, str]]:
    """Return the last decision on the pair that each of some comparisons is of.

    Parameters
    ----------
    memory : Memory
        The installation.
    comparison_ids : collection of UUID
        Which. Candidates are passed over: nobody has decided on them.

    Returns
    -------
    dict of UUID to (Decision, str)
        For each comparison whose pair was decided on, the decision and the name of who made it.
    """
    found: dict[UUID, tuple[Decision, str]] = {}
    with memory.reading() as session:
        decided = session.exec(
            select(Comparison).where(col(Comparison.id).in_(comparison_ids), col(Comparison.status) != Status.CANDIDATE)
        ).all()
        for comparison in decided:
            same = [row.id for row in _same_pair(session, comparison)]
            last = session.exec(
                select(Decision, User.display_name)
                .join(User, col(User.id) == col(Decision.user_id))
                .where(col(Decision.comparison_id).in_(same))
                .order_by(col(Decision.id).desc())
            ).first()
            if last is not None:
                found[comparison.id] = last
    return found


def get(session: Session, comparison_id: UUID) -> Comparison:
    """Return a comparison; raises NotFound."""
    comparison = session.get(Comparison, comparison_id)
    if comparison is None:
        raise NotFound("comparison", comparison_id)
    return comparison


def _same_pair(session: Session, comparison: Comparison) -> list[Comparison]:
    query = regions.get(session, comparison.query_mark_id)
    reference = regions.get(session, comparison.reference_mark_id)
    return pairs.between(session, query.photograph_id, [reference.photograph_id]).same_pair(query, reference)
