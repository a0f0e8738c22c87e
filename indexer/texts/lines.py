"""The lines of text of a photograph, as rows: stored as they were read, corrected and added by a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import cv2
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete
from sqlmodel import Session, col, select

from forensics.errors import RegionRefused
from forensics.text import METHOD, ReadParams, Text, covered, fold
from indexer import photographs
from indexer.errors import NotFound, Refused
from indexer.records import Photograph, TextLine

if TYPE_CHECKING:
    from indexer.memory import Memory

PERSON = "person"
"""The method of a line that a person wrote down or corrected. It stays when the photograph is read anew."""

LONGEST = 500
"""Letters of a line that are kept; no line on a package is longer."""


def of_photograph(memory: Memory, photograph_id: UUID) -> list[TextLine]:
    """Return the lines on a photograph, from top to bottom.

    Raises
    ------
    NotFound
        There is no such photograph.
    """
    return of_photographs(memory, [photograph_id])[photograph_id]


def of_photographs(memory: Memory, photograph_ids: Collection[UUID]) -> dict[UUID, list[TextLine]]:
    """Return the lines on several photographs.

    Raises
    ------
    NotFound
        One of them is not there.
    """
    with memory.reading() as session:
        for key in photograph_ids:
            photographs.get(session, key)
        rows = session.exec(select(TextLine).where(col(TextLine.photograph_id).in_(photograph_ids))).all()
    found: dict[UUID, list[TextLine]] = {key: [] for key in photograph_ids}
    for row in sorted(rows, key=_place):
        found[row.photograph_id].append(row)
    return found


def text_of(row: TextLine) -> Text:
    """Return a stored line as the science takes it."""
    return Text(np.array(row.polygon, np.float32), row.words, row.confidence)


def store(session: Session, photograph_id: UUID, read: Sequence[Text]) -> None:
    """Put what was just read in the place of what was read before. A person's lines stay, and win over what they cover.

    Parameters
    ----------
    session : Session
        The writing session.
    photograph_id : UUID
        The photograph.
    read : sequence of Text
        All that was read on it.
    """
    of_it = col(TextLine.photograph_id) == photograph_id
    session.exec(delete(TextLine).where(of_it, col(TextLine.method) != PERSON))
    persons = [_hull(row.polygon) for row in session.exec(select(TextLine).where(of_it)).all()]
    same = ReadParams().same
    for text in read:
        if not any(covered(_hull(text.polygon), polygon) > same for polygon in persons):
            session.add(_row(photograph_id, text.polygon, text.words, confidence=text.confidence, method=METHOD))


def write(
    memory: Memory,
    photograph_id: UUID,
    polygon: Sequence[Sequence[float]],
    words: str,
    *,
    written_by_id: UUID | None = None,
) -> TextLine:
    """Add a line that a person has read.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_id : UUID
        The photograph.
    polygon : sequence of (x, y)
        Three corners or more around it, in pixels of the photograph.
    words : str
        What it says.
    written_by_id : UUID, optional
        Who read it.

    Returns
    -------
    TextLine
        The new record.

    Raises
    ------
    NotFound
        There is no such photograph.
    Refused
        ``no_words``.
    RegionRefused
        ``not_a_region``: the polygon is no part of the photograph.
    """
    with memory.writing() as session:
        photograph = photographs.get(session, photograph_id)
        row = _row(photograph_id, _inside(photograph, polygon), _said(words), written_by_id=written_by_id)
        session.add(row)
        session.flush()
    return row


def correct(memory: Memory, number: int, words: str, *, written_by_id: UUID | None = None) -> TextLine:
    """Put what a person reads in the place of what had been read. What the program had read first is kept beside it.

    Parameters
    ----------
    memory : Memory
        The installation.
    number : int
        The line.
    words : str
        What it says.
    written_by_id : UUID, optional
        Who read it.

    Returns
    -------
    TextLine
        The new record, under a new number: the old one is gone.

    Raises
    ------
    NotFound
        There is no such line.
    Refused
        ``no_words``.
    """
    with memory.writing() as session:
        old = _get(session, number)
        row = _row(old.photograph_id, old.polygon, _said(words), written_by_id=written_by_id)
        row.as_read = old.as_read if old.method == PERSON else old.words
        session.delete(old)
        session.add(row)
        session.flush()
    return row


def remove(memory: Memory, number: int) -> None:
    """Remove a line: what was read is no text, or was written down in error.

    Raises
    ------
    NotFound
        There is no such line.
    """
    with memory.writing() as session:
        session.delete(_get(session, number))


def _get(session: Session, number: int) -> TextLine:
    row = session.get(TextLine, number)
    if row is None:
        raise NotFound("line of text", str(number))
    return row


def _said(words: str) -> str:
    said = " ".join(words.split())
    if not fold(said) or len(said) > LONGEST:
        raise Refused(
            "no_words",
            expected=f"letters or digits, {LONGEST} at most",
            found=f"{len(said)} characters" if said else "nothing",
            hint="Write down what can be read, or remove the line.",
        )
    return said


def _row(
    photograph_id: UUID,
    polygon: NDArray[np.float32] | Sequence[Sequence[float]],
    words: str,
    *,
    confidence: float = 1.0,
    method: str = PERSON,
    written_by_id: UUID | None = None,
) -> TextLine:
    return TextLine(
        photograph_id=photograph_id,
        polygon=np.round(np.asarray(polygon, float), 1).tolist(),
        words=words[:LONGEST],
        folded=fold(words)[:LONGEST],
        confidence=confidence,
        method=method,
        written_by_id=written_by_id,
    )


def _inside(photograph: Photograph, polygon: Sequence[Sequence[float]]) -> NDArray[np.float32]:
    corners = np.asarray(polygon, np.float32)
    if corners.ndim == 2 and len(corners) >= 3 and corners.shape[1] == 2 and np.isfinite(corners).all():
        corners = np.clip(corners, 0, np.array([photograph.width, photograph.height], np.float32))
        if cv2.contourArea(corners) >= 1:
            return corners
    raise RegionRefused(
        "not_a_region",
        expected=f"three corners or more on the photograph of {photograph.width} x {photograph.height} pixels",
        found="a polygon that covers none of it",
        hint="Draw around the line of text again.",
    )


def _hull(polygon: NDArray[np.float32] | Sequence[Sequence[float]]) -> NDArray[np.float32]:
    return np.asarray(cv2.convexHull(np.asarray(polygon, np.float32)), np.float32).reshape(-1, 2)


def _place(row: TextLine) -> tuple[float, float]:
    middle = np.asarray(row.polygon, float).mean(axis=0)
    return float(middle[1]), float(middle[0])
