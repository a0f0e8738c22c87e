"""Open the database: one way in, whichever database it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlmodel import Session

from indexer.records.sqlite import WRITING, open_sqlite


class Database:
    """An open database, with one way to read it and one way to write it.

    Parameters
    ----------
    url : str
        An SQLAlchemy URL.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine: Engine = (
            open_sqlite(parsed) if self.is_sqlite else create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
        )
        self._writer = self.engine.execution_options(**{WRITING: True})

    @classmethod
    def in_folder(cls, folder: Path) -> Database:
        """Open the SQLite database of a data folder."""
        return cls(f"sqlite:///{folder / 'cachet.sqlite3'}")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session on one state of the database. Nothing done in it is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that may write; committed at the end, rolled back on an exception.

        Writers go one at a time: keep it short, do no slow work inside, and never open one inside another.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
