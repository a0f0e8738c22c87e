from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from forensics.errors import PhotoRefused
from forensics.photo import DecodeParams
from indexer import tasks
from indexer.workers import WorkerFailed, WorkerParams, Workers, WorkersClosed


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    started = Workers(1)
    yield started
    started.close()


def environment(name: str) -> str | None:
    return os.environ.get(name)


def test_work_is_done_in_another_process_with_one_thread(workers: Workers) -> None:
    assert workers.run(os.getpid, seconds=60) != os.getpid()
    assert workers.run(os.getpid, seconds=60) == workers.run(os.getpid, seconds=60)
    assert workers.run(partial(environment, "OMP_NUM_THREADS"), seconds=60) == "1"
    assert workers.run(partial(resource.getrlimit, resource.RLIMIT_CORE), seconds=60) == (0, 0)


def test_what_is_raised_there_is_raised_here(workers: Workers) -> None:
    with pytest.raises(ZeroDivisionError):
        workers.run(partial(divmod, 1, 0), seconds=60)
    with pytest.raises(PhotoRefused) as refused:
        workers.run(partial(tasks.inspect, b"no picture", params=DecodeParams()), seconds=60)
    assert refused.value.code == "not_an_image"


def test_a_crash_costs_one_worker_and_one_task(workers: Workers) -> None:
    with pytest.raises(WorkerFailed, match="ended with status -11") as crashed:
        workers.run(partial(signal.raise_signal, signal.SIGSEGV), seconds=60)
    assert crashed.value.code == "crashed"
    assert workers.run(partial(divmod, 7, 2), seconds=60) == (3, 1)


def test_what_hangs_is_ended(workers: Workers) -> None:
    process = workers.run(os.getpid, seconds=60)
    with pytest.raises(WorkerFailed) as late:
        workers.run(partial(time.sleep, 60), seconds=0.1)
    assert late.value.code == "timeout"
    assert not psutil.pid_exists(process)
    assert workers.run(partial(divmod, 7, 2), seconds=60) == (3, 1)


def test_memory_is_limited() -> None:
    small = Workers(1, params=WorkerParams(memory_bytes=2 * 1024**3))
    with pytest.raises(MemoryError):
        small.run(partial(bytearray, 4 * 1024**3), seconds=60)
    small.close()


def test_a_process_that_cannot_be_started_costs_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Workers(1)

    def none_left(*_: object, **__: object) -> None:
        raise OSError(11, "no process to be had")

    with monkeypatch.context() as full:
        full.setattr(subprocess, "Popen", none_left)
        with pytest.raises(OSError, match="no process"):
            one.run(partial(divmod, 7, 2), seconds=60)
    answered: list[tuple[int, int]] = []
    asking = threading.Thread(target=lambda: answered.append(one.run(partial(divmod, 7, 2), seconds=60)), daemon=True)
    asking.start()
    asking.join(60)
    assert answered == [(3, 1)]
    one.close()


def test_a_worker_is_replaced_in_time() -> None:
    few = Workers(1, params=WorkerParams(tasks=2))
    processes = [few.run(os.getpid, seconds=60) for _ in range(3)]
    assert processes[0] == processes[1] != processes[2]
    few.close()


def test_closing_ends_the_processes_and_refuses_work() -> None:
    closed = Workers(1)
    process = closed.run(os.getpid, seconds=60)
    closed.close()
    assert not psutil.pid_exists(process)
    with pytest.raises(WorkersClosed):
        closed.run(os.getpid, seconds=60)


def test_who_waits_goes_first(workers: Workers) -> None:
    order: list[str] = []

    def run(name: str, *, urgent: bool) -> None:
        workers.run(partial(time.sleep, 0.02), seconds=60, urgent=urgent)
        order.append(name)

    first = threading.Thread(target=workers.run, args=(partial(time.sleep, 0.4),), kwargs={"seconds": 60})
    first.start()
    time.sleep(0.1)
    queue = [threading.Thread(target=run, args=("queued",), kwargs={"urgent": False}) for _ in range(3)]
    for thread in queue:
        thread.start()
    time.sleep(0.1)
    asker = threading.Thread(target=run, args=("asked",), kwargs={"urgent": True})
    asker.start()
    for thread in (first, asker, *queue):
        thread.join()
    assert order == ["asked", "queued", "queued", "queued"]


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, threading, time\nfrom functools import partial\nfrom indexer.workers import Workers\n"
        "workers = Workers(1)\nprint(workers.run(os.getpid, seconds=60), flush=True)\n"
        # Busy when the parent dies: the worker must notice all the same.
        "workers.run(partial(time.sleep, 300), seconds=600)\n"
    )
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    worker = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    worker.wait(10)
    assert not worker.is_running()
