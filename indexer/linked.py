"""What a photograph is linked with through others: a hit of a hit.

A print that is worn on one photograph and half covered on another may agree with neither, and both with a third. What
is found so is ranked by the whole chain, and shown with it (query expansion, after Chum et al., ICCV 2007, on the
comparisons that are stored anyway).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlmodel import Session, col, or_, select

from forensics.logo import METHOD
from indexer.records import Comparison, Photograph, Purpose, Status


@dataclass(frozen=True, slots=True)
class LinkedParams:
    """What links are worth.

    Attributes
    ----------
    best : int
        The most photographs whose own links are looked at, best first (0 to 100).
    least : float
        A score below this (any) makes no link.
    caution : float
        A score of this (0 to 10) counts as even odds in a chain: the score takes matches to be as frequent as
        non-matches, and in a search they are rare.
    further : int
        The most photographs compared because they are linked with what was found (0 to 200).
    """

    best: int = 20
    least: float = -1.0
    caution: float = 1.0
    further: int = 30


Links = Mapping[UUID, Mapping[UUID, float]]
"""For some photographs, the others that each is linked with, and the best score of the two."""


def links(session: Session, scores: Mapping[UUID, float], *, without: UUID, params: LinkedParams) -> Links:
    """Read what the best of the photographs found are linked with.

    Parameters
    ----------
    session : Session
        To read with.
    scores : mapping of UUID to float
        The photographs found, each with its best score.
    without : UUID
        The photograph that is asked with.
    params : LinkedParams
        Settings.

    Returns
    -------
    Links
        Exhibits only, no refuted pair, no score below ``least``.
    """
    found = [key for key in sorted(scores, key=lambda key: -scores[key]) if scores[key] >= params.least][: params.best]
    asked, answered = col(Comparison.query_photograph_id), col(Comparison.reference_photograph_id)
    rows = session.exec(
        select(asked, answered, Comparison.score)
        .join(Photograph, asked == col(Photograph.id))
        .where(
            or_(asked.in_(found), answered.in_(found)),
            Comparison.score >= params.least,
            Comparison.method == METHOD,
            col(Comparison.status) != Status.REFUTED,
            Photograph.purpose == Purpose.EXHIBIT,
        )
    ).all()
    of: dict[UUID, dict[UUID, float]] = {key: {} for key in found}
    for one, other, score in rows:
        for here, there in ((one, other), (other, one)):
            if here in of and there != without:
                of[here][there] = max(score, of[here].get(there, score))
    return of


def standings(scores: Mapping[UUID, float], links: Links, *, params: LinkedParams) -> dict[UUID, float]:
    """Weigh what agrees itself together with what is linked through others.

    Parameters
    ----------
    scores : mapping of UUID to float
        The photographs compared, each with its best score.
    links : Links
        Of :func:`links`.
    params : LinkedParams
        Settings.

    Returns
    -------
    dict of UUID to float
        For each photograph of ``scores`` or linked with one: the logarithm of the odds that it is linked by itself or
        through the best of the others, were those independent of each other (noisy or). Only one chain counts: many
        weak ones are mostly one ruler or one table. Without links, the score itself; never below it.
    """
    missed: dict[UUID, float] = dict.fromkeys(scores, 0.0)
    for middle, others in links.items():
        first = _probability(scores[middle], params)
        for other, score in others.items():
            missed[other] = min(missed.get(other, 0.0), float(np.log1p(-first * _probability(score, params))))
    found = {}
    for key, through in missed.items():
        # The logarithm of the odds against both ways at once.
        against = through - float(np.logaddexp(0, scores[key] - params.caution)) if key in scores else through
        found[key] = params.caution + _log_odds(against)
    return found


def further(scores: Mapping[UUID, float], links: Links, *, params: LinkedParams) -> list[UUID]:
    """Choose what is worth comparing because of what it is linked with, the likeliest first."""
    standing = standings(scores, links, params=params)
    others = sorted((key for key in standing if key not in scores), key=lambda key: -standing[key])
    return others[: params.further]


def middle(photograph_id: UUID, scores: Mapping[UUID, float], links: Links, *, params: LinkedParams) -> UUID | None:
    """Return the best link to a photograph, where that says more than the two compared; otherwise None."""
    chains = {key: min(scores[key], others[photograph_id]) for key, others in links.items() if photograph_id in others}
    best = max(chains, key=lambda key: chains[key], default=None)
    own = max(scores.get(photograph_id, params.caution), params.caution)
    return best if best is not None and chains[best] > own else None


def _probability(score: float, params: LinkedParams) -> float:
    # Short of certain: nothing is added up to infinity.
    return float(min(1 / (1 + np.exp(params.caution - score)), 1 - 1e-9))


def _log_odds(log_against: float) -> float:
    """Return log((1 - q) / q) for log q."""
    return float(np.log(max(-np.expm1(log_against), 1e-300)) - log_against)
