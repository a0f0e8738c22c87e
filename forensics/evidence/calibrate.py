"""Scores to likelihood ratios, with the papers of each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forensics.evidence.bounds import Bounds, BoundsParams, elub
from forensics.evidence.calibration_set import CalibrationSet, Origin
from forensics.evidence.isotonic import IsotonicParams, fit_isotonic
from forensics.evidence.kernel import KernelParams, fit_kernel
from forensics.evidence.leave_source_out import Curve, Fit, FoldParams, leave_source_out
from forensics.evidence.logistic import LogisticParams, fit_logistic
from forensics.evidence.measures import Measures, costs, measure
from forensics.evidence.no_evidence import NoEvidence
from forensics.evidence.wording import Wording, word

Array = NDArray[np.float64]

Shape = Literal["logistic", "kernel", "isotonic"]


@dataclass(frozen=True, slots=True)
class CalibrateParams:
    """How large a calibration set must be, and how it is fitted.

    Attributes
    ----------
    least_matches, least_non_matches : int
        Known pairs of each kind under which no number is given; 2 or more. With 20 matches a likelihood ratio under
        1/21 is already out of bounds, and one more misleading pair would change Cllr by about 0.05; non-matches
        are cheap, and 100 are what a likelihood ratio of 100 needs.
    least_sources : int
        Sources of known matches under which no number is given: ten leave each part one source when they are left
        out in turn.
    clearly : float
        Standard errors (over sources) by which a shape must cost more than the best one to be passed over; 0 or more.
        Two are exceeded by chance once in twenty times.
    logistic, kernel, isotonic : params
        Of the shapes.
    bounds : BoundsParams
        Of the bounds.
    folds : FoldParams
        How sources are left out.
    """

    least_matches: int = 20
    least_non_matches: int = 100
    least_sources: int = 10
    clearly: float = 2.0
    logistic: LogisticParams = field(default_factory=LogisticParams)
    kernel: KernelParams = field(default_factory=KernelParams)
    isotonic: IsotonicParams = field(default_factory=IsotonicParams)
    bounds: BoundsParams = field(default_factory=BoundsParams)
    folds: FoldParams = field(default_factory=FoldParams)

    def fits(self) -> Mapping[Shape, Fit]:
        """Return how each shape is fitted, in the order in which they are preferred where they cost the same."""
        return MappingProxyType(
            {
                "kernel": partial(fit_kernel, params=self.kernel),
                "logistic": partial(fit_logistic, params=self.logistic),
                "isotonic": partial(fit_isotonic, params=self.isotonic),
            }
        )


@dataclass(frozen=True, slots=True)
class Papers:
    """What a likelihood ratio rests on.

    Attributes
    ----------
    method : str
        The comparing method that gives the scores.
    shape : str
        How scores became likelihood ratios: ``"logistic"``, ``"kernel"`` or ``"isotonic"``.
    set_name : str
        Name of the calibration set.
    set_version : int
        Its version.
    origin : Origin
        Where its ground truth comes from.
    same_pairs, different_pairs, sources : int
        Its size.
    bounds : Bounds
        Beyond which no likelihood ratio of this calibration goes.
    measures : Measures
        On the pairs of the set itself, each weighed without its sources and held within the bounds.
    """

    method: str
    shape: Shape
    set_name: str
    set_version: int
    origin: Origin
    same_pairs: int
    different_pairs: int
    sources: int
    bounds: Bounds
    measures: Measures


@dataclass(frozen=True, slots=True)
class Evidence:
    """One likelihood ratio, with its papers.

    Attributes
    ----------
    score : float
        From which it was made.
    log10_lr : float
        Base-10 logarithm of the likelihood ratio, within the bounds.
    unbounded : float
        What it would have been without bounds: to be kept, not to be reported.
    within_scores : bool
        Whether the score lies within those of the calibration set.
    papers : Papers
        What it rests on.
    """

    score: float
    log10_lr: float
    unbounded: float
    within_scores: bool
    papers: Papers

    @property
    def lr(self) -> float:
        """The likelihood ratio."""
        return float(10.0**self.log10_lr)

    @property
    def at_bound(self) -> bool:
        """Whether a bound holds it."""
        return self.log10_lr != self.unbounded

    @property
    def wording(self) -> Wording:
        """The strength of support in words."""
        return word(self.log10_lr)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted calibration.

    Attributes
    ----------
    papers : Papers
        What its likelihood ratios rest on.
    curve : Curve
        From scores to unbounded log likelihood ratios.
    lowest, highest : float
        Scores of the calibration set.
    held_out : ndarray of shape (P,)
        Base-10 log likelihood ratios of the set's own pairs, each weighed without its sources, within the bounds; NaN
        where nothing could be fitted without them.
    """

    papers: Papers
    curve: Curve
    lowest: float
    highest: float
    held_out: Array = field(repr=False)

    def log10_lr(self, scores: Array) -> Array:
        """Return base-10 log likelihood ratios of scores of shape (P,), within the bounds."""
        return self.papers.bounds.hold(self.curve.log10_lr(scores))


