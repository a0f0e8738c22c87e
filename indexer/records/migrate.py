"""Bring a database to the tables of this version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from indexer.errors import Refused
from indexer.records.sqlite import altering


@contextmanager
def configuration() -> Iterator[Config]:
    """Give Alembic's configuration, reading the revisions from the installed package."""
    with as_file(files("indexer.records") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        yield config


def upgrade(engine: Engine, *, revision: str = "head") -> None:
    """Run the migrations that a database lacks, in one transaction: all or nothing.

    Parameters
    ----------
    engine : Engine
        The database.
    revision : str
        Up to which; by default the newest.

    Raises
    ------
    Refused
        ``newer_database``: a later version of the program wrote it. ``broken_references``: the change would leave rows
        that refer to nothing. Nothing is changed then.
    """
    with configuration() as config:
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        with altering(engine) if engine.dialect.name == "sqlite" else engine.begin() as connection:
            here = MigrationContext.configure(connection).get_current_revision()
            if here is not None and here not in known:
                raise Refused(
                    "newer_database",
                    expected="a database written by this version of Cachet or an earlier one",
                    found=f"one at revision {here}, which this version does not know",
                    hint="Install the version that wrote it, or a later one.",
                )
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
