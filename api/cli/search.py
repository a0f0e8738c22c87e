"""``cachet search``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.app import open_memory
from api.cli.terminal import DataFolder, Failed, load, out, telling
from indexer import listing, texts
from indexer.search import search_file


def search(
    photo: Annotated[
        Path | None,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="The photograph.", show_default=False),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(help="Find what is written instead: words, whole or in part; wrong letters are forgiven."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="The most hits.")] = 10,
    data_folder: DataFolder = None,
) -> None:
    """Find the earlier photographs whose marks look most like those on a photograph, or that say something.

    A photograph is kept as a query, which later searches do not find.
    """
    if (photo is None) == (text is None):
        given = "neither" if photo is None else "both"
        raise Failed(f"expected a photograph or --text; found {given}. Give the one to search with.")
    if photo is not None:
        by_photograph(photo, limit, data_folder)
    elif text is not None:
        by_text(text, limit, data_folder)


def by_text(text: str, limit: int, data_folder: Path | None) -> None:
    """Print the photographs on which something like a text was read.

    Parameters
    ----------
    text : str
        What to look for.
    limit : int
        The most hits.
    data_folder : Path or None
        The installation; None: the one that the settings name.
    """
    settings = load(data_folder=data_folder)
    with telling() as tell, open_memory(settings, in_background=False, tell=tell) as memory:
        found = texts.search(memory, text, limit=limit)
        with memory.reading() as session:
            unread = texts.unread(session)
    if found.items:
        shown = Table("rank", "seizure", "photograph", "similarity", "written", box=None, pad_edge=False)
        for rank, hit in enumerate(found.items, 1):
            shown.add_row(
                str(rank),
                hit.seizure.case_reference if hit.seizure else "",
                hit.photograph.file_name,
                f"{hit.similarity:.2f}",
                Text(" / ".join(match.line.words for match in hit.lines)),
            )
        out.print(shown)
        out.print(f"{found.total} photographs; similarities are ranks, not probabilities.", style="dim")
    else:
        out.print("Nothing like it was read on any photograph.")
    if unread:
        out.print(f"{unread} photographs are still to be read: run cachet serve, or cachet reindex.", style="dim")


def by_photograph(photo: Path, limit: int, data_folder: Path | None) -> None:
    """Print the earlier photographs whose marks look most like those on a photograph.

    Parameters
    ----------
    photo : Path
        A file.
    limit : int
        The most hits.
    data_folder : Path or None
        The installation; None: the one that the settings name.
    """
    settings = load(data_folder=data_folder)
    with telling() as tell, open_memory(settings, in_background=False, tell=tell) as memory:
        tell("searching", 0.0)
        found = search_file(memory, photo.read_bytes(), file_name=photo.name, limit=limit)
        asked_row = listing.get_photograph(memory, found.photograph_id)
    asked = asked_row.record
    if found.already_known and asked.seizure_id:
        of = asked_row.seizure.case_reference if asked_row.seizure else ""
        out.print(f"The very same file is in the memory: {asked.file_name}, seizure {of}.", highlight=False)
    if not found.hits:
        out.print("No mark of the memory is like one on this photograph.")
        return
    shown = Table("rank", "seizure", "photograph", "score", "measurements", "decision", box=None, pad_edge=False)
    for rank, hit in enumerate(found.hits, 1):
        measured = [f"{name.replace('_', ' ')} {value:.3g}" for name, value in hit.comparison.measurements.items()]
        shown.add_row(
            str(rank),
            hit.seizure.case_reference if hit.seizure else "",
            hit.reference_photograph.file_name,
            f"{hit.comparison.score:.1f}",
            ", ".join(measured),
            hit.comparison.status.value.replace("_", " "),
        )
    out.print(shown)
    out.print(f"Scores of {found.hits[0].comparison.method} are ranks, not probabilities.", style="dim")
