"""Chemical profiles: read, pretreat, compare."""
