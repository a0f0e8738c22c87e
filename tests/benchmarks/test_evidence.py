from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from benchmarks import evidence
from benchmarks.bench import DataMissing
from benchmarks.evidence import SPLITS, weigh_split
from forensics.evidence import cllr


def table(file: Path) -> Path:
    """Three splits of 60 weapons: a third validates in each."""
    dice = np.random.default_rng(5)
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["weapon1", "weapon2", "hypothesis", "ccf", *SPLITS])
        for one in range(60):
            for other in range(one, 60):
                score = dice.normal(2.5 if one == other else 0.0, 1.0)
                parts = [
                    "n" if (one % 3 == at) != (other % 3 == at) else "v" if one % 3 == at else "t" for at in range(3)
                ]
                writer.writerow([one, other, int(one == other), score, *parts])
    return file


def test_each_validation_pair_is_weighed_once_by_a_curve_of_training_weapons(tmp_path: Path) -> None:
    weighed = weigh_split(table(tmp_path / "scores.csv"), "ccf")
    assert int(weighed.same.sum()) == 60
    assert int((~weighed.same).sum()) == 3 * 20 * 19 // 2
    assert weighed.trained == ((40, 780),) * 3
    assert cllr(weighed.log10_lr, weighed.same) < 0.6


@pytest.mark.real
def test_the_benchmark_gives_every_key(monkeypatch: pytest.MonkeyPatch) -> None:
    # The largest set is left to the benchmark itself.
    monkeypatch.setattr(evidence, "MARKS", {name: evidence.MARKS[name] for name in ("firing_pin", "breech_face")})
    try:
        result = evidence.run()
    except DataMissing as reason:
        pytest.skip(str(reason))
    figures = result.figures
    assert figures["two_level.largest_difference"] < 1e-4
    for mark in evidence.MARKS:
        assert figures[f"nfi.{mark}.cllr_min"] == pytest.approx(evidence.MARKS[mark][2], abs=1e-3)
    assert figures["nfi.cllr_gap_max"] == max(
        figures[f"nfi.{mark}.cllr"] - figures[f"nfi.{mark}.cllr_min"] for mark in evidence.MARKS
    )
