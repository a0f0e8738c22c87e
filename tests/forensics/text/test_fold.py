from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.text import fold, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TOLTECA 5", "t0lteca S"),
        ("ILLI 1", "1l|I i"),
        ("Brasília", "BRASIL1A"),
        ("88", "BB"),
        ("2 OZ", "Z 0Z"),
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("KOPTA", "ΚΟΡΤΑ"),
        ("a-b.c", "abc"),
        ("Ｎ１", "n1"),
    ],
)
def test_what_looks_alike_is_one(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), [("NORDO", "NERDO"), ("57", "67"), ("MORVA", "MORA"), ("C", "G")])
def test_what_does_not_look_alike_stays_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_plain_words_keep_their_letters_and_spaces() -> None:
    assert plain("  T0LTÉCA\t5,  n° 8 ") == "t0lteca 5 n 8"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(words: str) -> None:
    assert fold(fold(words)) == fold(words)
    assert " " not in fold(words)


@given(st.text(max_size=20), st.text(max_size=20))
def test_folding_goes_letter_by_letter(one: str, other: str) -> None:
    # So that a match in a folded line can be shown in the line as it was read.
    assert "".join(map(fold, one + other)) == "".join(map(fold, one)) + "".join(map(fold, other))
