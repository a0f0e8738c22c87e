"""Work that goes on beside the requests: describing what was accepted, and building the index again."""

from __future__ import annotations

import threading

import structlog

from indexer import ingest, jobs
from indexer.errors import Refused
from indexer.memory import Memory
from indexer.records import Job, JobKind
from indexer.reindex import reindex

log = structlog.get_logger(__name__)


class Background:
    """The threads beside the requests.

    Parameters
    ----------
    memory : Memory
        The installation.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._stop = threading.Event()
        self._reindexing = threading.Lock()
        self._describing = threading.Thread(target=self._describe, name="describe", daemon=True)
        self._describing.start()

    def reindex(self) -> Job:
        """Begin to build the index again.

        Returns
        -------
        Job
            It tells how far that is.

        Raises
        ------
        Refused
            ``reindex_running``: that is being done already.
        """
        if not self._reindexing.acquire(blocking=False):
            raise Refused(
                "reindex_running",
                expected="no reindex under way",
                found="one that is not done yet",
                hint="Wait for its job to end.",
            )
        job = jobs.start(self._memory, JobKind.REINDEX, total=100)
        threading.Thread(target=self._reindex, args=(job,), name="reindex", daemon=True).start()
        return job

    def close(self) -> None:
        """End: what is in hand is finished, what is queued waits for the next start."""
        self._stop.set()
        self._memory.wake()
        self._describing.join()

    def _describe(self) -> None:
        while not self._stop.is_set():
            try:
                ingest.work(self._memory, self._stop)
            except Exception:
                # The uploads of a day must not wait for a restart because of one fault nobody thought of.
                log.exception("describing stopped; it goes on in a moment")
                self._stop.wait(5.0)

    def _reindex(self, job: Job) -> None:
        try:
            reindex(self._memory, job_id=job.id)
        except Exception:
            if not self._stop.is_set():
                log.exception("reindex failed", job=str(job.id))
        finally:
            self._reindexing.release()
