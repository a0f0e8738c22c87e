"""Who works with the memory, and their sessions. Passwords and tokens come here as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, select

from indexer.errors import NotFound
from indexer.memory import Memory
from indexer.records import Organisation, Role, SignIn, User, utc_now

SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is kept when a session was last used: a write for every request would be too many."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in.

    Attributes
    ----------
    user_id, organisation_id : UUID
        Their keys.
    user_name, display_name, organisation : str
        Their names.
    role : Role
        What they may do.
    """

    user_id: UUID
    organisation_id: UUID
    user_name: str
    display_name: str
    organisation: str
    role: Role


def add_first(memory: Memory, *, user_name: str, password_hash: str, organisation: str) -> User | None:
    """Make the administrator of a new installation, and name the organisation that runs it.

    Parameters
    ----------
    memory : Memory
        The installation.
    user_name : str
        The administrator's.
    password_hash : str
        Of the first password.
    organisation : str
        The name of the organisation that runs the installation.

    Returns
    -------
    User or None
        None where the installation has a user already; nothing is changed then.
    """
    with memory.writing() as session:
        if session.exec(select(User).limit(1)).first() is not None:
            return None
        home = session.get_one(Organisation, memory.home_id)
        home.name = organisation
        session.add(home)
        user = User(
            organisation_id=home.id,
            user_name=user_name,
            display_name=user_name.capitalize(),
            password_hash=password_hash,
            role=Role.ADMINISTRATOR,
        )
        session.add(user)
        return user


def any_user(memory: Memory) -> bool:
    """Tell whether the installation has a user.

    Parameters
    ----------
    memory : Memory
        The installation.

    Returns
    -------
    bool
        False before the first start.
    """
    with memory.reading() as session:
        return session.exec(select(User.id).limit(1)).first() is not None


def named(memory: Memory, user_name: str) -> User | None:
    """Find a user who may sign in.

    Parameters
    ----------
    memory : Memory
        The installation.
    user_name : str
        As they type it.

    Returns
    -------
    User or None
        None where there is none, or where they were disabled.
    """
    with memory.reading() as session:
        return session.exec(select(User).where(User.user_name == user_name, col(User.disabled_at).is_(None))).first()


def set_password(memory: Memory, user_name: str, password_hash: str) -> None:
    """Give a user another password and end all their sessions.

    Parameters
    ----------
    memory : Memory
        The installation.
    user_name : str
        Whose.
    password_hash : str
        Of the new password.

    Raises
    ------
    NotFound
        There is no such user.
    """
    with memory.writing() as session:
        user = session.exec(select(User).where(User.user_name == user_name)).first()
        if user is None:
            raise NotFound("user", user_name)
        user.password_hash = password_hash
        session.add(user)
        session.exec(delete(SignIn).where(col(SignIn.user_id) == user.id))


def begin_session(memory: Memory, user_id: UUID, *, token_sha256: str, expires_at: datetime) -> None:
    """Begin a session, and clear away those that are over.

    Parameters
    ----------
    memory : Memory
        The installation.
    user_id : UUID
        Whose.
    token_sha256 : str
        The hash of what their browser keeps.
    expires_at : datetime
        When it is over.
    """
    with memory.writing() as session:
        session.exec(delete(SignIn).where(col(SignIn.expires_at) <= utc_now()))
        session.add(SignIn(user_id=user_id, token_sha256=token_sha256, expires_at=expires_at))


def in_session(memory: Memory, token_sha256: str) -> Person | None:
    """Find who is signed in.

    Parameters
    ----------
    memory : Memory
        The installation.
    token_sha256 : str
        The hash of what their browser keeps.

    Returns
    -------
    Person or None
        None where the session is unknown or over, or its user was disabled.
    """
    now = utc_now()
    found = (
        select(SignIn, User, Organisation)
        .join(User, col(User.id) == SignIn.user_id)
        .join(Organisation, col(Organisation.id) == User.organisation_id)
        .where(SignIn.token_sha256 == token_sha256, col(SignIn.expires_at) > now, col(User.disabled_at).is_(None))
    )
    with memory.reading() as session:
        row = session.exec(found).first()
    if row is None:
        return None
    sign_in, user, organisation = row
    if now - sign_in.last_seen_at > SEEN_EVERY:
        with memory.writing() as session:
            kept = session.get(SignIn, sign_in.id)
            if kept is not None:
                kept.last_seen_at = now
                session.add(kept)
    return Person(user.id, organisation.id, user.user_name, user.display_name, organisation.name, user.role)


def end_session(memory: Memory, token_sha256: str) -> None:
    """End a session; one that is not there is no error.

    Parameters
    ----------
    memory : Memory
        The installation.
    token_sha256 : str
        The hash of what their browser keeps.
    """
    with memory.writing() as session:
        session.exec(delete(SignIn).where(col(SignIn.token_sha256) == token_sha256))
