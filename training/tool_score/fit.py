"""Weigh the measurements of two tools: a logistic regression, fitted on measured pairs of generated marks.

Stages: 1. pairs of one tool against the rest, both with the same total weight; 2. each design left out in turn (in six
parts), so that every pair has a score from weights that never saw its design or its tools; 3. from those scores: the
area under the curve, and the scores beyond which seven of eight pairs lie rightly; 4. the weights, fitted on all.
"""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from forensics.logo.tool import METHOD
from forensics.logo.tool.score import values

log = logging.getLogger("training")

NAMES = ("span", "shift", "bend", "stray", "stray_80", "noise", "sure", "together", "lamps")
"""Of all that is measured: the geometry. Likeness of edges and of light added nothing to it on the first set."""
RIDGE = 3.0
"""Holds the weights down: measurements go together, and designs are few."""
PARTS = 6
RIGHT = 7 / 8
"""Nine of ten are not reached for two tools, at any score: some marks of one tool are laid over each other badly."""

Values = NDArray[np.float64]


def fit(measured: Values, same: Values) -> tuple[Values, Values, Values, float]:
    """Fit a logistic regression; returns mean, deviation, weight and offset."""
    mean, deviation = measured.mean(axis=0), measured.std(axis=0) + 1e-9
    known = np.column_stack([(measured - mean) / deviation, np.ones(len(measured))])
    share = same.mean()
    importance = np.where(same > 0, 0.5 / share, 0.5 / (1 - share))

    def loss(weight: Values) -> tuple[float, Values]:
        total = known @ weight
        missed = importance * (np.logaddexp(0, total) - same * total)
        slope = known.T @ (importance * (1 / (1 + np.exp(-total)) - same))
        held = np.append(weight[:-1], 0.0)
        return float(missed.sum() + RIDGE * (held**2).sum() / 2), slope + RIDGE * held

    solved = minimize(loss, np.zeros(known.shape[1]), jac=True, method="L-BFGS-B").x
    return mean, deviation, solved[:-1], float(solved[-1])


def area(positive: Values, negative: Values) -> float:
    """Return the chance that a positive scores above a negative."""
    gap = positive[:, None] - negative[None]
    return float((gap > 0).mean() + 0.5 * (gap == 0).mean())


def left_out(measured: Values, same: Values, designs: NDArray[np.str_]) -> Values:
    """Score every pair by weights that were fitted without its design."""
    scores = np.zeros(len(measured))
    every = np.unique(designs)
    for part in range(PARTS):
        out = np.isin(designs, every[part::PARTS])
        mean, deviation, weight, offset = fit(measured[~out], same[~out])
        scores[out] = 1 / (1 + np.exp(-((measured[out] - mean) / deviation @ weight + offset)))
    return scores


def beyond(scores: Values, same: Values) -> tuple[float, float]:
    """Return the score at and above which seven of eight are of one tool, and that at and below which they are not."""
    balance = np.where(same > 0, 0.5 / same.mean(), 0.5 / (1 - same.mean()))
    above, below = 1.0, 0.0
    for limit in np.linspace(0.5, 0.99, 50):
        over, under = scores >= limit, scores <= 1 - limit
        if above == 1.0 and over.any() and (balance * same)[over].sum() >= RIGHT * balance[over].sum():
            above = float(limit)
        if below == 0.0 and under.any() and (balance * (1 - same))[under].sum() >= RIGHT * balance[under].sum():
            below = float(1 - limit)
    return above, below


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, nargs="+", help="files that training.tool_score.pairs wrote")
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--out", type=Path, default=root / "forensics" / "logo" / "tool" / "score.json")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    rows: list[dict[str, Any]] = [row for file in asked.pairs for row in json.loads(file.read_text())]
    # 1. and 2.
    known = np.array([values(row["measurements"], NAMES) for row in rows])
    labels = np.array([row["label"] for row in rows])
    same = (labels == "same").astype(float)
    designs = np.array([row["design"] for row in rows])
    scores = left_out(known, same, designs)
    # 3.
    areas = {other: area(scores[same > 0], scores[labels == other]) for other in ("other", "redrawn")}
    log.info(
        "left out by design: area %.3f against other tools, %.3f against redrawn", areas["other"], areas["redrawn"]
    )
    for kind in sorted({row["kind"] for row in rows}):
        of_kind = np.array([row["kind"] == kind for row in rows])
        pair = scores[of_kind & (same > 0)], scores[of_kind & (labels == "other")]
        log.info("  %s: %.3f, %d and %d pairs", kind, area(*pair), *(len(some) for some in pair))
    above, below = beyond(scores, same)
    # 4.
    mean, deviation, weight, offset = fit(known, same)
    count = {name: int((labels == name).sum()) for name in ("same", "other", "redrawn")}
    stored = {
        "names": list(NAMES),
        "mean": mean.round(6).tolist(),
        "deviation": deviation.round(6).tolist(),
        "weight": weight.round(6).tolist(),
        "offset": round(offset, 6),
        "same": round(above, 2),
        "other": round(below, 2),
        "made": (
            f"{METHOD}; training.tool_score on {', '.join(sorted(file.stem for file in asked.pairs))}: {count['same']} "
            f"pairs of one tool, {count['other']} of two tools of one design, {count['redrawn']} of a redrawn design; "
            f"{len(np.unique(designs))} generated designs; each design left out in turn: area under the curve "
            f"{areas['other']:.3f} against other tools, {areas['redrawn']:.3f} against redrawn ones"
        ),
    }
    asked.out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    log.info("wrote %s", asked.out)


if __name__ == "__main__":
    main()
