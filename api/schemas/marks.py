"""Marks: the regions of a photograph that carry a logo, or the whole of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.shared import Form, Line, Polygon, Schema


class MarkKind(StrEnum):
    """What the mark is on."""

    WHOLE = "whole"
    LOGO_ON_SUBSTANCE = "logo_on_substance"
    LOGO_ON_WRAPPER = "logo_on_wrapper"
    LOGO = "logo"


class FoundBy(StrEnum):
    """Who drew the region."""

    WHOLE = "whole"
    FINDER = "finder"
    PERSON = "person"


Kind = Annotated[MarkKind, Field(description="What the mark is on; `whole` is the photograph itself.")]
Note = Annotated[Line, Field(description="In the examiner's words; may be empty.")]


class Mark(Schema):
    """A region of a photograph."""

    id: UUID
    photograph_id: UUID
    kind: Kind
    found_by: FoundBy
    polygon: Polygon
    score: float = Field(description="How sure the finder is; 1 for the whole and for what a person drew.")
    note: Note = ""


class MarkForm(Form):
    """A region as a person draws it."""

    polygon: Polygon
    kind: Kind = MarkKind.LOGO
    note: Note = ""


class MarkChange(Form):
    """What changes of a region; what is left out stays. A new polygon is described and searched at once."""

    polygon: Polygon | None = None
    kind: MarkKind | None = None
    note: Line | None = None
