"""Weigh the measurements of two striated marks: a logistic regression, fitted on ``screwdriver_tmaRks``.

Stages: 1. every pair of the marks measured; 2. known matches against non-matches, both with the same total weight;
3. tools left out, a tenth at a time, for the report (:func:`cross_validated`); 4. the weights, fitted on all.

``python -m training.striated_score.fit [FOLDER]`` writes ``forensics/toolmark/striated/score.json``.
"""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from forensics.toolmark.striated import METHOD, cohort, normalise
from forensics.toolmark.striated.score import NAMES, Weights
from training.striated_score.pairs import load, measure_all

log = logging.getLogger("training")

OUT = Path(__file__).parents[2] / "forensics" / "toolmark" / "striated" / "score.json"
RIDGE = 1.0
"""Holds the weights down: measurements go together, and tools are few."""
WEIGHT = 2000.0
"""Pairs that all of them count as together: pairs of one tool are not independent."""
NON_MATCHES = 30_000
"""Known non-matches that are drawn for a fit, for time: more change no weight that matters."""
FOLDS = 10
SEED = 0

Array = NDArray[np.float64]


def fit(values: Array, same: NDArray[np.bool_]) -> Weights:
    """Fit a logistic regression in which known matches and known non-matches weigh the same.

    Parameters
    ----------
    values : ndarray of shape (P, len(NAMES))
        Of pairs.
    same : ndarray of shape (P,), bool
        Which of them are known matches.

    Returns
    -------
    Weights
        For :func:`forensics.toolmark.striated.compare`.
    """
    others = np.flatnonzero(~same)
    if len(others) > NON_MATCHES:
        drawn = np.random.default_rng(SEED).choice(others, NON_MATCHES, replace=False)
        kept = np.sort(np.concatenate([np.flatnonzero(same), drawn]))
        values, same = values[kept], same[kept]
    mean, deviation = values.mean(axis=0), values.std(axis=0) + 1e-9
    known = np.column_stack([(values - mean) / deviation, np.ones(len(values))])
    truth = same.astype(float)
    importance = WEIGHT * np.where(same, 0.5 / max(same.sum(), 1), 0.5 / max((~same).sum(), 1))

    def loss(weight: Array) -> tuple[float, Array]:
        total = known @ weight
        missed = importance * (np.logaddexp(0, total) - truth * total)
        slope = known.T @ (importance * (1 / (1 + np.exp(-np.clip(total, -500, 500))) - truth))
        held = np.append(weight[:-1], 0.0)
        return float(missed.sum() + RIDGE * (held**2).sum() / 2), slope + RIDGE * held

    solved = minimize(loss, np.zeros(known.shape[1]), jac=True, method="L-BFGS-B").x
    return Weights(mean, deviation, solved[:-1], float(solved[-1]))


def cross_validated(
    values: Array, source: NDArray[np.str_], tool: NDArray[np.int64], *, folds: int = FOLDS, seed: int = SEED
) -> tuple[Array, Array]:
    """Score every pair of marks by weights that saw neither of its tools.

    Parameters
    ----------
    values : ndarray of shape (N, N, len(NAMES))
        See :func:`training.striated_score.pairs.measure_all`.
    source, tool : ndarray of shape (N,)
        Of the marks.
    folds : int
        Groups of tools. A pair's tools lie in one or two of them, and both are left out.
    seed : int
        Of the grouping.

    Returns
    -------
    plain, typical : ndarray of shape (N, N), float64
        Scores; and the same normalised by each mark's scores against the marks of the tools that were fitted on, as a
        laboratory would by its other cases. A reference population never holds a tool of the pair.
    """
    tools = np.unique(tool)
    order = np.random.default_rng(seed).permutation(len(tools))
    fold_of = np.empty(len(tools), int)
    fold_of[order] = np.arange(len(tools)) % folds
    fold = fold_of[np.searchsorted(tools, tool)]
    same = source[:, None] == source[None]
    first, second = np.triu_indices(len(tool), 1)
    known = np.isfinite(values[first, second]).all(axis=1)
    plain, typical = np.full(same.shape, -np.inf), np.full(same.shape, -np.inf)
    for one in range(folds):
        for other in range(one, folds):
            out = np.isin(fold, (one, other))
            kept = known & ~out[first] & ~out[second]
            weights = fit(values[first[kept], second[kept]], same[first[kept], second[kept]])
            rows = np.flatnonzero(out)
            scores = weights.score(np.nan_to_num(values[rows]))
            scores[~np.isfinite(values[rows]).all(axis=2)] = np.nan
            found = [cohort(row[~out]) for row in scores]
            ours, theirs = np.meshgrid(np.arange(len(rows)), np.arange(len(rows)), indexing="ij")
            asked = np.isin(fold[rows], one)[:, None] & np.isin(fold[rows], other)[None]
            for i, j in zip(ours[asked], theirs[asked], strict=True):
                score = scores[i, rows[j]]
                if np.isfinite(score):
                    plain[rows[i], rows[j]] = plain[rows[j], rows[i]] = score
                    value = normalise(float(score), found[i], found[j])
                    typical[rows[i], rows[j]] = typical[rows[j], rows[i]] = value
    return plain, typical


def main() -> None:
    """Fit on all, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data/toolmarks/screwdriver_tmaRks"))
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    marks = load(asked.folder)
    values = measure_all(marks.features)
    first, second = np.triu_indices(len(marks.features), 1)
    same = (marks.source[:, None] == marks.source[None])[first, second]
    pairs = values[first, second]
    known = np.isfinite(pairs).all(axis=1)
    found = fit(pairs[known], same[known])
    made = (
        f"{METHOD}; python -m training.striated_score.fit on all marks of screwdriver_tmaRks (MIT; see NOTICE): "
        f"{int(same[known].sum())} known matches, {int((~same[known]).sum())} known non-matches of "
        f"{len(np.unique(marks.tool))} screwdrivers"
    )
    stored = {
        "names": list(NAMES),
        "mean": [round(float(value), 6) for value in found.mean],
        "deviation": [round(float(value), 6) for value in found.deviation],
        "weight": [round(float(value), 6) for value in found.weight],
        "offset": round(found.offset, 6),
        "made": made,
    }
    OUT.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    log.info("%s", made)


if __name__ == "__main__":
    main()
