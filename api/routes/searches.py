"""Search with photographs that are no exhibits, and with several together."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from api import assemble, intake
from api.dependencies import CurrentPerson, CurrentSettings, OpenMemory
from api.problems import declared
from api.routes.photographs import Limit
from api.schemas.comparisons import HitList, JointHitList
from api.uploads import multipart

router = APIRouter(prefix="/searches", tags=["search"])

Photographs = Annotated[
    list[UUID],
    Query(
        alias="photograph",
        min_length=1,
        max_length=intake.MOST_TOGETHER,
        description="The photographs that show one mark; once for each.",
    ),
]


@router.post(
    "",
    summary="Search with a photograph, or with several of one mark",
    status_code=201,
    responses=declared(400, 409, 413, 415, 422, 503),
    openapi_extra=multipart(
        {
            "file": "The photograph.",
            "files": f"Photographs of one mark, searched together; at most {intake.MOST_TOGETHER} parts of this name.",
        },
        fields={"box": "Beside `file`: search with this region only: a JSON list of corners [x, y]."},
        one_of_them=True,
    ),
)
async def search(
    request: Request, memory: OpenMemory, settings: CurrentSettings, person: CurrentPerson, limit: Limit = 20
) -> HitList | JointHitList:
    """Describe photographs, search with them, and keep them as queries: later searches do not find them.

    Several are searched each for itself and weighed together; a file that is refused does not hold up the others.
    """
    return await intake.search(request, memory, settings, drawn_by_id=person.user_id, limit=limit)


@router.get("/together", summary="What several photographs of one mark find together", responses=declared(404, 422))
def search_together(memory: OpenMemory, photographs: Photographs, limit: Limit = 20) -> JointHitList:
    """Give what photographs that are here find together, best first; they and their seizures are left out."""
    return assemble.hits_together(memory, photographs, limit=limit)
