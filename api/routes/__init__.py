"""The routes, one file a subject. Each speaks HTTP and calls one function."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from api.dependencies import from_own_page, signed_in
from api.problems import declared
from api.routes import (
    chemistry,
    comparisons,
    documentation,
    jobs,
    marks,
    photographs,
    searches,
    seizures,
    session,
    status,
    texts,
)

API = "/api/v1"


def router() -> APIRouter:
    """Put all routes together: behind the sign-in, but for the few that are in front of it."""
    everything = APIRouter(prefix=API, dependencies=[Depends(from_own_page)], responses=declared(500))
    everything.include_router(session.before, responses=declared(403, 413, 422))
    everything.include_router(status.before)
    behind = APIRouter(dependencies=[Depends(signed_in)], responses=declared(401, 403))
    subjects = (
        status,
        session,
        seizures,
        photographs,
        marks,
        texts,
        searches,
        comparisons,
        chemistry,
        jobs,
        documentation,
    )
    for part in subjects:
        behind.include_router(part.router)
    everything.include_router(behind)
    return everything
