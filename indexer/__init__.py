"""Memory: what was seen, and how to find it again. The database is the truth, the index is derived from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.memory import Memory

__all__ = ["Memory"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for: worker processes import this package, and need neither the database nor the index.
    if name == "Memory":
        from indexer.memory import Memory

        return Memory
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
