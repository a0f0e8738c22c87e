"""How fast a striated mark is found among 100,000, and what the shortlist loses."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench import Rows
from forensics.toolmark.striated import METHOD, Gallery, StriatedFeatures
from forensics.toolmark.striated.search import (
    ROW_BITS,
    WindowParams,
    asked_windows,
    searched,
    stored_windows,
    vote,
)
from forensics.toolmark.striated.signals import SignalParams, height_signal
from indexer.vectors import FaissSpace
from training.striated_score.pairs import Marks, load

STORED = 100_000
SHORTLIST = 100
"""Marks that are compared in full."""
NEAREST = 1024
"""Windows that each window asked with finds."""
LOSS_AMONG = 500
"""Generated marks that are compared exhaustively beside the real ones: more would take hours."""
QUERIES = 100
SEED = 2
"""Of the queries; the length of windows was chosen with queries drawn by another."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """Marks that stand in an index: the real ones first, then generated ones, which are made where they are needed."""

    real: Marks
    profiles: NDArray[np.float64]
    space: FaissSpace
    spacing: float

    def mark(self, number: int) -> StriatedFeatures:
        """Return a mark by its number."""
        if number < len(self.real.features):
            return self.real.features[number]
        profile = _generated(self.profiles, np.array([number]))[0]
        return StriatedFeatures(METHOD, profile.astype(np.float32), self.spacing, "height")


def measure(folder: Path) -> tuple[Rows, dict[str, float]]:
    """Fill an index with the screwdrivers' marks and generated ones, and ask it with some of the real ones."""
    begun = time.perf_counter()
    stand = _filled(load(folder))
    filled = time.perf_counter() - begun
    chosen = np.random.default_rng(SEED).choice(len(stand.real.features), QUERIES, replace=False)
    few = len(stand.real.features) + LOSS_AMONG
    everything = Gallery([stand.mark(number) for number in range(few)])
    seconds, lost, matches, exhaustive_matches = [], 0, 0, 0
    for query in chosen.tolist():
        begun = time.perf_counter()
        first, _ = _search(stand, query)
        seconds.append(time.perf_counter() - begun)
        measured = everything.measure(stand.real.features[query])
        scores = measured.scores
        scores[query] = -np.inf
        best = int(scores.argmax())
        # What the exhaustive comparison puts first is lost where the search put another, worse one first.
        lost += first != best and (first < few)
        lost += first >= few and not _beats(stand, query, first, float(scores[best]))
        matches += _same(stand, query, first)
        exhaustive_matches += _same(stand, query, best)
    share = lost / QUERIES
    rows = Rows(
        f"search of striated marks: {STORED} stored ({len(stand.real.features)} real, the others generated with the "
        f"waves of real ones), {len(stand.space)} windows; {QUERIES} real marks as queries, themselves left out",
        ("", ""),
        [
            ("seconds a query, median", f"{np.median(seconds):.2f}"),
            ("seconds a query, 95th percentile", f"{np.percentile(seconds, 95):.2f}"),
            (f"exhaustive firsts among {few} lost by the shortlist of {SHORTLIST}", f"{lost} of {QUERIES}"),
            ("a known match first: search", f"{matches} of {QUERIES}"),
            (f"a known match first: exhaustive among {few}", f"{exhaustive_matches} of {QUERIES}"),
            ("minutes to make and index the marks", f"{filled / 60:.1f}"),
        ],
    )
    return rows, {
        "toolmark.search_s_100k": float(np.median(seconds)),
        "toolmark.search_s_100k_p95": float(np.percentile(seconds, 95)),
        "toolmark.search_lost": share,
        "toolmark.search_r1": matches / QUERIES,
    }


def _search(stand: _Stand, query: int) -> tuple[int, float]:
    """Return the best mark and its score: windows, nearest ones, the vote, and the full comparison of the shortlist."""
    mark = stand.real.features[query]
    asked = asked_windows(searched(mark))
    values, ids = stand.space.search(asked, NEAREST, exclude=[(query << ROW_BITS, (query + 1) << ROW_BITS)])
    found, _ = vote(values, ids)
    listed = found[:SHORTLIST].tolist()
    measured = Gallery([stand.mark(number) for number in listed]).measure(mark)
    scores = measured.scores
    return listed[int(scores.argmax())], float(scores.max())


def _beats(stand: _Stand, query: int, number: int, score: float) -> bool:
    measured = Gallery([stand.mark(number)]).measure(stand.real.features[query])
    return bool(measured.scores[0] >= score)


def _same(stand: _Stand, query: int, found: int) -> bool:
    real = stand.real
    return found < len(real.features) and bool(real.source[query] == real.source[found])


def _filled(real: Marks) -> _Stand:
    params = SignalParams()
    half = params.step / 2
    size = min(len(mark.profile) for mark in real.features)
    profiles = np.stack([mark.profile[:size] for mark in real.features]).astype(np.float64)
    tilt = np.linspace(-1, 1, size)
    form = np.polynomial.polynomial.polyvander(tilt, 2)
    profiles -= (form @ np.linalg.lstsq(form, profiles.T, rcond=None)[0]).T
    windows = WindowParams()
    space = FaissSpace(windows.dimension, metric="inner_product", dtype="float16", expected=STORED * 20)
    for number, mark in enumerate(real.features):
        _add(space, np.array([number]), stored_windows(searched(mark))[None])
    for start in range(len(real.features), STORED, 2000):
        numbers = np.arange(start, min(start + 2000, STORED))
        signals = height_signal(_generated(profiles, numbers), params=params).astype(np.float32)
        _add(space, numbers, stored_windows(signals))
    space.settle()
    return _Stand(real, profiles, space, half)


def _add(space: FaissSpace, numbers: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
    ids = (numbers[:, None] << ROW_BITS) | np.arange(vectors.shape[1])[None]
    space.add(ids.ravel(), vectors.reshape(-1, vectors.shape[2]))


def _generated(profiles: NDArray[np.float64], numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return profiles with the waves of real ones at other places: each wave of one is shifted by chance."""
    base = profiles[numbers % len(profiles)]
    waves = np.fft.rfft(base, axis=1)
    phases = np.stack([np.random.default_rng(int(number)).uniform(0, 2 * np.pi, waves.shape[1]) for number in numbers])
    return np.fft.irfft(np.abs(waves) * np.exp(1j * phases), base.shape[1], axis=1)
