"""Search with a photograph that is no exhibit."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api import intake
from api.dependencies import CurrentSettings, OpenMemory
from api.problems import declared
from api.routes.photographs import Limit
from api.schemas.comparisons import HitList
from api.uploads import multipart

router = APIRouter(prefix="/searches", tags=["search"])


@router.post(
    "",
    summary="Search with a photograph",
    status_code=201,
    responses=declared(400, 409, 413, 415, 422, 503),
    openapi_extra=multipart(
        {"file": "The photograph."},
        fields={"box": "Search with this region only: a JSON list of corners [x, y]."},
    ),
)
async def search(request: Request, memory: OpenMemory, settings: CurrentSettings, limit: Limit = 20) -> HitList:
    """Describe a photograph, search with it, and keep it as a query: later searches do not find it."""
    return await intake.search(request, memory, settings, limit=limit)
