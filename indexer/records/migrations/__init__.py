"""How the tables came to be: Alembic reads the revisions from here."""
