"""``python -m indexer.records.revise "what changed"``: write the revision that the tables in the code now need."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from indexer.records.engine import Database
from indexer.records.migrate import configuration, upgrade
from indexer.records.sqlite import WRITING


def revise(message: str, *, revision: str | None = None) -> None:
    """Compare the tables in the code with those the revisions make, and write the difference as a new revision.

    Parameters
    ----------
    message : str
        What changes for the user. Read the written file before committing it.
    revision : str, optional
        Its name; by default Alembic's.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Database.in_folder(Path(folder))
        upgrade(database.engine)
        with configuration() as config, database.engine.execution_options(**{WRITING: True}).begin() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=revision)
        database.close()


if __name__ == "__main__":
    revise(*sys.argv[1:2], revision=sys.argv[2] if len(sys.argv) > 2 else None)
