"""A chemical profile for each batch, measured with a spread that is small beside the difference between batches."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

NOT_DETECTED = "nd"
"""How a laboratory writes that it looked and found nothing."""

COLUMNS = ("case_reference", "sample", "method", "analyte", "value", "unit")


@dataclass(frozen=True, slots=True)
class Analyte:
    """What can be found in a substance.

    Attributes
    ----------
    name : str
        As a laboratory writes it.
    method, unit : str
        How it is measured, and in what.
    typical : float
        Middle of what batches hold, in that unit.
    between : float
        Deviation between batches, in natural logarithms.
    share : float
        Share of batches that hold it at all.
    """

    name: str
    method: str
    unit: str
    typical: float
    between: float
    share: float


def _content(*rows: tuple[str, float, float, float]) -> tuple[Analyte, ...]:
    return tuple(Analyte(name, "GC-FID", "%", typical, between, share) for name, typical, between, share in rows)


def _impurities(*rows: tuple[str, float, float, float]) -> tuple[Analyte, ...]:
    return tuple(Analyte(name, "GC-MS", "area", typical, between, share) for name, typical, between, share in rows)


def _solvents(*rows: tuple[str, float, float, float]) -> tuple[Analyte, ...]:
    return tuple(Analyte(name, "HS-GC-MS", "ug/g", typical, between, share) for name, typical, between, share in rows)


ANALYTES: dict[str, tuple[Analyte, ...]] = {
    "cocaine": _content(
        ("cocaine", 72, 0.14, 1),
        ("levamisole", 6, 0.6, 0.6),
        ("phenacetin", 8, 0.8, 0.35),
        ("caffeine", 4, 0.8, 0.35),
        ("lidocaine", 3, 0.8, 0.25),
        ("procaine", 3, 0.8, 0.15),
        ("diltiazem", 1.5, 0.6, 0.15),
        ("hydroxyzine", 1.5, 0.6, 0.1),
        ("mannitol", 6, 0.7, 0.25),
        ("inositol", 6, 0.7, 0.2),
    )
    + _impurities(
        ("ecgonine methyl ester", 21_000, 0.7, 1),
        ("ecgonine", 6_000, 0.8, 0.9),
        ("benzoylecgonine", 15_000, 0.8, 1),
        ("tropacocaine", 4_200, 0.8, 0.95),
        ("norcocaine", 8_000, 0.8, 0.95),
        ("N-formylcocaine", 2_600, 0.9, 0.8),
        ("cis-cinnamoylcocaine", 31_000, 0.75, 1),
        ("trans-cinnamoylcocaine", 27_000, 0.8, 1),
        ("3,4,5-trimethoxycocaine", 3_800, 0.8, 0.9),
        ("alpha-truxilline", 9_000, 0.6, 0.9),
        ("beta-truxilline", 7_500, 0.6, 0.9),
        ("delta-truxilline", 3_000, 0.6, 0.85),
    )
    + _solvents(
        ("acetone", 420, 1.0, 0.85),
        ("ethyl acetate", 900, 1.1, 0.6),
        ("hexane", 160, 1.1, 0.6),
        ("toluene", 60, 1.0, 0.7),
        ("methyl ethyl ketone", 700, 1.1, 0.55),
        ("n-propyl acetate", 520, 1.1, 0.35),
        ("diethyl ether", 40, 1.0, 0.25),
        ("isobutyl acetate", 80, 1.0, 0.2),
    ),
    "heroin": _content(
        ("diacetylmorphine", 38, 0.4, 1),
        ("6-monoacetylmorphine", 3.6, 0.6, 1),
        ("acetylcodeine", 3.2, 0.5, 1),
        ("papaverine", 2.4, 0.9, 0.85),
        ("noscapine", 9, 0.9, 0.85),
        ("caffeine", 18, 0.7, 0.7),
        ("paracetamol", 26, 0.6, 0.7),
        ("griseofulvin", 2, 0.7, 0.1),
    )
    + _impurities(
        ("meconine", 5_200, 0.8, 0.95),
        ("thebaol", 2_100, 0.8, 0.8),
        ("acetylthebaol", 3_400, 0.8, 0.9),
        ("4-O-acetylthebaol", 1_500, 0.8, 0.6),
        ("6-acetylcodeine", 8_800, 0.7, 1),
        ("N-acetylnorlaudanosine", 1_900, 0.9, 0.8),
        ("N-acetylanhydronornarceine", 1_300, 0.9, 0.7),
        ("N-acetylnornarcotine", 1_700, 0.9, 0.75),
    )
    + _solvents(
        ("acetic acid", 2_100, 0.9, 0.95),
        ("acetone", 240, 1.0, 0.6),
        ("ethanol", 180, 1.0, 0.6),
        ("diethyl ether", 90, 1.1, 0.4),
    ),
    "MDMA": _content(
        ("MDMA hydrochloride", 38, 0.3, 1),
        ("caffeine", 8, 0.8, 0.35),
        ("lactose", 32, 0.5, 0.6),
        ("microcrystalline cellulose", 34, 0.4, 0.7),
        ("magnesium stearate", 1.6, 0.4, 0.85),
        ("mannitol", 20, 0.6, 0.25),
        ("sorbitol", 14, 0.7, 0.2),
    )
    + _impurities(
        ("MDP-2-P", 12_000, 0.9, 0.95),
        ("piperonal", 2_900, 0.9, 0.85),
        ("safrole", 800, 1.0, 0.35),
        ("isosafrole", 1_100, 1.0, 0.4),
        ("3,4-methylenedioxyphenyl-2-propanol", 7_300, 0.9, 0.9),
        ("N-formyl-MDMA", 4_200, 0.8, 0.85),
        ("N-acetyl-MDMA", 1_300, 0.9, 0.6),
        ("MDA", 3_100, 0.8, 0.85),
        ("N-ethyl-MDA", 900, 0.9, 0.4),
        ("MDDMA", 2_400, 0.9, 0.7),
        ("N-methyl-1-(3,4-methylenedioxybenzyl)ethylimine", 5_600, 0.9, 0.8),
    )
    + _solvents(
        ("methanol", 320, 1.0, 0.7),
        ("acetone", 260, 1.0, 0.7),
        ("isopropanol", 410, 1.0, 0.6),
        ("toluene", 50, 1.0, 0.3),
    ),
    "cannabis resin": _content(
        ("THC", 24, 0.35, 1),
        ("CBD", 4, 0.8, 0.95),
        ("CBN", 1.8, 0.6, 1),
        ("CBG", 0.8, 0.5, 1),
        ("CBC", 0.6, 0.5, 0.95),
        ("THCV", 0.3, 0.6, 0.85),
    )
    + _impurities(
        ("alpha-pinene", 5_200, 0.9, 0.9),
        ("beta-myrcene", 9_000, 0.9, 0.95),
        ("limonene", 4_100, 0.9, 0.9),
        ("linalool", 1_800, 0.9, 0.8),
        ("beta-caryophyllene", 16_000, 0.7, 1),
        ("alpha-humulene", 6_400, 0.7, 1),
        ("caryophyllene oxide", 7_200, 0.7, 0.95),
        ("guaiol", 2_200, 0.9, 0.7),
        ("alpha-bisabolol", 2_700, 0.9, 0.75),
    ),
}
"""What is looked for in each substance of the practice world."""


@dataclass(frozen=True, slots=True)
class ChemistryParams:
    """Spread of the practice chemistry.

    Attributes
    ----------
    within : float
        Deviation within a batch, in natural logarithms. Bounds 0.01 to 0.4; 0.09 is a well-mixed batch sampled and
        measured with care, a tenth of what lies between batches.
    detection : float
        Share of a typical amount below which nothing is detected. Bounds 0.001 to 0.5.
    """

    within: float = 0.09
    detection: float = 0.06

    def __post_init__(self) -> None:
        """Hold the bounds."""
        if not (0.01 <= self.within <= 0.4 and 0.001 <= self.detection <= 0.5):
            raise ValueError(
                f"expected within in 0.01 to 0.4 and detection in 0.001 to 0.5; found {self}. Choose values in them."
            )


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of one substance.

    Attributes
    ----------
    batch_id : str
        Its name.
    substance : str
        A key of ``ANALYTES``.
    seed : int
        Seeds its profile.
    """

    batch_id: str
    substance: str
    seed: int

    def profile(self) -> dict[str, float]:
        """Give the batch's true amount of each analyte, 0 where it holds none; in the analytes' units."""
        rng = np.random.default_rng([self.seed, 0xBA7C])
        amounts = {}
        for analyte in ANALYTES[self.substance]:
            held = rng.random() < analyte.share
            amount = analyte.typical * float(np.exp(rng.normal(0, analyte.between)))
            amounts[analyte.name] = amount if held else 0.0
        return _at_most_whole(amounts, self.substance)


