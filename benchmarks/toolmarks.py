"""How well marks of one tool are told from marks of others: striated ones, and impressed ones."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from benchmarks import toolmark_search
from benchmarks.bench import Result, Rows, data_folder
from benchmarks.detection import Detection, detection, intervals
from forensics.toolmark import Surface
from forensics.toolmark.impressed import Comparer, ImpressedFeatures, describe_surface
from forensics.toolmark.striated import cohort, normalise
from forensics.toolmark.striated.score import NAMES, weights
from training.striated_score.fit import FOLDS, cross_validated
from training.striated_score.pairs import Marks, load, measure_all

Array = NDArray[np.float64]

SPECIFICITY = 0.96
"""Of the published study of the screwdrivers (Cuellar, Gao, Hofmann, arXiv 2312.00032), with a sensitivity of 0.98."""

PUBLISHED_CELLS = 6
"""Congruent cells from which the published study of the slides calls a match (Chu, Tong and Song, 2013)."""

EVIDENCE = 2.0
"""From which a match is called here: as much evidence is expected by chance in one pair of a hundred."""

BASELINE_OVERLAP = 0.7
"""Part of the profile that the plain script asks for."""


def run() -> Result:
    """Measure screwdriver_tmaRks and cartridge_fadul."""
    screwdrivers = data_folder("toolmarks", "screwdriver_tmaRks")
    striated_tables, figures = _striated(screwdrivers)
    impressed_table, more = _impressed(data_folder("toolmarks", "cartridge_fadul"))
    search_table, search_figures = toolmark_search.measure(screwdrivers)
    return Result(
        "toolmarks",
        "screwdriver_tmaRks: 580 striated profiles of 56 sides of 20 screwdrivers; cartridge_fadul: 40 breech face "
        "impressions of 10 consecutively made slides",
        "striated: nothing is fitted for the evidence, but its bands, windows and cost of stretch were chosen with "
        "this set in view; it is normalised by marks of neither tool of a pair. Log odds: weights by cross-validation "
        f"over tools in {FOLDS} parts, both tools of a pair left out. Impressed: nothing is fitted; the least "
        "correlation of a cell was raised from 0.45 to 0.55, within the published range, with this set in view",
        (*striated_tables, impressed_table, search_table),
        figures | more | search_figures,
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of marks: whether they are of one source, at one angle and direction, and of which tools."""

    same: NDArray[np.bool_]
    alike: NDArray[np.bool_]
    first: NDArray[np.int64]
    second: NDArray[np.int64]


def _striated(folder: Path) -> tuple[list[Rows], dict[str, float]]:
    marks = load(folder)
    count = len(marks.features)
    one, other = np.triu_indices(count, 1)
    tools = np.unique(marks.tool, return_inverse=True)[1]
    pairs = _Pairs(
        marks.source[one] == marks.source[other],
        marks.setting[one] == marks.setting[other],
        tools[one],
        tools[other],
    )
    values = measure_all(marks.features)
    plain, typical = cross_validated(values, marks.source, marks.tool)
    shipped = np.where(np.isfinite(values).all(axis=2), weights().score(np.nan_to_num(values)), -np.inf)
    evidence = np.nan_to_num(values[..., NAMES.index("evidence")], nan=-np.inf)
    methods = {
        "plain correlation script (baseline)": _baseline(folder)[one, other],
        "evidence, nothing fitted": evidence[one, other],
        "evidence, normalised": normalised(evidence, marks.tool)[one, other],
        "log odds, tools left out": plain[one, other],
        "log odds, tools left out, normalised": typical[one, other],
    }
    every = np.ones(len(one), bool)
    tables, found = [], {}
    for name, chosen in (("all angles and directions", every), ("same angle and direction", pairs.alike)):
        rows, found[name] = _detections(name, methods, pairs, chosen)
        tables.append(rows)
    fitted = detection(shipped[one, other], pairs.same, specificity=SPECIFICITY)
    tables.append(_settings(marks, pairs, methods["evidence, normalised"], one, other))
    tables.append(
        Rows(
            "for comparison only: the weights that are shipped, on the marks that they were fitted on",
            ("", "AUC", "EER"),
            [("log odds, all angles and directions", f"{fitted.area:.4f}", f"{100 * fitted.equal_error:.2f} %")],
        )
    )
    everywhere, alike = (list(found[name].values()) for name in found)
    return tables, {
        "tmarks.eer_all": everywhere[2].equal_error,
        "tmarks.eer_same": alike[2].equal_error,
        "tmarks.sens_at_spec96": everywhere[2].sensitivity,
        "tmarks.auc_all": everywhere[2].area,
        "tmarks.auc_same": alike[2].area,
        "tmarks.eer_all_unnormalised": everywhere[1].equal_error,
        "tmarks.eer_same_unnormalised": alike[1].equal_error,
        "tmarks.sens_at_spec96_unnormalised": everywhere[1].sensitivity,
        "tmarks.eer_all_log_odds": everywhere[4].equal_error,
        "tmarks.eer_same_log_odds": alike[4].equal_error,
        "tmarks.eer_all_baseline": everywhere[0].equal_error,
        "tmarks.eer_same_baseline": alike[0].equal_error,
        "tmarks.known_matches": float(pairs.same.sum()),
        "tmarks.known_non_matches": float((~pairs.same).sum()),
    }


