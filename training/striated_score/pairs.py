"""The marks of a set of striated profiles, and every pair of them measured as the program measures it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forensics.toolmark import Unusable
from forensics.toolmark.striated import Gallery, StriatedFeatures, describe_profile
from forensics.toolmark.striated.score import NAMES


@dataclass(frozen=True, slots=True)
class Marks:
    """Described marks and what is known of them.

    Attributes
    ----------
    features : tuple of StriatedFeatures
        One a mark.
    source : ndarray of shape (N,), str
        The side of the tool that left it: marks of one source are known matches.
    tool : ndarray of shape (N,), int64
        What is left out together.
    setting : ndarray of shape (N,), str
        Angle and direction that the tool was led at.
    """

    features: tuple[StriatedFeatures, ...]
    source: NDArray[np.str_]
    tool: NDArray[np.int64]
    setting: NDArray[np.str_]


def load(folder: Path) -> Marks:
    """Read ``screwdriver_tmaRks`` and describe its raw profiles."""
    with np.load(folder / "tmaRks.npz") as stored:
        kept = {name: stored[name] for name in ("profile", "dx", "source", "tool", "direction", "angle")}
    found = []
    for profile, spacing in zip(kept["profile"], kept["dx"], strict=True):
        known = np.flatnonzero(np.isfinite(profile))
        # Millimetres in the file.
        part = profile[known[0] : known[-1] + 1].astype(np.float64) * 1e-3
        features = describe_profile(part, spacing=float(spacing) * 1e-3)
        if isinstance(features, Unusable):
            raise ValueError(f"expected profiles that can be described; found one that cannot: {features.reason}")
        found.append(features)
    setting = np.char.add(kept["direction"].astype(str), kept["angle"].astype(str))
    return Marks(tuple(found), kept["source"], kept["tool"], setting)


def measure_all(features: Sequence[StriatedFeatures], *, workers: int = 2) -> NDArray[np.float64]:
    """Measure every mark against every other.

    Parameters
    ----------
    features : sequence of StriatedFeatures
        N marks.
    workers : int
        Processes.

    Returns
    -------
    ndarray of shape (N, N, len(NAMES)), float64
        The mean of both orders, for which of two marks is the query hardly matters; NaN where there is too little to
        compare.
    """
    parts = np.array_split(np.arange(len(features)), 4 * workers)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as run:
        found = np.concatenate(list(run.map(partial(_measure, tuple(features)), parts)))
    both: NDArray[np.float64] = (found + np.swapaxes(found, 0, 1)) / 2
    return both


_KEPT: dict[int, Gallery] = {}


def _measure(features: tuple[StriatedFeatures, ...], part: NDArray[np.int64]) -> NDArray[np.float64]:
    gallery = _KEPT.setdefault(len(features), Gallery(features))
    found = np.full((len(part), len(features), len(NAMES)), np.nan)
    for row, number in enumerate(part):
        measured = gallery.measure(features[number])
        found[row][measured.possible] = measured.values[measured.possible]
    return found
