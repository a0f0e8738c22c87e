"""Marks and their features as rows, written and deleted within somebody's transaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from indexer.errors import NotFound
from indexer.records import Change, Mark, MarkFeatures, Photograph, Purpose, journal
from indexer.tasks import DescribedRegion


def get(session: Session, mark_id: UUID) -> Mark:
    """Return a mark; raises NotFound."""
    mark = session.get(Mark, mark_id)
    if mark is None:
        raise NotFound("mark", mark_id)
    return mark


def add_features(session: Session, photograph: Photograph, mark: Mark, described: DescribedRegion) -> None:
    """Store what was seen in a mark, and have the index follow where its photograph is to be found."""
    session.add(mark)
    session.flush()
    features = MarkFeatures(mark_id=mark.id, method=described.method, data=described.features)
    session.add(features)
    session.flush()
    if photograph.purpose is Purpose.EXHIBIT:
        journal.note(session, Change.ADDED, [row_number(features)])


def row_number(features: MarkFeatures) -> int:
    """Return the number that the database gave to a row of features."""
    if features.number is None:
        raise ValueError("expected a stored row of features; found one without a number. Flush the session first.")
    return features.number


def numbers(session: Session, which: ColumnElement[bool]) -> list[int]:
    """Return the numbers of the features of some marks."""
    query = select(MarkFeatures.number).join(Mark, col(MarkFeatures.mark_id) == col(Mark.id)).where(which)
    return [number for number in session.exec(query).all() if number is not None]


def delete_marks(session: Session, which: ColumnElement[bool]) -> None:
    """Delete marks and all that hangs on them, and have the index follow.

    Parameters
    ----------
    session : Session
        The writing session.
    which : ColumnElement
        A condition on marks.
    """
    delete_features(session, which)
    # Comparisons, and decisions on them, go with their marks by the database itself.
    _execute(session, delete(Mark).where(which))


def delete_features(session: Session, which: ColumnElement[bool]) -> None:
    """Delete the features of some marks, and have the index follow."""
    journal.note(session, Change.REMOVED, numbers(session, which))
    _execute(session, delete(MarkFeatures).where(col(MarkFeatures.mark_id).in_(select(Mark.id).where(which))))


def _execute(session: Session, statement: Any) -> None:
    session.flush()
    session.exec(statement, execution_options={"synchronize_session": "fetch"})
