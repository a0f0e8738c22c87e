"""Compare what is written on two photographs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Indel

from forensics.comparison import Comparison, NoComparison
from forensics.text.fold import fold
from forensics.text.text import METHOD, Text


@dataclass(frozen=True, slots=True)
class WordParams:
    """When two words count as the same.

    Attributes
    ----------
    least_letters : int
        Shorter words are not compared (1 to 4): single letters are read into any texture.
    least_similarity : float
        Two words agree from this similarity on (0.6 to 1): one wrong letter in four, or two in nine.
    most_bits : float
        The most that one word can weigh (4 to 30). A word that is on no other photograph may be a misreading, so its
        rarity in the memory says only so much.
    """

    least_letters: int = 2
    least_similarity: float = 0.75
    most_bits: float = 12.0


@dataclass(frozen=True, slots=True)
class Shared:
    """A word that both photographs bear.

    Attributes
    ----------
    query, reference : str
        As it was read on each.
    query_line, reference_line : int
        The line that it is in.
    similarity : float
        From 0 to 1, where letters that look alike count as the same.
    weight : float
        Its rarity in bits: how often the number of photographs that bear it must be doubled to make all of them.
    """

    query: str
    reference: str
    query_line: int
    reference_line: int
    similarity: float
    weight: float


@dataclass(frozen=True, slots=True)
class _Word:
    words: str
    folded: str
    line: int


def unknown_rarity(word: str) -> float:
    """Return the part of all photographs that bear a folded word, where nothing is known of any: one in a thousand."""
    del word
    return 1e-3


def shared_words(
    query: Sequence[Text],
    reference: Sequence[Text],
    *,
    part_with: Callable[[str], float] = unknown_rarity,
    params: WordParams = WordParams(),
) -> tuple[Shared, ...]:
    """Find the words that two photographs both bear.

    Each word is used once; the most alike are paired first.

    Parameters
    ----------
    query, reference : sequence of Text
        What was read on each.
    part_with : callable
        Tells the part of all photographs, from 0 to 1, that bear a word; it is given folded.
    params : WordParams
        When two words count as the same.

    Returns
    -------
    tuple of Shared
        The weightiest first.
    """
    ours, theirs = _words(query, params), _words(reference, params)
    alike = sorted(
        (
            (-Indel.normalized_similarity(one.folded, other.folded), i, k)
            for i, one in enumerate(ours)
            for k, other in enumerate(theirs)
        ),
    )
    used_ours: set[int] = set()
    used_theirs: set[int] = set()
    pairs = []
    for negative, i, k in alike:
        if -negative < params.least_similarity:
            break
        if i in used_ours or k in used_theirs:
            continue
        used_ours.add(i)
        used_theirs.add(k)
        # The commoner of the two spellings says how common the word is.
        part = max(part_with(ours[i].folded), part_with(theirs[k].folded))
        pairs.append(
            Shared(ours[i].words, theirs[k].words, ours[i].line, theirs[k].line, -negative, _bits(part, params))
        )
    return tuple(sorted(pairs, key=lambda pair: (-pair.similarity * pair.weight, pair.query_line, pair.query)))


def compare(
    query: Sequence[Text],
    reference: Sequence[Text],
    *,
    part_with: Callable[[str], float] = unknown_rarity,
    params: WordParams = WordParams(),
) -> Comparison | NoComparison:
    """Tell how far two photographs bear the same words, rare words counting more.

    Stages:

    1. Pair the words that both bear, tolerant of wrong letters.
    2. Weigh each pair by its rarity in bits, times its similarity; the score is their sum.

    Words of one print come together, so their bits are not independent: the score is a rank, not a likelihood ratio.
    A word that only one photograph bears counts neither way, for it may be hidden or unreadable on the other.

    Parameters
    ----------
    query, reference : sequence of Text
        What was read on each.
    part_with : callable
        Tells the part of all photographs, from 0 to 1, that bear a word; it is given folded.
    params : WordParams
        When two words count as the same.

    Returns
    -------
    Comparison or NoComparison
        Measurements ``shared_words``, ``query_words``, ``reference_words``; the points that agree are the middles of
        the lines that share a word. No comparison where nothing was read on one of them.
    """
    ours, theirs = _words(query, params), _words(reference, params)
    if not ours or not theirs:
        which = "either photograph" if not ours and not theirs else f"the {'reference' if ours else 'query'} photograph"
        return NoComparison(
            METHOD, f"no word was read on {which}", "Look at the photographs; write down what a person can read."
        )
    # 1.
    pairs = shared_words(query, reference, part_with=part_with, params=params)
    lines = sorted({(pair.query_line, pair.reference_line) for pair in pairs})
    # 2.
    return Comparison(
        method=METHOD,
        score=sum(pair.similarity * pair.weight for pair in pairs),
        measurements={
            "shared_words": float(len(pairs)),
            "query_words": float(len(ours)),
            "reference_words": float(len(theirs)),
        },
        query_points=np.array([query[i].polygon.mean(axis=0) for i, _ in lines], np.float32).reshape(-1, 2),
        reference_points=np.array([reference[k].polygon.mean(axis=0) for _, k in lines], np.float32).reshape(-1, 2),
    )


def _words(texts: Sequence[Text], params: WordParams) -> list[_Word]:
    found = [_Word(word, fold(word), line) for line, text in enumerate(texts) for word in text.words.split()]
    return [word for word in found if len(word.folded) >= params.least_letters]


def _bits(part: float, params: WordParams) -> float:
    return min(params.most_bits, -math.log2(max(part, 2.0**-params.most_bits)))
