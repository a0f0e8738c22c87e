"""Marks: the regions of a photograph that carry a logo, or the whole of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.shared import Form, Line, Polygon, Schema
from indexer.records import FoundBy, MarkKind

Kind = Annotated[MarkKind, Field(description="What sort of mark it is.")]
Note = Annotated[Line, Field(description="In the examiner's words; may be empty.")]


class Mark(Schema):
    """A region of a photograph."""

    id: UUID
    photograph_id: UUID
    kind: Kind
    found_by: FoundBy = Field(description="Who drew it; `whole` is the photograph itself.")
    polygon: Polygon
    score: float = Field(description="How sure the finder was; ranks the marks of one photograph only.")
    note: Note = ""


class MarkForm(Form):
    """A region as a person draws it."""

    polygon: Polygon
    kind: Kind = MarkKind.UNSPECIFIED
    note: Note = ""


class MarkChange(Form):
    """What changes of a region; what is left out stays. A new polygon is described and searched at once."""

    polygon: Polygon | None = None
    kind: MarkKind | None = None
    note: Line | None = None
