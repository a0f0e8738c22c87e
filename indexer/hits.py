"""Earlier photographs with a like mark: shortlist by vectors, full comparison, rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, and_, col, delete, or_, select

from forensics.comparison import Comparison as Compared
from forensics.comparison import NoComparison
from forensics.logo import METHOD, CompareParams, LogoFeatures, compare, turned_over
from indexer import comparison_detail, linked, pairs, photographs, regions
from indexer.linked import LinkedParams
from indexer.records import (
    Comparison,
    FoundBy,
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


NO_CHANCE = Chance(None, 0)
"""Of points of which nothing typical is known."""


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
    mirrored : int
        The most photographs that are compared turned over, too (0 to 1,000): a print seen through the film from its
        other side. They are found by the votes of the mirrored points of the whole photograph, or of the mark that is
        asked with.
    floor : float
        A lower score than this, with what the pair is linked through, is not kept as a candidate (any): it is what
        unrelated marks reach by chance.
    shown : float
        A hit of a lower standing than this (any) is not returned. Below it, what is kept only tells what is linked.
    linked : LinkedParams
        How photographs are found through others.
    shortlist : ShortlistParams
        How candidates are found.
    compare : CompareParams
        How two marks are compared.
    """

    verify: int = 70
    whole_part: float = 0.5
    mirrored: int = 8
    floor: float = -1.0
    shown: float = 0.0
    linked: LinkedParams = field(default_factory=LinkedParams)
    shortlist: ShortlistParams = field(default_factory=ShortlistParams)
    compare: CompareParams = field(default_factory=CompareParams)


@dataclass(frozen=True, slots=True)
class Hit:
    """A photograph that was seen before and bears a like mark, with the best pair of marks.

    Hits are ranked by their standing: the score, and what the photograph is linked with that is found too.

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
    standing : float
        See :func:`indexer.linked.standings`; the score of the pair where there are no such links.
    through : UUID or None
        The photograph that is the best link between the two, where the standing rests on others more than on the pair.
    """

    comparison: Comparison
    query_mark: Mark
    reference_mark: Mark
    reference_photograph: Photograph
    seizure: Seizure | None
    standing: float
    through: UUID | None


