"""What every benchmark hands back, and how it is printed."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent


class DataMissing(Exception):
    """A benchmark's data set is not on this machine; the message says which and where it was looked for."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One printed table.

    Attributes
    ----------
    title : str
        What is measured, and on how many items.
    header : sequence of str
        Column names.
    body : sequence of sequences of str
        The cells, formatted for the reader.
    """

    title: str
    header: Sequence[str]
    body: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one benchmark.

    Attributes
    ----------
    name : str
        The benchmark's name on the command line.
    data : str
        Which data was used, and how many items.
    split : str
        What was fitted on what, and what was reported on.
    tables : sequence of Rows
        Baselines and peers stand beside ours, measured in the same run.
    figures : dict of str to float
        The same figures, flat, under the keys that outsiders read.
    """

    name: str
    data: str
    split: str
    tables: Sequence[Rows]
    figures: dict[str, float] = field(default_factory=dict)


def data_folder(*parts: str) -> Path:
    """Find a folder of the real data.

    Parameters
    ----------
    *parts : str
        The folder inside the data, such as ``"logos", "flickr_logos_27"``.

    Returns
    -------
    Path
        The folder, which exists.

    Raises
    ------
    DataMissing
        Where it does not.
    """
    base = Path(os.environ.get("CACHET_DATA", ROOT.parent / "shared" / "data"))
    folder = base.joinpath(*parts)
    if not folder.is_dir():
        missing = f"expected real data at {folder}; found none. Set CACHET_DATA to the folder that holds {parts[0]}/."
        raise DataMissing(missing)
    return folder


def machine() -> str:
    """Describe this machine and the code's commit in one line."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        cpu = names[0] if names else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{cpu}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}; commit {commit()}"


def commit() -> str:
    """Return the short commit of the working tree, marked where it holds uncommitted changes."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--exclude", "*"],  # noqa: S607 - git is found on the path on purpose
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def show(result: Result, console: Console) -> None:
    """Print the tables of a result with their papers."""
    console.rule(f"[bold]{result.name}")
    console.print(f"machine: {machine()}", f"data: {result.data}", f"split: {result.split}", sep="\n", highlight=False)
    for rows in result.tables:
        table = Table(title=rows.title, title_justify="left")
        for number, name in enumerate(rows.header):
            table.add_column(name, justify="left" if number == 0 else "right")
        for cells in rows.body:
            table.add_row(*cells)
        console.print(table)


def write_json(result: Result, file: Path) -> None:
    """Write the figures as one flat JSON object."""
    file.write_text(json.dumps(result.figures, indent=2, sort_keys=True) + "\n")
