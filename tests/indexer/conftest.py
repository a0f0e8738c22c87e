from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from indexer import Memory, ingest, seizures
from indexer import memory as memory_module
from indexer.memory import MemoryParams
from indexer.records import Seizure, SeizureCreate, User
from indexer.workers import Workers
from tests.indexer.pictures import photograph

Take = Callable[..., UUID]


class Lent(Workers):
    """Workers that one test after another is lent: starting new ones takes a second each time."""

    def close(self) -> None:
        """Stay for the next test."""


@pytest.fixture(scope="session", autouse=True)
def lent_workers() -> Iterator[Workers]:
    lent = Lent(2)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(memory_module, "Workers", lambda count, params: lent)
        yield lent
    Workers.close(lent)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def memory(folder: Path) -> Iterator[Memory]:
    with Memory.open(folder, workers=1, params=MemoryParams()) as opened:
        yield opened


@pytest.fixture
def seizure(memory: Memory) -> Seizure:
    return seizures.create(memory, SeizureCreate(case_reference="A-1"))


@pytest.fixture
def examiner(memory: Memory) -> User:
    user = User(organisation_id=memory.home_id, user_name="examiner", password_hash="none")
    with memory.writing() as session:
        session.add(user)
    return user


@pytest.fixture
def take_in(memory: Memory, seizure: Seizure) -> Take:
    """Accept photographs of a design and describe them."""

    def take_in(number: int, take: int = 0, *, zoom: float = 1.0) -> UUID:
        accepted = ingest.accept(
            memory, photograph(number, take, zoom=zoom), file_name=f"{number}-{take}.jpg", seizure_id=seizure.id
        )
        ingest.run_until_empty(memory)
        return accepted.photograph_id

    return take_in
