"""Bring readings to a form in which letters that a reader confuses are the same letter."""

from __future__ import annotations

import unicodedata

_LOOK_ALIKE = str.maketrans(
    {
        # What eyes and networks take for each other on worn print.
        **dict.fromkeys("0ø", "o"),
        **dict.fromkeys("1l|ıł", "i"),
        **dict.fromkeys("5$§", "s"),
        **dict.fromkeys("8", "b"),
        **dict.fromkeys("2", "z"),
        # Greek letters whose capitals look Latin; folded to lower case before.
        **dict(zip("αβεζηικμνορτυχω", "abezhikmnoptyxw", strict=True)),
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
    }
)
"""From a lower-case letter to the one that stands for all that look like it."""


def plain(words: str) -> str:
    """Return the words in lower case, without accents, with one space between them.

    Parameters
    ----------
    words : str
        As they were read or typed.

    Returns
    -------
    str
        Letters and digits of any alphabet, and single spaces.
    """
    apart = unicodedata.normalize("NFKD", words).casefold()
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join("".join(letter if _kept(letter) else " " for letter in bare).split())


def fold(words: str) -> str:
    """Return the words without spaces, each letter replaced by the one that stands for its look-alikes.

    ``fold("T0LTÉCA 5") == fold("Tolteca S")``: O and 0, I, l and 1, S and 5, B and 8, Z and 2 are one each, and case,
    accents, spaces and punctuation are gone. It may bring different words together; whoever needs to know compares
    :func:`plain` too.

    Parameters
    ----------
    words : str
        As they were read or typed.

    Returns
    -------
    str
        Empty where there is neither letter nor digit.
    """
    return plain(words).translate(_LOOK_ALIKE).replace(" ", "")


def _kept(letter: str) -> bool:
    return letter.isalnum() or letter in "|$§"
