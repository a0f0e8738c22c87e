"""The size of a request's body, held while it is read: no route can be made to hold more in memory."""

from __future__ import annotations

from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Refused, answer, problem_of

_KEY = "cachet.body_limit_lifted"


class BodyLimit:
    """Refuse a body that grows over the limit, unless the route reads it in pieces and has lifted the limit.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    max_bytes : int
        The largest body.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the bytes as they are read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read = 0
        started = False

        async def counting() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._max_bytes and not scope.get(_KEY):
                raise _TooLarge
            return message

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counting, noting)
        except _TooLarge:
            if started:
                raise
            await answer(problem_of(_refusal(self._max_bytes)))(scope, receive, send)


def lift_body_limit(scope: MutableMapping[str, Any]) -> None:
    """Let a route that reads its body in pieces, with limits of its own, read all of it.

    Parameters
    ----------
    scope : mutable mapping
        The request's.
    """
    scope[_KEY] = True


class _TooLarge(BaseException):
    """Goes past every ``except Exception`` between the reader and the guard: the framework turns those into a 400."""


def _refusal(max_bytes: int) -> Refused:
    return Refused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too_many_bytes",
        "The request is too large",
        expected=f"a body of at most {max_bytes} bytes",
        found="more",
        hint="Send less at once, or ask the administrator to raise CACHET_MAX_BODY_MEGABYTES.",
    )
