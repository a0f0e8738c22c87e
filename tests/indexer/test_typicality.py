"""What all seizures show, such as the laboratory's ruler, makes no hit; what few show still does."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from sqlmodel import col, select

from forensics.comparison import Comparison
from forensics.logo import compare, describe, whole
from forensics.photo import decode
from indexer import Memory, hits, ingest, seizures
from indexer.records import Comparison as Stored
from indexer.records import SeizureCreate
from tests.indexer.pictures import design

OTHERS = 20
RULER = 50
"""Two of these rulers agree by more than this weight while nobody knows that they are rulers."""


def photograph(number: int, *, ruler: bool = True) -> bytes:
    """A design of its own, and the strip of figures that every photograph of this laboratory shows.

    It has no ticks: what is found to be a scale is left out anyway.
    """
    picture: NDArray[np.uint8] = np.full((360, 420, 3), 150, np.uint8)
    picture[20:200, 120:300] = design(100 + number)
    if ruler:
        picture[240:330, 10:410] = 250
        for digit in range(16):
            cv2.putText(picture, str(digit), (15 + 25 * digit, 300), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
    chance = np.random.default_rng([number, ruler])
    turn = cv2.getRotationMatrix2D((210, 180), float(chance.uniform(0, 360)), float(chance.uniform(0.75, 0.85)))
    laid = cv2.warpAffine(picture, turn, (420, 360), borderValue=(150, 150, 150)).astype(np.float32)
    noisy = np.clip(laid + chance.normal(0, 6, laid.shape), 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Memory, list[UUID], UUID]]:
    with Memory.open(tmp_path_factory.mktemp("rulers") / "data", workers=2) as memory:

        def accept(number: int, data: bytes) -> UUID:
            seizure = seizures.create(memory, SeizureCreate(case_reference=f"R-{number}"))
            return ingest.accept(memory, data, file_name=f"{number}.jpg", seizure_id=seizure.id).photograph_id

        others = [accept(number, photograph(number)) for number in range(OTHERS)]
        again = accept(OTHERS, photograph(0, ruler=False))
        ingest.run_until_empty(memory)
        yield memory, others, again


def test_two_rulers_agree_well() -> None:
    one, other = (decode(photograph(number)) for number in (3, 4))
    compared = compare(describe(one, whole(one)), describe(other, whole(other)))
    assert isinstance(compared, Comparison)
    assert compared.measurements["weight"] > RULER


def test_what_was_stored_before_rulers_were_known_is_put_right(stocked: tuple[Memory, list[UUID], UUID]) -> None:
    memory, others, _ = stocked
    with memory.reading() as session:
        kept = session.exec(select(Stored).where(col(Stored.query_photograph_id).in_(others[1:]))).all()
    assert all(comparison.measurements[hits.UNRELATED] >= 16 for comparison in kept)
    assert all(comparison.measurements["weight"] < 0.6 * RULER for comparison in kept)


def test_a_stamp_outranks_every_ruler_once_rulers_are_known(stocked: tuple[Memory, list[UUID], UUID]) -> None:
    memory, others, again = stocked
    stamp, *rulers = hits.search_photograph(memory, others[0])
    assert stamp.reference_photograph.id == again
    assert stamp.comparison.measurements["weight"] > RULER
    assert all(hit.comparison.measurements["weight"] < 0.6 * RULER for hit in rulers)
    assert all(hit.standing < stamp.standing for hit in rulers)
