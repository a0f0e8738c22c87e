"""Two profiles compared: sum-normalised, fourth root, Pearson."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.chemistry.profile import Profile, key
from forensics.comparison import Comparison, NoComparison

METHOD = "chemistry.pearson/1"


@dataclass(frozen=True, slots=True)
class PearsonParams:
    """Thresholds of the comparison.

    Attributes
    ----------
    fewest_analytes : int
        Fewer analytes that both laboratories looked for are not compared. Default 5: with five points a correlation of
        0.88 comes about by chance in one of twenty pairs, with fewer it says nothing. Bounds: 3 to 1,000.
    root : float
        The root that brings small peaks up beside the large ones. Default 4, as the harmonised method found best.
        Bounds: 1 to 16.
    """

    fewest_analytes: int = 5
    root: float = 4.0

    def __post_init__(self) -> None:
        """Hold the bounds."""
        if not 3 <= self.fewest_analytes <= 1000:
            raise ValueError(f"expected fewest_analytes between 3 and 1,000; found {self.fewest_analytes}")
        if not 1 <= self.root <= 16:
            raise ValueError(f"expected root between 1 and 16; found {self.root}")


_DEFAULT = PearsonParams()


def compare(query: Profile, reference: Profile, *, params: PearsonParams = _DEFAULT) -> Comparison | NoComparison:
    """Compare two chemical profiles.

    Stages: 1. the methods and units agree; 2. the analytes that both looked for are kept, before anything is summed,
    so that both are shares of the same whole; 3. what was not detected counts as zero; 4. each value is divided by the
    sum; 5. its fourth root is taken; 6. Pearson's correlation.

    Parameters
    ----------
    query, reference : Profile
        The two; the order makes no difference.
    params : PearsonParams
        Thresholds.

    Returns
    -------
    Comparison or NoComparison
        The score is the correlation, -1 to 1. An analyte that neither sample holds though both were searched for it is
        an agreement and stays in; one that was not looked for by both is left out and counted.

    Notes
    -----
    Pretreatment and correlation follow the harmonised method for amphetamine: Andersson, Lock, Jalava, et al.,
    "Development of a harmonised method for the profiling of amphetamines VI: Evaluation of methods for comparison of
    amphetamine", Forensic Sci. Int. 169 (2007) 86-99. There is no universal threshold: what a score means is learnt
    from a laboratory's own linked and unlinked samples.
    """
    # 1.
    for what, ours, theirs in (("method", query.method, reference.method), ("unit", query.unit, reference.unit)):
        if key(ours) != key(theirs):
            return NoComparison(
                METHOD,
                f"expected profiles of one {what}; found {ours} and {theirs}",
                f"Measure one of the samples again, or give the {what} the same name if it is the same.",
            )
    # 2.
    amounts = [{key(amount.analyte): amount.value for amount in profile.amounts} for profile in (query, reference)]
    shared = sorted(amounts[0].keys() & amounts[1].keys())
    if len(shared) < params.fewest_analytes:
        return NoComparison(
            METHOD,
            f"expected at least {params.fewest_analytes} analytes that both looked for; found {len(shared)}",
            "Add the analytes that were looked for and not detected, or compare with a fuller profile.",
        )
    # 3.
    values = [np.array([amount[name] or 0.0 for name in shared], np.float64) for amount in amounts]
    for profile, vector in zip((query, reference), values, strict=True):
        if not vector.any():
            return NoComparison(
                METHOD,
                f"expected analytes detected in sample {profile.sample}; found none of those that both looked for",
                "Nothing was detected, so there is no profile to compare.",
            )
    # 4. and 5.
    left, right = (_pretreated(vector, params.root) for vector in values)
    # 6.
    correlation = _pearson(left, right)
    if correlation is None:
        return NoComparison(
            METHOD,
            "expected analytes in different amounts; found all of them equal in one of the samples",
            "A flat profile correlates with nothing; compare with more analytes.",
        )
    return Comparison(
        METHOD,
        correlation,
        {
            "shared_analytes": float(len(shared)),
            "detected_in_both": float(np.count_nonzero(values[0].astype(bool) & values[1].astype(bool))),
            "detected_in_one": float(np.count_nonzero(values[0].astype(bool) ^ values[1].astype(bool))),
            "not_looked_for_by_both": float(len(amounts[0].keys() ^ amounts[1].keys())),
        },
    )


def _pretreated(values: NDArray[np.float64], root: float) -> NDArray[np.float64]:
    # Divided by the largest first: the sum of values near the end of the floating range would overflow.
    scaled = values / values.max()
    return np.asarray((scaled / scaled.sum()) ** (1 / root), np.float64)


def _pearson(left: NDArray[np.float64], right: NDArray[np.float64]) -> float | None:
    """Correlate two vectors; None where one of them is constant up to rounding."""
    centred = [vector - vector.mean() for vector in (left, right)]
    lengths = [float(np.linalg.norm(vector)) for vector in centred]
    if min(lengths) <= len(left) * np.finfo(np.float64).eps:
        return None
    return float(np.clip(centred[0] @ centred[1] / (lengths[0] * lengths[1]), -1.0, 1.0))
