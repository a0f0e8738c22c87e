"""The description of the API, for programs and for people. It loads nothing from elsewhere."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.documentation import page

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def document(request: Request) -> JSONResponse:
    """Give the OpenAPI document."""
    return JSONResponse(_document(request))


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Give the same as a page."""
    return HTMLResponse(page(_document(request)))


def _document(request: Request) -> dict[str, Any]:
    described: dict[str, Any] = request.app.openapi()
    return described
