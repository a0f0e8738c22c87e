"""``python -m benchmarks NAME [--json FILE]``: measure a claim and print it. ``all`` runs every one."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.bench import DataMissing, Result, show, write_json

NAMES = ("ends", "evidence", "ingest", "light", "logos", "scale", "speed", "tablets", "text", "toolmarks")
"""Each is a module of this package with a function ``run() -> Result``."""

WITHIN = ("practice",)
"""Modules like these whose figures ``logos`` measures too: run alone only where they are named."""


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line names; 0 where everything could be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, *WITHIN, "all"), help="the claim to measure")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as one flat JSON object")
    asked = parser.parse_args(arguments)
    console = Console(width=140 if not sys.stdout.isatty() else None)
    figures: dict[str, float] = {}
    missing = 0
    for name in NAMES if asked.name == "all" else (asked.name,):
        try:
            result: Result = importlib.import_module(f"benchmarks.{name}").run()
        except DataMissing as reason:
            console.print(f"{name}: not measured. {reason}", highlight=False)
            missing += 1
            continue
        show(result, console)
        figures.update(result.figures)
    if asked.json:
        write_json(Result("all", "", "", (), figures), asked.json)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
