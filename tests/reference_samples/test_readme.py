"""The examples of the README run as they stand, but for the size of the set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import reference_samples

README = Path(reference_samples.__file__).parent / "README.md"


def test_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    small = "seizures=16, photographs=21, longest=240"
    assert "seizures=60, photographs=200" in blocks[0]
    names: dict[str, object] = {}
    for block in blocks:
        exec(block.replace("seizures=60, photographs=200", small), names)  # noqa: S102 - our own README
    assert sorted(p.name for p in (tmp_path / "practice").iterdir()) == [
        "chemistry.csv",
        "metadata.csv",
        "photographs",
        "truth.json",
    ]


def test_every_trap_is_in_the_readme(practice: reference_samples.PracticeSet) -> None:
    text = README.read_text(encoding="utf-8")
    assert all(f"`{trap.kind}`" in text for trap in practice.truth.traps)