def normalised(scores: Array, tool: NDArray[np.int64]) -> Array:
    """Set every pair's score against the scores that its marks have with marks of neither of its tools.

    Parameters
    ----------
    scores : ndarray of shape (N, N), float64
        Of pairs; minus infinity where they could not be compared.
    tool : ndarray of shape (N,), int64
        Of the marks.

    Returns
    -------
    ndarray of shape (N, N), float64
        As :func:`forensics.toolmark.striated.normalise` gives them.
    """
    known = np.where(np.isfinite(scores), scores, np.nan)
    found = np.full(scores.shape, -np.inf)
    for one in np.unique(tool):
        for other in np.unique(tool[tool >= one]):
            outside = (tool != one) & (tool != other)
            rows, columns = np.flatnonzero(tool == one), np.flatnonzero(tool == other)
            of = {int(number): cohort(known[number, outside]) for number in np.union1d(rows, columns)}
            for i in rows.tolist():
                for j in columns.tolist():
                    if i != j and np.isfinite(scores[i, j]):
                        found[i, j] = found[j, i] = normalise(float(scores[i, j]), of[i], of[j])
    return found


def _detections(
    name: str, methods: Mapping[str, Array], pairs: _Pairs, chosen: NDArray[np.bool_]
) -> tuple[Rows, dict[str, Detection]]:
    same, first, second = pairs.same[chosen], pairs.first[chosen], pairs.second[chosen]
    body, found = [], {}
    for method, scores in methods.items():
        here = scores[chosen]
        seen = found[method] = detection(here, same, specificity=SPECIFICITY)
        low, high = intervals(here, same, first, second, specificity=SPECIFICITY)
        body.append(
            (
                method,
                f"{seen.area:.4f}",
                f"{100 * seen.equal_error:.2f} %",
                f"{100 * low.equal_error:.1f}-{100 * high.equal_error:.1f} %",
                f"{100 * seen.sensitivity:.1f} %",
                f"{100 * low.sensitivity:.1f}-{100 * high.sensitivity:.1f} %",
            )
        )
    title = (
        f"screwdriver_tmaRks, {name}: {int(same.sum())} known matches, {int((~same).sum())} known non-matches; "
        f"intervals of 95 % by drawing the {len(np.unique(first))} tools anew"
    )
    sensitivity = f"sensitivity at {100 * SPECIFICITY:.0f} %"
    return Rows(title, ("", "AUC", "EER", "interval", sensitivity, "interval"), body), found


def _settings(marks: Marks, pairs: _Pairs, scores: Array, one: NDArray[np.int64], other: NDArray[np.int64]) -> Rows:
    """Show what a change of angle or direction costs."""
    limit = float(np.quantile(scores[~pairs.same], SPECIFICITY))
    kinds = np.sort(np.stack([marks.setting[one], marks.setting[other]], axis=1), axis=1)
    body = []
    for kind in np.unique(kinds[pairs.same], axis=0):
        here = pairs.same & (kinds == kind).all(axis=1)
        body.append((f"{kind[0]} with {kind[1]}", str(int(here.sum())), f"{100 * (scores[here] > limit).mean():.1f} %"))
    title = f"known matches above the score that {100 * (1 - SPECIFICITY):.0f} % of all non-matches exceed, by setting"
    return Rows(title, ("direction and angle", "known matches", "found"), body)


