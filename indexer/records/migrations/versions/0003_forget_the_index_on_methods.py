"""Forget the index on methods

Nearly all features are of one method. SQLite, which has no statistics of its own accord, took the index for telling and
went through every feature for one photograph.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mark_features", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_features_method"))


def downgrade() -> None:
    with op.batch_alter_table("mark_features", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_features_method"), ["method"], unique=False)
