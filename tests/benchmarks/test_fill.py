from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlmodel import col, select

from benchmarks import growth_plot
from benchmarks.fill import POINTS, POINTS_REGION, REGIONS, ask_with, fill, plant
from benchmarks.sources import Picture, Region, Sources, taken_again
from forensics.logo import LogoFeatures, describe_all, find_regions, whole
from forensics.photo import decode
from indexer import Memory, doctor, search
from indexer.records import FoundBy, Mark, MarkFeatures
from tests.indexer.pictures import photograph


def described(name: str, data: bytes) -> Picture:
    photo = decode(data)
    regions = (whole(photo), *find_regions(photo))
    packed = [seen.to_bytes() for seen in describe_all(photo, regions)]
    return Picture(
        name,
        photo.width,
        photo.height,
        tuple(Region(one.polygon, features) for one, features in zip(regions, packed, strict=True)),
    )


@pytest.fixture(scope="module")
def made() -> Sources:
    pictures = tuple(described(f"drawn/{number}", photograph(number, 0)) for number in range(4))
    again = {0: described("drawn/0", taken_again(photograph(0, 0), seed=3))}
    changes = np.random.default_rng(0).integers(-9, 10, (50, pictures[0].whole.local.shape[1])).astype(np.int16)
    return Sources(pictures, again, changes, "drawn")


def test_marks_come_in_as_many_as_asked_and_the_index_follows(tmp_path: Path, made: Sources) -> None:
    with Memory.open(tmp_path / "data", workers=1) as memory:
        planted = plant(memory, [made.pictures[0]])
        told: list[int] = []
        assert fill(memory, 100, 1, sources=made, told=told.append) == 108
        assert told == [108]
        marks = 108 + len(made.pictures[0].regions)
        assert len(memory.index.spaces.vector) == marks
        assert all(finding.ok for finding in doctor.examine(memory).findings if finding.code in ("index", "features"))
        with memory.reading() as session:
            rows = session.exec(
                select(MarkFeatures.data)
                .join(Mark, col(MarkFeatures.mark_id) == col(Mark.id))
                .where(Mark.found_by == FoundBy.FINDER)
                .order_by(col(MarkFeatures.number).desc())
                .limit(REGIONS)
            ).all()
        parts = [LogoFeatures.from_bytes(data) for data in rows]
        assert all(part.part and len(part) <= POINTS_REGION for part in parts)
        assert len(memory.index.spaces.local) <= POINTS * (12 + 1)
        # What is asked with is not among what is found, and finds its other take.
        asked = ask_with(memory, [made.again[0]])
        assert len(memory.index.spaces.vector) == marks
        found = search.search_photograph(memory, asked[0])
        assert [hit.reference_photograph.id for hit in found][:1] == planted


def test_the_same_seed_gives_the_same_marks(tmp_path: Path, made: Sources) -> None:
    contents = []
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        with Memory.open(tmp_path / name, workers=1) as memory:
            fill(memory, 18, seed, sources=made)
            with memory.reading() as session:
                contents.append(session.exec(select(MarkFeatures.data).order_by(col(MarkFeatures.number))).all())
    assert contents[0] == contents[1] != contents[2]


def test_the_plot_shows_every_size(tmp_path: Path) -> None:
    sizes = (1000, 10_000, 100_000)
    growth_plot.write(
        tmp_path / "plot.svg",
        [{"marks": size, "p50_ms": 5.0, "p95_ms": 9.0, "peak_gb": 0.3, "index_bytes": size * 3000} for size in sizes],
    )
    drawn = (tmp_path / "plot.svg").read_text()
    assert all(f"{size:,} marks" in drawn for size in sizes)
    assert drawn.count("<circle") == 4 * len(sizes)
