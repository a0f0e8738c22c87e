"""What is written on photographs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.schemas.photographs import PhotographSummary, SeizureReference
from api.schemas.shared import Form, Polygon, Schema

Words = Annotated[str, Field(min_length=1, max_length=500, description="What it says.", examples=["NORDO 57"])]


class ReadingState(StrEnum):
    """How far the reading of a photograph is."""

    WAITING = "waiting"
    READ = "read"
    FAILED = "failed"


class TextLine(Schema):
    """One line of text on a photograph."""

    id: int = Field(description="A correction has an id of its own; the old one is gone.")
    polygon: Polygon = Field(description="From where the first letter begins along the tops, and back along the feet.")
    words: str
    confidence: float = Field(ge=0, le=1, description="How sure the reader was: a rank. 1 for what a person wrote.")
    by_person: bool = Field(description="Whether a person corrected or added it; then it stays when read anew.")
    as_read: str | None = Field(description="What the program had read, where a person corrected it.")


class Reading(Schema):
    """What is written on a photograph, from top to bottom."""

    state: ReadingState
    failure: str | None = Field(description="Why it could not be read, and null otherwise.")
    method: str | None = Field(description="The method that read it.", examples=["text/1"])
    items: list[TextLine]


class TextForm(Form):
    """A line that a person has read."""

    polygon: Polygon
    words: Words


class TextCorrection(Form):
    """What a line says, in the place of what had been read."""

    words: Words


class MatchedLine(Schema):
    """A line that a search found."""

    line: TextLine
    similarity: float = Field(ge=0, le=1, description="Of what is looked for; letters that look alike are the same.")
    spans: list[tuple[int, int]] = Field(description="The letters of `line.words` that matched: from, and up to.")


class TextHit(Schema):
    """A photograph on which something like the query is written."""

    photograph: PhotographSummary
    seizure: SeizureReference | None
    similarity: float = Field(ge=0, le=1, description="How far the query is on it: a rank, not a probability.")
    lines: list[MatchedLine] = Field(description="That made it a hit, the most alike first.")


class TextPage(Schema):
    """One page of photographs, best first."""

    items: list[TextHit]
    total: int = Field(ge=0, description="How many there are on all pages.")


class SharedWord(Schema):
    """A word that two photographs both bear."""

    query: str = Field(description="As it was read on the one.")
    reference: str = Field(description="As it was read on the other.")
    query_line: int = Field(description="The place of its line in the list of the query's.")
    reference_line: int = Field(description="The place of its line in the list of the reference's.")
    similarity: float = Field(ge=0, le=1)
    weight: float = Field(
        description="Its rarity in bits: 3 where an eighth of all photographs that were read bear it."
    )


class TextComparison(Schema):
    """What two photographs both say: a line of evidence of its own, which changes no rank of a hit."""

    score: float | None = Field(description="The sum of similarity times weight: a rank. Null where nothing was read.")
    method: str
    reason: str | None = Field(description="Why they could not be compared.")
    shared: list[SharedWord] = Field(description="The weightiest first.")
    query: list[TextLine]
    reference: list[TextLine]
