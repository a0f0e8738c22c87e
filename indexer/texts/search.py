"""Search for what is written on photographs, tolerant of wrong letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel
from sqlalchemy import func
from sqlmodel import Session, col, select

from forensics.text import fold, plain
from indexer.batches import some_at_a_time
from indexer.records import Photograph, Purpose, Seizure, TextLine

if TYPE_CHECKING:
    from indexer.memory import Memory


@dataclass(frozen=True, slots=True)
class TextSearchParams:
    """What :func:`search` can be set to.

    Attributes
    ----------
    least_similarity : float
        A word is found where something at least this like it was read (0.6 to 1): one wrong letter in four, two in
        nine. Letters that look alike count as the same.
    least_part : float
        A photograph is a hit where words with at least this part of the query's letters are found on it (0 to 1).
    scattered : float
        What words on several lines count of what the same words in one line count (0.5 to 1).
    together : float
        The query is shown as one stretch of a line where that is at least this part as alike as its words one by one
        (0.5 to 1).
    least_letters : int
        Shorter words are only looked for with the rest of the query (1 to 4): one letter is in every other line.
    most_words : int
        Words of a query that are looked for one by one (1 to 50); the query as a whole is looked for in any case.
    most_strings : int
        The most different lines that are followed for one word, the most alike first (100 to 100,000).
    sorted_exactly : int
        So many of the best hits (10 to 10,000) are ordered among themselves by what was read before look-alike letters
        were made one, and by how much of a line the query is.
    """

    least_similarity: float = 0.75
    least_part: float = 0.5
    scattered: float = 0.98
    together: float = 0.9
    least_letters: int = 2
    most_words: int = 8
    most_strings: int = 5000
    sorted_exactly: int = 500


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line that a search found.

    Attributes
    ----------
    line : TextLine
        As it was read.
    similarity : float
        Of the query, or of the word that is in it, from 0 to 1.
    spans : tuple of (int, int)
        The letters of its words that matched, from the first to one past the last.
    """

    line: TextLine
    similarity: float
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class TextHit:
    """A photograph on which something like the query is written.

    Attributes
    ----------
    photograph : Photograph
        An exhibit.
    seizure : Seizure or None
        That it belongs to.
    similarity : float
        From 0 to 1: how far the query is on it, where letters that look alike count as the same.
    lines : tuple of MatchedLine
        That made it a hit, the most alike first.
    """

    photograph: Photograph
    seizure: Seizure | None
    similarity: float
    lines: tuple[MatchedLine, ...]


@dataclass(frozen=True, slots=True)
class TextHits:
    """A page of hits, best first, and how many there are on all pages."""

    items: tuple[TextHit, ...]
    total: int


def search(
    memory: Memory, text: str, *, limit: int = 20, offset: int = 0, params: TextSearchParams = TextSearchParams()
) -> TextHits:
    """Find the photographs on which something like a text is written.

    Stages:

    1. Compare the query, and each of its words, with every line that was ever read, in any part of the line.
    2. Bring the lines together by photograph: the query in one line, or its words scattered over several.
    3. Order them: by similarity, then by what was read exactly, then the latest first.
    4. Read the page, and see which letters matched.

    Parameters
    ----------
    memory : Memory
        The installation.
    text : str
        What to look for; in any case, with or without spaces and accents.
    limit, offset : int
        Which page.
    params : TextSearchParams
        Settings.

    Returns
    -------
    TextHits
        Exhibits only. Empty where the text holds neither letter nor digit.
    """
    whole = fold(text)
    words = [word for word in map(fold, plain(text).split()) if len(word) >= params.least_letters][: params.most_words]
    if not whole:
        return TextHits((), 0)
    with memory.reading() as session:
        # 1.
        memory.texts.catch_up(session)
        like = {part: _likest(memory, part, params) for part in {whole, *words}}
        # 2.
        found = _photographs(session, {string for strings in like.values() for string in strings})
        similarity = {key: _similarity(strings, whole, words, like, params) for key, strings in found.items()}
        hits = [key for key, value in similarity.items() if value >= params.least_part * params.scattered]
        # 3. Keys grow with time.
        hits.sort(key=lambda key: (-round(similarity[key], 6), -key.int))
        first = hits[: params.sorted_exactly]
        if offset < len(first):
            exactly = _exactness(session, text, first, found)
            first.sort(key=lambda key: (-round(similarity[key], 6), -round(exactly[key], 6), -key.int))
            hits = first + hits[len(first) :]
        # 4.
        page = hits[offset : offset + limit]
        return TextHits(tuple(_hits(session, page, similarity, found, whole, words, like, params)), len(hits))


