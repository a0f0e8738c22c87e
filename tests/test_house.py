"""The promises that the house makes about itself."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_ci_runs_exactly_the_test_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "```\nmake test\n```" in readme
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.startswith("make ")]
    assert commands == ["make check", "make test"]


def test_locked_files_name_no_host() -> None:
    for name in ("requirements.lock", "web/package-lock.json"):
        assert not re.findall(r"https?://[^\s\"']*(?:registry|pypi|pythonhosted|npmjs)", (ROOT / name).read_text()), (
            name
        )


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "reference_samples").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
            if not target.startswith(("http://", "https://")):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