def _baseline(folder: Path) -> Array:
    """Return the best correlation of the published signatures over all shifts: what a plain script does."""
    with np.load(folder / "tmaRks.npz") as stored:
        table = stored["signature"].astype(np.float64)
    known = np.isfinite(table)
    values = np.where(known, table - np.nanmean(table, axis=1, keepdims=True), 0.0)
    size = table.shape[1]
    length = fft.next_fast_len(2 * size, real=True)
    parts = [fft.rfft(part, length) for part in (values, values**2, known.astype(np.float64))]
    best = np.full((len(table), len(table)), -1.0)
    for row in range(len(table)):
        value, square, mask = (np.conj(part[row])[None] for part in parts)
        shared, mine, theirs, my_square, their_square, count = (
            fft.irfft(pair, length)
            for pair in (
                value * parts[0], value * parts[2], mask * parts[0], square * parts[2], mask * parts[1],
                mask * parts[2],
            )
        )  # fmt: skip
        used = np.maximum(count, 1.0)
        spread = np.maximum(my_square - mine**2 / used, 1e-12) * np.maximum(their_square - theirs**2 / used, 1e-12)
        found = (shared - mine * theirs / used) / np.sqrt(spread)
        best[row] = np.where(count >= BASELINE_OVERLAP * size, found, -1.0).max(axis=1)
    return best


def _impressed(folder: Path) -> tuple[Rows, dict[str, float]]:
    with (folder / "meta.csv").open(encoding="utf-8", newline="") as file:
        slides = np.array([row["slide"] for row in csv.DictReader(file)])
    parts = [range(start, len(slides), 8) for start in range(8)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = [row for rows in pool.map(partial(_compared, folder), parts) for row in rows]
    table = np.array(sorted(found))
    same = slides[table[:, 0].astype(int)] == slides[table[:, 1].astype(int)]
    columns = {"whole, correlated (baseline)": 2, "congruent matching cells": 3, "evidence of the cells": 4}
    body = []
    for name, column in columns.items():
        here = table[:, column]
        seen = detection(here, same, specificity=SPECIFICITY)
        body.append(
            (
                name,
                f"{here[~same].max():.2f}",
                f"{here[same].min():.2f}",
                f"{np.median(here[same]):.2f}",
                f"{seen.area:.4f}",
                str(_fewest_errors(here, same)),
            )
        )
    cells, evidence = table[:, 3], table[:, 4]
    errors = int(((evidence >= EVIDENCE) != same).sum())
    by_count = int(((cells >= PUBLISHED_CELLS) != same).sum())
    rows = Rows(
        f"cartridge_fadul: {int(same.sum())} known matches, {int((~same).sum())} known non-matches, all turns; "
        f"errors at evidence {EVIDENCE:.0f}: {errors}; at the published {PUBLISHED_CELLS} cells: {by_count}",
        ("", "highest non-match", "lowest match", "median match", "AUC", "fewest errors"),
        body,
    )
    return rows, {
        "fadul.errors": float(errors),
        "fadul.errors_6_cells": float(by_count),
        "fadul.fewest_errors": float(_fewest_errors(evidence, same)),
        "fadul.cells_gap": float(cells[same].min() - cells[~same].max()),
        "fadul.evidence_gap": float(evidence[same].min() - evidence[~same].max()),
        "fadul.known_matches": float(same.sum()),
        "fadul.known_non_matches": float((~same).sum()),
    }


def _fewest_errors(scores: Array, same: NDArray[np.bool_]) -> int:
    """Return the errors at the limit, chosen afterwards, that has the fewest."""
    return min(int(((scores >= limit) != same).sum()) for limit in np.unique(scores))


@cache
def _impressions(folder: Path) -> tuple[ImpressedFeatures, ...]:
    with np.load(folder / "fadul.npz") as stored:
        heights, spacing = stored["height_2nm"], float(stored["um_per_px"]) * 1e-6
    found = []
    for table in heights:
        metres = np.where(table > np.iinfo(np.int16).min, table * 2e-9, np.nan)
        described = describe_surface(Surface.from_heights(metres, spacing_x=spacing, spacing_y=spacing))
        if not isinstance(described, ImpressedFeatures):
            raise ValueError(f"expected scans that can be described; found one that cannot: {described.reason}")
        found.append(described)
    return tuple(found)


def _compared(folder: Path, queries: range) -> list[tuple[float, ...]]:
    """Return query, reference, correlation of the whole, count of cells and evidence of pairs."""
    marks, comparer = _impressions(folder), Comparer()
    rows: list[tuple[float, ...]] = []
    for query in queries:
        for reference in range(query + 1, len(marks)):
            answer = comparer.compare(marks[query], marks[reference])
            if answer:
                told = answer.measurements
                rows.append((query, reference, told["whole_correlation"], told["congruent_cells"], answer.score))
            else:
                rows.append((query, reference, -1.0, 0.0, -np.inf))
    return rows
