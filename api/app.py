"""The application: routes, sign-in, limits, logs, and the page beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from api import page_files, problems, routes
from api.background import Background
from api.dependencies import Running
from api.limits import BodyLimit
from api.requests import Requests
from api.settings import Settings
from api.sign_in.passwords import nobodys
from api.sign_in.sessions import first_start
from forensics.photo import DecodeParams
from indexer.index import Progress
from indexer.memory import Memory, MemoryParams

DESCRIPTION = """
Has a package like this one been seen before, and how strong is the evidence for it?

Photographs go into **seizures**; the **marks** on them are found, described and compared with all earlier ones. A hit
is a candidate until an examiner has decided. A score is a rank within its method and no probability.

**Signing in.** `POST /sign-in` sets a cookie. Every request that changes something also needs the header `X-Cachet: 1`.

**Errors** are problem details (RFC 9457, `application/problem+json`): `code` is for programs; `expected`, `found` and
`hint` are for people.

**Lengths** are pixels of the upright photograph, `x` to the right and `y` down. Times are UTC, except when a camera
said them.
"""

TAGS = [
    {"name": "session", "description": "Sign in and out."},
    {"name": "seizures", "description": "Where and when packages were taken, with all that belongs to each."},
    {"name": "photographs", "description": "Upload, look, delete. Originals are kept untouched."},
    {"name": "marks", "description": "The regions of a photograph that are compared; found, or drawn by a person."},
    {"name": "texts", "description": "What is written on a photograph: read, corrected by a person, searched."},
    {"name": "search", "description": "Earlier photographs with like marks, or with like words."},
    {"name": "comparisons", "description": "Where two marks agree, and what the examiner decided."},
    {"name": "chemistry", "description": "Chemical profiles, a line of evidence of its own."},
    {"name": "jobs", "description": "Long work and its progress."},
    {"name": "status", "description": "How the installation is."},
]


def create_app(settings: Settings | None = None, *, memory: Memory | None = None) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    settings : Settings, optional
        By default read from the environment.
    memory : Memory, optional
        An opened installation, to be closed by whoever opened it. By default the one that the settings name is opened
        when the application starts, its administrator made at first start, and it is closed when the application ends.

    Returns
    -------
    FastAPI
        The application.
    """
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opened = memory if memory is not None else await run_in_threadpool(open_memory, chosen)
        try:
            if memory is None:
                await run_in_threadpool(first_start, opened, chosen)
            await run_in_threadpool(nobodys)
            background = Background(opened)
            app.state.running = Running(opened, chosen, background)
            try:
                yield
            finally:
                await run_in_threadpool(background.close)
        finally:
            if memory is None:
                await run_in_threadpool(opened.close)

    app = FastAPI(
        title="Cachet",
        version=version("cachet"),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        generate_unique_id_function=_operation,
        # The description is behind the sign-in, and its page loads nothing from elsewhere: see routes/documentation.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    app.include_router(routes.router())
    page_files.install(app)
    # The last one added sees a request first.
    app.add_middleware(BodyLimit, max_bytes=chosen.max_body_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    app.add_middleware(Requests)
    return app


def open_memory(settings: Settings, *, in_background: bool = True, tell: Progress | None = None) -> Memory:
    """Open the installation that the settings name.

    Parameters
    ----------
    settings : Settings
        Its folder, database and limits.
    in_background : bool
        Whether a long rebuilding of the index goes on after this returns.
    tell : callable, optional
        Told what takes long, and how far it is.

    Returns
    -------
    Memory
        To be closed.
    """
    return Memory.open(
        settings.data_folder,
        database_url=settings.database_url.get_secret_value() if settings.database_url else None,
        workers=settings.workers,
        progress=tell,
        rebuild_in_background=in_background,
        params=MemoryParams(decode=DecodeParams(most_bytes=settings.max_file_bytes)),
    )


def _operation(route: APIRoute) -> str:
    return f"{route.tags[-1]}_{route.name}" if route.tags else route.name
