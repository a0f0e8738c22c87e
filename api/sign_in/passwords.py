"""Passwords: made, hashed with Argon2, and checked in the same time whether the user exists or not."""

from __future__ import annotations

import secrets
from functools import cache

from pwdlib import PasswordHash

_HASHER = PasswordHash.recommended()

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are read as one another: l, i and 1; o and 0."""


def make_password() -> str:
    """Make a password that can be read aloud.

    Returns
    -------
    str
        Four groups of five of 31 characters: 99 bits.
    """
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


@cache
def nobodys() -> str:
    """Give a hash that no password fits, to be checked against where there is no such user: the time then says nothing.

    Returns
    -------
    str
        Made at the first call, which takes as long as a check; a server makes it before it answers.
    """
    return _HASHER.hash(secrets.token_urlsafe())


def hashed(password: str) -> str:
    """Hash a password for keeping.

    Parameters
    ----------
    password : str
        As the user types it.

    Returns
    -------
    str
        With its own salt and the parameters of the hash.
    """
    return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Check a password.

    Parameters
    ----------
    password : str
        As the user typed it.
    kept : str or None
        The hash that is kept; None where there is no such user, which takes as long and is always False.

    Returns
    -------
    bool
        Whether it is the user's.
    """
    right = _HASHER.verify(password, kept or nobodys())
    return right and kept is not None
