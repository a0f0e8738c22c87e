"""What the examiner says of a comparison."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.shared import Form, Schema, Text


class Outcome(StrEnum):
    """What an examiner may decide."""

    UNDER_REVIEW = "under_review"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


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
