"""Look photographs up."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from indexer.errors import NotFound
from indexer.records import Photograph, PhotographState


def get(session: Session, photograph_id: UUID) -> Photograph:
    """Return a photograph; raises NotFound."""
    photograph = session.get(Photograph, photograph_id)
    if photograph is None:
        raise NotFound("photograph", photograph_id)
    return photograph


def waiting(session: Session) -> int:
    """Return how many photographs wait to be described, or are being described."""
    return session.exec(
        select(func.count(col(Photograph.id))).where(
            col(Photograph.state).in_([PhotographState.QUEUED, PhotographState.DESCRIBING])
        )
    ).one()
