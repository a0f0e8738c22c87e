"""Chemical profiles of seizures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api import intake, present
from api.dependencies import CurrentSettings, OpenMemory, ProfileById, ProfileId, SeizureById, SeizureId
from api.problems import declared
from api.schemas.chemistry import Profile, ProfileForm, ProfileImport, ProfileList, SimilarProfiles
from api.uploads import multipart
from forensics import chemistry as science
from indexer import chemistry

router = APIRouter(tags=["chemistry"])


@router.get("/seizures/{seizure_id}/profiles", summary="The chemistry of a seizure", responses=declared(404, 422))
def list_profiles(seizure: SeizureById, memory: OpenMemory) -> ProfileList:
    """Give the chemical profiles of a seizure, oldest first."""
    return ProfileList(items=[present.profile(stored) for stored in chemistry.profiles(memory, seizure.record.id)])


@router.post(
    "/seizures/{seizure_id}/profiles",
    summary="Enter a chemical profile",
    status_code=201,
    responses=declared(404, 413, 422),
)
def create_profile(seizure_id: SeizureId, form: ProfileForm, memory: OpenMemory) -> Profile:
    """Store a profile; the very same again is stored once."""
    amounts = tuple(science.Amount(one.analyte, one.value) for one in form.values)
    made = chemistry.store(memory, seizure_id, science.Profile(form.sample, form.method, form.unit, amounts))
    return present.profile(chemistry.profile_of(memory, made.id))


@router.post(
    "/seizures/{seizure_id}/profiles/import",
    summary="Import chemical profiles from a table",
    status_code=201,
    responses=declared(400, 404, 413, 422),
    openapi_extra=multipart({"file": "A CSV table: one row a value, or one row a sample and one column an analyte."}),
)
async def import_profiles(
    request: Request, seizure: SeizureById, memory: OpenMemory, settings: CurrentSettings
) -> ProfileImport:
    """Store every profile of a table, or none where anything in it is wrong; the answer then names row and column.

    Where the table has a column `case_reference`, only the rows of this seizure are taken.
    """
    return await intake.import_profiles(request, memory, settings, seizure)


@router.delete("/profiles/{profile_id}", summary="Delete a profile", status_code=204, responses=declared(404, 422))
def delete_profile(profile_id: ProfileId, memory: OpenMemory) -> None:
    """Delete a profile, and its sample where that has no other."""
    chemistry.remove(memory, profile_id)


@router.get("/profiles/{profile_id}/similar", summary="Profiles like this one", responses=declared(404, 422))
def similar(
    profile: ProfileById,
    memory: OpenMemory,
    limit: Annotated[int, Query(ge=1, le=200, description="The most profiles.")] = 20,
) -> SimilarProfiles:
    """Give the most alike profiles of other seizures, best first; only those of the same method are compared."""
    found = chemistry.similar(memory, profile.profile_id, limit=limit)
    return SimilarProfiles(query=present.profile(profile), items=[present.similar_profile(one) for one in found])
