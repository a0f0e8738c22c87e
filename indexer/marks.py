"""Regions of photographs: a person draws, redraws and removes them, and they are described and searched at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from sqlalchemy import delete, func
from sqlmodel import Session, col, or_, select

from forensics.errors import RegionRefused
from indexer import hits, photographs, regions, tasks
from indexer.errors import Refused
from indexer.records import Comparison, Decision, FoundBy, Mark, MarkKind, PhotographState
from indexer.workers import WorkerFailed

if TYPE_CHECKING:
    from indexer.memory import Memory

Polygon = Sequence[Sequence[float]]

SAME_CORNER = 0.01
"""Pixels within which two corners are the same: they are kept in single precision."""


def draw(
    memory: Memory,
    photograph_id: UUID,
    polygon: Polygon,
    *,
    kind: MarkKind = MarkKind.UNSPECIFIED,
    note: str = "",
    drawn_by_id: UUID | None = None,
) -> Mark:
    """Add a region that a person has drawn; describe it, index it, and search with it.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_id : UUID
        The photograph, already described.
    polygon : sequence of (x, y)
        Three corners or more, in pixels of the photograph.
    kind : MarkKind
        What sort of mark it is.
    note : str
        A remark.
    drawn_by_id : UUID, optional
        Who drew it.

    Returns
    -------
    Mark
        The new record.

    Raises
    ------
    NotFound
        There is no such photograph.
    Refused
        ``not_described``: the photograph is not ready.
    RegionRefused
        The polygon is no region of the photograph.
    """
    described = _describe(memory, photograph_id, polygon)
    with memory.writing() as session:
        photograph = photographs.get(session, photograph_id)
        mark = Mark(
            photograph_id=photograph_id,
            kind=kind,
            found_by=FoundBy.PERSON,
            polygon=described.polygon,
            score=described.score,
            note=note,
            drawn_by_id=drawn_by_id,
        )
        regions.add_features(session, photograph, mark, described)
    hits.search_mark(memory, mark.id)
    return mark


def drawn(memory: Memory, photograph_id: UUID, polygon: Polygon) -> Mark | None:
    """Return the region with exactly this outline that a person drew before; None where there is none."""
    corners = [[float(value) for value in corner] for corner in polygon]
    with memory.reading() as session:
        rows = session.exec(
            select(Mark)
            .where(Mark.photograph_id == photograph_id, Mark.found_by == FoundBy.PERSON)
            .order_by(col(Mark.id))
        ).all()
    return next(
        (
            mark
            for mark in rows
            if np.shape(mark.polygon) == np.shape(corners)
            and np.allclose(mark.polygon, corners, rtol=0, atol=SAME_CORNER)
        ),
        None,
    )


def redraw(
    memory: Memory,
    mark_id: UUID,
    *,
    polygon: Polygon | None = None,
    kind: MarkKind | None = None,
    note: str | None = None,
    drawn_by_id: UUID | None = None,
) -> Mark:
    """Change a region, its kind or its note; what is None stays.

    With a new polygon the region is the person's, whoever found it, and is described, indexed and searched anew; its
    candidates go. Where somebody has decided on a comparison of it, the region stays as it was decided on, and the new
    polygon becomes a new region beside it.

    Returns
    -------
    Mark
        The changed record, or the new one.

    Raises
    ------
    NotFound
        There is no such mark.
    Refused
        ``whole_photograph``: that region is the photograph itself.
    RegionRefused
        The polygon is no region of the photograph.
    """
    with memory.reading() as session:
        mark = regions.get(session, mark_id)
        decided = _decided(session, mark)
    described = None
    if polygon is not None:
        _refuse_whole(mark)
        if decided:
            return draw(
                memory,
                mark.photograph_id,
                polygon,
                kind=mark.kind if kind is None else kind,
                note=mark.note if note is None else note,
                drawn_by_id=drawn_by_id,
            )
        described = _describe(memory, mark.photograph_id, polygon)
    with memory.writing() as session:
        mark = regions.get(session, mark_id)
        if kind is not None:
            mark.kind = kind
        if note is not None:
            mark.note = note
        if described is not None:
            mark.polygon, mark.found_by, mark.score = described.polygon, FoundBy.PERSON, described.score
            mark.drawn_by_id = drawn_by_id
            regions.delete_features(session, col(Mark.id) == mark.id)
            session.exec(
                delete(Comparison).where(
                    or_(col(Comparison.query_mark_id) == mark.id, col(Comparison.reference_mark_id) == mark.id),
                    # One may have been decided on since.
                    col(Comparison.id).not_in(select(Decision.comparison_id)),
                )
            )
            regions.add_features(session, photographs.get(session, mark.photograph_id), mark, described)
        session.add(mark)
    if described is not None:
        hits.search_mark(memory, mark.id)
    return mark


def remove(memory: Memory, mark_id: UUID) -> None:
    """Remove a region with its features and its comparisons.

    Raises
    ------
    NotFound
        There is no such mark.
    Refused
        ``whole_photograph``: that region is the photograph itself; ``decided``: somebody has decided on a comparison
        of it.
    """
    with memory.writing() as session:
        mark = regions.get(session, mark_id)
        _refuse_whole(mark)
        decided = _decided(session, mark)
        if decided:
            raise Refused(
                "decided",
                expected="a mark that nobody has decided on",
                found=f"one that carries {decided} decision{'' if decided == 1 else 's'}, which would go with it",
                hint="Leave it. Where a decision no longer holds, open the comparison and decide again; where the "
                "outline is wrong, draw a new mark beside it.",
            )
        regions.delete_marks(session, col(Mark.id) == mark.id)
    memory.index.catch_up()


def _describe(memory: Memory, photograph_id: UUID, polygon: Polygon) -> tasks.DescribedRegion:
    with memory.reading() as session:
        photograph = photographs.get(session, photograph_id)
    if photograph.state is not PhotographState.READY:
        raise Refused(
            "not_described",
            expected="a photograph that is described",
            found=f"one that is {photograph.state}",
            hint="Wait until it is ready, or try it again.",
        )
    data = memory.originals.read(photograph.sha256)
    corners = [[float(value) for value in corner] for corner in polygon]
    task = partial(tasks.describe_regions, data, [(corners, FoundBy.PERSON.value)], params=memory.params.decode)
    try:
        return memory.workers.run(task, seconds=memory.params.describe_seconds, urgent=True)[0]
    except WorkerFailed as failed:
        raise RegionRefused(
            f"describing_{failed.code}",
            expected="a region that can be described",
            found=f"one on which describing failed: {failed.reason}",
            hint="Draw it a little differently.",
        ) from None


def _decided(session: Session, mark: Mark) -> int:
    """Count the decisions that hang on a mark."""
    return session.exec(
        select(func.count(col(Decision.id)))
        .join(Comparison, col(Comparison.id) == col(Decision.comparison_id))
        .where(or_(col(Comparison.query_mark_id) == mark.id, col(Comparison.reference_mark_id) == mark.id))
    ).one()


def _refuse_whole(mark: Mark) -> None:
    if mark.found_by is FoundBy.WHOLE:
        raise Refused(
            "whole_photograph",
            expected="a region of the photograph",
            found="the whole of it, which is always searched",
            hint="Draw a region of your own beside it.",
        )
