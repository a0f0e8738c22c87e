"""How well scores of others become likelihood ratios, on their split; and how close the two-level model is to R."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench import Result, Rows, data_folder
from forensics.evidence import (
    CalibrationSet,
    Origin,
    TwoLevel,
    calibrate,
    cllr,
    cllr_min,
    fit_two_level,
)
from forensics.evidence.calibrate import Shape

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MARKS = {
    "aperture_shear": ("aperture_shear.csv", "ccf", 0.022),
    "firing_pin": ("firing_pin_impression.csv", "cmc", 0.028),
    "breech_face": ("breech_face_impression.csv", "cmc", 0.281),
}
"""The table of each mark, its score, and the Cllr-min of all its pairs that the bar is set from."""

SPLITS = ("split1", "split2", "split3")

SHAPES: tuple[Shape, ...] = ("kernel", "logistic", "isotonic")


@dataclass(frozen=True, slots=True)
class Weighed:
    """Pairs of the reported parts of all splits, weighed by what the training parts taught.

    Attributes
    ----------
    log10_lr : ndarray of shape (P,)
        Within the bounds.
    scores : ndarray of shape (P,)
        As they were given.
    same : ndarray of shape (P,), bool
        Known matches.
    shapes : tuple of str
        What was chosen on the training part of each split.
    trained : tuple of (int, int)
        Known matches and known non-matches of the training part of each split.
    """

    log10_lr: Array
    scores: Array
    same: Flags
    shapes: tuple[str, ...]
    trained: tuple[tuple[int, int], ...]


def run() -> Result:
    """Calibrate nfi_scratch_scores and repeat the two-level model's reference values."""
    scratch, figures = _scratch(data_folder("toolmarks", "nfi_scratch_scores"))
    two_level, more = _two_level(data_folder("chemistry", "lir_fixtures", "two_level_model"))
    return Result(
        "evidence",
        "nfi_scratch_scores: scores of cartridge cases of Glock firearms; lir_fixtures: two-level model, values from R",
        "nfi_scratch_scores: each of its three weapon-level splits, fitted (the shape, the bounds) on pairs of two "
        "training weapons, reported on pairs of two validation weapons, the three reported together; pairs across are "
        "not used. Two-level: nothing is fitted that R did not fit",
        (*scratch, two_level),
        figures | more,
    )


def weigh_split(file: Path, score: str, *, shape: Shape | None = None) -> Weighed:
    """Fit on the training part of each split and weigh the pairs of its validation part.

    Parameters
    ----------
    file : Path
        A table of the set.
    score : str
        The column to calibrate.
    shape : str, optional
        The shape; by default it is chosen on the training part.

    Returns
    -------
    Weighed
        Each validation pair once: a weapon is in the validation part of one split only.
    """
    rows = _read(file)
    found = []
    for split in SPLITS:
        training = [row for row in rows if row[split] == "t"]
        calibration = calibrate(
            CalibrationSet.of(
                name=f"{file.stem}, {split}",
                version=1,
                method=score,
                origin=Origin.REFERENCE,
                scores=[float(row[score]) for row in training],
                first=[row["weapon1"] for row in training],
                second=[row["weapon2"] for row in training],
            ),
            shape=shape or "best",
        )
        assert calibration, calibration
        papers = calibration.papers
        scores, same = _pairs([row for row in rows if row[split] == "v"], score)
        sizes = (papers.same_pairs, papers.different_pairs)
        found.append((calibration.log10_lr(scores), scores, same, papers.shape, sizes))
    log10_lr, given, truth = (np.concatenate(column) for column in list(zip(*found, strict=True))[:3])
    return Weighed(log10_lr, given, truth, tuple(one[3] for one in found), tuple(one[4] for one in found))


