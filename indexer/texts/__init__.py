"""What is written on photographs: read it, keep it, correct it, search it."""

from indexer.texts.agreement import TextAgreement, compare
from indexer.texts.lines import PERSON, correct, of_photograph, remove, write
from indexer.texts.reading import read_again, unread
from indexer.texts.search import MatchedLine, TextHit, TextHits, TextSearchParams, search

__all__ = [
    "PERSON",
    "MatchedLine",
    "TextAgreement",
    "TextHit",
    "TextHits",
    "TextSearchParams",
    "compare",
    "correct",
    "of_photograph",
    "read_again",
    "remove",
    "search",
    "unread",
    "write",
]
