"""Memory: what was seen, and how to find it again. The database is the truth, the index is derived from it."""
