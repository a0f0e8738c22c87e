"""What commands say, and how: results to standard output, progress and errors to standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from api import logs
from api.settings import PREFIX, Settings

out = Console()
"""For results."""
err = Console(stderr=True)
"""For progress and errors."""

DataFolder = Annotated[
    Path | None,
    typer.Option(help="The one folder that holds everything; default: CACHET_DATA_FOLDER.", show_default=False),
]
Tell = Callable[[str, float], None]
Count = Callable[[int, int], None]


class Failed(Exception):
    """A command that could not do what was asked, said in words."""


def load(*, quiet: bool = True, **given: Any) -> Settings:
    """Read the settings, what a command line gives going before the environment, and set up the logs.

    Parameters
    ----------
    quiet : bool
        Whether only warnings are logged: a command with a progress bar has its own way to tell.
    **given : object
        Settings by name; None where the command line gives none.

    Returns
    -------
    Settings
        All of them.

    Raises
    ------
    Failed
        Naming the setting that is wrong.
    """
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        faults = [f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise Failed("\n".join([*faults, "See: cachet settings"])) from None
    level = settings.log_level
    logs.set_up(settings.log_format, "warning" if quiet and level == "info" else level)
    return settings


@contextmanager
def telling() -> Iterator[Tell]:
    """Show how far something is that tells its progress as words and a part of one.

    Yields
    ------
    callable
        Takes what is being done, and how much of it is, from 0 to 1.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=1.0, visible=False)
        yield lambda what, part: bar.update(task, description=what, completed=part, visible=True)


@contextmanager
def bars() -> Iterator[Callable[[str, int | None], Count]]:
    """Show how many of several things are done, each with a bar.

    Yields
    ------
    callable
        Takes what is being done and how many there are, or None where that is not known yet; gives a callable that
        takes how many are done, and of how many.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as shown:

        def add(what: str, total: int | None) -> Count:
            task = shown.add_task(what, total=total)
            return lambda done, of: shown.update(task, completed=done, total=of)

        yield add
