"""Practice chemistry: read by the reader, close within a batch, apart between batches."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest

from forensics.chemistry import read_csv
from reference_samples import PracticeSet
from reference_samples.generator import Batch, ChemistryParams
from reference_samples.generator.chemistry import ANALYTES, measure


def test_the_table_is_read_by_the_reader_of_profiles(practice: PracticeSet) -> None:
    read = read_csv(practice.chemistry.read_bytes())
    assert {row.case_reference for row in read} == {s.case_reference for s in practice.truth.seizures}
    methods = defaultdict(set)
    for row in read:
        methods[row.case_reference].add(row.profile.method)
    assert all("GC-MS" in found for found in methods.values())


def logs(batch: Batch, seed: int) -> np.ndarray:
    rows = measure(batch, "C", "S", seed=seed)
    return np.array([np.log(row.value) if row.value else np.nan for row in rows])


@pytest.mark.parametrize("substance", sorted(ANALYTES))
def test_samples_of_a_batch_are_closer_than_batches(substance: str) -> None:
    batches = [Batch(f"B{k}", substance, k) for k in range(12)]
    samples = np.array([[logs(batch, 100 * k + n) for n in range(4)] for k, batch in enumerate(batches)])
    found = ~np.isnan(samples).any(1)
    within = np.median([of_batch[:, there].std(0).mean() for of_batch, there in zip(samples, found, strict=True)])
    apart = []
    for (one, in_one), (two, in_two) in combinations(zip(samples, found, strict=True), 2):
        both = in_one & in_two
        apart.append(np.abs(one[0, both] - two[0, both]).mean())
    between = np.median(apart)
    assert within < 0.2
    assert between > 3 * within


def test_something_is_not_detected_and_shares_stay_under_a_whole() -> None:
    for k in range(20):
        rows = measure(Batch("B", "cocaine", k), "C", "S", seed=k)
        assert any(row.value is None for row in rows)
        assert sum(row.value or 0 for row in rows if row.unit == "%") <= 97.1


def test_bounds_are_held() -> None:
    with pytest.raises(ValueError, match="within"):
        ChemistryParams(within=2.0)
