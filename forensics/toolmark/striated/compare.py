"""Two striated marks laid over each other: how alike, where, and by which striae."""

from __future__ import annotations

import numpy as np

from forensics.comparison import Comparison, NoComparison
from forensics.toolmark.striated.align import stretched
from forensics.toolmark.striated.features import METHOD, StriatedFeatures
from forensics.toolmark.striated.gallery import Gallery, StriatedParams
from forensics.toolmark.striated.score import NAMES, weights
from forensics.toolmark.striated.signals import MAIN, signals
from forensics.toolmark.striated.striae import striae


def compare(
    query: StriatedFeatures, reference: StriatedFeatures, *, params: StriatedParams | None = None
) -> Comparison | NoComparison:
    """Compare two striated marks.

    Stages: 1. the best shift and stretch; 2. the score; 3. the striae that match there.

    Parameters
    ----------
    query, reference : StriatedFeatures
        Of the same kind, both heights or both light.
    params : StriatedParams, optional
        How they are compared.

    Returns
    -------
    Comparison or NoComparison
        The score is the evidence: Fisher's transforms of correlations in windows, added up, by the root of the overlap.
        Nothing was fitted for it; :func:`forensics.toolmark.striated.normalise` sets it against the marks of other
        tools. ``measurements`` holds the natural logarithm of the odds of a match, were matches as frequent as
        non-matches, that several measurements have among screwdrivers (score.json says which); the correlation, the
        overlap in millimetres and as part of the shorter mark, the stretch, the offset in millimetres, matching striae
        and the longest run of them, the congruence of windows, and what was weighed. Points are places along the
        profiles in millimetres, with y of 0. ``mirrored`` says that the query agrees from its other end.
    """
    params = params or StriatedParams()
    if query.method != reference.method:
        return NoComparison(
            METHOD,
            f"expected marks that were described alike; found {query.method} and {reference.method}.",
            "Describe both again: cachet reindex.",
        )
    if query.kind != reference.kind:
        return NoComparison(
            METHOD,
            f"expected two scans or two photographs; found {query.kind} and {reference.kind}.",
            "Photograph or scan the other mark in the same way.",
        )
    # 1.
    gallery = Gallery([reference], params=params)
    measured = gallery.measure(query)
    if not measured.possible[0]:
        return NoComparison(
            METHOD,
            f"expected marks that can overlap by at least {params.align.least_values} values; found "
            f"{1e3 * query.length:.2f} mm at {1e6 * query.spacing:.1f} µm and {1e3 * reference.length:.2f} mm at "
            f"{1e6 * reference.spacing:.1f} µm.",
            "Take more of the mark, or at a finer spacing.",
        )
    # 2.
    values = dict(zip(NAMES, measured.values[0].tolist(), strict=True))
    log_odds = float(weights().score(measured.values[:1])[0])
    # 3.
    level = gallery.level(query, 0)
    step = params.signal.step_at(level)
    ours, theirs = (signals(mark, level=level, params=params.signal) for mark in (query, reference))
    if measured.reversed[0]:
        ours = ours.reversed()
    stretch, lag = float(measured.stretch[0]), round(float(measured.offset[0]) / step)
    laid = stretched(ours.main[:1], stretch)[0].astype(np.float64)
    start, stop = max(0, -lag), min(len(laid), theirs.size - lag)
    shared = striae(laid[start:stop], theirs.main[0, start + lag : stop + lag].astype(np.float64))
    at_query = (shared.pairs[:, 0] + start) / stretch
    if measured.reversed[0]:
        at_query = ours.size - 1 - at_query
    at_reference = shared.pairs[:, 1] + start + lag
    shorter = min(len(laid), theirs.size)
    return Comparison(
        METHOD,
        values["evidence"],
        {
            "log_odds": log_odds,
            "correlation": float(np.tanh(values[MAIN[0]])),
            "overlap": float(measured.overlap[0] / (shorter * step)),
            "overlap_mm": float(1e3 * measured.overlap[0]),
            "offset_mm": float(1e3 * measured.offset[0]),
            "stretch": stretch,
            "matching_striae": float(len(shared.pairs)),
            "striae": float(shared.seen),
            "consecutive_striae": float(shared.consecutive),
            "congruence": shared.congruence,
            "step_um": 1e6 * step,
            **{f"weighed_{name}": value for name, value in values.items()},
        },
        _places(at_query * step),
        _places(at_reference * step),
        mirrored=bool(measured.reversed[0]),
    )


def _places(metres: np.ndarray) -> np.ndarray:
    return np.column_stack([1e3 * metres, np.zeros(len(metres))]).astype(np.float32)
