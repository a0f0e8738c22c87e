"""``cachet scale-card``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal import Failed, out
from api.scale_card import Paper, make_scale_card


def scale_card(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", dir_okay=False, help="The PDF to write.")] = Path(
        "cachet-scale-card.pdf"
    ),
    paper: Annotated[Paper, typer.Option(help="What it is printed on.")] = "a4",
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")] = False,
) -> None:
    """Write a sheet with scale cards to print: photographs with one in the plane of the mark are measured by it."""
    made = make_scale_card(paper)
    try:
        with file.open("wb" if replace else "xb") as opened:
            opened.write(made)
    except FileExistsError:
        raise Failed(f"expected a new file; found {file}. Name another, or add --replace.") from None
    out.print(f"Wrote {file}. Print it at 100 %, and check its rulers with a steel ruler.", highlight=False)
