"""Take in a folder of photographs, each in the seizure that a table names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from uuid import UUID

from api.intake import accept_counted
from forensics.errors import PhotoRefused
from indexer import ingest, jobs, listing, seizures
from indexer.memory import Memory
from indexer.records import JobKind, PhotographState, SeizureCreate

Count = Callable[[int, int], None]
"""Told how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken, or could not be described, and why."""

    file: Path
    reason: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a folder.

    Attributes
    ----------
    accepted : int
        New photographs.
    already_known : int
        Photographs whose very bytes were here before.
    elsewhere : tuple of Path
        Of those, the ones that belong to another seizure than the table says; they stay there.
    refused : tuple of Refusal
        Files that were not taken.
    failed : tuple of Refusal
        Photographs that were taken and could not be described.
    seizures : int
        New seizures.
    """

    accepted: int
    already_known: int
    elsewhere: tuple[Path, ...]
    refused: tuple[Refusal, ...]
    failed: tuple[Refusal, ...]
    seizures: int


def files_in(folder: Path, *, leave_out: Sequence[Path] = ()) -> list[Path]:
    """List the files of a folder and the folders in it; hidden ones are passed over.

    Parameters
    ----------
    folder : Path
        Where to look.
    leave_out : sequence of Path
        Files that are no photographs.

    Returns
    -------
    list of Path
        In order.
    """
    out = {path.resolve() for path in leave_out}
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.resolve() not in out
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def take_in(
    memory: Memory,
    files: Sequence[Path],
    *,
    seizure_of: Mapping[Path, SeizureCreate],
    accepting: Count,
    describing: Count,
) -> TakenIn:
    """Accept photographs, and describe and search them.

    Stages: 1. find or record the seizures; 2. accept each file, as many at a time as there are workers; 3. meanwhile,
    describe and search what is accepted; 4. see what became of it.

    Parameters
    ----------
    memory : Memory
        The installation.
    files : sequence of Path
        The photographs.
    seizure_of : mapping of Path to SeizureCreate
        The seizure of each; those that are not in it come in without one.
    accepting, describing : callable
        Told how far stages 2 and 3 are.

    Returns
    -------
    TakenIn
        What became of each.
    """
    # 1.
    by_reference: dict[str, UUID] = {}
    made = 0
    for form in seizure_of.values():
        if form.case_reference not in by_reference:
            seizure, new = seizures.find_or_create(memory, form)
            by_reference[form.case_reference] = seizure.id
            made += new
    # 2.
    job = jobs.start(memory, JobKind.INGEST, message=f"{len(files)} files from the command line")

    def accept(file: Path) -> ingest.Accepted | Refusal:
        form = seizure_of.get(file)
        seizure_id = by_reference[form.case_reference] if form else None
        try:
            data = file.read_bytes()
        except OSError as error:
            jobs.advance(memory, job.id, total=1, failed=1)
            return Refusal(file, f"it cannot be read: {error.strerror or error}. Look at who may read it.")
        try:
            return accept_counted(memory, data, file_name=file.name, seizure_id=seizure_id, job_id=job.id)
        except PhotoRefused as error:
            return Refusal(file, str(error))

    outcomes: list[ingest.Accepted | Refusal] = []
    all_in, interrupted = Event(), Event()

    def describe() -> None:
        def count(done: int, total: int) -> None:
            if interrupted.is_set():
                raise CancelledError
            left_out = sum(isinstance(one, Refusal) or one.already_known for one in outcomes)
            describing(done, max(total, len(files) - left_out))

        ingest.run_until_empty(memory, count, coming=lambda: not all_in.is_set())

    with (
        ThreadPoolExecutor(1, thread_name_prefix="describe") as beside,
        ThreadPoolExecutor(memory.workers.count, thread_name_prefix="accept") as threads,
    ):
        # 3.
        described = beside.submit(describe)
        try:
            for outcome in threads.map(accept, files):
                outcomes.append(outcome)
                accepting(len(outcomes), len(files))
            all_in.set()
            memory.wake()
            described.result()
        except BaseException:
            # Where somebody interrupts it, what is in hand is finished and the rest stays queued.
            interrupted.set()
            raise
        finally:
            threads.shutdown(cancel_futures=True)
            all_in.set()
            memory.wake()
    memory.index.save()
    # 4.
    taken = [(file, one) for file, one in zip(files, outcomes, strict=True) if not isinstance(one, Refusal)]
    rows = listing.get_photographs(memory, [one.photograph_id for _, one in taken])
    state = {row.record.id: row.record for row in rows}
    return TakenIn(
        accepted=sum(not one.already_known for _, one in taken),
        already_known=sum(one.already_known for _, one in taken),
        elsewhere=tuple(file for file, one in taken if one.in_other_seizure),
        refused=tuple(one for one in outcomes if isinstance(one, Refusal)),
        failed=tuple(
            Refusal(file, state[one.photograph_id].failure or "")
            for file, one in taken
            if one.photograph_id in state and state[one.photograph_id].state is PhotographState.FAILED
        ),
        seizures=made,
    )