def _scratch(folder: Path) -> tuple[list[Rows], dict[str, float]]:
    body, by_shape = [], []
    figures: dict[str, float] = {}
    gaps, gaps_reported = [], []
    for mark, (name, score, minimum) in MARKS.items():
        weighed = weigh_split(folder / name, score)
        cost = cllr(weighed.log10_lr, weighed.same)
        least = cllr_min(weighed.scores, weighed.same)
        least_all = cllr_min(*_pairs(_read(folder / name), score))
        gaps.append(cost - least_all)
        gaps_reported.append(cost - least)
        matches, others = int(weighed.same.sum()), int((~weighed.same).sum())
        figures |= {
            f"nfi.{mark}.cllr": cost,
            f"nfi.{mark}.cllr_min": least_all,
            f"nfi.{mark}.cllr_min_reported": least,
            f"nfi.{mark}.same_pairs": matches,
            f"nfi.{mark}.different_pairs": others,
        }
        body.append(
            [
                f"{mark}, {score}",
                f"{matches} / {others}",
                "; ".join(f"{same} / {different}" for same, different in weighed.trained),
                ", ".join(weighed.shapes),
                f"{cost:.4f}",
                f"{least_all:.4f} ({minimum:.3f})",
                f"{least:.4f}",
                f"{cost - least_all:.4f}",
            ]
        )
        each = [weigh_split(folder / name, score, shape=shape) for shape in SHAPES]
        by_shape.append([mark, *(f"{cllr(one.log10_lr, one.same):.4f}" for one in each)])
    figures["nfi.cllr_gap_max"] = max(gaps)
    figures["nfi.cllr_gap_max_reported"] = max(gaps_reported)
    return [
        Rows(
            "nfi_scratch_scores: known matches / known non-matches of two validation weapons",
            (
                "mark, score",
                "reported",
                "training, of each split",
                "shape chosen there",
                "Cllr",
                "Cllr-min, all pairs (given)",
                "Cllr-min, reported pairs",
                "Cllr above that of all pairs",
            ),
            body,
        ),
        Rows("Cllr of the same pairs, had one shape been fixed", ("mark", *SHAPES), by_shape),
    ], figures


def _two_level(folder: Path) -> tuple[Rows, dict[str, float]]:
    train, reference, trace = (
        np.loadtxt(folder / "input" / f"{name}_data.csv", delimiter=",", skiprows=1)
        for name in ("train", "reference", "trace")
    )
    model = fit_two_level(train[:, 2:], train[:, 1])
    assert isinstance(model, TwoLevel), model
    queries = [trace[trace[:, 1] == item, 2:] for item in np.unique(trace[:, 1])]
    other = reference[:, 1:]
    terms = model.terms(query_count=len(queries[0]), reference_count=len(other))
    pairs = {
        "MSwithin": model.within,
        "T0": model.between,
        "kappa": np.array([[model.repeats]]),
        "h2": np.array([[model.width_squared]]),
        "U_h0": terms.U_h0,
        "U_hx": terms.U_hx,
        "U_hn": terms.U_hn,
        "T_hn": terms.T_hn,
        "mu_h": model.expected(other.mean(axis=0), count=len(other)).T,
        "log10_MLRs": np.array([[model.log10_lr(query, other)] for query in queries]),
    }
    body = []
    largest = 0.0
    for step, ours in pairs.items():
        theirs = np.loadtxt(folder / "R_output" / f"{step}.csv", delimiter=",", skiprows=1, ndmin=2)
        # Likelihood ratios below the range of a double are minus infinity in R, and numbers here.
        finite = np.isfinite(theirs)
        apart = float(np.abs(ours[finite] - theirs[finite]).max())
        largest = max(largest, apart)
        body.append([step, f"{int(finite.sum())} of {theirs.size}", f"{apart:.1e}"])
    title = (
        f"two-level model against R: {len(train)} measurements of {len(model.means)} sources, {other.shape[1]} elements"
    )
    return Rows(title, ("step", "values that are finite in R", "largest difference"), body), {
        "two_level.largest_difference": largest
    }


def _pairs(rows: list[dict[str, str]], score: str) -> tuple[Array, Flags]:
    scores = np.array([float(row[score]) for row in rows])
    return scores, np.array([row["weapon1"] == row["weapon2"] for row in rows])


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as stream:
        return list(csv.DictReader(stream))
