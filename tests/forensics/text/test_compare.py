from __future__ import annotations

import numpy as np
import pytest

from forensics.comparison import Comparison
from forensics.text import METHOD, Text, WordParams, compare, shared_words


def line(words: str, at: float = 0.0) -> Text:
    return Text(np.array([[at, at], [at + 10, at], [at + 10, at + 4], [at, at + 4]], np.float32), words, 0.9)


def test_a_wrong_letter_is_still_the_same_word() -> None:
    (pair,) = shared_words([line("TOLTECA")], [line("TOLTEGA")])
    assert (pair.query, pair.reference) == ("TOLTECA", "TOLTEGA")
    assert pair.similarity == pytest.approx(1 - 2 / 14)
    (alike,) = shared_words([line("T0LTECA")], [line("tolteca")])
    assert alike.similarity == 1


def test_words_are_paired_once_and_the_most_alike_first() -> None:
    pairs = shared_words([line("KELTO KELTA")], [line("KELTA")])
    assert [(pair.query, pair.reference) for pair in pairs] == [("KELTA", "KELTA")]


def test_rare_words_weigh_more_and_come_first() -> None:
    def part(word: str) -> float:
        return 0.5 if word == "extra" else 1 / 64

    pairs = shared_words([line("EXTRA"), line("NORDO")], [line("NORDO EXTRA")], part_with=part)
    assert [(pair.query, pair.weight) for pair in pairs] == [("NORDO", 6.0), ("EXTRA", 1.0)]
    compared = compare([line("EXTRA"), line("NORDO", 50)], [line("NORDO EXTRA", 7)], part_with=part)
    assert isinstance(compared, Comparison)
    assert compared.score == pytest.approx(7.0)
    assert compared.method == METHOD
    assert compared.measurements == {"shared_words": 2, "query_words": 2, "reference_words": 2}
    assert compared.query_points.tolist() == [[5, 2], [55, 52]]
    assert compared.reference_points.tolist() == [[12, 9], [12, 9]]


def test_what_is_on_every_photograph_says_nothing() -> None:
    compared = compare([line("PRACTICE")], [line("PRACTICE")], part_with=lambda word: 1.0)
    assert isinstance(compared, Comparison)
    assert compared.score == 0


def test_a_word_never_seen_weighs_no_more_than_the_bound() -> None:
    compared = compare([line("XQZV")], [line("XQZV")], part_with=lambda word: 0.0)
    assert isinstance(compared, Comparison)
    assert compared.score == WordParams().most_bits


def test_different_words_score_nothing() -> None:
    compared = compare([line("NORDO")], [line("VESTO")])
    assert isinstance(compared, Comparison)
    assert (compared.score, len(compared.query_points)) == (0, 0)


@pytest.mark.parametrize(
    ("query", "reference", "words"),
    [([], [], "either"), ([line("NORDO")], [], "reference"), ([line("5")], [line("NORDO")], "query")],
)
def test_where_nothing_was_read_nothing_is_compared(query: list[Text], reference: list[Text], words: str) -> None:
    compared = compare(query, reference)
    assert not compared
    assert words in compared.reason


def test_the_two_sides_are_alike() -> None:
    ours, theirs = [line("NORDO 57 EXTRA")], [line("EXTRO"), line("N0RDO")]
    one, other = compare(ours, theirs), compare(theirs, ours)
    assert isinstance(one, Comparison)
    assert isinstance(other, Comparison)
    assert one.score == pytest.approx(other.score)
