"""Signing in and out: a cookie that holds a token, and a session on the server that knows its hash."""

from __future__ import annotations

import hashlib
import math
import secrets
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from api.problems import Refused
from api.settings import Settings
from api.sign_in.guesses import Guesses
from api.sign_in.passwords import fits, hashed, make_password
from indexer import people
from indexer.memory import Memory
from indexer.people import Person
from indexer.records import utc_now

COOKIE = "cachet"


@dataclass(frozen=True, slots=True)
class Administrator:
    """The administrator who was made at first start.

    Attributes
    ----------
    user_name : str
        As they sign in.
    password : str or None
        The password that was made for them, to be shown once; None where the settings gave it.
    """

    user_name: str
    password: str | None


def first_start(memory: Memory, settings: Settings) -> Administrator | None:
    """Make the administrator of a new installation.

    Parameters
    ----------
    memory : Memory
        The installation.
    settings : Settings
        The administrator's name, perhaps the password, and the organisation's name.

    Returns
    -------
    Administrator or None
        None where there is a user already.
    """
    if people.any_user(memory):
        return None
    given = settings.admin_password
    password = given.get_secret_value() if given else make_password()
    made = people.add_first(
        memory,
        user_name=settings.administrator,
        password_hash=hashed(password),
        organisation=settings.organisation,
    )
    return Administrator(settings.administrator, None if given else password) if made else None


def sign_in(
    memory: Memory, settings: Settings, guesses: Guesses, *, user_name: str, password: str, address: str
) -> tuple[str, Person]:
    """Check a password and begin a session.

    Parameters
    ----------
    memory : Memory
        The installation.
    settings : Settings
        How long a session lasts.
    guesses : Guesses
        The failures of the last minutes.
    user_name, password : str
        As they were typed.
    address : str
        Where the request came from.

    Returns
    -------
    token : str
        For the cookie; only its hash is kept here.
    person : Person
        Who is signed in now.

    Raises
    ------
    Refused
        ``wrong_credentials``, the same for an unknown user and a wrong password; ``too_many_guesses``.
    """
    keys = (f"user {user_name}", f"address {address}")
    wait = guesses.wait(*keys)
    if wait > 0:
        seconds = math.ceil(wait)
        raise Refused(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too_many_guesses",
            "Too many failed attempts",
            expected="fewer attempts in so short a time",
            found="too many",
            hint=f"Wait {seconds} seconds, then try again.",
            headers={"Retry-After": str(seconds)},
        )
    user = people.named(memory, user_name)
    if not fits(password, user.password_hash if user else None) or user is None:
        guesses.failed(*keys)
        raise Refused(
            HTTPStatus.UNAUTHORIZED,
            "wrong_credentials",
            "Not signed in",
            expected="a user name and its password",
            found="a pair that does not fit",
            hint="Check both. An administrator can set another password with: cachet password USER",
        )
    guesses.succeeded(*keys)
    token = secrets.token_urlsafe(32)
    people.begin_session(
        memory,
        user.id,
        token_sha256=_hash(token),
        expires_at=utc_now() + timedelta(hours=settings.session_hours),
    )
    return token, who(memory, token)


def who(memory: Memory, token: str | None) -> Person:
    """Find who sent a request.

    Parameters
    ----------
    memory : Memory
        The installation.
    token : str or None
        What the cookie holds.

    Returns
    -------
    Person
        Who is signed in.

    Raises
    ------
    Refused
        ``not_signed_in``.
    """
    person = people.in_session(memory, _hash(token)) if token else None
    if person is None:
        raise Refused(
            HTTPStatus.UNAUTHORIZED,
            "not_signed_in",
            "Not signed in",
            expected="the cookie of a session that is not over",
            found="none" if not token else "one that is unknown or over",
            hint="Sign in.",
        )
    return person


def sign_out(memory: Memory, token: str | None) -> None:
    """End the session of a cookie.

    Parameters
    ----------
    memory : Memory
        The installation.
    token : str or None
        What the cookie holds.
    """
    if token:
        people.end_session(memory, _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
