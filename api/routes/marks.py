"""Marks: regions of photographs."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api import assemble
from api.dependencies import CurrentPerson, MarkById, MarkId, OpenMemory, PhotographId
from api.pictures import screen
from api.pictures.sending import PICTURE, send
from api.problems import declared
from api.routes.photographs import Limit, Width
from api.schemas.comparisons import HitList
from api.schemas.marks import Mark, MarkChange, MarkForm
from indexer import listing, marks

router = APIRouter(tags=["marks"])


@router.post(
    "/photographs/{photograph_id}/marks",
    summary="Draw a mark",
    status_code=201,
    responses=declared(404, 409, 413, 422),
)
def draw(photograph_id: PhotographId, form: MarkForm, memory: OpenMemory, person: CurrentPerson) -> Mark:
    """Add a region; it is described and searched before the answer."""
    mark = marks.draw(memory, photograph_id, form.polygon, kind=form.kind, note=form.note, drawn_by_id=person.user_id)
    return Mark.model_validate(mark)


@router.patch("/marks/{mark_id}", summary="Change a mark", responses=declared(404, 409, 413, 422))
def change(mark_id: MarkId, form: MarkChange, memory: OpenMemory, person: CurrentPerson) -> Mark:
    """Change what is sent; a new polygon is described and searched before the answer."""
    mark = marks.redraw(
        memory, mark_id, polygon=form.polygon, kind=form.kind, note=form.note, drawn_by_id=person.user_id
    )
    return Mark.model_validate(mark)


@router.delete("/marks/{mark_id}", summary="Delete a mark", status_code=204, responses=declared(404, 409, 422))
def delete(mark_id: MarkId, memory: OpenMemory) -> None:
    """Delete a region with its comparisons; the one that is the whole photograph stays."""
    marks.remove(memory, mark_id)


@router.get(
    "/marks/{mark_id}/image",
    summary="A mark for the screen",
    response_class=Response,
    responses={**PICTURE, **declared(404, 422)},
)
def image(request: Request, mark: MarkById, memory: OpenMemory, width: Width = 320) -> Response:
    """Give a JPEG of the mark with some margin, at the next of a few widths."""
    region, photograph = mark
    size = photograph.width, photograph.height
    picture = screen.mark(memory, photograph.sha256, polygon=region.polygon, photograph_size=size, wanted=width)
    return send(request, picture, may_change=True)


@router.get(
    "/marks/{mark_id}/hits", summary="Earlier marks like this one", tags=["search"], responses=declared(404, 422)
)
def mark_hits(mark: MarkById, memory: OpenMemory, limit: Limit = 20) -> HitList:
    """Give the hits of one mark, best first, one for each photograph of the memory."""
    region, photograph = mark
    return assemble.hits_of_mark(memory, region.id, listing.get_photograph(memory, photograph.id), limit=limit)
