"""Two marks compared, and what people decided about them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from indexer.records.base import Record, UtcDateTime, new_key, text_enum, utc_now


class Status(StrEnum):
    """Where a comparison stands. Only a person takes it past *candidate*."""

    CANDIDATE = "candidate"
    UNDER_REVIEW = "under_review"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class Comparison(Record, table=True):
    """A query mark and a reference mark, compared by one method."""

    __table_args__ = (
        UniqueConstraint("query_mark_id", "reference_mark_id", "line"),
        Index("ix_comparison_photographs", "query_photograph_id", "reference_photograph_id"),
    )

    id: UUID = Field(default_factory=new_key, primary_key=True)
    query_mark_id: UUID = Field(foreign_key="mark.id", ondelete="CASCADE")
    reference_mark_id: UUID = Field(foreign_key="mark.id", ondelete="CASCADE", index=True)
    query_photograph_id: UUID = Field(foreign_key="photograph.id", ondelete="CASCADE")
    reference_photograph_id: UUID = Field(foreign_key="photograph.id", ondelete="CASCADE", index=True)
    line: str = Field(default="logo", max_length=32, description="the line of evidence")
    method: str = Field(max_length=64, description="the comparing method and its version")
    score: float = Field(description="a rank within the method, not a probability")
    mirrored: bool = False
    measurements: dict[str, float] = Field(default_factory=dict, sa_type=JSON)
    detail: bytes = Field(default=b"", sa_type=LargeBinary, description="see indexer.comparison_detail")
    status: Status = Field(default=Status.CANDIDATE, sa_type=text_enum(Status), index=True)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Decision(Record, table=True):
    """What an examiner decided, and why. Decisions are added, never changed."""

    id: UUID = Field(default_factory=new_key, primary_key=True)
    comparison_id: UUID = Field(foreign_key="comparison.id", ondelete="CASCADE", index=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    outcome: Status = Field(sa_type=text_enum(Status))
    reason: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
