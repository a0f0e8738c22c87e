"""Earlier photographs with a like mark: shortlist by vectors, full comparison, rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, or_, select

from forensics.comparison import Comparison as Compared
from forensics.comparison import NoComparison
from forensics.logo import METHOD, CompareParams, LogoFeatures, compare
from indexer import comparison_detail, pairs, photographs, regions
from indexer.records import (
    Comparison,
    Mark,
    MarkFeatures,
    Photograph,
    PhotographState,
    Purpose,
    Seizure,
    Status,
)
from indexer.shortlist import Candidate, ShortlistParams, id_range, shortlist
from indexer.typicality import Chance
from indexer.vectors import Excluding

if TYPE_CHECKING:
    from indexer.memory import Memory

LINE = "logo"
"""The line of evidence that is searched here."""

UNRELATED = "unrelated"
"""The measurement of how many unrelated photographs told what is typical; as it grows, pairs are compared again."""


@dataclass(frozen=True, slots=True)
class SearchParams:
    """How a search goes.

    Attributes
    ----------
    verify : int
        The most pairs of marks compared fully (1 to 1,000): each costs some milliseconds.
    whole_part : float
        Of those, what the whole photograph is given (0 to 1); its regions share the rest. The whole has the most
        points and the regions the least clutter: half and half finds more than either alone.
    floor : float
        A lower score than this is not kept as a candidate (any): it is what unrelated marks reach by chance.
    shortlist : ShortlistParams
        How candidates are found.
    compare : CompareParams
        How two marks are compared.
    """

    verify: int = 60
    whole_part: float = 0.5
    floor: float = 1.5
    shortlist: ShortlistParams = field(default_factory=ShortlistParams)
    compare: CompareParams = field(default_factory=CompareParams)


@dataclass(frozen=True, slots=True)
class Hit:
    """A photograph that was seen before and bears a like mark, with the best pair of marks.

    Attributes
    ----------
    comparison : Comparison
        Score, measurements, status.
    query_mark, reference_mark : Mark
        The pair.
    reference_photograph : Photograph
        Where the reference mark is.
    seizure : Seizure or None
        What that photograph belongs to.
    """

    comparison: Comparison
    query_mark: Mark
    reference_mark: Mark
    reference_photograph: Photograph
    seizure: Seizure | None


def search_photograph(
    memory: Memory, photograph_id: UUID, *, limit: int = 20, params: SearchParams | None = None
) -> list[Hit]:
    """Search with every mark of a photograph.

    Stages:

    1. Follow what has changed in the database. Where nothing has since this photograph's last search, that is the
       answer.
    2. Shortlist the marks of other photographs, for every mark of this one.
    3. Compare the best of them fully, and every pair that an earlier search found from the other side. What many
       unrelated seizures show, such as rulers, counts as chance. A pair that was compared before is not compared again,
       until the installation knows more of what is typical.
    4. Store what reaches the floor.
    5. Rank: the best pair of marks for each photograph, by score.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_id : UUID
        The photograph. It is never among its own hits.
    limit : int
        The most hits returned.
    params : SearchParams, optional
        Settings; where given, the search is always made anew.

    Returns
    -------
    list of Hit
        Best first; empty where the photograph is not described yet.

    Raises
    ------
    NotFound
        There is no such photograph.
    """
    # 1. What has changed.
    applied = memory.index.catch_up()
    with memory.reading() as session:
        photograph = photographs.get(session, photograph_id)
        if photograph.state is not PhotographState.READY:
            return []
        if params is None and photograph.searched_up_to == applied:
            return _stored(session, col(Comparison.query_photograph_id) == photograph_id, limit)
    _search(memory, photograph_id, None, params, applied)
    with memory.writing() as session:
        row = photographs.get(session, photograph_id)
        # A partial index or other settings than usual are no answer for next time.
        if params is None and memory.index.status().state == "ready":
            row.searched_up_to = applied
            session.add(row)
        return _stored(session, col(Comparison.query_photograph_id) == photograph_id, limit)


def search_mark(memory: Memory, mark_id: UUID, *, limit: int = 20, params: SearchParams | None = None) -> list[Hit]:
    """Search with one mark; see :func:`search_photograph`.

    Raises
    ------
    NotFound
        There is no such mark.
    """
    applied = memory.index.catch_up()
    with memory.reading() as session:
        mark = regions.get(session, mark_id)
    _search(memory, mark.photograph_id, mark_id, params, applied)
    with memory.reading() as session:
        return _stored(session, col(Comparison.query_mark_id) == mark_id, limit)


def reconsider(memory: Memory, photograph_id: UUID) -> None:
    """Compare again the pairs of a photograph that are stored from when less was known of what is typical."""
    _search(memory, photograph_id, None, None, memory.index.catch_up(), only_stored=True)


@dataclass(frozen=True, slots=True)
class _Pair:
    query: Mark
    reference: Mark
    query_features: LogoFeatures
    reference_features: LogoFeatures
    chance: Chance
    stored: bool = False
    """Whether there is a comparison of the two from when less was known of what is typical."""


def _search(
    memory: Memory,
    photograph_id: UUID,
    mark_id: UUID | None,
    asked_params: SearchParams | None,
    applied: int,
    *,
    only_stored: bool = False,
) -> None:
    params = asked_params or SearchParams()
    with memory.reading() as session:
        own = _features(session, col(Mark.photograph_id) == photograph_id)
        seizure_id = photographs.get(session, photograph_id).seizure_id
        # A part is asked with by name only: its points are asked with as those of the whole.
        asked = [entry for entry in own if (not entry[2].part if mark_id is None else entry[0].id == mark_id)]
        chances = [memory.typicality.chance(session, features, seizure_id, change=applied) for _, _, features in asked]
    # 2. Candidates for each mark.
    left_out = [number for _, number, _ in own]
    ranked = [
        [] if only_stored else _candidates(memory, features, chance, left_out, params)
        for (_, _, features), chance in zip(asked, chances, strict=True)
    ]
    chosen = _best(ranked, params)
    with memory.reading() as session:
        to_compare = _pairs(session, asked, chances, chosen, anew=asked_params is not None)
    # 3. Full comparison; the heavy part of it leaves other threads room.
    compared = list(memory.verifiers.map(partial(_compare, params=params.compare), to_compare))
    # 4. What is worth keeping.
    kept, outdated = [], []
    for pair, result in zip(to_compare, compared, strict=True):
        if not isinstance(result, NoComparison) and result.score >= params.floor:
            kept.append((pair, result))
        elif pair.stored:
            outdated.append(pair)
    if kept or outdated:
        with memory.writing() as session:
            known = pairs.between(session, photograph_id, {pair.reference.photograph_id for pair, _ in kept})
            marks = {mark.id for pair, _ in kept for mark in (pair.query, pair.reference)}
            there = set(session.exec(select(Mark.id).where(col(Mark.id).in_(marks))).all())
            for pair, result in kept:
                # Either may have been deleted since it was read.
                if {pair.query.id, pair.reference.id} <= there:
                    _store(session, known, pair, result)
            for pair in outdated:
                session.exec(
                    delete(Comparison).where(
                        col(Comparison.query_mark_id) == pair.query.id,
                        col(Comparison.reference_mark_id) == pair.reference.id,
                        col(Comparison.line) == LINE,
                        col(Comparison.status) == Status.CANDIDATE,
                    )
                )


def _candidates(
    memory: Memory, features: LogoFeatures, chance: Chance, own: Sequence[int], params: SearchParams
) -> list[Candidate]:
    spaces = memory.index.spaces
    return shortlist(
        features,
        Excluding(spaces.local, [id_range(number) for number in own]),
        Excluding(spaces.vector, [(number, number + 1) for number in own]),
        chance=chance.distances,
        params=params.shortlist,
    )


def _best(ranked: Sequence[Sequence[Candidate]], params: SearchParams) -> list[list[int]]:
    """Choose what is compared fully.

    The first list, of the whole photograph, is given its part. The others are dealt what is left, the first of each,
    then the second of each, for scores of two marks do not compare; what one has is not given to another. What nobody
    takes goes to the first again.
    """
    chosen: list[list[int]] = [[] for _ in ranked]
    taken: set[int] = set()

    def give(place: int, number: int) -> None:
        if len(taken) < params.verify and number not in taken:
            taken.add(number)
            chosen[place].append(number)

    lists = [[candidate.number for candidate in candidates] for candidates in ranked]
    for number in lists[0][: round(params.whole_part * params.verify)] if lists else ():
        give(0, number)
    for row in zip_longest(*lists[1:]):
        for place, number in enumerate(row, start=1):
            if number is not None:
                give(place, number)
    for number in lists[0] if lists else ():
        give(0, number)
    return chosen


def _pairs(
    session: Session,
    asked: Sequence[tuple[Mark, int, LogoFeatures]],
    chances: Sequence[Chance],
    chosen: Sequence[Sequence[int]],
    *,
    anew: bool,
) -> list[_Pair]:
    mine = [mark.id for mark, _, _ in asked]
    # Marks that were found from the other side, by a photograph that came later, are looked at from here too.
    also: dict[UUID, set[UUID]] = {}
    outdated: set[tuple[UUID, UUID]] = set()
    for asker, answer in session.exec(
        select(Comparison.query_mark_id, Comparison.reference_mark_id).where(
            col(Comparison.reference_mark_id).in_(mine), Comparison.method == METHOD
        )
    ).all():
        also.setdefault(answer, set()).add(asker)
    now = {mark.id: chance.unrelated for (mark, _, _), chance in zip(asked, chances, strict=True)}
    compared = set()
    for asker, answer, status, measurements in session.exec(
        select(
            Comparison.query_mark_id, Comparison.reference_mark_id, Comparison.status, Comparison.measurements
        ).where(col(Comparison.query_mark_id).in_(mine), Comparison.method == METHOD)
    ).all():
        if status is not Status.CANDIDATE or measurements.get(UNRELATED) == now[asker]:
            compared.add((asker, answer))
        else:
            # From when less was known of what is typical: looked at again.
            outdated.add((asker, answer))
            also.setdefault(asker, set()).add(answer)
    wanted = {number for some in chosen for number in some}
    others = {mark_id for found in also.values() for mark_id in found}
    references = [
        *_features(session, col(MarkFeatures.number).in_(wanted), to_be_found=True),
        *_features(session, col(Mark.id).in_(others), to_be_found=True),
    ]
    by_number = {number: (mark, features) for mark, number, features in references}
    by_mark = {mark.id: (mark, features) for mark, _, features in references}
    found = {}
    for (mark, _, features), chance, numbers in zip(asked, chances, chosen, strict=True):
        against = [by_number[number] for number in numbers if number in by_number]
        against += [by_mark[mark_id] for mark_id in also.get(mark.id, ()) if mark_id in by_mark]
        for reference, seen in against:
            pair = (mark.id, reference.id)
            if anew or pair not in compared:
                found[pair] = _Pair(mark, reference, features, seen, chance, stored=pair in outdated)
    return list(found.values())


def _features(
    session: Session, which: ColumnElement[bool], *, to_be_found: bool = False
) -> list[tuple[Mark, int, LogoFeatures]]:
    query = (
        select(Mark, MarkFeatures)
        .join(MarkFeatures, col(MarkFeatures.mark_id) == col(Mark.id))
        .join(Photograph, col(Mark.photograph_id) == col(Photograph.id))
        .where(which, MarkFeatures.line == LINE, MarkFeatures.method == METHOD)
        .order_by(col(MarkFeatures.number))
    )
    if to_be_found:
        query = query.where(Photograph.purpose == Purpose.EXHIBIT)
    return [
        (mark, regions.row_number(row), LogoFeatures.from_bytes(row.data)) for mark, row in session.exec(query).all()
    ]


def _compare(pair: _Pair, *, params: CompareParams) -> Compared | NoComparison:
    result = compare(pair.query_features, pair.reference_features, chance=pair.chance.distances, params=params)
    if isinstance(result, NoComparison):
        return result
    return replace(result, measurements={**result.measurements, UNRELATED: float(pair.chance.unrelated)})


def _store(session: Session, known: pairs.Between, pair: _Pair, result: Compared) -> None:
    same_pair = known.same_pair(pair.query, pair.reference)
    row = next(
        (r for r in same_pair if (r.query_mark_id, r.reference_mark_id) == (pair.query.id, pair.reference.id)), None
    )
    if row is not None and row.status is not Status.CANDIDATE:
        # What an examiner decided on stays as it was seen.
        return
    if row is None:
        row = Comparison(
            query_mark_id=pair.query.id,
            reference_mark_id=pair.reference.id,
            query_photograph_id=pair.query.photograph_id,
            reference_photograph_id=pair.reference.photograph_id,
            line=LINE,
            method=result.method,
            score=result.score,
        )
    row.method, row.score, row.mirrored = result.method, float(result.score), bool(result.mirrored)
    row.measurements = {name: float(value) for name, value in result.measurements.items()}
    row.detail = comparison_detail.pack(result)
    # A pair that was dismissed stays dismissed, from whichever side and by whichever search it comes up again.
    row.status = next((other.status for other in same_pair if other.status is not Status.CANDIDATE), Status.CANDIDATE)
    session.add(row)


def _stored(session: Session, which: ColumnElement[bool], limit: int) -> list[Hit]:
    # 5. The best pair of each photograph first, and only then the whole records.
    ranked = session.exec(
        select(Comparison.id, Comparison.reference_photograph_id)
        .where(which, or_(col(Comparison.method) == METHOD, col(Comparison.status) != Status.CANDIDATE))
        .order_by(col(Comparison.score).desc(), col(Comparison.id))
    ).all()
    best: dict[UUID, UUID] = {}
    for comparison_id, reference_id in ranked:
        best.setdefault(reference_id, comparison_id)
    found = list(best.values())[:limit]
    asker, answer = aliased(Mark), aliased(Mark)
    rows = session.exec(
        select(Comparison, asker, answer, Photograph)
        .join(asker, col(Comparison.query_mark_id) == asker.id)
        .join(answer, col(Comparison.reference_mark_id) == answer.id)
        .join(Photograph, col(Comparison.reference_photograph_id) == col(Photograph.id))
        .where(col(Comparison.id).in_(found))
    ).all()
    owners = {row[3].seizure_id for row in rows}
    seizures = {row.id: row for row in session.exec(select(Seizure).where(col(Seizure.id).in_(owners))).all()}
    by_id = {
        row[0].id: Hit(*row, seizure=seizures.get(row[3].seizure_id) if row[3].seizure_id else None) for row in rows
    }
    return [by_id[comparison_id] for comparison_id in found if comparison_id in by_id]
