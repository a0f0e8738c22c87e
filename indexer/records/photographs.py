"""A photograph: the original's hash, what the file says, and how far the work on it has come."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Text
from sqlmodel import Field

from indexer.records.base import Record, UtcDateTime, new_key, text_enum, utc_now


class Purpose(StrEnum):
    """Why a photograph is here."""

    EXHIBIT = "exhibit"
    """Part of a seizure: indexed, and found by later searches."""
    QUERY = "query"
    """Asked with: described and compared, never found."""


class PhotographState(StrEnum):
    """How far the work on a photograph has come."""

    QUEUED = "queued"
    DESCRIBING = "describing"
    READY = "ready"
    FAILED = "failed"


class Photograph(Record, table=True):
    """One photograph. The same bytes are one photograph, however often they come."""

    id: UUID = Field(default_factory=new_key, primary_key=True)
    sha256: str = Field(max_length=64, unique=True, description="of the untouched bytes, and the name of the original")
    file_name: str = Field(max_length=500)
    size_bytes: int = Field(sa_type=BigInteger)
    media_type: str = Field(max_length=50)
    width: int
    height: int
    bit_depth: int = 8
    camera_make: str = Field(default="", max_length=200)
    camera_model: str = Field(default="", max_length=200)
    camera_lens: str = Field(default="", max_length=200)
    taken_at: str | None = Field(default=None, max_length=40, description="ISO 8601, as the camera's clock said")
    metres_per_pixel: float | None = None
    purpose: Purpose = Field(default=Purpose.EXHIBIT, sa_type=text_enum(Purpose))
    seizure_id: UUID | None = Field(default=None, foreign_key="seizure.id", index=True)
    package_id: UUID | None = Field(default=None, foreign_key="package.id", ondelete="SET NULL", index=True)
    job_id: UUID | None = Field(default=None, foreign_key="job.id", ondelete="SET NULL", index=True)
    quality: list[dict[str, Any]] | None = Field(
        default=None,
        sa_type=JSON,
        description="the quality gate's findings: code, measured, limit, unit, words, advice",
    )
    quality_measurements: dict[str, float] | None = Field(default=None, sa_type=JSON)
    state: PhotographState = Field(default=PhotographState.QUEUED, sa_type=text_enum(PhotographState), index=True)
    failure: str | None = Field(default=None, sa_type=Text, description="why it could not be described")
    attempts: int = Field(default=0, description="how often the work on it was begun")
    claimed_by: str | None = Field(default=None, max_length=64, description="the running process that works on it")
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime, description="until when that claim holds")
    searched_up_to: int | None = Field(
        default=None,
        sa_type=BigInteger,
        index=True,
        description="the last change of the index that its search had seen",
    )
    read_by: str | None = Field(
        default=None,
        max_length=64,
        index=True,
        description="the method that read what is written on it; null until that is done",
    )
    reading_failure: str | None = Field(default=None, sa_type=Text, description="why it could not be read")
    reading_attempts: int = Field(default=0, description="how often reading it was begun")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    described_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
