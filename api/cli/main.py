"""The commands put together, and one place that turns what went wrong into words and an exit status."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.cli import demo, ingest, maintenance, scale_card, search, serve
from api.cli.terminal import Failed, err, out
from forensics.errors import ForensicsError
from indexer.errors import NotFound, Refused
from indexer.originals import OriginalDamaged
from indexer.workers import WorkerFailed
from reference_samples.metadata import MetadataRefused

SAID = (Failed, Refused, NotFound, ForensicsError, OriginalDamaged, WorkerFailed, MetadataRefused)
"""What is raised with words for a person. Anything else is a fault of the program, and keeps its traceback."""

INTERRUPTED = 130


class Commands(TyperGroup):
    """Says what went wrong in words."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except SAID as error:
            err.print(f"[bold red]error:[/] {error}", highlight=False)
            raise typer.Exit(1) from None
        except OSError as error:
            err.print(f"[bold red]error:[/] {error.filename or ''}: {error.strerror or error}", highlight=False)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            err.print("Stopped.")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=Commands,
    help="Cachet: has a package like this one been seen before, and how strong is the evidence for it?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(serve.serve)
app.command()(ingest.ingest)
app.command()(search.search)
app.command()(demo.demo)
app.command()(scale_card.scale_card)
app.command()(maintenance.reindex)
app.command()(maintenance.doctor)
app.command()(maintenance.settings)
app.command()(maintenance.password)


def _tell_version(wanted: bool) -> None:
    if wanted:
        out.print(f"cachet {version('cachet')}", highlight=False)
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Read what all commands share."""
