"""``cachet search``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.app import open_memory
from api.cli.terminal import DataFolder, load, out, telling
from indexer import listing
from indexer.search import search_file


def search(
    photo: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The photograph.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="The most hits.")] = 10,
    data_folder: DataFolder = None,
) -> None:
    """Find the earlier photographs whose marks look most like those on a photograph.

    It is kept as a query, which later searches do not find.
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
