"""Vector spaces: one small protocol, and FAISS behind it."""
