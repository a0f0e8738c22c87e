"""The single striae of two profiles that lie on each other, and the windows in which they agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StriaeParams:
    """What counts as one stria, and as a window that agrees.

    Attributes
    ----------
    prominence : float
        Of a ridge or groove, in roughnesses of the profile nearby. Default 0.5. Bounds: 0.05 to 10.
    apart : int
        Values by which matching ones may lie off each other. Default 3, a tenth of the middle wave. Bounds: 0 to 50.
    window : int
        Values of a window. Default 60. Bounds: 8 to 10,000.
    agreeing : float
        Correlation from which a window agrees. Default 0.6. Bounds: 0 to 1.
    """

    prominence: float = 0.5
    apart: int = 3
    window: int = 60
    agreeing: float = 0.6

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {"prominence": (0.05, 10), "apart": (0, 50), "window": (8, 10_000), "agreeing": (0, 1)}
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class Striae:
    """What two laid-over profiles share.

    Attributes
    ----------
    pairs : ndarray of shape (M, 2), int64
        Places of matching ridges and grooves, in values of each laid-over profile.
    seen : int
        Ridges and grooves in the one with fewer.
    consecutive : int
        The longest run of matching ones with none between that does not match (Biasotti, 1959).
    congruence : float
        Part of the windows whose correlation at the common place is high, less the part that is as high at other
        places (after Chumbley and others, 2010).
    """

    pairs: NDArray[np.int64]
    seen: int
    consecutive: int
    congruence: float


def striae(query: Array, reference: Array, *, params: StriaeParams | None = None) -> Striae:
    """Match the striae of two profiles that were laid over each other.

    Parameters
    ----------
    query, reference : ndarray of shape (N,)
        Their common part, band-passed and evened out.
    params : StriaeParams, optional
        What counts.

    Returns
    -------
    Striae
        Ridges match ridges, grooves match grooves, each at most once.
    """
    params = params or StriaeParams()
    every, used = [], []
    counts = [0, 0]
    for sign in (1, -1):
        ours, theirs = (find_peaks(sign * part, prominence=params.prominence)[0] for part in (query, reference))
        counts[0] += len(ours)
        counts[1] += len(theirs)
        nearest = [int(np.argmin(np.abs(theirs - at))) for at in ours] if len(theirs) else []
        back = [int(np.argmin(np.abs(ours - at))) for at in theirs] if len(ours) else []
        for number, other in enumerate(nearest):
            matches = back[other] == number and abs(int(theirs[other]) - int(ours[number])) <= params.apart
            every.append((int(ours[number]), matches))
            if matches:
                used.append((int(ours[number]), int(theirs[other])))
    run = longest = 0
    for _, matches in sorted(every):
        run = run + 1 if matches else 0
        longest = max(longest, run)
    pairs = np.array(sorted(used), np.int64).reshape(-1, 2)
    return Striae(pairs, min(counts), longest, _congruence(query, reference, params))


def _congruence(query: Array, reference: Array, params: StriaeParams) -> float:
    window = params.window
    starts = np.arange(0, len(query) - window + 1, max(1, window // 3))
    if len(starts) < 3:
        return 0.0
    ours = np.stack([_unit(query[start : start + window]) for start in starts])
    theirs = np.stack([_unit(reference[start : start + window]) for start in starts])
    found = ours @ theirs.T
    high = found >= params.agreeing
    apart = np.abs(starts[:, None] - starts[None]) >= window
    elsewhere = float(high[apart].mean()) if apart.any() else 0.0
    return float(np.diag(high).mean()) - elsewhere


def _unit(part: Array) -> Array:
    centred = part - part.mean()
    return np.asarray(centred / max(float(np.linalg.norm(centred)), 1e-12))
