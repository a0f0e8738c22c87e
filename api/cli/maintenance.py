"""``cachet reindex``, ``doctor``, ``settings`` and ``password``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from api.app import open_memory
from api.cli.serve import tell_password
from api.cli.terminal import DataFolder, load, out, telling
from api.settings import table
from api.sign_in.passwords import hashed, make_password
from indexer import doctor as looking
from indexer import ingest, people
from indexer.reindex import reindex as build


def reindex(data_folder: DataFolder = None) -> None:
    """Describe and read what another version did, and build the vector index again from the database."""
    settings = load(data_folder=data_folder)
    with telling() as tell, open_memory(settings, in_background=False, tell=tell) as memory:
        described = build(memory, progress=tell)
        ingest.read_until_empty(memory, lambda done, of: tell("reading what is written", done / of))
        rows = memory.index.status().rows
    out.print(f"{described} photographs described anew; the index holds {sum(rows.values())} vectors.")


def doctor(data_folder: DataFolder = None) -> None:
    """Examine the installation: every original re-hashed, every row, feature and file accounted for.

    Changes nothing, beyond what opening an installation always puts right.

    The exit status is 1 where something is not as it should be.
    """
    settings = load(data_folder=data_folder)
    with telling() as tell, open_memory(settings, in_background=False, tell=tell) as memory:
        report = looking.examine(memory, progress=tell)
    shown = Table("", "what was looked at", "what was found", box=None, pad_edge=False)
    for finding in report.findings:
        words = finding.words if finding.ok else f"{finding.words}\n[bold]{finding.advice}[/]"
        shown.add_row("[green]ok[/]" if finding.ok else "[red]no[/]", finding.code.replace("_", " "), words)
    out.print(shown)
    raise typer.Exit(0 if report.ok else 1)


def settings() -> None:
    """Print every setting, its value and what it does."""
    shown = Table("environment variable", "value", "what it does", box=None, pad_edge=False)
    for name, value, words in table(load()):
        shown.add_row(name, value, words)
    out.print(shown)


def password(
    user_name: Annotated[
        str | None, typer.Argument(help="Whose; default: CACHET_ADMINISTRATOR.", show_default=False)
    ] = None,
    data_folder: DataFolder = None,
) -> None:
    """Make a new password for a user and print it; all their sessions end."""
    settings = load(data_folder=data_folder)
    name, made = user_name or settings.administrator, make_password()
    with open_memory(settings) as memory:
        people.set_password(memory, name, hashed(made))
    tell_password(name, made, "It is shown once.")
