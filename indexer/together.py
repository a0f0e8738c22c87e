"""Several photographs of one mark, searched together: what one shows too little of, the others may show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from sqlmodel import col, select

from indexer import hits, photographs
from indexer.hits import Hit
from indexer.linked import LinkedParams
from indexer.records import Photograph, Seizure, Status

if TYPE_CHECKING:
    from indexer.memory import Memory


@dataclass(frozen=True, slots=True)
class TogetherParams:
    """How several photographs are searched together.

    Attributes
    ----------
    depth : int
        The most hits of each photograph that are looked at (20 to 200). Above what is shown: what is far down for
        each of them may be first for all.
    linked : LinkedParams
        Its caution: the score that counts as even odds.
    """

    depth: int = 100
    linked: LinkedParams = field(default_factory=LinkedParams)


@dataclass(frozen=True, slots=True)
class JointHit:
    """A photograph that was seen before, and what each of the photographs asked with has in common with it.

    Attributes
    ----------
    reference_photograph : Photograph
        The one that was found.
    seizure : Seizure or None
        What it belongs to.
    standing : float
        See :func:`joint_standing`, over the pairs that nobody refuted; over all of them where every one was.
    pairs : tuple of Hit
        One for each photograph asked with that finds it, each with its own score: the best first, refuted ones last.
    """

    reference_photograph: Photograph
    seizure: Seizure | None
    standing: float
    pairs: tuple[Hit, ...]

    @property
    def dismissed(self) -> bool:
        """Whether every pair was refuted."""
        return all(_refuted(pair) for pair in self.pairs)


def search_together(
    memory: Memory, photograph_ids: Sequence[UUID], *, limit: int = 20, params: TogetherParams | None = None
) -> list[JointHit]:
    """Search with several photographs of one mark.

    Stages:

    1. Search with each, as by :func:`indexer.hits.search_photograph`.
    2. Leave out what is asked with, and the seizures that it belongs to.
    3. Gather the pairs of each photograph found, and weigh them together.
    4. Rank.

    Parameters
    ----------
    memory : Memory
        The installation.
    photograph_ids : sequence of UUID
        They show the same mark. One that is not described yet finds nothing.
    limit : int
        The most hits returned.
    params : TogetherParams, optional
        Settings.

    Returns
    -------
    list of JointHit
        Best first; those that were refuted for every photograph last.

    Raises
    ------
    NotFound
        There is no such photograph.
    """
    params = params or TogetherParams()
    asked = list(dict.fromkeys(photograph_ids))
    # 1.
    with memory.reading() as session:
        for key in asked:
            photographs.get(session, key)
    found = [hit for key in asked for hit in hits.search_photograph(memory, key, limit=params.depth)]
    # 2.
    with memory.reading() as session:
        own = set(session.exec(select(Photograph.seizure_id).where(col(Photograph.id).in_(asked))).all())
    own.discard(None)
    gathered: dict[UUID, list[Hit]] = {}
    for hit in found:
        reference = hit.reference_photograph
        if reference.id not in asked and reference.seizure_id not in own:
            gathered.setdefault(reference.id, []).append(hit)
    # 3.
    joint = []
    for pairs in gathered.values():
        pairs.sort(key=lambda hit: (_refuted(hit), -hit.standing))
        counted = [hit.standing for hit in pairs if not _refuted(hit)] or [hit.standing for hit in pairs]
        standing = joint_standing(counted, params=params.linked)
        joint.append(JointHit(pairs[0].reference_photograph, pairs[0].seizure, standing, tuple(pairs)))
    # 4.
    joint.sort(key=lambda hit: (hit.dismissed, -hit.standing, hit.reference_photograph.id))
    return joint[:limit]


def joint_standing(standings: Sequence[float], *, params: LinkedParams) -> float:
    """Weigh the standings of one photograph for several photographs of a mark together.

    Parameters
    ----------
    standings : sequence of float
        One or more; see :func:`indexer.linked.standings`.
    params : LinkedParams
        Settings.

    Returns
    -------
    float
        The logarithm of the odds that any of them is right, were they right or wrong independently of each other (noisy
        or). One alone stays what it is; none makes it less.
    """
    against = float(np.logaddexp(0, np.asarray(standings, float) - params.caution).sum())
    return params.caution + against + float(np.log(-np.expm1(-against)))


def _refuted(hit: Hit) -> bool:
    return hit.comparison.status is Status.REFUTED