@dataclass(frozen=True, slots=True)
class Measured:
    """One value of one sample; None where nothing was detected."""

    case_reference: str
    sample: str
    method: str
    analyte: str
    value: float | None
    unit: str


def measure(
    batch: Batch, case_reference: str, sample: str, *, seed: int, params: ChemistryParams | None = None
) -> list[Measured]:
    """Measure one sample of a batch.

    Parameters
    ----------
    batch : Batch
        What is sampled.
    case_reference, sample : str
        Whose it is.
    seed : int
        For the spread of this sample.
    params : ChemistryParams, optional
        The spread.
    """
    params = params or ChemistryParams()
    rng = np.random.default_rng([seed, 0x3EA5])
    diluted = float(np.exp(rng.normal(0, params.within / 2)))
    true = batch.profile()
    found: dict[str, float] = {}
    for analyte in ANALYTES[batch.substance]:
        spread = float(np.exp(rng.normal(0, params.within)))
        common = diluted if analyte.method == "GC-MS" else 1.0
        found[analyte.name] = true[analyte.name] * spread * common
    found = _at_most_whole(found, batch.substance)
    return [
        Measured(
            case_reference, sample, analyte.method, analyte.name,
            float(f"{found[analyte.name]:.4g}") if found[analyte.name] > params.detection * analyte.typical else None,
            analyte.unit,
        )
        for analyte in ANALYTES[batch.substance]
    ]  # fmt: skip


def write_csv(path: Path, rows: Iterable[Measured]) -> None:
    """Write measurements in long form, one value a row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            value = NOT_DETECTED if row.value is None else f"{row.value:g}"
            writer.writerow([row.case_reference, row.sample, row.method, row.analyte, value, row.unit])


def _at_most_whole(amounts: dict[str, float], substance: str) -> dict[str, float]:
    """Keep the shares of mass together under 97 %."""
    content = [analyte.name for analyte in ANALYTES[substance] if analyte.unit == "%"]
    total = sum(amounts[name] for name in content)
    if total <= 97:
        return amounts
    return {name: amount * (97 / total if name in content else 1.0) for name, amount in amounts.items()}
