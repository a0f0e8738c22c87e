"""A score of two tools from several measurements: how they were weighed against each other, and on what."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LENGTHS = frozenset({"span", "shift", "shift_80", "stray", "stray_80", "bend", "noise"})
"""Measurements that are lengths: what they are told by is how many times longer one is than another."""

_SHORT = 0.05
"""Thousandths of the span: shorter lengths are as good as none."""


def values(measurements: Mapping[str, float], names: Sequence[str]) -> NDArray[np.float64]:
    """Return measurements as they are weighed: of lengths the logarithm; shape (len(names),)."""
    return np.array(
        [math.log(measurements[name] + _SHORT) if name in LENGTHS else measurements[name] for name in names], np.float64
    )


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression on measurements.

    Attributes
    ----------
    names : tuple of str
        The measurements, in the order of the weights.
    mean, deviation, weight : tuple of float
        Of each of :func:`values` in the training set, and what it counts for once these are taken out.
    offset : float
        Of the sum.
    same, other : float
        At or above ``same`` a score speaks for one tool, at or below ``other`` for two; between them for neither.
        Seven of eight pairs of the training set, each scored by weights that were fitted without its design, that lie
        beyond one of them lie there rightly.
    made : str
        On what and how the weights were fitted.
    """

    names: tuple[str, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    weight: tuple[float, ...]
    offset: float
    same: float
    other: float
    made: str

    def score(self, measurements: Mapping[str, float]) -> float:
        """Weigh measurements: 0 as marks of two tools are, 1 as marks of one tool are."""
        total = (
            float(((values(measurements, self.names) - self.mean) / self.deviation) @ np.array(self.weight))
            + self.offset
        )
        return float(1 / (1 + np.exp(-np.clip(total, -30, 30))))


@cache
def weights() -> Weights:
    """Read the weights that the program carries; ``training/tool_score`` makes them anew."""
    stored: dict[str, Any] = json.loads(Path(__file__).with_name("score.json").read_text(encoding="utf-8"))
    return Weights(
        tuple(stored["names"]),
        tuple(stored["mean"]),
        tuple(stored["deviation"]),
        tuple(stored["weight"]),
        stored["offset"],
        stored["same"],
        stored["other"],
        stored["made"],
    )
