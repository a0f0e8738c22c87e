"""Comparisons of two marks: what agrees, where, and what the examiner said."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.chemistry import ChemistryScore, Profile
from api.schemas.marks import Mark
from api.schemas.photographs import Photograph, PhotographSummary
from api.schemas.seizures import SeizureSummary
from api.schemas.shared import Form, Schema, Text
from indexer.records import Status


class Outcome(StrEnum):
    """What an examiner may decide."""

    UNDER_REVIEW = "under_review"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class Hit(Schema):
    """A mark of the memory that agrees with the one asked with."""

    comparison_id: UUID
    score: float = Field(description="Higher is more alike: a rank within the method, not a probability.")
    method: str = Field(examples=["logo/1"])
    measurements: dict[str, float] = Field(description="What the score was made of, each under its name.")
    mirrored: bool = Field(description="Whether the two agree only when one is turned over.")
    status: Status = Field(description="Only an examiner takes it past `candidate`.")
    query_mark: Mark
    reference_mark: Mark
    reference_photograph: PhotographSummary
    seizure: SeizureSummary | None = Field(description="The seizure of the reference mark.")
    chemistry: ChemistryScore | None = Field(
        description="Of the two seizures, where both have profiles of one method. Kept apart from the score."
    )


class HitList(Schema):
    """The hits of a photograph or a mark, best first."""

    query: Photograph
    items: list[Hit]


class Decision(Schema):
    """What an examiner decided, and why. Decisions are added, never changed."""

    id: UUID
    outcome: Outcome
    reason: str
    decided_by: str = Field(description="The examiner's name.")
    decided_at: datetime


class DecisionForm(Form):
    """What the examiner decides."""

    outcome: Outcome
    reason: Annotated[Text, Field(description="Why; needed for all but `under_review`.")] = ""


class Comparison(Hit):
    """A comparison with where the two agree, and its history."""

    query_photograph: PhotographSummary
    query_seizure: SeizureSummary | None
    points: list[tuple[float, float, float, float]] = Field(
        description="What agrees: [query x, query y, reference x, reference y], in pixels of each upright photograph."
    )
    transform: list[list[float]] | None = Field(
        description="3 by 3, row by row: takes homogeneous query pixels to reference pixels; null where none was found."
    )
    decisions: list[Decision] = Field(description="Oldest first.")
    chemistry_query: Profile | None = Field(description="The query seizure's profile that `chemistry` is about.")
    chemistry_reference: Profile | None
