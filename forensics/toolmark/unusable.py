"""A mark that holds too little to be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Unusable:
    """A mark that could not be described. Falsy, and says why: a result, not an exception.

    Attributes
    ----------
    method : str
        The describing method.
    reason : str
        What was expected and what was found.
    hint : str
        What the person may do.
    """

    method: str
    reason: str
    hint: str

    def __bool__(self) -> Literal[False]:
        """Read as "no result" in a condition."""
        return False
