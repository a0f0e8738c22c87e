"""The untouched files under their SHA-256."""

from indexer.originals.folder import FolderOriginals
from indexer.originals.store import OriginalDamaged, Originals

__all__ = ["FolderOriginals", "OriginalDamaged", "Originals"]
