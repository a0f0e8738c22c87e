"""What the lengths of ticks say: every fifth and tenth longer is metric; every second, fourth and eighth, inches."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from forensics.scale.strokes import Floats

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pattern:
    """How the lengths of ticks repeat.

    Attributes
    ----------
    name : str
        ``"tenths"``: every fifth and tenth longer. ``"twentieths"``: every second, tenth and twentieth.
        ``"sixteenths"``, ``"eighths"``, ``"quarters"``: halving. ``"halves"``: every second longer.
        ``"equal"``: all the same. ``"none"``: no order in it.
    phase : int
        Number of the first longest tick.
    fit : float
        Part of the variation of the lengths that it explains, 0 to 1.
    """

    name: str
    phase: int
    fit: float


_CLASSES: dict[str, tuple[int, ...]] = {
    # Class of each place in a period; a lower class is a longer tick.
    "tenths": (0, 2, 2, 2, 2, 1, 2, 2, 2, 2),
    "twentieths": (0, 3, 2, 3, 2, 3, 2, 3, 2, 3, 1, 3, 2, 3, 2, 3, 2, 3, 2, 3),
    "sixteenths": (0, 4, 3, 4, 2, 4, 3, 4, 1, 4, 3, 4, 2, 4, 3, 4),
    "eighths": (0, 3, 2, 3, 1, 3, 2, 3),
    "quarters": (0, 2, 1, 2),
    "halves": (0, 1),
}


@dataclass(frozen=True, slots=True)
class PatternParams:
    """What :func:`read_pattern` can be set to.

    Attributes
    ----------
    fit : float
        Least part of the variation that a pattern explains (0.3 to 0.95).
    lead : float
        By how much a longer pattern must explain more than a shorter one to be taken (0 to 0.3).
    longer : float
        A class of ticks is this much longer than the next, as a part of the longest (0.03 to 0.3).
    equal : float
        Deviation of the lengths of equal ticks, as a part of the mean (0.02 to 0.2).
    """

    fit: float = 0.7
    lead: float = 0.06
    longer: float = 0.07
    equal: float = 0.12


def read_pattern(length: Floats, there: NDArray[np.bool_], *, params: PatternParams = PatternParams()) -> Pattern:
    """Tell how the lengths of ticks repeat.

    Parameters
    ----------
    length : ndarray of shape (N,), float64
        Length of each tick, in any unit.
    there : ndarray of shape (N,), bool
        Which were seen.
    params : PatternParams
        See there.

    Returns
    -------
    Pattern
        The one that explains most.
    """
    number = np.flatnonzero(there)
    seen = length[number]
    if len(seen) < 4:
        return Pattern("none", 0, 0.0)
    # One tick that runs into a figure must not hide the order of all the others.
    top = float(np.quantile(seen, 0.96)) * 1.15
    seen = np.minimum(seen, top)
    if float(np.quantile(seen, 0.95) - np.quantile(seen, 0.05)) <= params.equal * float(np.median(seen)):
        return Pattern("equal", 0, 1.0)
    # Absolute variation about the median is small where long ticks are few: compare with one spread over both.
    whole = max(*(float(np.abs(seen - middle).sum()) for middle in (np.median(seen), seen.mean())), 1e-9)
    best = Pattern("none", 0, 0.0)
    for name, classes in _CLASSES.items():
        period = len(classes)
        if len(length) < period + (1 if period > 2 else 3):
            continue
        order = np.array(classes)
        for phase in range(period):
            kind = order[(number - phase) % period]
            fit = 1 - _left(seen, kind, top, int(order.max()) + 1, params) / whole
            if fit > best.fit + (params.lead if best.name != "none" and len(_CLASSES[best.name]) < period else 0.0):
                best = Pattern(name, phase, fit)
    if best.fit >= params.fit:
        return best
    spread = 1.4826 * float(np.median(np.abs(seen - np.median(seen))))
    if spread <= params.equal * float(np.median(seen)):
        return Pattern("equal", 0, 1 - spread / float(np.median(seen)))
    return Pattern("none", 0, best.fit)


def _left(seen: Floats, kind: Integers, top: float, count: int, params: PatternParams) -> float:
    """Absolute variation about the median of each class; infinite where the classes do not come in order."""
    middles = []
    left = 0.0
    for k in range(count):
        members = seen[kind == k].tolist()
        if not members:
            return np.inf
        # Of a few numbers; NumPy's takes ten times as long.
        middle = median(members)
        middles.append(middle)
        left += sum(abs(member - middle) for member in members)
    steps = [longer - shorter for longer, shorter in pairwise(middles)]
    # The two longest classes may be equal (some rulers mark fives like tens), the shortest may not.
    least = -0.05 * top if count == 3 else params.longer * top
    return left if steps[0] >= least and all(step >= params.longer * top for step in steps[1:]) else np.inf
