"""A mark on a photograph, and its features by one method."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Integer, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from indexer.records.base import Record, UtcDateTime, new_key, text_enum, utc_now

Number = BigInteger().with_variant(Integer, "sqlite")
"""An integer key that the database counts up; SQLite only does so for its own INTEGER."""


class MarkKind(StrEnum):
    """What sort of mark it is."""

    UNSPECIFIED = "unspecified"
    LOGO_ON_SUBSTANCE = "logo_on_substance"
    LOGO_ON_WRAPPER = "logo_on_wrapper"
    STRIATED = "striated"
    IMPRESSED = "impressed"
    EDGE = "edge"


class FoundBy(StrEnum):
    """Who drew the region."""

    WHOLE = "whole"
    FINDER = "finder"
    PERSON = "person"


class Mark(Record, table=True):
    """A region of a photograph."""

    id: UUID = Field(default_factory=new_key, primary_key=True)
    photograph_id: UUID = Field(foreign_key="photograph.id", ondelete="CASCADE", index=True)
    kind: MarkKind = Field(default=MarkKind.UNSPECIFIED, sa_type=text_enum(MarkKind))
    found_by: FoundBy = Field(sa_type=text_enum(FoundBy))
    polygon: list[list[float]] = Field(sa_type=JSON, description="corners (x, y), in pixels of the photograph")
    score: float = Field(default=0.0, description="how sure the finder was; only ranks marks of one photograph")
    note: str = Field(default="", sa_type=Text)
    drawn_by_id: UUID | None = Field(default=None, foreign_key="user_account.id", ondelete="SET NULL", index=True)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class MarkFeatures(Record, table=True):
    """What one method sees in a mark. The number is never used twice, and names the mark in the index."""

    __tablename__ = "mark_features"
    __table_args__ = (UniqueConstraint("mark_id", "line"), {"sqlite_autoincrement": True})

    number: int | None = Field(default=None, primary_key=True, sa_type=Number)
    mark_id: UUID = Field(foreign_key="mark.id", ondelete="CASCADE")
    line: str = Field(default="logo", max_length=32, description="the line of evidence")
    # Not indexed: nearly all rows are of one method, and SQLite would take the index for telling.
    method: str = Field(max_length=64, description="the describing method and its version")
    data: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
