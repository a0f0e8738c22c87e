from __future__ import annotations

from pathlib import Path

import pytest

from reference_samples import PracticeParams, PracticeSet, make_practice_set

SMALL = PracticeParams(seizures=16, photographs=40, longest=480)


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> PracticeSet:
    """A small practice set, made once."""
    return make_practice_set(tmp_path_factory.mktemp("practice"), seed=3, params=SMALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "set"
