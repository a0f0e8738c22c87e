"""Work that takes longer than a request."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from indexer.records.base import Record, UtcDateTime, new_key, text_enum, utc_now


class JobKind(StrEnum):
    """What is being done."""

    INGEST = "ingest"
    REINDEX = "reindex"


class JobState(StrEnum):
    """Whether it is done."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Record, table=True):
    """A piece of work and how far it has come: ``done + failed`` of ``total``."""

    id: UUID = Field(default_factory=new_key, primary_key=True)
    kind: JobKind = Field(sa_type=text_enum(JobKind))
    state: JobState = Field(default=JobState.RUNNING, sa_type=text_enum(JobState), index=True)
    total: int = 0
    done: int = 0
    failed: int = 0
    message: str = Field(default="", sa_type=Text)
    held_by: str | None = Field(default=None, max_length=64, description="the running process that leads it")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
