"""What is written on photographs: look, search, correct."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api import present_texts
from api.dependencies import ComparisonById, CurrentPerson, OpenMemory, PhotographById, PhotographId
from api.problems import declared
from api.schemas.texts import Reading, TextComparison, TextCorrection, TextForm, TextLine, TextPage
from indexer import listing, texts

router = APIRouter(tags=["texts"])

# Not beyond what the database can count.
TextId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Of the line.")]


@router.get("/texts", summary="Find what is written on photographs", tags=["search"], responses=declared(422))
def find_texts(
    memory: OpenMemory,
    q: Annotated[str, Query(max_length=200, description="Words, whole or in part; wrong letters are forgiven.")] = "",
    limit: Annotated[int, Query(ge=1, le=200, description="How many on a page.")] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="How many to pass over.")] = 0,
) -> TextPage:
    """Give the exhibits on which something like the query was read, best first.

    Case, accents and spaces make no difference, and letters that look alike (O and 0, I, l and 1, S and 5, B and 8, Z
    and 2) are the same.
    """
    found = texts.search(memory, q, limit=limit, offset=offset)
    return TextPage(items=[present_texts.text_hit(hit) for hit in found.items], total=found.total)


@router.get(
    "/photographs/{photograph_id}/texts", summary="What is written on a photograph", responses=declared(404, 422)
)
def get_texts(photograph: PhotographById, memory: OpenMemory) -> Reading:
    """Give the lines that were read on it or that a person wrote down. It is read after its marks are searched."""
    return present_texts.reading(photograph.record, texts.of_photograph(memory, photograph.record.id))


@router.post(
    "/photographs/{photograph_id}/texts",
    summary="Write down a line",
    status_code=201,
    responses=declared(404, 409, 413, 422),
)
def write(photograph_id: PhotographId, form: TextForm, memory: OpenMemory, person: CurrentPerson) -> TextLine:
    """Add a line that a person can read and the program did not."""
    row = texts.write(memory, photograph_id, form.polygon, form.words, written_by_id=person.user_id)
    return present_texts.text_line(row)


@router.post(
    "/photographs/{photograph_id}/read",
    summary="Read a photograph anew",
    status_code=202,
    responses=declared(404, 409, 422),
)
def read_again(photograph_id: PhotographId, memory: OpenMemory) -> Reading:
    """Queue it to be read again; what a person corrected or added stays."""
    texts.read_again(memory, photograph_id)
    row = listing.get_photograph(memory, photograph_id)
    return present_texts.reading(row.record, texts.of_photograph(memory, photograph_id))


@router.patch("/texts/{text_id}", summary="Correct a line", responses=declared(404, 409, 413, 422))
def correct(text_id: TextId, form: TextCorrection, memory: OpenMemory, person: CurrentPerson) -> TextLine:
    """Put what a person reads in the place of what the program read, which is kept beside it. The id is a new one."""
    return present_texts.text_line(texts.correct(memory, text_id, form.words, written_by_id=person.user_id))


@router.delete("/texts/{text_id}", summary="Delete a line", status_code=204, responses=declared(404, 422))
def delete(text_id: TextId, memory: OpenMemory) -> None:
    """Delete what is no text, or was written down in error."""
    texts.remove(memory, text_id)


@router.get(
    "/comparisons/{comparison_id}/texts",
    summary="What both photographs say",
    tags=["comparisons"],
    responses=declared(404, 422),
)
def compare_texts(comparison: ComparisonById, memory: OpenMemory) -> TextComparison:
    """Give the words that both photographs of a comparison bear, rare ones first, and all lines of each."""
    query, reference = comparison.query_photograph.id, comparison.reference_photograph.id
    return present_texts.text_comparison(texts.compare(memory, query, reference))
