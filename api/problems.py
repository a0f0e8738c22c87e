"""Problem details (RFC 9457): one shape for everything that is refused, and one table from exceptions to statuses.

Nothing else in ``api`` chooses a status for an error, and no trace of the program's inside leaves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from forensics.errors import EvidenceRefused, PhotoRefused, ProfileRefused, RegionRefused, SurfaceRefused
from indexer.errors import NotFound
from indexer.errors import Refused as MemoryRefused
from indexer.originals import OriginalDamaged
from indexer.workers import WorkerFailed, WorkersClosed

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong, what was expected, what was found, and what to do next."""

    type: str = Field(default="about:blank", description="A stable name of the kind of problem, as a URI.")
    title: str = Field(examples=["The photograph was refused"])
    status: int = Field(ge=400, le=599, examples=[422])
    detail: str = Field(description="In one or two sentences, for a person.")
    code: str = Field(description="A short stable name; programs branch on it.", examples=["truncated"])
    expected: str = ""
    found: str = ""
    hint: str = Field(default="", description="What to do next.")


class Refused(Exception):
    """A request that the face itself refuses, before or beside the memory.

    Parameters
    ----------
    status : HTTPStatus
        The status it is answered with.
    code : str
        A short stable name; programs branch on it.
    title : str
        The kind of problem, in a few words.
    expected, found, hint : str
        What is taken, what was given, what to do next.
    headers : mapping of str to str
        Sent with the answer.
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        title: str,
        *,
        expected: str,
        found: str,
        hint: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"expected {expected}; found {found}. {hint}")
        self.status = status
        self.code = code
        self.title = title
        self.expected = expected
        self.found = found
        self.hint = hint
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Answer:
    """How one kind of exception is answered."""

    status: HTTPStatus
    title: str


# The one table. The first class that an exception is an instance of decides.
ANSWERS: dict[type[Exception], Answer] = {
    PhotoRefused: Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "The photograph was refused"),
    RegionRefused: Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "The region was refused"),
    ProfileRefused: Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "The chemical profile was refused"),
    SurfaceRefused: Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "The surface scan was refused"),
    EvidenceRefused: Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "The calibration set was refused"),
    NotFound: Answer(HTTPStatus.NOT_FOUND, "There is no such record"),
    MemoryRefused: Answer(HTTPStatus.CONFLICT, "The change was refused"),
    OriginalDamaged: Answer(HTTPStatus.INTERNAL_SERVER_ERROR, "A stored original is damaged"),
    WorkerFailed: Answer(HTTPStatus.SERVICE_UNAVAILABLE, "The work was not finished"),
    WorkersClosed: Answer(HTTPStatus.SERVICE_UNAVAILABLE, "The server is stopping"),
}
# Where HTTP has a status for exactly this fault.
STATUS_OF_CODE: dict[str, HTTPStatus] = {
    "too_many_bytes": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_format": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "reason_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
}
HINT_OF_STATUS: dict[int, str] = {
    404: "Check the address, or go back to the list it came from.",
    405: "The API description at /api/v1/docs lists the methods of each address.",
    413: "Send less at once.",
}


def problem_of(error: Exception) -> Problem:
    """Say an exception as a problem.

    Parameters
    ----------
    error : Exception
        Of a class in the table, or :class:`Refused`.

    Returns
    -------
    Problem
        With the status of the table.
    """
    code = getattr(error, "code", "unavailable")
    if isinstance(error, Refused):
        status, title = error.status, error.title
    else:
        entry = next(entry for kind, entry in ANSWERS.items() if isinstance(error, kind))
        status, title = STATUS_OF_CODE.get(code, entry.status), entry.title
    return Problem(
        type=_type(code),
        title=title,
        status=status,
        detail=str(error),
        code=code,
        expected=getattr(error, "expected", ""),
        found=getattr(error, "found", ""),
        hint=getattr(error, "hint", ""),
    )


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Send a problem.

    Parameters
    ----------
    problem : Problem
        What went wrong.
    headers : mapping of str to str, optional
        Sent with it.

    Returns
    -------
    JSONResponse
        Of the media type ``application/problem+json``.
    """
    return JSONResponse(problem.model_dump(), problem.status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def unexpected() -> Problem:
    """Say that the server failed, and nothing about how: the log has it, under the request's id."""
    return Problem(
        type=_type("internal_error"),
        title="Something went wrong inside Cachet",
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        detail="The request could not be answered. The server's log says why, under the id in the header X-Request-Id.",
        code="internal_error",
        hint="Try again; if it happens again, give the administrator the id.",
    )


def install(app: FastAPI) -> None:
    """Answer every exception by the table.

    Parameters
    ----------
    app : FastAPI
        The application that is being built.
    """
    for kind in (*ANSWERS, Refused):
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare problem answers for the API's description.

    Parameters
    ----------
    *statuses : int
        The statuses a route may answer beside its own.

    Returns
    -------
    dict
        For FastAPI's ``responses``.
    """
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def _type(code: str) -> str:
    return f"urn:cachet:problem:{code}"


async def _refused(_: Request, error: Exception) -> JSONResponse:
    return answer(problem_of(error), error.headers if isinstance(error, Refused) else None)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - what install() registered
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "_").replace("'", "")
    problem = Problem(
        type=_type(code),
        title=phrase,
        status=error.status_code,
        detail=f"{request.method} {request.url.path}: {phrase.lower()}.",
        code=code,
        found=f"{request.method} {request.url.path}",
        hint=HINT_OF_STATUS.get(error.status_code, ""),
    )
    return answer(problem, error.headers)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what install() registered
    faults = [(".".join(str(part) for part in fault["loc"]), fault["msg"]) for fault in error.errors()]
    problem = Problem(
        type=_type("invalid"),
        title="The request does not fit the API",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        detail="; ".join(f"{where}: {what}" for where, what in faults),
        code="invalid",
        expected="a request as the API description at /api/v1/docs says",
        found="; ".join(where for where, _ in faults),
        hint="Correct the named fields and send it again.",
    )
    return answer(problem)
