"""How the installation is."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter

from api.dependencies import OpenMemory
from api.schemas.status import Health, IndexState, Status
from indexer import listing

before = APIRouter(tags=["status"])
router = APIRouter(tags=["status"])


@before.get("/healthz", summary="Whether the server answers")
def healthz() -> Health:
    """Answer, without sign-in: for a watchdog, and for a page that lost its server."""
    return Health()


@router.get("/status", summary="The size of the memory and the work that waits")
def status(memory: OpenMemory) -> Status:
    """Count seizures, photographs and marks, and tell whether the index is whole."""
    counts, index = listing.counts(memory), memory.index.status()
    return Status(
        version=version("cachet"),
        seizures=counts.seizures,
        photographs=counts.photographs,
        marks=counts.marks,
        index=IndexState(state=index.state, progress=index.progress),
        waiting=counts.waiting,
    )
