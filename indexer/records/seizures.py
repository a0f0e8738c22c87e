"""What was seized, where and when, and how it was packed."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from indexer.records.base import Record, UtcDateTime, new_key, text_enum, utc_now


class SeizureBase(SQLModel):
    """What a person enters of a seizure; the first five are the short form."""

    case_reference: str = Field(min_length=1, max_length=200, description="the owner's own reference")
    date: dt.date | None = Field(default=None, description="day of the seizure")
    country: str = Field(default="", max_length=100, description="where it was seized; never a statement of origin")
    place: str = Field(default="", max_length=200)
    substance: str = Field(default="", max_length=200)
    conveyance: str = Field(default="", max_length=200, description="means of conveyance")
    departure: str = Field(default="", max_length=200, description="route: where the consignment set out")
    transit: str = Field(default="", max_length=500, description="route: places it passed")
    destination: str = Field(default="", max_length=200, description="route: where it was bound for")
    concealment: str = Field(default="", max_length=500)
    notes: str = Field(default="", sa_type=Text)
    handling_code: str = Field(default="", max_length=50, description="such as H0, H1, H2, H3, or a TLP colour")


class SeizureCreate(SeizureBase):
    """A new seizure."""


class SeizureUpdate(SQLModel):
    """A change; fields that are not set stay as they are."""

    case_reference: str | None = Field(default=None, min_length=1, max_length=200)
    date: dt.date | None = None
    country: str | None = Field(default=None, max_length=100)
    place: str | None = Field(default=None, max_length=200)
    substance: str | None = Field(default=None, max_length=200)
    conveyance: str | None = Field(default=None, max_length=200)
    departure: str | None = Field(default=None, max_length=200)
    transit: str | None = Field(default=None, max_length=500)
    destination: str | None = Field(default=None, max_length=200)
    concealment: str | None = Field(default=None, max_length=500)
    notes: str | None = None
    handling_code: str | None = Field(default=None, max_length=50)


class Seizure(SeizureBase, Record, table=True):
    """One seizure, owned by one organisation."""

    __table_args__ = (UniqueConstraint("owner_id", "case_reference"),)

    id: UUID = Field(default_factory=new_key, primary_key=True)
    owner_id: UUID = Field(foreign_key="organisation.id", index=True)
    created_at: dt.datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: dt.datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Level(StrEnum):
    """How deep a package lies."""

    CONTAINER = "container"
    BAG = "bag"
    PACKET = "packet"
    UNIT = "unit"


class Package(Record, table=True):
    """A part of a seizure, nested: container, bag, packet, unit (brick, tablet, sachet)."""

    id: UUID = Field(default_factory=new_key, primary_key=True)
    seizure_id: UUID = Field(foreign_key="seizure.id", ondelete="CASCADE", index=True)
    parent_id: UUID | None = Field(default=None, foreign_key="package.id", ondelete="CASCADE", index=True)
    level: Level = Field(default=Level.UNIT, sa_type=text_enum(Level))
    label: str = Field(default="", max_length=200)
    notes: str = Field(default="", sa_type=Text)
    created_at: dt.datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
