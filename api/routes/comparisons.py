"""Comparisons: what agrees, and what the examiner says of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api import assemble, present
from api.dependencies import ComparisonById, ComparisonId, CurrentPerson, OpenMemory
from api.pictures import screen
from api.pictures.agreement import agreement
from api.pictures.sending import PICTURE, send
from api.problems import declared
from api.routes.photographs import Width
from api.schemas.comparisons import Comparison, ToolScore
from api.schemas.decisions import Decision, DecisionForm
from indexer import review
from indexer.records import Status
from indexer.tool_comparison import compare_tools

router = APIRouter(prefix="/comparisons", tags=["comparisons"])


class Side(StrEnum):
    """Which of the two."""

    QUERY = "query"
    REFERENCE = "reference"


WhichSide = Annotated[Side, Path(description="Which of the two is shown.")]


@router.get("/{comparison_id}", summary="Where two marks agree", responses=declared(404, 422))
def get_comparison(comparison: ComparisonById, memory: OpenMemory) -> Comparison:
    """Give both marks, the points that agree, the geometry, the decisions, and the chemistry of both seizures."""
    return assemble.comparison(memory, comparison)


@router.get(
    "/{comparison_id}/aligned/{side}.jpg",
    summary="One of the two, laid over the other",
    response_class=Response,
    responses={**PICTURE, **declared(404, 422)},
)
def aligned(
    request: Request, comparison: ComparisonById, side: WhichSide, memory: OpenMemory, width: Width = 640
) -> Response:
    """Give one photograph in the frame of the reference mark: both sides have the same size and lie over each other."""
    reference = comparison.reference_photograph
    of_query = side is Side.QUERY
    picture = screen.aligned(
        memory,
        (comparison.query_photograph if of_query else reference).sha256,
        reference_polygon=comparison.reference_mark.polygon,
        reference_size=(reference.width, reference.height),
        to_reference=comparison.detail.transform if of_query else None,
        wanted=width,
    )
    return send(request, picture, may_change=True)


@router.get(
    "/{comparison_id}/tool",
    summary="Whether the same tool left both marks",
    responses=declared(404, 422, 503),
)
def get_tool(comparison_id: ComparisonId, memory: OpenMemory) -> ToolScore:
    """Lay both marks over each other and compare what the design does not explain: at the first look, then kept."""
    return present.tool_score(compare_tools(memory, comparison_id))


@router.get(
    "/{comparison_id}/agreement.png",
    summary="The map of what both marks show, and what only one does",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {}}, "description": "The map"},
        304: {"description": "The browser has it: its tag is the one in If-None-Match"},
        **declared(404, 422, 503),
    },
)
def get_agreement(request: Request, comparison: ComparisonById, memory: OpenMemory, width: Width = 640) -> Response:
    """Give the map in the frame of the reference mark: of the size of the aligned pictures of the same width.

    White: in both. Blue: in the query only. Orange: in the reference only. Transparent: nothing is known, or no line.
    """
    reference = comparison.reference_photograph
    picture = agreement(
        compare_tools(memory, comparison.record.id),
        reference_polygon=comparison.reference_mark.polygon,
        reference_size=(reference.width, reference.height),
        wanted=width,
    )
    return send(request, picture, may_change=True, media_type="image/png")


@router.post(
    "/{comparison_id}/decisions",
    summary="Decide on a comparison",
    status_code=201,
    responses=declared(404, 413, 422),
)
def decide(comparison_id: ComparisonId, form: DecisionForm, memory: OpenMemory, person: CurrentPerson) -> Decision:
    """Add the examiner's decision. Earlier ones stay; the last one is the comparison's status."""
    made = review.decide(
        memory, comparison_id, user_id=person.user_id, outcome=Status(form.outcome), reason=form.reason
    )
    return present.decision(made, person.display_name)
