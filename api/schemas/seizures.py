"""Seizures: where and when packages were taken."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.chemistry import ChemistryScore, Profile
from api.schemas.decisions import Decision
from api.schemas.marks import Mark
from api.schemas.photographs import Photograph
from api.schemas.shared import Schema
from indexer.records import SeizureCreate, SeizureUpdate, Status

Day = Annotated[
    dt.date | None, Field(description="The day of the seizure; null where unknown.", examples=["2026-03-14"])
]


class SeizureForm(SeizureCreate):
    """A new seizure; only the case reference is needed to begin."""

    model_config = {"extra": "forbid", "str_strip_whitespace": True}  # noqa: RUF012


class SeizureChange(SeizureUpdate):
    """What changes of a seizure; what is left out stays."""

    model_config = {"extra": "forbid", "str_strip_whitespace": True}  # noqa: RUF012


class SeizureRecord(Schema):
    """What is recorded of a seizure."""

    id: UUID
    case_reference: str
    date: Day
    country: str
    place: str
    substance: str
    conveyance: str
    departure: str
    transit: str
    destination: str
    concealment: str
    notes: str
    owner: str = Field(description="The organisation that owns the record.")
    handling_code: str
    created_at: dt.datetime
    cover: UUID | None = Field(description="The photograph that stands for it; null where it has none.")


class SeizureSummary(SeizureRecord):
    """A seizure as lists show it."""

    photographs: int = Field(ge=0, description="How many photographs it has.")


class SeizurePage(Schema):
    """One page of the seizures, newest first."""

    items: list[SeizureSummary]
    total: int = Field(ge=0, description="How many there are on all pages.")


class SeizureMatch(Schema):
    """Another seizure that the marks of this one were compared with, through the best of the comparisons."""

    seizure: SeizureSummary
    comparison_id: UUID
    score: float = Field(description="Of the best comparison; a rank, not a likelihood ratio.")
    status: Status
    decision: Decision | None = Field(description="The last one on its pair of marks; null where nobody has decided.")
    comparisons: int = Field(ge=1, description="How many comparisons stand between the two seizures.")
    query_mark: Mark
    reference_mark: Mark
    chemistry: ChemistryScore | None = Field(description="Kept apart from the marks: the two may disagree.")


class Seizure(SeizureRecord):
    """A seizure with all that belongs to it."""

    photographs: list[Photograph]
    profiles: list[Profile]
    matches: list[SeizureMatch] = Field(description="Best first; those that were refuted come last.")
