"""Write down what the index must follow, in the transaction that makes it so."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, text
from sqlmodel import Session, select

from indexer.records.index import Change, IndexChange

_POSTGRESQL_LOCK = 0x43414348


def note(session: Session, change: Change, feature_numbers: Iterable[int]) -> None:
    """Note that rows of features are now to be found, or no longer.

    Parameters
    ----------
    session : Session
        The writing session of the change itself.
    change : Change
        What happened.
    feature_numbers : iterable of int
        To which rows.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Numbers are followed in their order: they must also become visible in it. SQLite has one writer anyway.
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRESQL_LOCK})
    session.add_all(IndexChange(feature_number=number, change=change) for number in feature_numbers)


def last(session: Session) -> int:
    """Return the number of the last change; 0 before the first."""
    return session.exec(select(func.max(IndexChange.number))).one() or 0
