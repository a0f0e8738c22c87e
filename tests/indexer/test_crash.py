"""Killed at any moment: what was acknowledged is found after a restart, and of the rest nothing is left."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

from indexer import Memory, doctor, ingest, search
from indexer.records import FoundBy, Mark, Photograph, PhotographState
from tests.indexer.crash_child import MOMENTS
from tests.indexer.pictures import photograph

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed(folder: Path, moment: str) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "tests.indexer.crash_child", str(folder), moment],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == -9, child.stderr
    acknowledged = {UUID(line.split()[1]) for line in child.stdout.splitlines()}
    if moment == "between deleting a row and its file":
        acknowledged.remove(UUID(child.stdout.splitlines()[-1].split()[1]))
    with Memory.open(folder, workers=1) as memory:
        assert memory.originals.unsettled() == ()
        with memory.reading() as session:
            states = Counter(session.exec(select(Photograph.state)).all())
            rows = dict(session.exec(select(Photograph.id, Photograph.sha256)).all())
        assert set(states) <= {PhotographState.QUEUED, PhotographState.READY}
        # A row may be committed just before its acknowledgement; it is whole then.
        assert acknowledged <= set(rows)
        assert len(set(rows) - acknowledged) <= (moment == "between the row and its acknowledgement")
        assert sorted(memory.originals) == sorted(rows.values())
        ingest.run_until_empty(memory)
        with memory.reading() as session:
            wholes = session.exec(select(Mark.photograph_id).where(Mark.found_by == FoundBy.WHOLE)).all()
            owed = session.exec(select(Photograph.id).where(col(Photograph.searched_up_to).is_(None))).all()
        assert sorted(wholes) == sorted(rows)
        assert owed == []
        found = search.search_file(memory, photograph(1, 7), file_name="asked.jpg").hits
        assert {hit.reference_photograph.id for hit in found} == set(rows)
        assert [
            finding for finding in doctor.examine(memory).findings if not finding.ok and finding.code != "disk"
        ] == []
