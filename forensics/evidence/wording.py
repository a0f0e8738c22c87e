"""The strength of support in words: one table, for every line of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "fr", "es"]
Side = Literal["same", "different", "neither"]

_ROUNDING = 1e-9
"""Base-10 logarithm; what arithmetic may add to a likelihood ratio that lies on an edge."""


@dataclass(frozen=True, slots=True)
class Band:
    """One row of the table.

    Attributes
    ----------
    code : str
        Its name in programs.
    up_to : float
        Base-10 logarithm of the largest likelihood ratio in it. The edge belongs to it, the lower band.
    en, fr, es : str
        What it is called.
    """

    code: str
    up_to: float
    en: str
    fr: str
    es: str


BANDS = (
    Band("none", 0.0, "no support", "aucun soutien", "ningún apoyo"),
    Band("weak", 1.0, "weak support", "soutien faible", "apoyo débil"),
    Band("moderate", 2.0, "moderate support", "soutien modéré", "apoyo moderado"),
    Band(
        "moderately_strong", 3.0, "moderately strong support", "soutien modérément fort", "apoyo moderadamente fuerte"
    ),
    Band("strong", 4.0, "strong support", "soutien fort", "apoyo fuerte"),
    Band("very_strong", 6.0, "very strong support", "soutien très fort", "apoyo muy fuerte"),
    Band(
        "extremely_strong",
        float("inf"),
        "extremely strong support",
        "soutien extrêmement fort",
        "apoyo extremadamente fuerte",
    ),
)
"""After the verbal scale of the ENFSI guideline for evaluative reporting in forensic science (2015), table 1."""

_SIDES: dict[Language, dict[Side, str]] = {
    "en": {
        "same": "{support} for one source rather than two",
        "different": "{support} for two sources rather than one",
        "neither": "{support} for one source over two, or for two over one",
    },
    "fr": {
        "same": "{support} à une source commune plutôt qu'à deux sources",
        "different": "{support} à deux sources plutôt qu'à une source commune",
        "neither": "{support} à une source commune ni à deux sources",
    },
    "es": {
        "same": "{support} a una fuente común frente a dos fuentes",
        "different": "{support} a dos fuentes frente a una fuente común",
        "neither": "{support} a una fuente común ni a dos fuentes",
    },
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A likelihood ratio in words.

    Attributes
    ----------
    band : Band
        How strong the support is.
    side : str
        What is supported: ``"same"`` source, ``"different"`` sources, or ``"neither"``.
    """

    band: Band
    side: Side

    def text(self, language: Language = "en") -> str:
        """Say it in one phrase."""
        support: str = getattr(self.band, language)
        return _SIDES[language][self.side].format(support=support)


def word(log10_lr: float) -> Wording:
    """Find the words of a likelihood ratio.

    Parameters
    ----------
    log10_lr : float
        Its base-10 logarithm. Below 0 the inverse supports two sources, by the same table.

    Returns
    -------
    Wording
        A likelihood ratio of exactly 10 is weak, one of a little more moderate; that of 1/10 weak for two sources.

    Raises
    ------
    ValueError
        Where it is no number.
    """
    if log10_lr != log10_lr:
        raise ValueError("expected a log likelihood ratio; found NaN. A comparison with no number has no words.")
    strength = abs(log10_lr) - _ROUNDING
    band = next(band for band in BANDS if strength <= band.up_to)
    return Wording(band, "neither" if band is BANDS[0] else "same" if log10_lr > 0 else "different")