def calibrate(
    known: CalibrationSet,
    *,
    shape: Shape | Literal["best"] = "best",
    params: CalibrateParams = CalibrateParams(),
) -> Calibration | NoEvidence:
    """Fit a calibration, or say why there is none.

    1. Refuse a set that is too small.
    2. Weigh its pairs, each without its sources, by each shape asked for, and find the bounds from that. Keep the
       first shape that does not clearly cost more than the best one. Fit it on all pairs.
    3. Write its papers.

    Parameters
    ----------
    known : CalibrationSet
        Known matches and non-matches.
    shape : str
        ``"kernel"``, ``"logistic"``, ``"isotonic"``, or ``"best"`` of them, tried in this order.
    params : CalibrateParams
        Least sizes, and how it is fitted.

    Returns
    -------
    Calibration or NoEvidence
        Falsy with a reason where the set cannot support one.
    """
    # 1
    refused = _too_small(known, params)
    if refused is not None:
        return refused
    # 2
    fits = params.fits()
    found: dict[Shape, _LeftOut] = {}
    for name in fits if shape == "best" else (shape,):
        left_out = _left_out(known, fits[name], params)
        if left_out is not None:
            found[name] = left_out
    chosen = _choose(found, known, params)
    curve = None if chosen is None else fits[chosen](known.scores, known.same)
    if chosen is None or curve is None:
        return NoEvidence(
            known.method,
            "no_spread",
            "expected scores that differ; found one score for all known matches or all known non-matches",
            "Check what the scores are: a score that says nothing cannot be calibrated.",
        )
    # 3
    left_out = found[chosen]
    weighed = left_out.weighed
    papers = Papers(
        known.method,
        chosen,
        known.name,
        known.version,
        known.origin,
        known.same_pairs,
        known.different_pairs,
        known.sources,
        left_out.bounds,
        measure(left_out.log10_lr[weighed], known.same[weighed]),
    )
    return Calibration(papers, curve, float(known.scores.min()), float(known.scores.max()), left_out.log10_lr)


def weigh(score: float | None, calibration: Calibration | NoEvidence | None, *, method: str) -> Evidence | NoEvidence:
    """Turn one score into evidence, or say why there is no number.

    Parameters
    ----------
    score : float or None
        Of a comparison; None where none could be made.
    calibration : Calibration, NoEvidence or None
        What there is; a refusal is handed on.
    method : str
        The comparing method that gave the score. A calibration of another method, or version, does not hold for it.

    Returns
    -------
    Evidence or NoEvidence
        Falsy with a reason where there is no number.
    """
    if calibration is None:
        return NoEvidence(
            method,
            "no_calibration_set",
            f"expected a calibration set for {method}; found none",
            "Confirm and refute candidates, or import a reference set, until there are enough known pairs.",
        )
    if isinstance(calibration, NoEvidence):
        return calibration
    if calibration.papers.method != method:
        return NoEvidence(
            method,
            "other_method",
            f"expected a calibration set for {method}; found one for {calibration.papers.method}",
            "Compare the known pairs anew by this method, and calibrate on those scores.",
        )
    if score is None or not np.isfinite(score):
        return NoEvidence(
            method,
            "no_score",
            "expected a finite score; found none",
            "Where a comparison could not be made there is no evidence either way.",
        )
    one = np.array([score], np.float64)
    return Evidence(
        float(score),
        float(calibration.log10_lr(one)[0]),
        float(calibration.curve.log10_lr(one)[0]),
        calibration.lowest <= score <= calibration.highest,
        calibration.papers,
    )


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Known pairs weighed without their sources, within the bounds found from them; NaN where that was impossible."""

    log10_lr: Array
    bounds: Bounds

    @property
    def weighed(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.log10_lr)


def _left_out(known: CalibrationSet, fit: Fit, params: CalibrateParams) -> _LeftOut | None:
    log10_lr = leave_source_out(known, fit, params=params.folds)
    weighed = ~np.isnan(log10_lr)
    if not known.same[weighed].any() or known.same[weighed].all():
        return None
    bounds = elub(log10_lr[weighed], known.same[weighed], params=params.bounds)
    return _LeftOut(bounds.hold(log10_lr), bounds)


def _choose(found: Mapping[Shape, _LeftOut], known: CalibrationSet, params: CalibrateParams) -> Shape | None:
    if not found:
        return None
    weighed = np.logical_and.reduce([left_out.weighed for left_out in found.values()])
    same, first, second = known.same[weighed], known.first[weighed], known.second[weighed]
    share = np.where(same, 0.5 / max(same.sum(), 1), 0.5 / max((~same).sum(), 1))
    bits = {name: costs(left_out.log10_lr[weighed], same) for name, left_out in found.items()}
    best = min(bits, key=lambda name: share @ bits[name])

    def as_good(name: Shape) -> bool:
        more = bits[name] - bits[best]
        middle = np.where(same, more[same].mean(), more[~same].mean())
        # Pairs that share a source are not independent: the error is that of sources, of which each brings all of its.
        pull = share * (more - middle)
        sources = int(max(first.max(), second.max())) + 1
        by_source = np.bincount(first, pull, minlength=sources) + np.bincount(
            second, np.where(same, 0.0, pull), minlength=sources
        )
        return bool(share @ more <= params.clearly * np.sqrt((by_source**2).sum()))

    return next(name for name in found if as_good(name))


def _too_small(known: CalibrationSet, params: CalibrateParams) -> NoEvidence | None:
    for code, kind, found, least in (
        ("too_few_matches", "known matches", known.same_pairs, params.least_matches),
        ("too_few_non_matches", "known non-matches", known.different_pairs, params.least_non_matches),
        ("too_few_sources", "sources with known matches", known.matched_sources, params.least_sources),
    ):
        if found < least:
            return NoEvidence(
                known.method,
                code,
                f"expected {least} {kind} or more in {known.name} (version {known.version}); found {found}",
                "Confirm and refute more candidates, or import a reference set.",
            )
    return None
