"""What Alembic runs: the revisions, on the connection that it is handed."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Enum
from sqlmodel import AutoString

from indexer.records import Record
from indexer.records.base import UtcDateTime

connection = context.config.attributes["connection"]


def _render(kind: str, item: object, _: object) -> str | Literal[False]:
    # A revision names plain types of SQLAlchemy: it must read the same when this program's own types have changed.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString | Enum):
        return f"sa.String(length={getattr(item, 'length', None)})"
    return False


# SQLite changes a table by making it anew (batch); see indexer.records.sqlite.altering.
context.configure(
    connection=connection,
    target_metadata=Record.metadata,
    render_as_batch=True,
    render_item=_render,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
