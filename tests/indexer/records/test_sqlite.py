from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from indexer.records import Organisation, SignIn, new_key, utc_now
from indexer.records import sqlite as decided
from indexer.records.engine import Database
from indexer.records.migrate import upgrade


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "truncate"),
        ((3, 44, 6), "truncate"),
        ((3, 51, 2), "truncate"),
        ((3, 51, 3), "wal"),
        ((3, 52, 0), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_wal_only_where_it_is_safe(version: tuple[int, ...], mode: str) -> None:
    journal = decided.decide_journal(version)
    assert journal.mode == mode
    assert ".".join(map(str, version)) in journal.reason


def test_the_newer_library_is_used() -> None:
    module = decided.library()
    assert module.sqlite_version_info >= sqlite3.sqlite_version_info


def test_connections_are_set_as_decided(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    said = decided.describe(database.engine)
    module = decided.library()
    assert said["journal_mode"] == decided.decide_journal(tuple(module.sqlite_version_info)).mode
    assert (said["synchronous"], said["foreign_keys"], said["secure_delete"]) == ("2", "1", "1")
    assert (said["quick_check"], said["broken_references"]) == ("ok", "0")
    database.close()


def test_an_old_library_gets_a_rollback_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decided, "WAL_SAFE_FROM", (99, 0, 0))
    engine = decided.open_sqlite(make_url(f"sqlite:///{tmp_path / 'old.sqlite3'}"))
    assert decided.describe(engine)["journal_mode"] == "truncate"
    upgrade(engine)
    engine.dispose()


def test_a_writer_holds_the_lock_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decided, "BUSY_SECONDS", 0.05)
    database = Database.in_folder(tmp_path)
    upgrade(database.engine)
    with database.writing() as session:
        session.exec(select(Organisation)).all()
        with pytest.raises(OperationalError, match="locked"), database.writing() as other:
            other.exec(select(Organisation)).all()
    database.close()


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    upgrade(database.engine)

    def add(number: int) -> None:
        for turn in range(10):
            with database.writing() as session:
                session.add(Organisation(name=f"{number}-{turn}"))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert len(session.exec(select(Organisation)).all()) == 40
    database.close()


def test_references_are_enforced(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    upgrade(database.engine)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(SignIn(user_id=new_key(), token_sha256="0" * 64, expires_at=utc_now()))
    database.close()


def test_what_is_not_committed_is_undone(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    upgrade(database.engine)

    def half() -> None:
        with database.writing() as session:
            session.add(Organisation(name="half"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with database.reading() as session:
        assert session.exec(select(Organisation)).all() == []
    database.close()
