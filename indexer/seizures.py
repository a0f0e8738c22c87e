"""Enter, change and look up seizures."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from indexer.errors import NotFound, Refused
from indexer.records import Seizure, SeizureCreate, SeizureUpdate, utc_now

if TYPE_CHECKING:
    from indexer.memory import Memory


def create(memory: Memory, form: SeizureCreate, *, owner_id: UUID | None = None) -> Seizure:
    """Enter a new seizure.

    Parameters
    ----------
    memory : Memory
        The installation.
    form : SeizureCreate
        What is known of it.
    owner_id : UUID, optional
        The organisation that owns it; by default the one that runs this installation.

    Returns
    -------
    Seizure
        The new record.

    Raises
    ------
    Refused
        ``case_reference_taken``: its owner has a seizure of that reference.
    """
    seizure = Seizure(**form.model_dump(), owner_id=owner_id or memory.home_id)
    try:
        with memory.writing() as session:
            session.add(seizure)
    except IntegrityError:
        raise _taken(form.case_reference) from None
    return seizure


def find_or_create(memory: Memory, form: SeizureCreate, *, owner_id: UUID | None = None) -> tuple[Seizure, bool]:
    """Return the owner's seizure of that reference, or enter it. What is entered already stays as it is.

    Returns
    -------
    seizure : Seizure
        The record.
    created : bool
        Whether it is new.
    """
    owner = owner_id or memory.home_id
    with memory.writing() as session:
        known = session.exec(
            select(Seizure).where(Seizure.owner_id == owner, Seizure.case_reference == form.case_reference)
        ).first()
        if known is not None:
            return known, False
        seizure = Seizure(**form.model_dump(), owner_id=owner)
        session.add(seizure)
        return seizure, True


def update(memory: Memory, seizure_id: UUID, form: SeizureUpdate) -> Seizure:
    """Change what is set in the form.

    Raises
    ------
    NotFound
        There is no such seizure.
    Refused
        ``case_reference_taken``.
    """
    # What a form sets to nothing is emptied; only the day may be unknown.
    changes = {
        name: value
        for name, value in form.model_dump(exclude_unset=True).items()
        if value is not None or name == "date"
    }
    try:
        with memory.writing() as session:
            seizure = get(session, seizure_id)
            seizure.sqlmodel_update({**changes, "updated_at": utc_now()})
            session.add(seizure)
    except IntegrityError:
        raise _taken(str(changes.get("case_reference"))) from None
    return seizure


def get(session: Session, seizure_id: UUID) -> Seizure:
    """Return a seizure; raises NotFound."""
    seizure = session.get(Seizure, seizure_id)
    if seizure is None:
        raise NotFound("seizure", seizure_id)
    return seizure


def _taken(case_reference: str) -> Refused:
    return Refused(
        "case_reference_taken",
        expected="a case reference that no other seizure of this owner has",
        found=f"{case_reference!r}, which one has",
        hint="Open that seizure and add to it, or give this one another reference.",
    )
