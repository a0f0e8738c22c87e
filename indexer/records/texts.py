"""What is written on a photograph, line by line."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Text
from sqlmodel import Field

from indexer.records.base import Record, UtcDateTime, utc_now
from indexer.records.marks import Number


class TextLine(Record, table=True):
    """One line of text on a photograph, as it was read or as a person wrote it down. The number is never used twice."""

    __tablename__ = "text_line"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: int | None = Field(default=None, primary_key=True, sa_type=Number)
    photograph_id: UUID = Field(foreign_key="photograph.id", ondelete="CASCADE", index=True)
    polygon: list[list[float]] = Field(
        sa_type=JSON, description="corners (x, y) from the first letter's top on, in pixels of the photograph"
    )
    words: str = Field(sa_type=Text)
    folded: str = Field(
        max_length=500, index=True, description="the words without spaces, look-alike letters made one; searched"
    )
    confidence: float = Field(description="how sure the reader was, 0 to 1; 1 for what a person wrote down")
    method: str = Field(max_length=64, description="the reading method and its version; `person` for a person")
    as_read: str | None = Field(
        default=None, sa_type=Text, description="what had been read where a person corrected it"
    )
    written_by_id: UUID | None = Field(default=None, foreign_key="user_account.id", ondelete="SET NULL", index=True)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
