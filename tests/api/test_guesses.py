"""Guessing slowed down, and passwords."""

from __future__ import annotations

import re

from api.sign_in.guesses import Guesses, GuessParams
from api.sign_in.passwords import fits, hashed, make_password


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_after_so_many_failures_a_name_waits_until_the_oldest_is_old() -> None:
    clock = Clock()
    guesses = Guesses(GuessParams(failures=3, window=60.0), clock=clock)
    for _ in range(3):
        assert guesses.wait("mallory") == 0
        guesses.failed("mallory", "10.0.0.1")
        clock.now += 10
    assert guesses.wait("mallory") == 30
    assert guesses.wait("alice", "10.0.0.1") == 30
    assert guesses.wait("alice", "10.0.0.2") == 0
    clock.now += 30
    assert guesses.wait("mallory") == 0


def test_who_then_knew_is_forgiven() -> None:
    guesses = Guesses(GuessParams(failures=2), clock=Clock())
    guesses.failed("alice")
    guesses.failed("alice")
    assert guesses.wait("alice") > 0
    guesses.succeeded("alice")
    assert guesses.wait("alice") == 0


def test_what_is_remembered_has_a_bound() -> None:
    guesses = Guesses(GuessParams(failures=1, remembered=5), clock=Clock())
    for name in range(50):
        guesses.failed(str(name))
    assert [name for name in range(50) if guesses.wait(str(name))] == [45, 46, 47, 48, 49]


def test_a_made_password_is_long_readable_and_never_the_same() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", password) for password in made)


def test_a_password_fits_its_own_hash_and_nobody_has_one() -> None:
    kept = hashed("open sesame")
    assert "open sesame" not in kept
    assert fits("open sesame", kept)
    assert not fits("open barley", kept)
    assert not fits("open sesame", None)
