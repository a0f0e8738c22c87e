"""What many unrelated seizures of this installation show: kept at hand, so that a search can discount it."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col, select

from forensics.logo import METHOD, LogoFeatures, Typical, TypicalParams
from indexer.records import FoundBy, Mark, MarkFeatures, Photograph, PhotographState, Purpose, Seizure


@dataclass(frozen=True, slots=True)
class SampleParams:
    """Which seizures stand for all.

    Attributes
    ----------
    most : int
        Seizures looked at (16 to 500), one photograph of each. Time of a search grows with it: 64 cost it some tens of
        milliseconds, and tell a tenth from a fifth.
    growth : float
        A new sample is drawn when the index has seen so many times as many changes (1.05 to 2), so that a small
        installation soon learns what its rulers look like.
    typical : TypicalParams
        How the sample is used.
    """

    most: int = 64
    growth: float = 1.25
    typical: TypicalParams = field(default_factory=TypicalParams)


@dataclass(frozen=True, slots=True)
class Chance:
    """How near unrelated photographs come to each point of a query.

    Attributes
    ----------
    distances : ndarray of shape (N,), float32, or None
        For :func:`forensics.logo.compare`; None where there are too few unrelated photographs to tell.
    unrelated : int
        From how many photographs; 0 where there are too few.
    """

    distances: NDArray[np.float32] | None
    unrelated: int


@dataclass(frozen=True, slots=True)
class _Drawn:
    typical: Typical
    seizures: tuple[UUID, ...]
    change: int


class Typicality:
    """The sample of an installation. Thread-safe; drawn when first asked, and anew as the installation grows."""

    def __init__(self, *, params: SampleParams | None = None) -> None:
        self.params = params or SampleParams()
        self._lock = threading.Lock()
        self._drawn: _Drawn | None = None
        self._learnt = False

    def chance(self, session: Session, features: LogoFeatures, seizure_id: UUID | None, *, change: int) -> Chance:
        """Return how near unrelated photographs come to each point; see :meth:`forensics.logo.Typical.chance`.

        Parameters
        ----------
        session : Session
            To read with.
        features : LogoFeatures
            The described query.
        seizure_id : UUID or None
            The query's own seizure, which is not unrelated to it.
        change : int
            The number of the last change that the index has seen.

        Returns
        -------
        Chance
            For each point, and from how many photographs.
        """
        drawn = self._current(session, change)
        own = [place for place, other in enumerate(drawn.seizures) if other == seizure_id]
        unrelated = len(drawn.typical) - len(own)
        if unrelated < self.params.typical.least:
            return Chance(None, 0)
        return Chance(drawn.typical.chance(features, without=own), unrelated)

    def learnt(self) -> bool:
        """Say, once, that so much was learnt since this was last asked that earlier searches should be made again."""
        with self._lock:
            learnt, self._learnt = self._learnt, False
            return learnt

    def _current(self, session: Session, change: int) -> _Drawn:
        with self._lock:
            drawn = self._drawn
            if drawn is None or not drawn.change <= change < drawn.change * self.params.growth + 1:
                before, drawn = drawn, self._draw(session, change)
                self._drawn = drawn
                if before is not None:
                    least = self.params.typical.least
                    steps = [sum(len(one.seizures) > step for step in (least, 2 * least)) for one in (before, drawn)]
                    self._learnt = self._learnt or steps[1] > steps[0]
            return drawn

    def _draw(self, session: Session, change: int) -> _Drawn:
        # By the hash of their keys: by chance, but the same on every start.
        every = session.exec(select(Seizure.id)).all()
        chosen: list[UUID] = []
        sample: list[NDArray[np.uint8]] = []
        for seizure_id in sorted(every, key=lambda key: hashlib.blake2b(key.bytes, digest_size=8).digest()):
            data = session.exec(
                select(MarkFeatures.data)
                .join(Mark, col(MarkFeatures.mark_id) == col(Mark.id))
                .join(Photograph, col(Mark.photograph_id) == col(Photograph.id))
                .where(
                    Photograph.seizure_id == seizure_id,
                    Photograph.purpose == Purpose.EXHIBIT,
                    Photograph.state == PhotographState.READY,
                    Mark.found_by == FoundBy.WHOLE,
                    MarkFeatures.method == METHOD,
                )
                .order_by(col(Photograph.id))
                .limit(1)
            ).first()
            if data is not None:
                chosen.append(seizure_id)
                sample.append(LogoFeatures.from_bytes(data).local)
            if len(chosen) == self.params.most:
                break
        return _Drawn(Typical(sample, params=self.params.typical), tuple(chosen), change)
