"""``cachet search``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table
from rich.text import Text

from api.app import open_memory
from api.cli.terminal import DataFolder, Failed, load, out, telling
from forensics.errors import PhotoRefused
from indexer import listing, texts
from indexer.chains import Chain, chains
from indexer.errors import Refused
from indexer.search import Hit, describe_query, search_photograph
from indexer.together import JointHit, search_together

SCORES = "Scores of {method} are ranks, learnt from generated pairs; they are no likelihood ratios."
"""Said under every list of hits."""


TELLING = ("inliers", "weight", "cover_query", "cover_reference", "global")
"""The measurements that a line of the list has room for; the page and the API give all."""


def search(
    photos: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PHOTO]...",
            exists=True,
            dir_okay=False,
            readable=True,
            help="The photographs; each is searched with by itself.",
            show_default=False,
        ),
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="They show the same mark: search with all of them at once.")
    ] = False,
    text: Annotated[
        str | None,
        typer.Option(help="Find what is written instead: words, whole or in part; wrong letters are forgiven."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="The most hits.")] = 10,
    data_folder: DataFolder = None,
) -> None:
    """Find the earlier photographs whose marks look most like those on photographs, or that say something.

    A photograph is kept as a query, which later searches do not find.
    """
    if (not photos) == (text is None):
        given = "both" if photos else "neither"
        raise Failed(f"expected a photograph or --text; found {given}. Give the one to search with.")
    if photos:
        by_photographs(photos, limit, data_folder, together=together)
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


def by_photographs(photos: Sequence[Path], limit: int, data_folder: Path | None, *, together: bool) -> None:
    """Print the earlier photographs whose marks look most like those on some photographs.

    Parameters
    ----------
    photos : sequence of Path
        Files. One that is none is told, and the others are searched with.
    limit : int
        The most hits.
    data_folder : Path or None
        The installation; None: the one that the settings name.
    together : bool
        Whether they show the same mark.

    Raises
    ------
    Failed
        In the end, where a file could not be searched with.
    """
    settings = load(data_folder=data_folder)
    refused = []
    with telling() as tell, open_memory(settings, in_background=False, tell=tell) as memory:
        tell("searching", 0.0)
        asked: dict[UUID, Path] = {}
        for photo in photos:
            try:
                asked[describe_query(memory, photo.read_bytes(), file_name=photo.name).photograph_id] = photo
            except (PhotoRefused, Refused) as error:
                refused.append(f"{photo}: {error}")
        rows = {key: listing.get_photograph(memory, key) for key in asked}
        joint = search_together(memory, list(asked), limit=limit) if together else []
        alone = {} if together else {key: search_photograph(memory, key, limit=limit) for key in asked}
        linked = chains(memory, [hit for found in alone.values() for hit in found])
    for key, photo in asked.items():
        if len(photos) > 1 and not together:
            out.print(str(photo), style="bold", highlight=False)
        row = rows[key]
        if row.seizure:
            of = f"{row.record.file_name}, seizure {row.seizure.case_reference}"
            out.print(f"The very same file is in the memory: {of}.", highlight=False)
        if not together:
            _print_hits(alone[key], linked)
    if together and asked:
        _print_joint(joint, asked)
    if refused:
        raise Failed("\n".join(refused))


def _print_hits(found: Sequence[Hit], linked: Mapping[UUID, Chain]) -> None:
    if not found:
        out.print("No mark of the memory is like one on this photograph.")
        return
    shown = Table(
        "rank", "seizure", "photograph", "score", "measurements", "through", "decision", box=None, pad_edge=False
    )
    for rank, hit in enumerate(found, 1):
        measurements = hit.comparison.measurements
        measured = [f"{name.replace('_', ' ')} {measurements[name]:.3g}" for name in TELLING if name in measurements]
        chain = linked.get(hit.comparison.id)
        between = chain and (chain.seizure.case_reference if chain.seizure else chain.photograph.file_name)
        shown.add_row(
            str(rank),
            hit.seizure.case_reference if hit.seizure else "",
            hit.reference_photograph.file_name,
            f"{hit.comparison.score:.1f}" + (" (mirror image)" if hit.comparison.mirrored else ""),
            ", ".join(measured),
            between or "",
            hit.comparison.status.value.replace("_", " "),
        )
    out.print(shown)
    out.print(SCORES.format(method=found[0].comparison.method), style="dim")


def _print_joint(found: Sequence[JointHit], asked: Mapping[UUID, Path]) -> None:
    if not found:
        out.print("No mark of the memory is like one on these photographs.")
        return
    shown = Table("rank", "seizure", "photograph", "together", "each", "decision", box=None, pad_edge=False)
    for rank, hit in enumerate(found, 1):
        each = [f"{asked[pair.query_mark.photograph_id].name} {pair.comparison.score:.1f}" for pair in hit.pairs]
        decided = dict.fromkeys(pair.comparison.status.value.replace("_", " ") for pair in hit.pairs)
        shown.add_row(
            str(rank),
            hit.seizure.case_reference if hit.seizure else "",
            hit.reference_photograph.file_name,
            f"{hit.standing:.1f}",
            ", ".join(each),
            ", ".join(decided),
        )
    out.print(shown)
    out.print(SCORES.format(method=found[0].pairs[0].comparison.method), style="dim")
