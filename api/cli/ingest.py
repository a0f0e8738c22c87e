"""``cachet ingest``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from api.app import open_memory
from api.cli.terminal import DataFolder, Failed, bars, load, out, telling
from api.folder import TakenIn, files_in, take_in
from indexer import ingest as reading
from indexer.memory import Memory
from indexer.records import SeizureCreate
from reference_samples.metadata import read_metadata

SHOWN = 20
"""How many files of a kind are named; the rest are counted."""

LEFT_OUT = {"missing_file", "ambiguous_file", "repeated_file", "no_case_reference", "no_file"}
"""What is met in a table and means that a row could not be used."""


def ingest(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder of photographs.")],
    metadata: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A CSV table: file, case_reference, date, country, ..."),
    ] = None,
    seizure: Annotated[
        str | None, typer.Option(help="The case reference of one seizure that all of them belong to.")
    ] = None,
    read: Annotated[
        bool, typer.Option("--read/--read-later", help="Read what is written on them, or leave that to the server.")
    ] = True,
    data_folder: DataFolder = None,
) -> None:
    """Take in a folder of photographs, describe them, search with each, and read what is written on them.

    What is in the memory already is taken in once. The exit status is 1 where a file was refused or could not be
    described.
    """
    if metadata and seizure:
        raise Failed("expected --metadata or --seizure; found both. Give the one that says where they belong.")
    settings = load(data_folder=data_folder)
    files = files_in(folder, leave_out=[metadata] if metadata else [])
    if not files:
        raise Failed(f"expected photographs in {folder}; found no file.")
    placed = of_table(folder, files, metadata) if metadata else of_one(files, seizure)
    with telling() as tell:
        memory = open_memory(settings, in_background=False, tell=tell)
    with memory:
        done = with_bars(memory, files, placed.seizure_of)
        if read:
            with bars() as bar:
                reading.read_until_empty(memory, bar("reading what is written", None))
    lines = [summary(done), *named("in the table", placed.said)]
    without = len(files) - len(placed.seizure_of)
    if without:
        lines.append(f"{without} belong to no seizure: neither --seizure nor a row of a table names one.")
    out.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(1 if done.refused or done.failed or placed.left_out else 0)


@dataclass(frozen=True, slots=True)
class Placed:
    """Which seizure each file belongs to, and what a person should know of the table that says so.

    Attributes
    ----------
    seizure_of : dict of Path to SeizureCreate
        For the files that have one.
    said : list of str
        What was met in the table.
    left_out : bool
        Whether a row could not be used.
    """

    seizure_of: dict[Path, SeizureCreate]
    said: list[str]
    left_out: bool


def of_one(files: Sequence[Path], case_reference: str | None) -> Placed:
    """Put all files into one seizure.

    Parameters
    ----------
    files : sequence of Path
        The photographs.
    case_reference : str or None
        Of the seizure; None: into none.

    Returns
    -------
    Placed
        All in one, or all in none.
    """
    if case_reference is None:
        return Placed({}, [], left_out=False)
    return Placed(dict.fromkeys(files, _form({"case_reference": case_reference})), [], left_out=False)


def of_table(folder: Path, files: Sequence[Path], table: Path) -> Placed:
    """Put files into the seizures that a table names.

    Parameters
    ----------
    folder : Path
        That the table's file names start from.
    files : sequence of Path
        Those that are there.
    table : Path
        A metadata table.

    Returns
    -------
    Placed
        Each where its row puts it.

    Raises
    ------
    MetadataRefused
        Where it is no such table.
    Failed
        Where what it says of a seizure cannot be recorded.
    """
    read = read_metadata(table, [path.relative_to(folder).as_posix() for path in files])
    forms = {case: _form(asdict(row)) for case, row in read.seizures.items()}
    return Placed(
        {folder / row.file: forms[row.case_reference] for row in read.photographs},
        [f"row {one.row}: {one.words}" if one.row else one.words for one in read.problems],
        left_out=any(one.code in LEFT_OUT for one in read.problems),
    )


def _form(values: dict[str, Any]) -> SeizureCreate:
    try:
        return SeizureCreate.model_validate(values)
    except ValidationError as error:
        fault = error.errors()[0]
        raise Failed(f"{values['case_reference'][:80]}, {fault['loc'][0]}: {fault['msg']}.") from None


def with_bars(memory: Memory, files: Sequence[Path], seizure_of: Mapping[Path, SeizureCreate]) -> TakenIn:
    """Take photographs in with a bar for each of the two stages.

    Parameters
    ----------
    memory : Memory
        The installation.
    files : sequence of Path
        The photographs.
    seizure_of : mapping of Path to SeizureCreate
        The seizure of each.

    Returns
    -------
    TakenIn
        What became of each.
    """
    with bars() as bar:
        return take_in(
            memory,
            files,
            seizure_of=seizure_of,
            accepting=bar("taking in", len(files)),
            describing=bar("describing and searching", None),
        )


def summary(done: TakenIn) -> str:
    """Say what became of a folder.

    Parameters
    ----------
    done : TakenIn
        What became of each file.

    Returns
    -------
    str
        A few lines.
    """
    counts = (
        f"{done.accepted} accepted",
        f"{done.already_known} already known",
        f"{len(done.refused)} refused",
        f"{len(done.failed)} could not be described",
        f"{done.seizures} new seizures",
    )
    lines = [", ".join(counts) + "."]
    for title, those in (
        ("refused", [f"{one.file}: {one.reason}" for one in done.refused]),
        ("not described", [f"{one.file}: {one.reason}" for one in done.failed]),
        ("already in another seizure, and left there", [str(file) for file in done.elsewhere]),
    ):
        lines += named(title, those)
    return "\n".join(lines)


def named(title: str, those: Sequence[str]) -> list[str]:
    """Name the first of many.

    Parameters
    ----------
    title : str
        What they are.
    those : sequence of str
        Each in one line.

    Returns
    -------
    list of str
        Lines; none where there is nothing to name.
    """
    more = len(those) - SHOWN
    return [f"{title}:", *(f"  {one}" for one in those[:SHOWN]), *([f"  and {more} more"] if more > 0 else [])][
        : None if those else 0
    ]
