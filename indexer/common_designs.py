"""How common a design is in the base: one that is on the marks of many seizures links none of them by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from forensics.logo import METHOD
from indexer import comparison_detail
from indexer.records import Comparison, Photograph, Purpose, Status

if TYPE_CHECKING:
    from indexer.memory import Memory


@dataclass(frozen=True, slots=True)
class CommonParams:
    """When a design counts as common.

    Attributes
    ----------
    score : float
        A stored comparison of at least this score (0 to 10, natural logarithm of odds; 0 is even) counts as a mark of
        the same design. Unrelated marks rarely reach 3, some twenty to one; worn marks of one design may not either,
        so the count is a least one.
    fewest : int
        Of fewer seizures than this (2 to 100) nothing is said: a series of a few is what is looked for.
    share : float
        Nor of a smaller part of all seizures than this (0 to 1).
    overlap : float
        Two comparisons are about the same mark where what agrees in the one lies, by this part of the smaller box
        (0 to 1), where it does in the other: a photograph may bear several designs.
    """

    score: float = 3.0
    fewest: int = 4
    share: float = 0.05
    overlap: float = 0.5


@dataclass(frozen=True, slots=True)
class Spread:
    """On how many seizures a design was found.

    Attributes
    ----------
    seizures : int
        Seizures beside the photograph's own with a mark like it. Not counted: those that an examiner confirmed, which
        are linked to it, and those that were refuted, which bear another design.
    of : int
        Seizures with photographs, beside its own.
    common : bool
        Whether these are so many that the design alone says little.
    """

    seizures: int
    of: int
    common: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A stored comparison seen from one photograph: where on it the points agree, and what it is like."""

    comparison_id: UUID
    asked: bool
    box: NDArray[np.float32]
    seizure_id: UUID | None
    counts: bool


def spread(memory: Memory, photograph_id: UUID, *, params: CommonParams | None = None) -> dict[UUID, Spread]:
    """Say of each comparison that was asked with a photograph how common its design is.

    Stages: 1. every stored comparison of the photograph, from either side; 2. where on the photograph it agrees; 3. for
    each, the seizures of all that agree at the same place.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_id : UUID
        The photograph that was asked with.
    params : CommonParams, optional
        When a design counts as common.

    Returns
    -------
    dict of UUID to Spread
        By the comparison's key; none for a photograph that is not there.
    """
    params = params or CommonParams()
    with memory.reading() as session:
        photograph = session.get(Photograph, photograph_id)
        if photograph is None:
            return {}
        # 1. and 2.
        found = _found(session, photograph, params)
        others = select(func.count(func.distinct(col(Photograph.seizure_id)))).where(
            col(Photograph.purpose) == Purpose.EXHIBIT
        )
        if photograph.seizure_id is not None:
            others = others.where(col(Photograph.seizure_id) != photograph.seizure_id)
        of = session.exec(others).one()
    # 3.
    return {one.comparison_id: _spread(one, found, of, params) for one in found if one.asked}


def _found(session: Session, photograph: Photograph, params: CommonParams) -> list[_Found]:
    asker, answer = aliased(Photograph), aliased(Photograph)
    rows = session.exec(
        select(Comparison, asker.seizure_id, answer.seizure_id)
        .join(asker, col(Comparison.query_photograph_id) == asker.id)
        .join(answer, col(Comparison.reference_photograph_id) == answer.id)
        .where(
            or_(
                col(Comparison.query_photograph_id) == photograph.id,
                col(Comparison.reference_photograph_id) == photograph.id,
            ),
            or_(col(Comparison.method) == METHOD, col(Comparison.status) != Status.CANDIDATE),
        )
    ).all()
    found = []
    for row, query_seizure, reference_seizure in rows:
        asked = row.query_photograph_id == photograph.id
        detail = comparison_detail.unpack(row.detail)
        points = detail.query_points if asked else detail.reference_points
        seizure_id = reference_seizure if asked else query_seizure
        counts = (
            seizure_id is not None
            and seizure_id != photograph.seizure_id
            and row.score >= params.score
            and row.status not in (Status.CONFIRMED, Status.REFUTED)
        )
        box = np.concatenate([points.min(axis=0), points.max(axis=0)]) if len(points) else np.zeros(4, np.float32)
        found.append(_Found(row.id, asked, box, seizure_id, counts))
    return found


def _spread(one: _Found, found: Sequence[_Found], of: int, params: CommonParams) -> Spread:
    like = {other.seizure_id for other in found if other.counts and _overlap(one.box, other.box) >= params.overlap}
    number = len(like)
    return Spread(number, of, number >= params.fewest and number >= params.share * of)


def _overlap(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the shared area of two boxes as a part of the smaller."""
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    shared = float(np.maximum(high - low, 0.0).prod())
    smaller = min(float((box[2:] - box[:2]).prod()) for box in (one, other))
    return shared / smaller if smaller > 0 else 0.0
