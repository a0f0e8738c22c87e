"""An opened installation: its database, its originals, its index and its workers, in one value that functions take."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from uuid import UUID

from sqlmodel import Session, col, select
from threadpoolctl import threadpool_limits

from forensics.photo import DecodeParams
from indexer import recovery
from indexer.derivatives import Derivatives
from indexer.index import Index, IndexParams, Progress
from indexer.locks import FileLock, Presence
from indexer.originals import FolderOriginals, Originals
from indexer.records import Organisation
from indexer.records.engine import Database
from indexer.records.migrate import upgrade
from indexer.texts.strings import Strings
from indexer.typicality import Typicality
from indexer.workers import WorkerParams, Workers

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MemoryParams:
    """What an installation is held to.

    Attributes
    ----------
    decode : DecodeParams
        What photographs are taken.
    index : IndexParams
        How the index is laid out.
    worker : WorkerParams
        Limits of a worker process.
    decode_seconds, describe_seconds : float
        How long a worker may take over one photograph (1 to 3,600). Several times what the largest takes on a slow
        machine, so that only what hangs is ended.
    lease_seconds : float
        How long a claim on a photograph holds, where its holder cannot be asked whether it lives: longer than
        describing may take.
    attempts : int
        How often the work on a photograph is begun (1 to 10) before what stops it is taken to be the photograph.
    search_attempts : int
        How often in all a photograph is described and searched with (2 to 100) before its search is left until
        somebody looks at it.
    search_again_seconds : float
        How long a search that failed rests before it is tried again (1 to 3,600): what is full or busy needs a while.
    save_seconds : float
        The index is saved at most this often while photographs come in (1 to 86,400).
    verify_threads : int
        Threads that compare a query with its candidates (1 to 16).
    """

    decode: DecodeParams = field(default_factory=DecodeParams)
    index: IndexParams = field(default_factory=IndexParams)
    worker: WorkerParams = field(default_factory=WorkerParams)
    decode_seconds: float = 60.0
    describe_seconds: float = 180.0
    lease_seconds: float = 600.0
    attempts: int = 3
    search_attempts: int = 10
    search_again_seconds: float = 30.0
    save_seconds: float = 300.0
    verify_threads: int = 2


class Memory:
    """An opened installation. Made by :meth:`open`, used by the functions of this package, closed at the end.

    Attributes
    ----------
    folder : Path
        The data folder.
    database : Database
        The truth.
    originals : Originals
        The untouched files.
    derivatives : Derivatives
        Pictures made from them.
    index : Index
        What searches look into.
    typicality : Typicality
        What many unrelated seizures show.
    texts : Strings
        Every reading, at hand for text searches.
    workers : Workers
        The processes that decode and describe.
    home_id : UUID
        The organisation that runs this installation.
    """

    def __init__(
        self,
        folder: Path,
        *,
        database: Database,
        originals: Originals,
        index: Index,
        workers: Workers,
        presence: Presence,
        home_id: UUID,
        params: MemoryParams,
    ) -> None:
        self.folder = folder
        self.database = database
        self.originals = originals
        self.derivatives = Derivatives(folder / "derivatives")
        self.index = index
        self.typicality = Typicality()
        self.texts = Strings()
        self.workers = workers
        self.presence = presence
        self.home_id = home_id
        self.params = params
        self.verifiers = ThreadPoolExecutor(params.verify_threads, thread_name_prefix="verify")
        self._something_queued = threading.Condition()
        self._calls = 0

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        database_url: str | None = None,
        workers: int = 2,
        progress: Progress | None = None,
        rebuild_in_background: bool = False,
        params: MemoryParams | None = None,
    ) -> Memory:
        """Open an installation, or make one where there is none.

        Stages:

        1. Bring the database to the tables of this version.
        2. Put right what a crash left: files without rows, work begun by processes that are gone.
        3. Load the index, or build it again.

        Parameters
        ----------
        folder : Path
            The data folder; made if it is not there.
        database_url : str, optional
            A database elsewhere, as an SQLAlchemy URL; by default SQLite in the folder.
        workers : int
            Processes that decode and describe. They start when first needed.
        progress : callable, optional
            Told what takes long, and how far it is.
        rebuild_in_background : bool
            Whether a long rebuilding of the index goes on after this returns.
        params : MemoryParams, optional
            Settings.

        Returns
        -------
        Memory
            To be closed; a context manager.

        Raises
        ------
        Refused
            ``newer_database``: a later version of the program wrote it.
        """
        params = params or MemoryParams()
        # The matrices of a comparison are small: threads of the linear algebra beside those that compare cost tenfold.
        threadpool_limits(1, user_api="blas")
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with ExitStack() as undo:
            presence = Presence(folder / "running")
            undo.callback(presence.close)
            database = Database(database_url) if database_url else Database.in_folder(folder)
            undo.callback(database.close)
            originals = FolderOriginals(folder / "originals")
            with FileLock(folder / "opening").alone():
                # 1. The tables.
                upgrade(database.engine)
                home_id = _home(database)
                index = Index(database, folder / "index", params=params.index)
                memory = cls(
                    folder,
                    database=database,
                    originals=originals,
                    index=index,
                    workers=Workers(workers, params=params.worker),
                    presence=presence,
                    home_id=home_id,
                    params=params,
                )
                undo.callback(memory.workers.close)
                # 2. After a crash.
                recovery.recover(memory)
                # 3. The index.
                index.open(progress=progress, background=rebuild_in_background)
            undo.pop_all()
        return memory

    def close(self) -> None:
        """Save the index and let go of everything. Nothing durable depends on it."""
        self.workers.close()
        self.verifiers.shutdown()
        try:
            self.index.close()
        finally:
            self.database.close()
            self.presence.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session that reads one state of the database."""
        return self.database.reading()

    def writing(self) -> AbstractContextManager[Session]:
        """Give a session that writes; committed at the end, rolled back on an exception. Short, and never nested."""
        return self.database.writing()

    def wake(self) -> None:
        """Tell the work loop that something is queued."""
        with self._something_queued:
            self._calls += 1
            self._something_queued.notify_all()

    @property
    def calls(self) -> int:
        """How often :meth:`wake` was called."""
        return self._calls

    def wait_for_call(self, seen: int, seconds: float) -> None:
        """Wait until :meth:`wake` is called more than ``seen`` times, or for so long."""
        with self._something_queued:
            self._something_queued.wait_for(lambda: self._calls > seen, seconds)


def _home(database: Database) -> UUID:
    with database.writing() as session:
        home = session.exec(select(Organisation).where(col(Organisation.is_home))).first()
        if home is None:
            home = Organisation(name="This laboratory", is_home=True)
            session.add(home)
        return home.id
