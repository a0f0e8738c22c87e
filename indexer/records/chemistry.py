"""Samples and their chemical profiles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from indexer.records.base import Record, UtcDateTime, new_key, utc_now


class Sample(Record, table=True):
    """What was taken from a seizure for analysis."""

    __table_args__ = (UniqueConstraint("seizure_id", "name"),)

    id: UUID = Field(default_factory=new_key, primary_key=True)
    seizure_id: UUID = Field(foreign_key="seizure.id", ondelete="CASCADE", index=True)
    package_id: UUID | None = Field(default=None, foreign_key="package.id", ondelete="SET NULL", index=True)
    name: str = Field(max_length=200)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ChemicalProfile(Record, table=True):
    """What one method measured in one sample."""

    __tablename__ = "chemical_profile"

    id: UUID = Field(default_factory=new_key, primary_key=True)
    sample_id: UUID = Field(foreign_key="sample.id", ondelete="CASCADE", index=True)
    method: str = Field(default="", max_length=200, description="the analytical method, in the laboratory's words")
    unit: str = Field(default="", max_length=50, description="of every value of this profile")
    notes: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class AnalyteValue(Record, table=True):
    """The amount or peak area of one analyte that one profile looked for."""

    __tablename__ = "analyte_value"

    profile_id: UUID = Field(foreign_key="chemical_profile.id", ondelete="CASCADE", primary_key=True)
    analyte: str = Field(max_length=200, primary_key=True)
    position: int = Field(default=0, description="its place in the laboratory's table")
    value: float | None = Field(default=None, description="nothing where it was looked for and not detected")
