"""A score of two tools from several measurements: how they were weighed against each other, and on what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression on measurements.

    Attributes
    ----------
    names : tuple of str
        The measurements, in the order of the weights.
    mean, deviation, weight : tuple of float
        Of each measurement in the training set, and what it counts for once these are taken out.
    offset : float
        Of the sum.
    same, other : float
        At or above ``same`` a score speaks for one tool, at or below ``other`` for two; between them for neither.
        Nine of ten pairs of the training set, each scored by weights that were fitted without its design, that lie
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
        values = np.array([measurements[name] for name in self.names])
        total = float(((values - self.mean) / self.deviation) @ np.array(self.weight)) + self.offset
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
