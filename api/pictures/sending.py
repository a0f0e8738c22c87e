"""How a picture goes to a browser: kept there, private, and asked for again with its tag."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from api.pictures.screen import Picture

KEPT = "private, max-age=3600"
"""A photograph under one address never changes, but it may be deleted, and the user may sign out."""

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {}}, "description": "The picture"},
    304: {"description": "The browser has it: its tag is the one in If-None-Match"},
}


def send(request: Request, picture: Picture, *, may_change: bool = False, media_type: str = "image/jpeg") -> Response:
    """Send a picture, or say that the browser has it.

    Parameters
    ----------
    request : Request
        May carry the tags of what the browser has.
    picture : Picture
        To be sent.
    may_change : bool
        Whether another picture may come to lie under the same address.
    media_type : str
        Of the picture.

    Returns
    -------
    Response
        200 with the picture, or 304.
    """
    tag = f'"{picture.tag}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache" if may_change else KEPT}
    had = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in had:
        return Response(status_code=304, headers=headers)
    return Response(picture.data, media_type=media_type, headers=headers)
