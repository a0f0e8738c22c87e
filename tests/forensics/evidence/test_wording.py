from __future__ import annotations

import math

import pytest

from forensics.evidence import BANDS, word

EDGES = {
    "none": 1,
    "weak": 10,
    "moderate": 100,
    "moderately_strong": 1_000,
    "strong": 10_000,
    "very_strong": 1_000_000,
    "extremely_strong": math.inf,
}


def test_the_table_has_the_edges_of_the_scale() -> None:
    assert {band.code: 10**band.up_to for band in BANDS} == EDGES


@pytest.mark.parametrize(("code", "edge"), list(EDGES.items())[:-1])
def test_an_edge_belongs_to_the_lower_band(code: str, edge: float) -> None:
    above = list(EDGES)[list(EDGES).index(code) + 1]
    for lr, band in ((edge, code), (edge * 0.9999, code), (edge * 1.0001, above)):
        expected = "weak" if lr < 1 else band
        assert word(math.log10(lr)).band.code == expected
        assert word(-math.log10(lr)).band.code == expected
        assert word(math.log10(1 / lr)).band.code == expected


def test_arithmetic_does_not_lift_an_edge_into_the_next_band() -> None:
    assert word(math.log(1000) / math.log(10)).band.code == "moderately_strong"
    assert word(sum([0.1] * 10)).band.code == "weak"
    assert word(1 + 1e-7).band.code == "moderate"


def test_the_inverse_supports_the_alternative() -> None:
    assert (word(2.5).side, word(-2.5).side, word(0.0).side) == ("same", "different", "neither")
    assert word(math.inf).band is word(-math.inf).band is BANDS[-1]


def test_every_band_and_side_has_words_in_three_languages() -> None:
    for language in ("en", "fr", "es"):
        said = {word(sign * level).text(language) for level in (0.0, 0.5, 1.5, 2.5, 3.5, 5.0, 7.0) for sign in (1, -1)}
        assert len(said) == 2 * len(BANDS) - 1
    assert word(1.5).text() == "moderate support for one source rather than two"
    assert word(-3.5).text("fr") == "soutien fort à deux sources plutôt qu'à une source commune"
    assert word(7).text("es") == "apoyo extremadamente fuerte a una fuente común frente a dos fuentes"


def test_no_number_has_no_words() -> None:
    with pytest.raises(ValueError, match="found NaN"):
        word(math.nan)
