from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from indexer.records import new_key, utc_now
from indexer.records.base import UtcDateTime


def test_keys_are_of_version_7_and_hold_the_time() -> None:
    before = time.time_ns() // 1_000_000
    key = new_key()
    after = time.time_ns() // 1_000_000
    assert key.version == 7
    assert key.variant == RFC_4122
    assert before <= key.int >> 80 <= after + 1


def test_keys_grow_also_between_threads_and_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = [new_key() for _ in range(5000)]
    assert first == sorted(set(first))
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now - 3_600_000_000_000)
    assert new_key() > first[-1]
    made: list[UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(new_key() for _ in range(500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 2000


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_instants_are_kept_in_utc(dialect: object) -> None:
    kind = UtcDateTime()
    there = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=2)))
    bound = kind.process_bind_param(there, dialect)  # type: ignore[arg-type]
    assert bound is not None
    assert bound.replace(tzinfo=UTC) == there
    assert kind.process_result_value(bound, dialect) == there  # type: ignore[arg-type]
    assert kind.process_bind_param(None, dialect) is None  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="time zone"):
        kind.process_bind_param(datetime(2026, 1, 1), dialect)  # type: ignore[arg-type]  # noqa: DTZ001


def test_now_is_in_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)
