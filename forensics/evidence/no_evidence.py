"""No number, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class NoEvidence:
    """A likelihood ratio that cannot be given. Falsy, and says why: a result, not an exception.

    Attributes
    ----------
    method : str
        The comparing method whose score it would have been.
    code : str
        ``"no_calibration_set"``, ``"other_method"``, ``"too_few_matches"``, ``"too_few_non_matches"``,
        ``"too_few_sources"``, ``"no_spread"``, ``"singular"`` or ``"no_score"``.
    reason : str
        What was expected and what was found.
    hint : str
        What the person may do.
    """

    method: str
    code: str
    reason: str
    hint: str

    def __bool__(self) -> Literal[False]:
        """Read as "no number" in a condition."""
        return False
