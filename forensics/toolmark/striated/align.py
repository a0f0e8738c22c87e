"""The best place of one profile on many others: by shift and small stretch, every shift looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from forensics.toolmark.striated.signals import Signals

Array = NDArray[np.float32]

FULL = 333
"""Values of overlap whose evidence counts once: a mark of 4.7 mm at level 0."""

_MOST = np.float32(0.98)
"""Correlations above it are all as good; Fisher's transform of 1 has no end."""

_FLAT = np.float32(1e-3)
"""Sums of squares of evened-out values: less is a flat line."""


@dataclass(frozen=True, slots=True)
class AlignParams:
    """Which places are looked at.

    Attributes
    ----------
    least_overlap : float
        Part of the shorter mark. Default 0.45: an end may be missing on each. Bounds: 0.05 to 1.
    least_values : int
        Of overlap. Default 48: less agrees by chance. Bounds: 8 to 10,000.
    stretches : tuple of float
        By which the query is stretched. Default five, to 5 %: a tool held at another angle to its path widens or
        narrows its striae by the cosine, 5 % at 18 degrees. Each above 0.5 and below 2.
    stretch_cost : float
        Taken from the evidence for each 2.5 % of stretch, because more tries agree better by chance. Default 0.4.
        Bounds: 0 to 10.
    window : int
        Values of the windows that the evidence is taken from. Default 84, 1.2 mm at level 0: four to a mark, each with
        several striae. Bounds: 16 to 10,000.
    least_window : int
        Of a window's values that must overlap. Default 20. Bounds: 8 to 10,000.
    apart : int
        Values between the best place and the next best that counts as another. Default 25: the longest wave of the
        middle band, half. Bounds: 1 to 1,000.
    slack : int
        Values by which a narrow band may lie off the common place. Default 2. Bounds: 0 to 20.
    """

    least_overlap: float = 0.45
    least_values: int = 48
    stretches: tuple[float, ...] = (1.0, 0.975, 1.025, 0.95, 1.05)
    stretch_cost: float = 0.4
    window: int = 84
    least_window: int = 20
    apart: int = 25
    slack: int = 2

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {
            "least_overlap": (0.05, 1),
            "least_values": (8, 10_000),
            "stretch_cost": (0, 10),
            "window": (16, 10_000),
            "least_window": (8, 10_000),
            "apart": (1, 1000),
            "slack": (0, 20),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")
        if not self.stretches or not all(0.5 < stretch < 2 for stretch in self.stretches):
            raise ValueError(f"expected stretches between 0.5 and 2; found {self.stretches}")


@dataclass(frozen=True, slots=True)
class Placed:
    """The best place of a query on each of J references.

    Attributes
    ----------
    possible : ndarray of shape (J,), bool
        Whether they can overlap enough at all; all else means nothing where not.
    evidence : ndarray of shape (J,), float32
        Fisher's transforms of the main signals' correlations, added up, by the root of the overlap; each the mean over
        windows, so that agreement all along counts for more than one deep trace.
    whole, second : ndarray of shape (J,), float32
        The same without windows; there, and at the best other place.
    correlation : ndarray of shape (J, len(MAIN)), float32
        Of each main signal at the best place.
    bands : ndarray of shape (J, len(BANDS)), float32
        Of each narrow band there, with some slack.
    stretch : ndarray of shape (J,), float32
        Of the query.
    lag, overlap : ndarray of shape (J,), int64
        Reference value under the stretched query's first, and values that both have.
    """

    possible: NDArray[np.bool_]
    evidence: Array
    whole: Array
    second: Array
    correlation: Array
    bands: Array
    stretch: Array
    lag: NDArray[np.int64]
    overlap: NDArray[np.int64]


class Batch:
    """References laid beside each other, so that a query is placed on all of them at once."""

    def __init__(self, references: Sequence[Signals]) -> None:
        self.sizes = np.array([reference.size for reference in references])
        self.longest = int(self.sizes.max())
        self.main = _padded([reference.main for reference in references], self.longest)
        self.bands = _padded([reference.bands for reference in references], self.longest)
        self.likeness = np.stack([reference.likeness for reference in references])
        self._spectra: dict[int, NDArray[np.complex64]] = {}
        self._first, self._square = _sums(self.main), _sums(self.main**2)

    def __len__(self) -> int:
        return len(self.sizes)

    def spectra(self, length: int) -> NDArray[np.complex64]:
        """Return the references' transforms of a length; shape (J, len(MAIN), length // 2 + 1)."""
        if length not in self._spectra:
            self._spectra = {length: fft.rfft(self.main, length, axis=2)}
        return self._spectra[length]

    @property
    def sums(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Sums of the values and of their squares up to each place; shape (J, len(MAIN), longest + 1)."""
        return self._first, self._square


def place(query: Signals, batch: Batch, *, params: AlignParams) -> Placed:
    """Find the best place of a query on each reference.

    Stages: 1. for each stretch, the correlation of every main signal at every shift; 2. the evidence: correlations of
    more overlap count more; 3. of the best shift of each stretch, and the next best of the first, that on which windows
    of the mark agree most; 4. the narrow bands there.

    Parameters
    ----------
    query : Signals
        The one.
    batch : Batch
        The others, at the same step.
    params : AlignParams
        What is looked at.

    Returns
    -------
    Placed
        One row a reference.
    """
    widened = [stretched(query.main, stretch) for stretch in params.stretches]
    widest = max(values.shape[1] for values in widened)
    length = fft.next_fast_len(widest + batch.longest, real=True)
    least = max(params.least_values, int(params.least_overlap * min(widest, int(batch.sizes.min()))) - 1)
    if least >= min(widest, batch.longest):
        least = 1
    lags = np.arange(least - widest, batch.longest - least + 1)
    evidence: list[Array] = []
    correlations, overlaps = [], []
    costs = [np.float32(params.stretch_cost * abs(stretch - 1) / 0.025) for stretch in params.stretches]
    for values in widened:
        # 1.
        found, overlap = _correlations(values, batch, lags, length, params)
        # 2. The sum of three Fisher's transforms, by one logarithm.
        odds = np.prod((1 + found) / (1 - found), axis=1)
        weight = np.sqrt(overlap / np.float32(FULL))
        evidence.append(np.where(overlap > 0, np.float32(0.5) * np.log(odds) * weight - costs[len(evidence)], -np.inf))
        correlations.append(found)
        overlaps.append(overlap)
    # 3.
    every = np.stack(evidence, axis=1)
    rows = np.arange(len(batch))
    tried = [(number, one.argmax(axis=1)) for number, one in enumerate(evidence)]
    near = np.abs(lags[None] - lags[tried[0][1]][:, None]) <= params.apart
    tried.append((0, np.where(near, -np.inf, evidence[0]).argmax(axis=1)))
    agreed = np.stack(
        [
            np.where(
                np.isfinite(every[rows, number, there]),
                _windowed(widened[number], batch, lags[there], params) - costs[number],
                -np.inf,
            )
            for number, there in tried
        ]
    )
    chosen = agreed.argmax(axis=0)
    which = np.array([number for number, _ in tried])[chosen]
    at = np.stack([there for _, there in tried])[chosen, rows]
    best, whole = agreed[chosen, rows], every[rows, which, at]
    near = np.abs(lags[None] - lags[at][:, None]) <= params.apart
    second = np.where(near[:, None], -np.inf, every).max(axis=(1, 2))
    possible = np.isfinite(best)
    correlation = np.stack(correlations)[which, rows, :, at]
    overlap = np.stack(overlaps)[which, rows, at]
    # 4.
    bands = np.zeros((len(batch), len(query.bands)), np.float32)
    for number, stretch in enumerate(params.stretches):
        here = possible & (which == number)
        if here.any():
            bands[here] = _band_correlations(stretched(query.bands, stretch), batch, lags[at], here, params)
    return Placed(
        possible,
        np.where(possible, best, 0.0).astype(np.float32),
        np.where(possible, whole, 0.0).astype(np.float32),
        np.where(np.isfinite(second), second, 0.0).astype(np.float32),
        np.where(possible[:, None], correlation, 0.0).astype(np.float32),
        bands,
        np.array(params.stretches, np.float32)[which],
        lags[at],
        np.where(possible, overlap, 0).astype(np.int64),
    )


def _correlations(
    values: Array, batch: Batch, lags: NDArray[np.int64], length: int, params: AlignParams
) -> tuple[Array, NDArray[np.int64]]:
    """Return the correlations, shape (J, len(MAIN), lags), and the overlaps, 0 where they are too small."""
    count = values.shape[1]
    sizes, of_size = np.unique(batch.sizes, return_inverse=True)
    start = np.clip(-lags, 0, count)
    stop = np.maximum(np.minimum(count, sizes[:, None] - lags[None]), start)
    least = np.maximum(params.least_overlap * np.minimum(count, sizes), params.least_values)
    overlap = np.where(stop - start >= least[:, None], stop - start, 0)[of_size]
    used = np.maximum(overlap, 1).astype(np.float32)[:, None]
    products = fft.irfft(np.conj(fft.rfft(values, length, axis=1))[None] * batch.spectra(length), length, axis=2)
    found = np.take(products, lags % length, axis=2)
    # The query's part that overlaps depends on the reference's size alone.
    mine, mine_square = (
        np.moveaxis(sums[:, stop] - sums[:, start][:, None], 1, 0).astype(np.float32)[of_size]
        for sums in (_sums(values), _sums(values**2))
    )
    # The reference's sums stay as they are beyond its end, so that its part needs no end of its own.
    begin, end = np.clip(lags, 0, batch.longest), np.clip(count + lags, 0, batch.longest)
    theirs, theirs_square = (
        (np.take(sums, end, axis=2) - np.take(sums, begin, axis=2)).astype(np.float32) for sums in batch.sums
    )
    mine /= used
    found -= mine * theirs
    mine *= mine
    mine *= used
    np.subtract(mine_square, mine, out=mine)
    theirs *= theirs
    theirs /= used
    np.subtract(theirs_square, theirs, out=theirs)
    found /= np.sqrt(np.maximum(mine, _FLAT) * np.maximum(theirs, _FLAT))
    return np.clip(found, -_MOST, _MOST, out=found), overlap


def _windowed(values: Array, batch: Batch, lag: NDArray[np.int64], params: AlignParams) -> Array:
    """Return the evidence at one place of each reference, taken from windows; shape (J,)."""
    count = values.shape[1]
    edges = np.linspace(0, count, max(1, round(count / params.window)) + 1).astype(int)[:-1]
    at = lag[:, None] + np.arange(count)[None]
    seen = ((at >= 0) & (at < batch.sizes[:, None])).astype(np.float32)[:, None]
    row = np.arange(len(batch))[:, None]
    theirs = np.moveaxis(batch.main[row, :, np.clip(at, 0, batch.longest - 1)], 2, 1) * seen
    mine = values[None] * seen

    def added(part: Array) -> Array:
        return np.add.reduceat(part, edges, axis=2)

    used = added(seen)
    safe = np.maximum(used, 1)
    sum_mine, sum_theirs = added(mine), added(theirs)
    shared = added(mine * theirs) - sum_mine * sum_theirs / safe
    spread = np.maximum(added(mine * mine) - sum_mine**2 / safe, _FLAT) * np.maximum(
        added(theirs * theirs) - sum_theirs**2 / safe, _FLAT
    )
    found = np.arctanh(np.clip(shared / np.sqrt(spread), -_MOST, _MOST)).sum(axis=1)
    weight = np.where(used >= params.least_window, used, 0.0)[:, 0]
    total = weight.sum(axis=1)
    evidence: Array = (found * weight).sum(axis=1) / np.sqrt(np.maximum(total, 1) * FULL)
    return evidence


def _band_correlations(
    values: Array, batch: Batch, lag: NDArray[np.int64], here: NDArray[np.bool_], params: AlignParams
) -> Array:
    """Return the narrow bands' correlations at the given places, the best within the slack; shape (chosen, bands)."""
    count, slack = values.shape[1], params.slack
    reach = count + slack
    padded = np.pad(batch.bands[here], ((0, 0), (0, 0), (reach, reach)))
    known = np.arange(-reach, batch.longest + reach)[None]
    known = ((known >= 0) & (known < batch.sizes[here][:, None])).astype(np.float32)
    best = np.full((len(padded), len(values)), -1.0, np.float32)
    row = np.arange(len(padded))[:, None]
    for shift in range(-slack, slack + 1):
        at = lag[here][:, None] + shift + reach + np.arange(count)[None]
        inside = at < padded.shape[2]
        at = np.minimum(at, padded.shape[2] - 1)
        seen = (known[row, at] * inside)[:, None]
        theirs = np.swapaxes(padded[row, :, at], 1, 2) * seen
        mine = values[None] * seen
        used = np.maximum(seen.sum(axis=2), 1.0)
        sum_mine, sum_theirs = mine.sum(axis=2), theirs.sum(axis=2)
        shared = np.einsum("jbn,jbn->jb", mine, theirs) - sum_mine * sum_theirs / used
        spread = (np.einsum("jbn,jbn->jb", mine, mine) - sum_mine**2 / used) * (
            np.einsum("jbn,jbn->jb", theirs, theirs) - sum_theirs**2 / used
        )
        best = np.maximum(best, shared / np.sqrt(np.maximum(spread, 1e-6)))
    return best


def stretched(values: Array, stretch: float) -> Array:
    """Return signals widened by a factor, at the same step; shape (C, N) to (C, about N times the factor)."""
    if stretch == 1.0:
        return values
    count = values.shape[1]
    at = np.arange(max(2, round(count * stretch))) / stretch
    left = np.minimum(at.astype(np.int64), count - 2)
    part = np.minimum(at - left, 1.0).astype(np.float32)
    widened: Array = values[:, left] * (1 - part) + values[:, left + 1] * part
    return widened


def _padded(parts: Sequence[Array], longest: int) -> Array:
    return np.stack([np.pad(part, ((0, 0), (0, longest - part.shape[1]))) for part in parts])


def _sums(values: NDArray[np.floating]) -> NDArray[np.float64]:
    total = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, dtype=np.float64, out=total[..., 1:])
    return total