def search_photograph(
    memory: Memory, photograph_id: UUID, *, limit: int = 20, params: SearchParams | None = None
) -> list[Hit]:
    """Search with every mark of a photograph.

    Stages:

    1. Follow what has changed in the database. Where nothing has since this photograph's last search, that is the
       answer.
    2. Shortlist the marks of other photographs, for every mark of this one, and for its mirror image.
    3. Compare the best of them fully, and every pair that an earlier search found from the other side. What many
       unrelated seizures show, such as rulers, counts as chance. A pair that was compared before is not compared again,
       until the installation knows more of what is typical.
    4. Compare with what the best of those are linked with, too; see :mod:`indexer.linked`.
    5. Store what reaches the floor.
    6. Rank: the best pair of marks for each photograph, by its score and its links.

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
            return _stored(
                session,
                col(Comparison.query_photograph_id) == photograph_id,
                photograph_id,
                limit,
                SearchParams().shown,
            )
    _search(memory, photograph_id, None, params, applied)
    with memory.writing() as session:
        row = photographs.get(session, photograph_id)
        # A partial index or other settings than usual are no answer for next time.
        if params is None and memory.index.status().state == "ready":
            row.searched_up_to = applied
            session.add(row)
        return _stored(
            session,
            col(Comparison.query_photograph_id) == photograph_id,
            photograph_id,
            limit,
            (params or SearchParams()).shown,
        )


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
        return _stored(
            session,
            col(Comparison.query_mark_id) == mark_id,
            mark.photograph_id,
            limit,
            (params or SearchParams()).shown,
        )


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
    mirrored: bool = False
    """Whether they are compared turned over, too."""


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
    beside = None
    if asked and params.mirrored and not only_stored:
        # At the same time: most of it is the vector engine's, which needs no other thread to wait.
        over = turned_over(asked[0][2])
        beside = memory.verifiers.submit(_candidates, memory, over, NO_CHANCE, left_out, params)
    ranked = [
        [] if only_stored else _candidates(memory, features, chance, left_out, params)
        for (_, _, features), chance in zip(asked, chances, strict=True)
    ]
    with memory.reading() as session:
        chosen = _best(_wholes(session, ranked), params)
    turned: list[int] = []
    if beside is not None:
        turned = [found.number for found in beside.result()[: params.mirrored]]
        chosen[0] += [number for number in turned if number not in chosen[0]]
    with memory.reading() as session:
        to_compare = _pairs(session, asked, chances, chosen, turned, anew=asked_params is not None)
    # 3. Full comparison.
    results = _compared(memory, to_compare, params)
    # 4. And of what those are linked with.
    with memory.reading() as session:
        scores = _scores(session, photograph_id, results)
        links = linked.links(session, scores, without=photograph_id, params=params.linked)
        if not only_stored:
            more = linked.further(scores, links, params=params.linked)
            to_compare = _pairs_further(session, asked, chances, more, results)
    if not only_stored:
        results += _compared(memory, to_compare, params)
        scores |= {key: score for key, score in _best_scores(results).items() if key not in scores}
    standings = linked.standings(scores, links, params=params.linked)
    # 5. What is worth keeping.
    kept, outdated = [], []
    for pair, result in results:
        if isinstance(result, NoComparison):
            if pair.stored:
                outdated.append(pair)
        elif max(result.score, standings.get(pair.reference.photograph_id, result.score)) >= params.floor:
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


def _compared(
    memory: Memory, to_compare: Sequence[_Pair], params: SearchParams
) -> list[tuple[_Pair, Compared | NoComparison]]:
    # The heavy part of it leaves other threads room.
    results = memory.verifiers.map(partial(_compare, params=params.compare), to_compare)
    return list(zip(to_compare, results, strict=True))


def _best_scores(results: Sequence[tuple[_Pair, Compared | NoComparison]]) -> dict[UUID, float]:
    """Return the best score of each photograph that was compared."""
    scores: dict[UUID, float] = {}
    for pair, result in results:
        if not isinstance(result, NoComparison):
            key = pair.reference.photograph_id
            scores[key] = max(result.score, scores.get(key, result.score))
    return scores


def _scores(
    session: Session, photograph_id: UUID, results: Sequence[tuple[_Pair, Compared | NoComparison]]
) -> dict[UUID, float]:
    """Return the best score of each photograph, compared now or before; what is refuted is not among them."""
    scores = _best_scores(results)
    for key, score, status in session.exec(
        select(Comparison.reference_photograph_id, Comparison.score, Comparison.status).where(
            Comparison.query_photograph_id == photograph_id, Comparison.method == METHOD
        )
    ).all():
        if status is Status.REFUTED:
            scores.pop(key, None)
        elif key not in scores or score > scores[key]:
            scores[key] = score
    return scores


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


def _wholes(session: Session, ranked: Sequence[Sequence[Candidate]]) -> list[list[int]]:
    """Put the whole photograph in the place of a part that was found: the whole has all points and all vectors."""
    numbers = {candidate.number for candidates in ranked for candidate in candidates}
    part, whole = aliased(Mark), aliased(Mark)
    of_part, of_whole = aliased(MarkFeatures), aliased(MarkFeatures)
    instead = dict(
        session.exec(
            select(of_part.number, of_whole.number)
            .join(part, col(of_part.mark_id) == part.id)
            .join(whole, col(whole.photograph_id) == part.photograph_id)
            .join(of_whole, col(of_whole.mark_id) == whole.id)
            .where(
                col(of_part.number).in_(numbers),
                part.found_by == FoundBy.FINDER,
                whole.found_by == FoundBy.WHOLE,
                of_whole.line == LINE,
                of_whole.method == METHOD,
            )
        ).all()
    )
    return [
        list(dict.fromkeys(instead.get(candidate.number) or candidate.number for candidate in candidates))
        for candidates in ranked
    ]


def _best(lists: Sequence[Sequence[int]], params: SearchParams) -> list[list[int]]:
    """Choose what is compared fully.

    The first list, of the whole photograph, is given its part. The others are dealt what is left, the first of each,
    then the second of each, for scores of two marks do not compare; what one has is not given to another. What nobody
    takes goes to the first again.
    """
    chosen: list[list[int]] = [[] for _ in lists]
    taken: set[int] = set()

    def give(place: int, number: int) -> None:
        if len(taken) < params.verify and number not in taken:
            taken.add(number)
            chosen[place].append(number)

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
    turned: Sequence[int],
    *,
    anew: bool,
) -> list[_Pair]:
    mine = [mark.id for mark, _, _ in asked]
    # Marks that were found from the other side, by a photograph that came later, are looked at from here too.
    also: dict[UUID, set[UUID]] = {}
    outdated: set[tuple[UUID, UUID]] = set()
    mirrored: set[tuple[UUID, UUID]] = set()
    for asker, answer, over in session.exec(
        select(Comparison.query_mark_id, Comparison.reference_mark_id, Comparison.mirrored).where(
            col(Comparison.reference_mark_id).in_(mine), Comparison.method == METHOD
        )
    ).all():
        also.setdefault(answer, set()).add(asker)
        if over:
            mirrored.add((answer, asker))
    now = {mark.id: chance.unrelated for (mark, _, _), chance in zip(asked, chances, strict=True)}
    compared = set()
    for row in session.exec(
        select(Comparison)
        .options(defer(col(Comparison.detail)))  # type: ignore[arg-type]
        .where(col(Comparison.query_mark_id).in_(mine), Comparison.method == METHOD)
    ).all():
        pair = (row.query_mark_id, row.reference_mark_id)
        if row.status is not Status.CANDIDATE or row.measurements.get(UNRELATED) == now[row.query_mark_id]:
            compared.add(pair)
        else:
            # From when less was known of what is typical: looked at again.
            outdated.add(pair)
            also.setdefault(row.query_mark_id, set()).add(row.reference_mark_id)
            if row.mirrored:
                mirrored.add(pair)
    wanted = {number for some in chosen for number in some}
    others = {mark_id for found in also.values() for mark_id in found}
    references = [
        *_features(session, col(MarkFeatures.number).in_(wanted), to_be_found=True),
        *_features(session, col(Mark.id).in_(others), to_be_found=True),
    ]
    by_number = {number: (mark, features) for mark, number, features in references}
    by_mark = {mark.id: (mark, features) for mark, _, features in references}
    found = {}
    mirrored |= {(asked[0][0].id, by_number[number][0].id) for number in turned if number in by_number}
    for (mark, _, features), chance, numbers in zip(asked, chances, chosen, strict=True):
        against = [by_number[number] for number in numbers if number in by_number]
        against += [by_mark[mark_id] for mark_id in also.get(mark.id, ()) if mark_id in by_mark]
        for reference, seen in against:
            pair = (mark.id, reference.id)
            if anew or pair not in compared:
                found[pair] = _Pair(mark, reference, features, seen, chance, pair in outdated, pair in mirrored)
    return list(found.values())


def _pairs_further(
    session: Session,
    asked: Sequence[tuple[Mark, int, LogoFeatures]],
    chances: Sequence[Chance],
    photograph_ids: Sequence[UUID],
    results: Sequence[tuple[_Pair, Compared | NoComparison]],
) -> list[_Pair]:
    """Pair what is asked with first, the whole or a mark, with other photographs as wholes."""
    if not asked or not photograph_ids:
        return []
    done = {(pair.query.id, pair.reference.id) for pair, _ in results}
    (mark, _, features), chance = asked[0], chances[0]
    return [
        _Pair(mark, other, features, seen, chance)
        for other, _, seen in _features(
            session,
            and_(col(Mark.photograph_id).in_(photograph_ids), col(Mark.found_by) == FoundBy.WHOLE),
            to_be_found=True,
        )
        if (mark.id, other.id) not in done
    ]


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
    params = replace(params, mirrored=params.mirrored or pair.mirrored)
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


def _stored(session: Session, which: ColumnElement[bool], photograph_id: UUID, limit: int, shown: float) -> list[Hit]:
    # 6. The best pair of each photograph first, and only then the whole records.
    compared = session.exec(
        select(Comparison.id, Comparison.reference_photograph_id, Comparison.score, Comparison.status)
        .where(which, or_(col(Comparison.method) == METHOD, col(Comparison.status) != Status.CANDIDATE))
        .order_by(col(Comparison.status) == Status.REFUTED, col(Comparison.score).desc(), col(Comparison.id))
    ).all()
    best: dict[UUID, tuple[UUID, float, str]] = {}
    for comparison_id, reference_id, score, status in compared:
        best.setdefault(reference_id, (comparison_id, score, status))
    scores = {key: score for key, (_, score, status) in best.items() if status is not Status.REFUTED}
    params = SearchParams().linked
    links = linked.links(session, scores, without=photograph_id, params=params)
    standings = linked.standings(scores, links, params=params)
    # What was refuted comes last, and takes no other's place.
    refuted = {key for key, (_, _, status) in best.items() if status is Status.REFUTED}
    standing = {key: standings.get(key, score) for key, (_, score, _) in best.items()}
    # What an examiner decided on is shown whatever its score.
    order = [key for key in best if standing[key] >= shown or best[key][2] != Status.CANDIDATE]
    order = sorted(order, key=lambda key: (key in refuted, -standing[key], best[key][0]))[:limit]
    found = {best[key][0]: key for key in order}
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
        row[0].id: Hit(
            *row,
            seizure=seizures.get(row[3].seizure_id) if row[3].seizure_id else None,
            standing=standing[row[3].id],
            through=linked.middle(row[3].id, scores, links, params=params),
        )
        for row in rows
    }
    return [by_id[comparison_id] for comparison_id in found if comparison_id in by_id]
