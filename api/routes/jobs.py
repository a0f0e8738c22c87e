"""Long work and its progress."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import JobId, OpenMemory, RunningApp
from api.problems import declared
from api.schemas.jobs import Job, JobPage
from indexer import listing

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("", summary="The latest jobs", responses=declared(422))
def list_jobs(
    memory: OpenMemory, limit: Annotated[int, Query(ge=1, le=200, description="The most jobs.")] = 20
) -> JobPage:
    """Give the latest jobs, newest first."""
    return JobPage(items=[Job.model_validate(job) for job in listing.list_jobs(memory, limit=limit)])


@router.get("/{job_id}", summary="A job", responses=declared(404, 422))
def get_job(job_id: JobId, memory: OpenMemory) -> Job:
    """Tell how far a job is."""
    return Job.model_validate(listing.get_job(memory, job_id))


@router.post("/reindex", summary="Build the index again", status_code=202, responses=declared(409))
def start_reindex(running: RunningApp) -> Job:
    """Describe what an older version of the method described, and build the index again from the database.

    Searches go on meanwhile.
    """
    return Job.model_validate(running.background.reindex())
