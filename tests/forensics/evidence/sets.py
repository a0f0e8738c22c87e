"""Calibration sets drawn by chance, of which the true likelihood ratios are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forensics.evidence import CalibrationSet, Origin

APART = 2.0


def drawn(seed: int, *, sources: int = 40, scale: float = 1.0, apart: float = APART) -> CalibrationSet:
    """Two marks of each source and every pair of sources: normal scores, of deviation 1 before scaling."""
    dice = np.random.default_rng(seed)
    one, other = np.triu_indices(sources, 1)
    first = np.concatenate([np.arange(sources), np.arange(sources), one])
    second = np.concatenate([np.arange(sources), np.arange(sources), other])
    scores = dice.normal(0, 1, len(first)) + apart * (first == second)
    return CalibrationSet.of(
        name="drawn",
        version=3,
        method="tool/2",
        origin=Origin.REFERENCE,
        scores=scale * scores,
        first=[f"tool {number}" for number in first],
        second=[f"tool {number}" for number in second],
    )


def true_log10_lr(scores: NDArray[np.float64], *, apart: float = APART) -> NDArray[np.float64]:
    """Of normal scores of deviation 1 about ``apart`` and about 0."""
    return (apart * scores - apart**2 / 2) / np.log(10)
