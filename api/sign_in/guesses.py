"""Guessing slowed down: after so many failures, a user name or an address waits."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GuessParams:
    """How many guesses are free.

    Attributes
    ----------
    failures : int
        Failures within ``window`` after which the name or address waits (1 to 100): a person mistypes a few times.
    window : float
        In seconds: with ten in five minutes a guesser gets under 3,000 a day, against passwords of 90 bits.
    remembered : int
        Names and addresses that are kept in mind; past it the oldest is forgotten, so that memory has a bound.
    """

    failures: int = 10
    window: float = 300.0
    remembered: int = 10_000


@dataclass(slots=True)
class Guesses:
    """The failures of the last minutes, by user name and by address; known and unknown names alike.

    Attributes
    ----------
    params : GuessParams
        How many are free.
    clock : callable
        Seconds that only grow.
    """

    params: GuessParams = field(default_factory=GuessParams)
    clock: Callable[[], float] = time.monotonic
    _failed: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, *keys: str) -> float:
        """Say how long to wait before the next guess.

        Parameters
        ----------
        *keys : str
            The user name and the address.

        Returns
        -------
        float
            Seconds; 0 where it may be tried now.
        """
        with self._lock:
            return max(self._wait(key) for key in keys)

    def failed(self, *keys: str) -> None:
        """Remember a failure.

        Parameters
        ----------
        *keys : str
            The user name and the address.
        """
        with self._lock:
            for key in keys:
                times = self._failed.pop(key, None) or deque(maxlen=self.params.failures)
                times.append(self.clock())
                self._failed[key] = times
            while len(self._failed) > self.params.remembered:
                del self._failed[next(iter(self._failed))]

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of somebody who then knew.

        Parameters
        ----------
        *keys : str
            The user name and the address.
        """
        with self._lock:
            for key in keys:
                self._failed.pop(key, None)

    def _wait(self, key: str) -> float:
        times = self._failed.get(key)
        if not times or len(times) < self.params.failures:
            return 0.0
        return max(0.0, times[0] + self.params.window - self.clock())
