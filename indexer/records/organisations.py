"""Who works with the memory: organisations, people, and their sessions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from indexer.records.base import Record, UtcDateTime, new_key, text_enum, utc_now


class Role(StrEnum):
    """What a user may do here."""

    ADMINISTRATOR = "administrator"
    EXAMINER = "examiner"


class Organisation(Record, table=True):
    """A laboratory or a service that owns records."""

    id: UUID = Field(default_factory=new_key, primary_key=True)
    name: str = Field(max_length=200, unique=True)
    is_home: bool = Field(default=False, description="the organisation that runs this installation")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class User(Record, table=True):
    """A person who signs in."""

    __tablename__ = "user_account"

    id: UUID = Field(default_factory=new_key, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    user_name: str = Field(max_length=100, unique=True)
    display_name: str = Field(default="", max_length=200)
    password_hash: str = Field(max_length=500)
    role: Role = Field(default=Role.EXAMINER, sa_type=text_enum(Role))
    must_change_password: bool = False
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class SignIn(Record, table=True):
    """A session kept on the server. The cookie holds a token; here is only its hash."""

    __tablename__ = "sign_in"

    id: UUID = Field(default_factory=new_key, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE", index=True)
    token_sha256: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    last_seen_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
