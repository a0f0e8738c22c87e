"""The inside of one worker process; see :mod:`indexer.workers`."""

from __future__ import annotations

import os
import pickle
import resource
import sys
import threading
from multiprocessing.connection import Connection


def _follow_parent() -> None:
    # The parent holds the other end of standard input and writes nothing: it ends when the parent does.
    while os.read(0, 4096):
        pass
    os._exit(1)


def serve(handle: int, memory_bytes: int) -> None:
    """Answer calls until the parent is gone.

    Parameters
    ----------
    handle : int
        The socket to the parent.
    memory_bytes : int
        The most address space that this process may take.
    """
    threading.Thread(target=_follow_parent, daemon=True).start()
    # A crash must not write the photograph in hand to a core file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # Behind whoever waits for a search.
    os.nice(5)
    link = Connection(handle)
    import cv2

    cv2.setNumThreads(1)
    while True:
        try:
            task = link.recv()
        except EOFError:
            return
        answer: tuple[bool, object]
        try:
            answer = (True, task())
        except Exception as failure:  # noqa: BLE001  whatever it is, the parent is told
            answer = (False, _portable(failure))
        link.send(answer)
        del answer, task


def _portable(failure: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(failure))  # noqa: S301  our own bytes
    except Exception:  # noqa: BLE001  an exception may refuse to be pickled in any way
        return RuntimeError(f"{type(failure).__name__}: {failure}")
    return failure


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
