"""Photographs: upload, look, retry, promote, delete."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from api import assemble, intake, present
from api.dependencies import CurrentSettings, OpenMemory, PhotographById, PhotographId, SeizureById
from api.pictures import screen
from api.pictures.sending import PICTURE, send
from api.problems import declared
from api.schemas.comparisons import HitList
from api.schemas.photographs import Photograph, Promotion, Upload
from api.uploads import multipart
from indexer import ingest, listing, removal

router = APIRouter(tags=["photographs"])

Limit = Annotated[int, Query(ge=1, le=200, description="The most hits.")]
Width = Annotated[int, Query(ge=1, le=10_000, description="In pixels; the next one up that is made.")]


@router.post(
    "/seizures/{seizure_id}/photographs",
    summary="Upload photographs of a seizure",
    status_code=202,
    responses=declared(400, 404, 413, 422),
    openapi_extra=multipart({"files": "The photographs; several parts of this name."}),
)
async def upload(request: Request, seizure: SeizureById, memory: OpenMemory, settings: CurrentSettings) -> Upload:
    """Take photographs in, each for itself: one that is refused does not hold up the others.

    What is accepted is durable when the answer is sent. It is then described and searched, and the job tells how far
    that is. The same bytes twice are one photograph.
    """
    return await intake.take_in(request, memory, settings, seizure.record.id)


@router.get("/photographs/{photograph_id}", summary="A photograph with its marks", responses=declared(404, 422))
def get_photograph(photograph: PhotographById) -> Photograph:
    """Give what is known of a photograph, and the marks on it."""
    return present.photograph(photograph)


@router.delete(
    "/photographs/{photograph_id}", summary="Delete a photograph", status_code=204, responses=declared(404, 422)
)
def delete_photograph(photograph_id: PhotographId, memory: OpenMemory) -> None:
    """Delete it everywhere: original, pictures, marks, comparisons, decisions, index."""
    removal.remove_photograph(memory, photograph_id)


@router.post(
    "/photographs/{photograph_id}/retry",
    summary="Try to describe a photograph again",
    status_code=202,
    responses=declared(404, 409, 422),
)
def retry(photograph_id: PhotographId, memory: OpenMemory) -> Photograph:
    """Queue a photograph again whose description failed."""
    ingest.retry(memory, photograph_id)
    return present.photograph(listing.get_photograph(memory, photograph_id))


@router.post(
    "/photographs/{photograph_id}/promote",
    summary="Make a searched-with photograph an exhibit",
    responses=declared(404, 409, 413, 422),
)
def promote(photograph_id: PhotographId, form: Promotion, memory: OpenMemory) -> Photograph:
    """Put a photograph that was only searched with into a seizure: later searches find it."""
    ingest.promote(memory, photograph_id, form.seizure_id)
    return present.photograph(listing.get_photograph(memory, photograph_id))


@router.get(
    "/photographs/{photograph_id}/image",
    summary="A photograph for the screen",
    response_class=Response,
    responses={**PICTURE, **declared(404, 422)},
)
def image(request: Request, photograph: PhotographById, memory: OpenMemory, width: Width = 640) -> Response:
    """Give a JPEG, upright and without what the camera wrote beside the pixels, at the next of a few widths."""
    return send(request, screen.photograph(memory, photograph.record.sha256, wanted=width))


@router.get(
    "/photographs/{photograph_id}/original",
    summary="The untouched file",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file"}, **declared(404, 422)},
)
def original(photograph: PhotographById, memory: OpenMemory) -> Response:
    """Give the bytes as they were uploaded, checked against their hash, to be saved and not shown."""
    record = photograph.record
    return Response(
        memory.originals.read(record.sha256),
        media_type=record.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(record.file_name, safe='')}",
            "Content-Security-Policy": "sandbox",
        },
    )


@router.get(
    "/photographs/{photograph_id}/hits",
    summary="Earlier photographs with like marks",
    tags=["search"],
    responses=declared(404, 422),
)
def photograph_hits(photograph: PhotographById, memory: OpenMemory, limit: Limit = 20) -> HitList:
    """Give the hits of all its marks, best first, one for each photograph of the memory."""
    return assemble.hits_of_photograph(memory, photograph, limit=limit)
