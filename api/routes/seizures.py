"""Seizures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api import assemble, present
from api.dependencies import CurrentPerson, OpenMemory, SeizureId
from api.problems import declared
from api.schemas.seizures import Seizure, SeizureChange, SeizureForm, SeizurePage, SeizureSummary
from indexer import listing, removal, seizures

router = APIRouter(prefix="/seizures", tags=["seizures"])


@router.get("", summary="List or find seizures", responses=declared(422))
def list_seizures(
    memory: OpenMemory,
    q: Annotated[str, Query(max_length=200, description="Words that must all occur, each in any field.")] = "",
    limit: Annotated[int, Query(ge=1, le=200, description="How many on a page.")] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="How many to pass over.")] = 0,
) -> SeizurePage:
    """Give one page of the seizures, the latest recorded first."""
    rows, total = listing.list_seizures(memory, text=q, limit=limit, offset=offset)
    return SeizurePage(items=[present.seizure_summary(row) for row in rows], total=total)


@router.post("", summary="Record a seizure", status_code=201, responses=declared(409, 413, 422))
def create_seizure(form: SeizureForm, memory: OpenMemory, person: CurrentPerson) -> SeizureSummary:
    """Record a seizure; only the case reference is needed to begin."""
    made = seizures.create(memory, form, owner_id=person.organisation_id)
    return present.seizure_summary(listing.get_seizure_row(memory, made.id))


@router.get("/{seizure_id}", summary="A seizure with all that belongs to it", responses=declared(404, 422))
def get_seizure(seizure_id: SeizureId, memory: OpenMemory) -> Seizure:
    """Give its photographs with their marks, its chemistry, and the seizures that its marks lead to."""
    return assemble.seizure(memory, seizure_id)


@router.patch("/{seizure_id}", summary="Change a seizure", responses=declared(404, 409, 413, 422))
def change_seizure(seizure_id: SeizureId, form: SeizureChange, memory: OpenMemory) -> SeizureSummary:
    """Change the fields that are sent; the others stay."""
    seizures.update(memory, seizure_id, form)
    return present.seizure_summary(listing.get_seizure_row(memory, seizure_id))


@router.delete("/{seizure_id}", summary="Delete a seizure", status_code=204, responses=declared(404, 422))
def delete_seizure(seizure_id: SeizureId, memory: OpenMemory) -> None:
    """Delete it with its photographs, their originals, marks, comparisons and decisions, and its chemistry."""
    removal.remove_seizure(memory, seizure_id)
