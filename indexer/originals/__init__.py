"""The untouched files under their SHA-256."""
