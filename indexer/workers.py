"""Processes that do the heavy and the dangerous work: decoding files that strangers made, and describing them.

A file that crashes or hangs its decoder costs one worker, which is started again, and nothing else.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TypeVar

R = TypeVar("R")


class WorkerFailed(Exception):
    """A worker did not come back with an answer.

    Parameters
    ----------
    code : str
        ``"crashed"`` or ``"timeout"``.
    reason : str
        What happened, in words.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class WorkersClosed(RuntimeError):
    """Work was asked of workers that have been closed."""


@dataclass(frozen=True, slots=True)
class WorkerParams:
    """What the worker processes are held to.

    Attributes
    ----------
    memory_bytes : int
        Address space of one worker (1 GiB to 64 GiB). A photograph at the pixel limit, decoded, converted and
        described, stays under it; a decompression bomb does not.
    tasks : int
        A worker is replaced after this many tasks (1 to 100,000), so that what a decoder leaks does not add up.
    """

    memory_bytes: int = 6 * 1024**3
    tasks: int = 1000


class Workers:
    """A fixed number of worker processes, started when first needed.

    Parameters
    ----------
    count : int
        How many.
    params : WorkerParams
        Their limits.
    """

    def __init__(self, count: int, *, params: WorkerParams = WorkerParams()) -> None:
        self.count = max(1, count)
        self._params = params
        self._idle: list[_Worker] = []
        self._running = 0
        self._urgent = 0
        self._closed = False
        self._changed = threading.Condition()

    def run(self, task: Callable[[], R], *, seconds: float, urgent: bool = False) -> R:
        """Do a task in a worker and wait for what it returns.

        Parameters
        ----------
        task : callable
            A ``functools.partial`` of a function that can be imported by name; it and its result are pickled.
        seconds : float
            After this long the worker is ended.
        urgent : bool
            Whether somebody waits: goes before what is not urgent.

        Returns
        -------
        object
            What the function returned. What it raised is raised here.

        Raises
        ------
        WorkerFailed
            Where the worker crashed or took too long.
        WorkersClosed
            After :meth:`close`.
        """
        worker = self._take(urgent=urgent)
        try:
            return worker.call(task, seconds)
        finally:
            self._give_back(worker)

    def close(self) -> None:
        """End every worker. Tasks in hand are cut off."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._changed.notify_all()
        for worker in idle:
            worker.end()

    def _take(self, *, urgent: bool) -> _Worker:
        with self._changed:
            self._urgent += urgent
            try:
                while not self._closed and (self._running >= self.count or (self._urgent and not urgent)):
                    self._changed.wait()
            finally:
                self._urgent -= urgent
            if self._closed:
                raise WorkersClosed("expected open workers; found them closed. Open the memory again.")
            self._running += 1
            # One that waits for a free place and not for its turn may go now.
            self._changed.notify_all()
            if self._idle:
                return self._idle.pop()
        try:
            return _Worker(self._params)
        except BaseException:
            # No process could be started: its place is free again.
            with self._changed:
                self._running -= 1
                self._changed.notify_all()
            raise

    def _give_back(self, worker: _Worker) -> None:
        with self._changed:
            self._running -= 1
            keep = worker.usable and not self._closed
            if keep:
                self._idle.append(worker)
            self._changed.notify_all()
        if not keep:
            worker.end()


_ENVIRONMENT = {
    # Side by side, one thread each.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # The GNU C library gives large arrays back to the system one by one, and gets each anew page by page: a third of
    # the time that describing takes. Kept, they are used again. Elsewhere these say nothing.
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**30),
}


class _Worker:
    """One process: ``python -m indexer.worker``, talked to over a socket. Its standard input is its lifeline."""

    def __init__(self, params: WorkerParams) -> None:
        ours, theirs = socket.socketpair()
        with ExitStack() as undo, theirs:
            undo.callback(ours.close)
            # Started from nothing, not forked: a fork after the index has used threads would hang.
            self._process = subprocess.Popen(  # noqa: S603  the command is ours
                [sys.executable, "-m", "indexer.worker", str(theirs.fileno()), str(params.memory_bytes)],
                stdin=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
                env={**os.environ, **_ENVIRONMENT},
            )
            undo.pop_all()
        self._link = Connection(ours.detach())
        self._left = params.tasks
        self.usable = True

    def call(self, task: Callable[[], R], seconds: float) -> R:
        self._left -= 1
        self.usable = False
        try:
            self._link.send(task)
            if not self._link.poll(seconds):
                raise WorkerFailed("timeout", f"it was not done after {seconds:g} seconds")
            fine, value = self._link.recv()
        except (EOFError, OSError):
            raise WorkerFailed("crashed", f"the process ended with status {self._status()}") from None
        self.usable = self._left > 0
        if fine:
            return value  # type: ignore[no-any-return]  # what the function returned
        raise value

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._link.close()

    def _status(self) -> int | None:
        try:
            return self._process.wait(1)
        except subprocess.TimeoutExpired:
            return None
