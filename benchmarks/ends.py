"""Torn and cut ends of tape laid together. The ends are generated: there is no public data of real ones."""

from __future__ import annotations

import numpy as np

from benchmarks.bench import Result, Rows
from forensics.photo import Photo
from forensics.wrapping.ends import End, compare_ends, describe_end
from reference_samples.generator.ends import KINDS, EndsParams, Kind, make_ends

_SEED = 20261122
"""Other seeds were looked at while settings were chosen."""

_TAPES = 40
"""Tapes of each kind; each is separated once."""

_NONE = -100.0
"""The score where no comparison could be made: last in rank."""


def run() -> Result:
    """Compare every left end with every right end of its kind."""
    rows, known, others, plain_known, plain_others = [], [], [], [], []
    figures = {}
    for number, kind in enumerate(KINDS):
        pairs = [_described(kind, number, tape) for tape in range(_TAPES)]
        scores = np.array([[_score(one, other) for _, other in pairs] for one, _ in pairs])
        plain = np.array([[_plain(one, other) for _, other in pairs] for one, _ in pairs])
        match = np.eye(_TAPES, dtype=bool)
        first = float((scores.argmax(axis=1) == np.arange(_TAPES)).mean())
        rows.append(
            (
                f"{kind}: {match.sum()} / {(~match).sum()}",
                f"{_auc(plain[match], plain[~match]):.4f}",
                f"{_auc(scores[match], scores[~match]):.4f}",
                f"{np.median(scores[match]):.1f}",
                f"{np.quantile(scores[~match], 0.99):.1f}",
                f"{first:.3f}",
            )
        )
        figures[f"ends.auc_{kind}"] = _auc(scores[match], scores[~match])
        figures[f"ends.first_{kind}"] = first
        known.append(scores[match])
        others.append(scores[~match])
        plain_known.append(plain[match])
        plain_others.append(plain[~match])
    matches, misses = np.concatenate(known), np.concatenate(others)
    figures |= {
        "ends.auc": _auc(matches, misses),
        "ends.auc_plain": _auc(np.concatenate(plain_known), np.concatenate(plain_others)),
        "ends.known_matches": float(len(matches)),
        "ends.known_non_matches": float(len(misses)),
    }
    rows.append(
        (
            f"all: {len(matches)} / {len(misses)}",
            f"{figures['ends.auc_plain']:.4f}",
            f"{figures['ends.auc']:.4f}",
            f"{np.median(matches):.1f}",
            f"{np.quantile(misses, 0.99):.1f}",
            "",
        )
    )
    table = Rows(
        "generated ends, known matches / known non-matches of the same kind and width",
        (
            "kind",
            "AUC, plain correlation",
            "AUC",
            "median score of matches, dB",
            "99 % of non-matches under",
            "mate first",
        ),
        rows,
    )
    return Result(
        "ends",
        f"generated: {_TAPES} tapes of each of {len(KINDS)} kinds, 24 mm wide, both ends at 0.06 mm a pixel",
        "nothing is fitted; settings were chosen on ends of other seeds. How well real tape fits, this cannot say",
        (table,),
        figures,
    )


def _described(kind: Kind, number: int, tape: int) -> tuple[End, End]:
    params = EndsParams()
    pictures = make_ends(kind, np.random.default_rng([_SEED, number, tape]), params=params)
    photos = [Photo(pixels, "", "image/png", metres_per_pixel=params.pixel / 1000) for pixels in pictures]
    one, other = (describe_end(photo) for photo in photos)
    assert isinstance(one, End)
    assert isinstance(other, End)
    return one, other


def _score(one: End, other: End) -> float:
    fit = compare_ends(one, other)
    return fit.comparison.score if fit else _NONE


def _plain(one: End, other: End) -> float:
    """Correlation of the contours as they lie, from one side of the tape."""
    count = min(len(one.along), len(other.along))
    return float(np.corrcoef(one.along[:count], -other.along[::-1][:count])[0, 1])


def _auc(matches: np.ndarray, others: np.ndarray) -> float:
    """Chance that a known match scores above a known non-match; ties count half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, matches, side="left")
    level = np.searchsorted(ordered, matches, side="right")
    return float((below + level).mean() / 2 / len(others))
