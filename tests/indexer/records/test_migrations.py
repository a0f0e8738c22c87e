from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlmodel import select

from indexer.errors import Refused
from indexer.records import Organisation, Record, Seizure, SignIn, User, utc_now
from indexer.records.engine import Database
from indexer.records.migrate import configuration, upgrade
from indexer.records.sqlite import altering


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.in_folder(tmp_path)
    yield opened
    opened.close()


def first_revision() -> str:
    with configuration() as config:
        base = ScriptDirectory.from_config(config).get_base()
    assert base is not None
    return base


def test_the_revisions_make_the_tables_of_the_code(database: Database) -> None:
    upgrade(database.engine)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Record.metadata) == []


def test_a_table_that_no_revision_makes_is_noticed(database: Database) -> None:
    upgrade(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE decision")
        context = MigrationContext.configure(connection)
        assert [change[0] for change in compare_metadata(context, Record.metadata)][:1] == ["add_table"]
        connection.rollback()


def test_an_upgrade_from_the_first_revision_keeps_what_is_there(database: Database) -> None:
    upgrade(database.engine, revision=first_revision())
    with database.engine.begin() as connection:
        owner, seizure = "0" * 31 + "1", "0" * 31 + "2"
        connection.exec_driver_sql(
            "INSERT INTO organisation (id, name, is_home, created_at) VALUES (?, 'Lab', 1, '2026-01-02 03:04:05')",
            (owner,),
        )
        connection.exec_driver_sql(
            "INSERT INTO seizure (id, owner_id, case_reference, created_at, updated_at, country, place, substance, "
            "conveyance, departure, transit, destination, concealment, notes, handling_code) VALUES "
            "(?, ?, 'A-1', '2026-01-02 03:04:05', '2026-01-02 03:04:05', '', 'Port', '', '', '', '', '', '', '', '')",
            (seizure, owner),
        )
    upgrade(database.engine)
    with database.reading() as session:
        kept = session.exec(select(Seizure)).one()
        assert (kept.case_reference, kept.place, kept.created_at.isoformat()) == (
            "A-1",
            "Port",
            "2026-01-02T03:04:05+00:00",
        )
        assert session.exec(select(Organisation)).one().name == "Lab"


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database.engine)
    with database.writing() as session:
        session.add(Organisation(name="Lab"))
    upgrade(database.engine)
    with database.reading() as session:
        assert session.exec(select(Organisation)).one().name == "Lab"


def test_a_database_of_a_later_version_is_left_alone(database: Database) -> None:
    upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from-the-future'")
    with pytest.raises(Refused, match="from-the-future") as refused:
        upgrade(database.engine)
    assert refused.value.code == "newer_database"


def _with_rows_that_hang_together(database: Database) -> None:
    upgrade(database.engine)
    with database.writing() as session:
        home = Organisation(name="Lab")
        session.add(home)
        session.flush()
        user = User(organisation_id=home.id, user_name="u", password_hash="h")
        session.add(user)
        session.flush()
        session.add(SignIn(user_id=user.id, token_sha256="0" * 64, expires_at=utc_now()))


def test_making_a_table_anew_keeps_what_hangs_on_it(database: Database) -> None:
    _with_rows_that_hang_together(database)
    with altering(database.engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("user_account", recreate="always") as table:
            table.alter_column("display_name", type_=sa.String(300))
    with database.reading() as session:
        assert len(session.exec(select(SignIn)).all()) == 1


def test_a_change_that_breaks_references_is_undone(database: Database) -> None:
    _with_rows_that_hang_together(database)
    with pytest.raises(Refused) as refused, altering(database.engine) as connection:
        connection.exec_driver_sql("DELETE FROM user_account")
    assert refused.value.code == "broken_references"
    with database.reading() as session:
        assert len(session.exec(select(User)).all()) == 1
