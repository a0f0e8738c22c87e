"""Long work with its progress."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from api.schemas.shared import Schema


class JobKind(StrEnum):
    """What the work is."""

    INGEST = "ingest"
    REINDEX = "reindex"


class JobState(StrEnum):
    """Whether the work goes on."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Schema):
    """Long work with its progress."""

    id: UUID
    kind: JobKind
    state: JobState
    total: int = Field(ge=0, description="Things to do: photographs of an ingest, marks of a reindex.")
    done: int = Field(ge=0, description="Things done, the failed ones among them.")
    failed: int = Field(ge=0, description="Things that failed; each says why.")
    message: str = ""
    created_at: datetime


class JobPage(Schema):
    """The latest jobs, newest first."""

    items: list[Job]
