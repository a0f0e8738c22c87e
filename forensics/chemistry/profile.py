"""The chemical profile of one sample."""

from __future__ import annotations

import math
from dataclasses import dataclass

from forensics.chemistry.units import spelled, whole
from forensics.errors import ProfileRefused


@dataclass(frozen=True, slots=True)
class Amount:
    """One analyte that the laboratory looked for.

    Attributes
    ----------
    analyte : str
        Its name; runs of white space are one space.
    value : float or None
        Amount or peak area in the profile's unit, 0 or more. None: looked for and *not detected*. An analyte that was
        not looked for has no ``Amount`` at all.
    """

    analyte: str
    value: float | None

    def __post_init__(self) -> None:
        """Refuse what is no name or no amount."""
        object.__setattr__(self, "analyte", tidy(self.analyte))
        if not self.analyte:
            raise ProfileRefused(
                "bad_analyte",
                expected="the name of an analyte",
                found="an empty name",
                hint="Name the analyte or leave the value out.",
            )
        if self.value is None:
            return
        value = float(self.value)
        if not math.isfinite(value) or value < 0:
            raise ProfileRefused(
                "bad_value",
                expected=f"an amount of {self.analyte} of 0 or more",
                found=f"{value}",
                hint="Correct it, mark it as not detected, or leave it out if it was not looked for.",
            )
        object.__setattr__(self, "value", value)


@dataclass(frozen=True, slots=True)
class Profile:
    """What one method measured in one sample.

    Attributes
    ----------
    sample : str
        The laboratory's name of the sample.
    method : str
        The analytical method, in the laboratory's words. Only profiles of one method are compared.
    unit : str
        Of every value, such as ``"peak area"`` or ``"mg/g"``.
    amounts : tuple of Amount
        Each analyte that was looked for, once; at least one.
    """

    sample: str
    method: str
    unit: str
    amounts: tuple[Amount, ...]

    def __post_init__(self) -> None:
        """Refuse a profile with nothing in it, or with one analyte twice."""
        for name in ("sample", "method", "unit"):
            object.__setattr__(self, name, tidy(getattr(self, name)))
        object.__setattr__(self, "unit", spelled(self.unit))
        object.__setattr__(self, "amounts", tuple(self.amounts))
        for name in ("method", "unit"):
            if not getattr(self, name):
                raise ProfileRefused(
                    f"no_{name}",
                    expected=f"the {name} of the profile",
                    found="none",
                    hint="Profiles are compared only within one method and unit: give both.",
                )
        if not self.amounts:
            raise ProfileRefused(
                "empty",
                expected="at least one analyte",
                found="none",
                hint="Give every analyte that was looked for, also those that were not detected.",
            )
        seen = set()
        for amount in self.amounts:
            if key(amount.analyte) in seen:
                raise ProfileRefused(
                    "duplicate_analyte",
                    expected="each analyte once",
                    found=f"{amount.analyte} twice",
                    hint="Keep one of the values, or store the second measurement as a profile of its own.",
                )
            seen.add(key(amount.analyte))
            if amount.value is not None and amount.value > whole(self.unit):
                raise ProfileRefused(
                    "bad_value",
                    expected=f"at most {whole(self.unit):g} {self.unit} of {amount.analyte}",
                    found=f"{amount.value:g}",
                    hint="Correct the value or the unit: there is more of it than there is sample.",
                )


def tidy(text: str) -> str:
    """Give a name without white space around it and with single spaces inside."""
    return " ".join(text.split())


def key(name: str) -> str:
    """Give the form of a name under which two spellings of it are one."""
    return tidy(name).casefold()
