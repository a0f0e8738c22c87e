"""SQLite, decided on purpose: which build of it, which journal, and what every connection is set to.

Nothing else in the program knows SQLite.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from indexer.errors import Refused

WAL_SAFE_FROM = (3, 51, 3)
"""First version without the WAL-reset bug: before it, two connections that write or checkpoint at the same instant can
corrupt the file (sqlite.org/wal.html, "The WAL-reset bug")."""

BUSY_SECONDS = 30.0
"""How long a connection waits for another's lock: far above the longest write here, so running out of it is news."""

WRITING = "cachet_writing"
"""The execution option that makes a transaction take the write lock as it begins."""


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal mode and why it was taken."""

    mode: str
    reason: str


def decide_journal(version: tuple[int, ...]) -> Journal:
    """Return the journal mode for a version of the SQLite library.

    Parameters
    ----------
    version : tuple of int
        Such as ``(3, 53, 4)``.

    Returns
    -------
    Journal
        WAL, in which readers and the writer do not wait for each other, where that is safe; otherwise a rollback
        journal, which is safe in every version.
    """
    found = ".".join(map(str, version))
    needed = ".".join(map(str, WAL_SAFE_FROM))
    if version >= WAL_SAFE_FROM:
        return Journal("wal", f"SQLite {found} is free of the WAL-reset bug (fixed in {needed}).")
    return Journal(
        "truncate",
        f"SQLite {found} is older than {needed} and may have the WAL-reset bug: a rollback journal is used, in which "
        "searches wait for writes. Install pysqlite3 for a newer SQLite.",
    )


def library() -> ModuleType:
    """Return the DB-API module to use: the newer of ``pysqlite3``, where installed, and the standard library's."""
    try:
        other = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3
    return other if other.sqlite_version_info > sqlite3.sqlite_version_info else sqlite3


def open_sqlite(url: URL) -> Engine:
    """Return an engine on a SQLite file whose every connection is set as this program needs it.

    Parameters
    ----------
    url : URL
        ``sqlite:///...``.

    Returns
    -------
    Engine
        Full synchronisation, foreign keys enforced, deleted content overwritten. A transaction under the execution
        option :data:`WRITING` begins with the write lock, so that it can wait for it and never fails half way.
    """
    module = library()
    journal = decide_journal(tuple(module.sqlite_version_info))
    engine = create_engine(
        url,
        module=module,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=10,
        max_overflow=40,
        # A failure is logged with its statement, and not with what is in the rows.
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _set(connection: Any, _: object) -> None:
        # SQLAlchemy begins transactions here, not the module with its own guesses.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
            f"journal_mode = {journal.mode}",
            "synchronous = full",
            "foreign_keys = on",
            "secure_delete = on",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextmanager
def altering(engine: Engine) -> Iterator[Connection]:
    """Give a connection for changing tables, in one transaction.

    SQLite changes many things of a table by making it anew. Foreign keys are not enforced meanwhile, for dropping the
    old one would delete what hangs on its rows; they are all checked before the change is committed.

    Raises
    ------
    Refused
        ``broken_references``: the change would leave rows that refer to nothing. It is undone.
    """
    with engine.connect() as connection:
        # Said to the module itself: within a transaction it would mean nothing, and SQLAlchemy begins one.
        module_connection: Any = connection.connection.dbapi_connection
        module_connection.execute("PRAGMA foreign_keys = off").close()
        try:
            with connection.execution_options(**{WRITING: True}).begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise Refused(
                        "broken_references",
                        expected="a change of the tables that keeps every reference",
                        found=f"{len(broken)} rows that would refer to nothing, the first in {broken[0][0]}",
                        hint="Nothing was changed. Restore a backup, or go back to the version that wrote it.",
                    )
        finally:
            module_connection.execute("PRAGMA foreign_keys = on").close()


def describe(engine: Engine) -> dict[str, str]:
    """Return what an open database says of itself: version, journal mode, synchronisation, integrity."""
    with engine.connect() as connection:
        said = {
            name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar())
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "quick_check")
        }
        said["broken_references"] = str(len(connection.exec_driver_sql("PRAGMA foreign_key_check").all()))
        said["version"] = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
    return said