def part_with(memory: Memory, session: Session, folded: str) -> float:
    """Tell how common a word is.

    Parameters
    ----------
    memory : Memory
        The installation.
    session : Session
        That is open.
    folded : str
        The word, folded.

    Returns
    -------
    float
        The part of all exhibits that were read on which it stands, letter for letter, from 0 to 1.
    """
    memory.texts.catch_up(session)
    read = select(func.count(col(Photograph.id))).where(
        Photograph.purpose == Purpose.EXHIBIT, col(Photograph.read_by).is_not(None)
    )
    return min(1.0, len(_photographs(session, memory.texts.holding(folded))) / max(1, session.exec(read).one()))


def _likest(memory: Memory, part: str, params: TextSearchParams) -> dict[str, float]:
    like = memory.texts.like(part, params.least_similarity)
    if len(like) <= params.most_strings:
        return like
    return dict(sorted(like.items(), key=lambda item: -item[1])[: params.most_strings])


def _photographs(session: Session, strings: Sequence[str] | set[str]) -> dict[UUID, list[str]]:
    """Return the exhibits that bear some folded lines, with those that each bears."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for some in some_at_a_time(sorted(strings)):
        bearing = (
            select(TextLine.photograph_id, TextLine.folded)
            .join(Photograph, col(Photograph.id) == col(TextLine.photograph_id))
            .where(col(TextLine.folded).in_(some), Photograph.purpose == Purpose.EXHIBIT)
        )
        for photograph_id, string in session.exec(bearing).all():
            found[photograph_id].append(string)
    return found


def _similarity(
    strings: Sequence[str],
    whole: str,
    words: Sequence[str],
    like: Mapping[str, Mapping[str, float]],
    params: TextSearchParams,
) -> float:
    in_one_line = max(like[whole].get(string, 0.0) for string in strings)
    if not words:
        return in_one_line
    letters = sum(len(word) for word in words)
    scattered = sum(len(word) * max(like[word].get(string, 0.0) for string in strings) for word in words) / letters
    return max(in_one_line, params.scattered * scattered)


def _exactness(
    session: Session, text: str, keys: Sequence[UUID], found: Mapping[UUID, Sequence[str]]
) -> dict[UUID, float]:
    asked = plain(text)
    best: dict[UUID, float] = dict.fromkeys(keys, 0.0)
    for some in some_at_a_time(keys):
        rows = select(TextLine.photograph_id, TextLine.folded, TextLine.words)
        for key, folded, words in session.exec(rows.where(col(TextLine.photograph_id).in_(some))).all():
            if folded in found[key]:
                read = plain(words)
                # Half for the letters as they are, half for how much of the line they are.
                exact = fuzz.partial_ratio(asked, read) / 200 + Indel.normalized_similarity(asked, read) / 2
                best[key] = max(best[key], exact)
    return best


def _hits(
    session: Session,
    page: Sequence[UUID],
    similarity: Mapping[UUID, float],
    found: Mapping[UUID, Sequence[str]],
    whole: str,
    words: Sequence[str],
    like: Mapping[str, Mapping[str, float]],
    params: TextSearchParams,
) -> Iterator[TextHit]:
    rows = session.exec(
        select(Photograph, Seizure)
        .outerjoin(Seizure, col(Seizure.id) == col(Photograph.seizure_id))
        .where(col(Photograph.id).in_(page))
    ).all()
    records = {photograph.id: (photograph, seizure) for photograph, seizure in rows}
    of_page: dict[UUID, list[TextLine]] = defaultdict(list)
    for line in session.exec(select(TextLine).where(col(TextLine.photograph_id).in_(page))).all():
        of_page[line.photograph_id].append(line)
    for key in page:
        matched = [_matched(line, whole, words, like, params) for line in of_page[key] if line.folded in found[key]]
        matched.sort(key=lambda one: (-one.similarity, one.line.number or 0))
        yield TextHit(*records[key], similarity[key], tuple(matched))


def _matched(
    line: TextLine, whole: str, words: Sequence[str], like: Mapping[str, Mapping[str, float]], params: TextSearchParams
) -> MatchedLine:
    found = {word: like[word][line.folded] for word in words if line.folded in like[word]}
    apart = sum(len(word) * value for word, value in found.items()) / max(1, sum(map(len, words)))
    together = like[whole].get(line.folded, 0.0)
    parts = [whole] if together >= params.together * apart else [*found]
    spans = sorted({_span(line.words, part) for part in parts})
    return MatchedLine(line, max(together, *found.values(), 0.0), tuple(spans))


def _span(words: str, part: str) -> tuple[int, int]:
    """Tell which letters of a line a folded part of the query matches."""
    # Folding may drop letters and double them, so each folded letter remembers where it came from.
    origin = [(letter, at) for at, letter in enumerate(words) for letter in fold(letter)]
    if len(origin) < len(part):
        return 0, len(words)
    aligned = fuzz.partial_ratio_alignment(part, "".join(letter for letter, _ in origin))
    if aligned is None or aligned.dest_end <= aligned.dest_start:
        return 0, len(words)
    return origin[aligned.dest_start][1], origin[aligned.dest_end - 1][1] + 1
