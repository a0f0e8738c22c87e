"""The built page, served beside the API: its files, its one document for every address, or how to build it."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.exceptions import HTTPException

BUILT = Path(__file__).parent / "page"

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Cachet</title>
<h1>The page is not built</h1>
<p>The server runs and its API answers under <code>/api/v1</code>, but this source checkout has no built page.</p>
<p>Build it with <code>make setup</code> (needs Node 20 or newer) and load this address again.
The installed package carries the page.</p></html>"""


class _PageAddress(PathConvertor):
    """Every path but those of the API: an unknown one there is answered as such, by any method."""

    regex = "(?!api(?:/|$)).*"


register_url_convertor("page", _PageAddress())


def install(app: FastAPI, folder: Path = BUILT) -> None:
    """Serve the page under every address that is not the API's.

    Parameters
    ----------
    app : FastAPI
        The application; every other route must be there already.
    folder : Path
        Where the page was built; looked at on every request, so that building it needs no restart.
    """

    @app.get("/{path:page}", include_in_schema=False)
    def page(path: str) -> Response:
        """Give a file of the page, or its document: the page itself reads the address."""
        if not path.isprintable():
            # No file of the page has such a name, and no system takes a zero byte in one.
            raise HTTPException(404)
        document = folder / "index.html"
        if not document.is_file():
            return HTMLResponse(_NOT_BUILT, status_code=503, headers={"Cache-Control": "no-store"})
        wanted = (folder / path).resolve()
        if path and wanted.is_relative_to(folder.resolve()) and wanted.is_file():
            # The names under assets/ carry a hash of what is in them.
            forever = path.startswith("assets/")
            age = "public, max-age=31536000, immutable" if forever else "no-cache"
            return FileResponse(wanted, headers={"Cache-Control": age})
        if path.startswith("assets/"):
            raise HTTPException(404)
        return FileResponse(document, headers={"Cache-Control": "no-cache"})
