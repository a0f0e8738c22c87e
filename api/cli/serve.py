"""``cachet serve``."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn

from api.app import create_app, open_memory
from api.cli.terminal import DataFolder, Failed, load, out
from api.page_files import BUILT
from api.settings import Settings
from api.sign_in.sessions import first_start
from indexer.memory import Memory

STOP_SECONDS = 5
"""How long answers that are under way are waited for when the server is told to stop."""


def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on; default: CACHET_HOST.", show_default=False)
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port, 0 for a free one; default: CACHET_PORT.", show_default=False)
    ] = None,
    data_folder: DataFolder = None,
) -> None:
    """Serve the page and the API.

    The first start makes one administrator and prints the password once.
    """
    settings = load(quiet=False, host=host, port=port, data_folder=data_folder)
    with listening(settings) as listener, open_memory(settings) as memory:
        made = first_start(memory, settings)

        def tell(address: str) -> None:
            out.print(f"Cachet serves [bold]{settings.data_folder}[/] at {address}", highlight=False, soft_wrap=True)
            if made and made.password:
                tell_password(made.user_name, made.password, "It is shown once. Another one: cachet password")
            if not (BUILT / "index.html").is_file():
                out.print("The page is not built, only the API is served. Build it with: make setup", highlight=False)

        run(settings, memory, listener, ready=tell)


def tell_password(user_name: str, password: str, words: str) -> None:
    """Print what somebody signs in with.

    Parameters
    ----------
    user_name, password : str
        Both.
    words : str
        What else to know.
    """
    out.print(f"  user name  {user_name}\n  password   {password}\n  {words}", highlight=False, markup=False)


def listening(settings: Settings) -> socket.socket:
    """Take the address, before anything that takes time.

    Parameters
    ----------
    settings : Settings
        Host and port.

    Returns
    -------
    socket
        Bound; closes as a context manager.

    Raises
    ------
    Failed
        Where the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Failed(
            f"expected to listen at {settings.host} port {settings.port}; found: {error.strerror}. "
            "Give another with --port, or end the program that has it."
        ) from None
    return listener


def run(settings: Settings, memory: Memory, listener: socket.socket, *, ready: Callable[[str], None]) -> None:
    """Serve until told to stop; what is under way is finished.

    Parameters
    ----------
    settings : Settings
        All of them.
    memory : Memory
        The opened installation.
    listener : socket
        The bound address.
    ready : callable
        Told the page's address when it answers.
    """
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    config = uvicorn.Config(
        create_app(settings, memory=memory),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    _Server(config, lambda: ready(address)).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
