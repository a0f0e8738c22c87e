"""Long work with its progress."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.schemas.shared import Schema
from indexer.records import JobKind, JobState


class Job(Schema):
    """Long work with its progress."""

    id: UUID
    kind: JobKind
    state: JobState
    total: int = Field(ge=0, description="Things to do: photographs of an ingest, marks of a reindex.")
    done: int = Field(ge=0, description="Things done; done + failed of total.")
    failed: int = Field(ge=0, description="Things that failed; each says why.")
    message: str = ""
    created_at: datetime
    finished_at: datetime | None


class JobPage(Schema):
    """The latest jobs, newest first."""

    items: list[Job]
