"""A process that takes photographs in and is killed at one exact moment.

``python -m tests.indexer.crash_child FOLDER MOMENT``: prints what was acknowledged, as it is.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from indexer import Memory, hits, ingest, regions, removal
from indexer.index import Index
from indexer.originals import FolderOriginals
from indexer.vectors import FaissSpace
from indexer.workers import Workers
from tests.indexer.pictures import photograph

MOMENTS: dict[str, tuple[Any, str, bool, int]] = {
    "before the original is written": (FolderOriginals, "put", False, 2),
    "between the original and its row": (FolderOriginals, "put", True, 2),
    "between the row and its acknowledgement": (FolderOriginals, "settle", False, 2),
    "while describing": (Workers, "run", False, 5),
    "in the middle of writing marks": (regions, "add_features", True, 3),
    "between the marks and the index": (Index, "catch_up", False, 2),
    "while storing comparisons": (hits, "_store", True, 1),
    "between the two files of the index": (FaissSpace, "save", True, 1),
    "between deleting a row and its file": (removal, "clear_unsettled", False, 1),
}
"""Where, before or after it, and at which call."""


def kill_at(owner: Any, name: str, *, after: bool, turn: int) -> None:
    real: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def killing(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == turn and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **options)
        if calls == turn:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, killing)


def main(folder: Path, moment: str) -> None:
    owner, name, after, turn = MOMENTS[moment]
    with Memory.open(folder, workers=1) as memory:
        kill_at(owner, name, after=after, turn=turn)
        for take in range(3):
            accepted = ingest.accept(memory, photograph(1, take), file_name=str(take))
            sys.stdout.write(f"{take} {accepted.photograph_id}\n")
            sys.stdout.flush()
        ingest.run_until_empty(memory)
        memory.index.save()
        removal.remove_photograph(memory, accepted.photograph_id)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
    raise AssertionError("expected to be killed before the end")
