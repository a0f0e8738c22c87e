"""Units of amounts: one spelling each, and how much the whole sample is in them."""

from __future__ import annotations

# Spellings that are one unit. Units that are not listed are kept as they are written.
_SPELLINGS = {
    "percent": "%",
    "pct": "%",
    "% (w/w)": "% w/w",
    "ug/g": "µg/g",
    "μg/g": "µg/g",
    "ug/kg": "µg/kg",
    "μg/kg": "µg/kg",
    "area": "peak area",
    "peak areas": "peak area",
}

# Units that are a share of the sample's mass, and the whole of it in them.
_WHOLE = {"%": 1e2, "% w/w": 1e2, "mg/g": 1e3, "g/kg": 1e3, "mg/kg": 1e6, "µg/g": 1e6, "µg/kg": 1e9, "ng/g": 1e9}


def spelled(unit: str) -> str:
    """Give a unit in its one spelling."""
    tidied = " ".join(unit.split())
    return _SPELLINGS.get(tidied.casefold(), tidied)


def whole(unit: str) -> float:
    """Give the largest amount that can be in a sample, in this unit; infinite where the unit is no share of it."""
    return _WHOLE.get(spelled(unit), float("inf"))
