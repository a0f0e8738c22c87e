"""Files that come in by the API: each read as it streams, then handed to the one function that takes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import TypeAdapter, ValidationError

from api import assemble, present
from api.problems import Refused, problem_of
from api.schemas.chemistry import ProfileImport
from api.schemas.comparisons import HitList, JointHitList
from api.schemas.jobs import Job
from api.schemas.photographs import Refusal, Upload
from api.schemas.shared import Point, Polygon
from api.settings import Settings
from api.uploads import Part, read_parts
from forensics.chemistry import read_csv
from forensics.errors import PhotoRefused, ProfileRefused, RegionRefused
from indexer import chemistry, ingest, jobs, listing
from indexer.errors import Refused as MemoryRefused
from indexer.listing import SeizureRow
from indexer.memory import Memory
from indexer.records import JobKind
from indexer.search import describe_query

MOST_FIELD_BYTES = 64_000
"""Of a plain field: a polygon of 400 corners takes some 16,000."""

MOST_TOGETHER = 20
"""Photographs that are searched together: each takes a second or two to describe, and the answer waits for all."""

_polygon: TypeAdapter[list[Point]] = TypeAdapter(Polygon)


async def take_in(request: Request, memory: Memory, settings: Settings, seizure_id: UUID) -> Upload:
    """Accept or refuse each photograph of an upload, as it arrives.

    Parameters
    ----------
    request : Request
        A multipart body with parts named ``files``.
    memory : Memory
        The installation.
    settings : Settings
        The limits.
    seizure_id : UUID
        The seizure that they belong to.

    Returns
    -------
    Upload
        The job, and what became of each file.

    Raises
    ------
    Refused
        Where the body as a whole cannot be read, or holds no file.
    """
    job_id: UUID | None = None
    accepted: list[UUID] = []
    known: list[UUID] = []
    refused: list[Refusal] = []
    async for part in _files(request, settings, name="files", max_parts=settings.max_files):
        if job_id is None:
            job_id = (await run_in_threadpool(jobs.start, memory, JobKind.INGEST)).id
        try:
            taken = await run_in_threadpool(_accept, memory, part, seizure_id, job_id)
        except PhotoRefused as error:
            refused.append(Refusal(file_name=part.file_name or "", problem=problem_of(error)))
        else:
            accepted.append(taken.photograph_id)
            if taken.already_known:
                known.append(taken.photograph_id)
    if job_id is None:
        raise _nothing("files")
    rows = await run_in_threadpool(listing.get_photographs, memory, accepted)
    job = await run_in_threadpool(listing.get_job, memory, job_id)
    return Upload(
        job=Job.model_validate(job),
        accepted=[present.photograph(row) for row in rows],
        already_known=known,
        refused=refused,
    )


async def search(
    request: Request, memory: Memory, settings: Settings, *, drawn_by_id: UUID, limit: int
) -> HitList | JointHitList:
    """Search with the photograph of a multipart body, or with several together.

    Each of several is described as it arrives; one that is refused does not hold up the others.

    Parameters
    ----------
    request : Request
        A multipart body with a part named ``file``, and perhaps one named ``box``; or with parts named ``files``.
    memory : Memory
        The installation.
    settings : Settings
        The limits.
    drawn_by_id : UUID
        Who drew the box.
    limit : int
        The most hits.

    Returns
    -------
    HitList or JointHitList
        Best first; the second for parts named ``files``, were it only one.

    Raises
    ------
    Refused, PhotoRefused, RegionRefused
        Where the body, the file or the box is none.
    """
    file: Part | None = None
    box: list[Point] | None = None
    asked: list[UUID] = []
    refused: list[Refusal] = []
    async for part in read_parts(
        request,
        max_file_bytes=settings.max_file_bytes,
        max_field_bytes=MOST_FIELD_BYTES,
        max_parts=MOST_TOGETHER,
    ):
        if part.name == "file" and part.file_name is not None:
            file = part
        elif part.name == "box":
            box = _read_box(part.whole())
        elif part.name == "files" and part.file_name is not None:
            try:
                asked.append(await run_in_threadpool(_ask, memory, part))
            except (PhotoRefused, MemoryRefused) as error:
                refused.append(Refusal(file_name=part.file_name, problem=problem_of(error)))
    if asked or refused:
        if file is not None or box is not None:
            raise Refused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "one_or_several",
                "One photograph or several",
                expected="a part named 'file' and perhaps one named 'box', or parts named 'files'",
                found="both",
                hint="Search with the box alone, or with the photographs together.",
            )
        return await run_in_threadpool(assemble.hits_together, memory, asked, refused=refused, limit=limit)
    if file is None:
        raise _nothing("file")
    return await run_in_threadpool(
        assemble.hits_of_file,
        memory,
        file.whole(),
        file_name=file.file_name or "",
        polygon=box,
        drawn_by_id=drawn_by_id,
        limit=limit,
    )


def _ask(memory: Memory, part: Part) -> UUID:
    return describe_query(memory, part.whole(), file_name=part.file_name or "").photograph_id


async def import_profiles(request: Request, memory: Memory, settings: Settings, seizure: SeizureRow) -> ProfileImport:
    """Store the chemical profiles of a table.

    Parameters
    ----------
    request : Request
        A multipart body with a part named ``file``.
    memory : Memory
        The installation.
    settings : Settings
        The limits.
    seizure : SeizureRow
        The seizure that they belong to.

    Returns
    -------
    ProfileImport
        What was stored.

    Raises
    ------
    Refused, ProfileRefused
        Where the body or the table is none; nothing is stored then.
    """
    table: bytes | None = None
    async for part in _files(request, settings, name="file", max_parts=1, max_file_bytes=settings.max_body_bytes):
        table = part.whole()
    if table is None:
        raise _nothing("file")
    return await run_in_threadpool(_store_table, memory, table, seizure)


def _store_table(memory: Memory, table: bytes, seizure: SeizureRow) -> ProfileImport:
    reference = seizure.record.case_reference
    read = read_csv(table)
    own = [one.profile for one in read if one.case_reference in ("", reference)]
    if not own:
        others = sorted({one.case_reference for one in read})
        raise ProfileRefused(
            "other_seizure",
            expected=f"rows of the seizure {reference}",
            found=f"only rows of {', '.join(others[:5])}",
            hint="Open the seizure that the table is of, or correct its column case_reference.",
        )
    stored = [chemistry.store(memory, seizure.record.id, profile).id for profile in own]
    return ProfileImport(items=[present.profile(chemistry.profile_of(memory, key)) for key in stored])


def accept_counted(
    memory: Memory, data: bytes, *, file_name: str, seizure_id: UUID | None, job_id: UUID
) -> ingest.Accepted:
    """Accept a photograph as a part of a job.

    Parameters
    ----------
    memory : Memory
        The installation.
    data : bytes
        The file.
    file_name : str
        What it was called.
    seizure_id : UUID or None
        The seizure that it belongs to.
    job_id : UUID
        The job that counts it.

    Returns
    -------
    Accepted
        It is durable.

    Raises
    ------
    PhotoRefused
        Counted as failed.
    """
    # Counted after it is durable: a crash between the two leaves a job that is short of one, not one that never ends.
    try:
        taken = ingest.accept(memory, data, file_name=file_name, seizure_id=seizure_id, job_id=job_id)
    except PhotoRefused:
        jobs.advance(memory, job_id, total=1, failed=1)
        raise
    jobs.advance(memory, job_id, total=1)
    return taken


def _accept(memory: Memory, part: Part, seizure_id: UUID, job_id: UUID) -> ingest.Accepted:
    try:
        data = part.whole()
    except PhotoRefused:
        jobs.advance(memory, job_id, total=1, failed=1)
        raise
    return accept_counted(memory, data, file_name=part.file_name or "", seizure_id=seizure_id, job_id=job_id)


async def _files(
    request: Request, settings: Settings, *, name: str, max_parts: int, max_file_bytes: int | None = None
) -> AsyncIterator[Part]:
    """Read the files of one field; other parts are passed over."""
    async for part in read_parts(
        request,
        max_file_bytes=max_file_bytes or settings.max_file_bytes,
        max_field_bytes=MOST_FIELD_BYTES,
        max_parts=max_parts,
    ):
        if part.name == name and part.file_name is not None:
            yield part


def _read_box(data: bytes) -> list[Point]:
    try:
        return _polygon.validate_json(data)
    except ValidationError as error:
        raise RegionRefused(
            "bad_box",
            expected="a JSON list of three corners or more, each [x, y]",
            found=error.errors(include_url=False, include_input=False)[0]["msg"],
            hint="Draw the box again.",
        ) from None


def _nothing(name: str) -> Refused:
    return Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "no_file",
        "There is no file in the upload",
        expected=f"a file in a part named {name!r}",
        found="none",
        hint="Choose a file and send it again.",
    )
