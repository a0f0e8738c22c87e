"""``cachet demo``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from api.app import open_memory
from api.cli.ingest import of_table, summary, with_bars
from api.cli.serve import listening, run, tell_password
from api.cli.terminal import bars, load, out
from api.folder import files_in
from api.settings import Settings
from api.sign_in.passwords import hashed, make_password
from api.sign_in.sessions import first_start
from forensics.chemistry import read_csv
from indexer import chemistry, listing, people, seizures
from indexer.matches import list_matches
from indexer.memory import Memory
from indexer.records import SeizureCreate
from reference_samples.generator import PracticeParams, make_practice_set, read_truth

SEIZURES, PHOTOGRAPHS = 60, 200

QUESTIONS = {
    "same design, two tools": "one tool, or only one design?",
    "look-alike tablets": "they look alike; does their chemistry?",
}
"""What to ask of a trap of the practice set, without the answer."""


def demo(
    folder: Annotated[Path, typer.Option(file_okay=False, help="Where the practice set and its data are kept.")] = Path(
        "demo-data"
    ),
    port: Annotated[
        int | None, typer.Option(help="The port, 0 for a free one; default: CACHET_PORT.", show_default=False)
    ] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, or only make it.")] = True,
    seizures: Annotated[int, typer.Option(min=16, max=5000, help="How many seizures a new set has.")] = SEIZURES,
    photographs: Annotated[
        int, typer.Option(min=21, max=100_000, help="How many photographs a new set has.")
    ] = PHOTOGRAPHS,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same set.")] = 1,
) -> None:
    """Make a practice set, take it in, and serve it.

    All of it is generated, and every picture says so. A second run serves what the first one made. The data are kept
    apart from those of CACHET_DATA_FOLDER.
    """
    settings = load(port=port, data_folder=folder / "memory")
    listener = listening(settings) if serve else None
    practice = folder / "practice"
    made(practice, seed=seed, params=PracticeParams(seizures=seizures, photographs=photographs))
    with open_memory(settings, in_background=False) as memory:
        if not (folder / "taken-in").exists():
            take_in_practice(memory, practice)
            (folder / "taken-in").touch()
        if listener is None:
            words = f"The practice set is ready in {folder}. Serve it with: cachet demo --folder {folder}"
            out.print(words, highlight=False, soft_wrap=True)
            return
        user_name, password = signing_in(memory, settings)

        def tell(address: str) -> None:
            out.print(f"\nThe practice set is at [bold]{address}[/]", highlight=False)
            tell_password(user_name, password, "All of it is generated. Ctrl-C ends the server; the data stay.")
            for line in worth_a_look(memory, practice):
                out.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)

        with listener:
            run(settings, memory, listener, ready=tell)


def made(folder: Path, *, seed: int, params: PracticeParams) -> None:
    """Make the practice set, unless it is there.

    Parameters
    ----------
    folder : Path
        Where; it takes its name only when everything is in it.
    seed : int
        Of the generator.
    params : PracticeParams
        Its size.
    """
    if folder.is_dir():
        return
    begun = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(begun, ignore_errors=True)
    with bars() as bar:
        make_practice_set(
            begun, seed=seed, params=params, progress=bar("photographing practice seizures", params.photographs)
        )
    begun.rename(folder)


def take_in_practice(memory: Memory, practice: Path) -> None:
    """Take in the photographs, the seizures and the chemistry of a practice set.

    Parameters
    ----------
    memory : Memory
        The demonstration's.
    practice : Path
        The practice set.
    """
    photographs = practice / "photographs"
    files = files_in(photographs)
    placed = of_table(photographs, files, practice / "metadata.csv")
    out.print(summary(with_bars(memory, files, placed.seizure_of)), highlight=False, markup=False, soft_wrap=True)
    for one in read_csv((practice / "chemistry.csv").read_bytes()):
        seizure, _ = seizures.find_or_create(memory, SeizureCreate(case_reference=one.case_reference))
        chemistry.store(memory, seizure.id, one.profile)


def signing_in(memory: Memory, settings: Settings) -> tuple[str, str]:
    """Give the demonstration's administrator a password that can be printed.

    Parameters
    ----------
    memory : Memory
        The demonstration's.
    settings : Settings
        The administrator's name, and perhaps the password.

    Returns
    -------
    user_name, password : str
        To sign in with. Each run makes another password, so that none is kept on the disk.
    """
    first_start(memory, settings)
    given = settings.admin_password
    password = given.get_secret_value() if given else make_password()
    people.set_password(memory, settings.administrator, hashed(password))
    return settings.administrator, password


def worth_a_look(memory: Memory, practice: Path) -> list[str]:
    """Name a few seizures to open first.

    Parameters
    ----------
    memory : Memory
        The demonstration's.
    practice : Path
        The practice set.

    Returns
    -------
    list of str
        One line each: what to look for, never the answer.
    """
    truth = read_truth(practice)
    rows, _ = listing.list_seizures(memory, text="", limit=len(truth.seizures), offset=0)
    key_of = {row.record.case_reference: row.record.id for row in rows}
    lines = []
    for link in truth.links:
        # One whose like is on its page, so that the first look finds something.
        if link.same_tool and link.second in key_of:
            found = {match.seizure.record.case_reference for match in list_matches(memory, key_of[link.second])}
            if link.first in found:
                lines.append(f"Open the seizure {link.second}: was its tool seen before?")
                break
    for kind, question in QUESTIONS.items():
        trap = next((trap for trap in truth.traps if trap.kind == kind), None)
        if trap:
            lines.append(f"Compare {' and '.join(trap.case_references[:2])}: {question}")
    return [*lines, f"The answers are in {practice / 'truth.json'}."]
