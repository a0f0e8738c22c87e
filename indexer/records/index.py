"""What the derived index must know of the truth: the journal of changes, and the files it was saved to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger
from sqlmodel import Field

from indexer.records.base import Record, UtcDateTime, text_enum, utc_now
from indexer.records.marks import Number


class Change(StrEnum):
    """What happened to a row of features."""

    ADDED = "added"
    REMOVED = "removed"


class IndexChange(Record, table=True):
    """One change that the index must follow, written in the transaction that makes it. Numbers only grow."""

    __tablename__ = "index_change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: int | None = Field(default=None, primary_key=True, sa_type=Number)
    feature_number: int = Field(sa_type=BigInteger, description="which row of mark_features; it may be gone since")
    change: Change = Field(sa_type=text_enum(Change))


class IndexFile(Record, table=True):
    """A saved vector space: what its file must be, to be believed."""

    __tablename__ = "index_file"

    space: str = Field(primary_key=True, max_length=64)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    rows: int = Field(sa_type=BigInteger)
    method: str = Field(max_length=64, description="the describing method of the features in it")
    generation: int = Field(sa_type=BigInteger, description="the number of the last change it holds")
    saved_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
