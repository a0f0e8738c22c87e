"""Photographs and what became of an upload."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.problems import Problem
from api.schemas.jobs import Job
from api.schemas.marks import Mark
from api.schemas.shared import Form, Schema
from indexer.records import PhotographState, Purpose


class Camera(Schema):
    """What the file says of the camera; empty where it says nothing."""

    make: str = ""
    model: str = ""
    lens: str = ""


class Finding(Schema):
    """One thing that the quality gate found. It warns; it does not refuse."""

    code: str = Field(examples=["blur"])
    measured: float
    limit: float = Field(description="The value from which the gate speaks, in the same unit.")
    unit: str
    words: str = Field(description="What is wrong, for a person.")
    advice: str = Field(description="How to take the photograph again.")


class SeizureReference(Schema):
    """The seizure that a thing belongs to."""

    id: UUID
    case_reference: str


class PhotographSummary(Schema):
    """A photograph in few words."""

    id: UUID
    file_name: str
    width: int = Field(description="Pixels across, upright.")
    height: int = Field(description="Pixels down, upright.")


class Photograph(PhotographSummary):
    """A photograph with its marks."""

    state: PhotographState
    failure: str | None = Field(default=None, description="Why the work on it failed, and what to do; null otherwise.")
    purpose: Purpose = Field(description="An exhibit is found by later searches; a query is not.")
    seizure: SeizureReference | None = None
    media_type: str = Field(examples=["image/jpeg"])
    taken_at: datetime | None = Field(default=None, description="As the camera's clock said; no zone unless known.")
    camera: Camera | None = None
    sha256: str = Field(description="Of the untouched bytes, hexadecimal.")
    created_at: datetime
    quality: list[Finding]
    marks: list[Mark]


class Refusal(Schema):
    """A file that was not taken, and why."""

    file_name: str
    problem: Problem


class Upload(Schema):
    """What became of each file of an upload. An accepted one is durable before this answer is sent."""

    job: Job
    accepted: list[Photograph]
    already_known: list[UUID] = Field(default=[], description="Those of `accepted` whose very bytes were here before.")
    refused: list[Refusal]


class Promotion(Form):
    """The seizure that a searched-with photograph becomes an exhibit of."""

    seizure_id: UUID
