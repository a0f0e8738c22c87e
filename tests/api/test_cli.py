"""The command line."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from api.app import open_memory
from api.cli import app, demo
from api.cli.demo import make_practice_set
from api.page_files import BUILT
from api.settings import Settings, table
from api.sign_in.passwords import fits
from api.sign_in.sessions import first_start
from indexer import chemistry, listing, people
from indexer.memory import Memory
from tests.indexer.pictures import photograph
from tests.written import jpeg, written

COMMANDS = {"scale-card", "serve", "ingest", "search", "demo", "reindex", "doctor", "settings", "password"}


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("CACHET_DATA_FOLDER", str(folder))
    monkeypatch.setenv("CACHET_WORKERS", "1")
    # One line a thing, whatever the width of the terminal that the tests run in.
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("api.logs.set_up", lambda *_: None)
    return folder


def run(*words: str | Path) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def opened(data: Path) -> Memory:
    return open_memory(Settings(data_folder=data, workers=1))


def folder_of_photographs(folder: Path, names: dict[str, bytes]) -> Path:
    for name, content in names.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_every_command_and_every_option_has_help() -> None:
    told = run("--help")
    assert told.exit_code == 0
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # of a group
    assert set(commands) == COMMANDS
    for name, command in commands.items():
        assert name in told.output
        helped = run(name, "--help")
        assert helped.exit_code == 0
        assert command.help, name
        for parameter in command.params:
            assert parameter.help, f"{name} {parameter.name}"
    assert run("--version").output.startswith("cachet ")
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    for name in COMMANDS:
        assert f"`cachet {name}" in readme


def test_the_settings_are_all_told_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHET_ADMIN_PASSWORD", "hunter2")
    monkeypatch.setenv("CACHET_DATABASE_URL", "postgresql://cachet:hunter2@database/cachet")
    told = run("settings")
    assert told.exit_code == 0
    rows = table(Settings())
    assert len(rows) == len(Settings.model_fields)
    for name, _, words in rows:
        assert name in told.output
        assert words, name
    assert "hunter2" not in told.output


@pytest.mark.parametrize(
    ("name", "value"), [("CACHET_PORT", "many"), ("CACHET_WORKERS", "0"), ("CACHET_LOG_FORMAT", "verse")]
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    for command in ("settings", "doctor"):
        told = run(command)
        assert told.exit_code == 1
        assert name in told.output
        assert "Traceback" not in told.output


def test_a_folder_is_taken_in_by_its_table_and_searched(tmp_path: Path, data: Path) -> None:
    folder = folder_of_photographs(
        tmp_path / "in", {"a/1.jpg": photograph(1), "a/2.jpg": photograph(2), "3.jpg": photograph(3), ".hidden": b"x"}
    )
    (folder / "table.csv").write_text(
        "file,case_reference,date,place\na/1.jpg,C-1,2026-03-14,Rotterdam\na/2.jpg,C-1,,\n3.jpg,C-2,2026-04-01,\n"
    )
    told = run("ingest", folder, "--metadata", folder / "table.csv")
    assert told.exit_code == 0, told.output
    assert "3 accepted, 0 already known, 0 refused, 0 could not be described, 2 new seizures." in told.output
    with opened(data) as memory:
        rows, total = listing.list_seizures(memory, text="", limit=10, offset=0)
        assert total == 2
        seizures = {row.record.case_reference: row for row in rows}
        assert (str(seizures["C-1"].record.date), seizures["C-1"].record.place) == ("2026-03-14", "Rotterdam")
        assert {name: row.photographs for name, row in seizures.items()} == {"C-1": 2, "C-2": 1}
        (job,) = listing.list_jobs(memory, limit=10)
        assert (job.state, job.total, job.done, job.failed) == ("done", 3, 3, 0)

    again = run("ingest", folder, "--metadata", folder / "table.csv")
    assert again.exit_code == 0
    assert "0 accepted, 3 already known" in again.output

    query = tmp_path / "query.jpg"
    query.write_bytes(photograph(2, 1))
    found = run("search", query, "--limit", "3")
    assert found.exit_code == 0, found.output
    first = next(line for line in found.output.splitlines() if line.startswith("1"))
    assert "C-1" in first
    assert "2.jpg" in first
    assert "inliers" in first
    more = tmp_path / "more.jpg"
    more.write_bytes(photograph(2, 2))
    each = run("search", query, more, "--limit", "1")
    assert each.exit_code == 0, each.output
    assert sum(line.startswith("1") and "2.jpg" in line for line in each.output.splitlines()) == 2
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(b"text")
    joint = run("search", query, torn, more, "--together", "--limit", "1")
    assert joint.exit_code == 1
    assert "torn.jpg: expected" in joint.output
    (first,) = (line for line in joint.output.splitlines() if line.startswith("1"))
    assert all(name in first for name in ("C-1", "2.jpg", "query.jpg", "more.jpg"))
    same = run("search", folder / "3.jpg")
    assert "The very same file is in the memory: 3.jpg, seizure C-2." in same.output


def test_an_empty_memory_has_seen_nothing(tmp_path: Path) -> None:
    query = tmp_path / "query.jpg"
    query.write_bytes(photograph(1))
    told = run("search", query)
    assert told.exit_code == 0
    assert "No mark of the memory is like one on this photograph." in told.output


def test_what_is_refused_is_named_with_the_reason(tmp_path: Path) -> None:
    folder = folder_of_photographs(tmp_path / "in", {"1.jpg": photograph(1), "bad.jpg": b"text", "empty.jpg": b""})
    told = run("ingest", folder, "--seizure", "C-9")
    assert told.exit_code == 1
    assert "1 accepted, 0 already known, 2 refused, 0 could not be described, 1 new seizures." in told.output
    assert "bad.jpg: expected a photograph" in told.output
    assert "empty.jpg: expected" in told.output


def test_a_file_that_cannot_be_read_does_not_end_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of_photographs(tmp_path / "in", {"1.jpg": photograph(1), "locked.jpg": photograph(2)})
    (folder / "1.jpg").rename(folder / "caf\udce9.jpg")
    read = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == "locked.jpg":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    told = run("ingest", folder, "--seizure", "C-9")
    assert told.exit_code == 1
    assert "1 accepted, 0 already known, 1 refused, 0 could not be described, 1 new seizures." in told.output
    assert "locked.jpg: it cannot be read: Permission denied." in told.output


def test_a_row_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    folder = folder_of_photographs(tmp_path / "in", {"1.jpg": photograph(1), "2.jpg": photograph(2)})
    (folder / "table.csv").write_text("file,case_reference\n1.jpg,C-1\ngone.jpg,C-1\n")
    told = run("ingest", folder, "--metadata", folder / "table.csv")
    assert told.exit_code == 1
    assert "row 3" in told.output
    assert "gone.jpg" in told.output
    assert "2 accepted" in told.output
    assert "1 belong to no seizure" in told.output


def test_one_in_another_seizure_is_left_there_and_said(tmp_path: Path) -> None:
    folder = folder_of_photographs(tmp_path / "in", {"1.jpg": photograph(1)})
    assert run("ingest", folder, "--seizure", "C-1").exit_code == 0
    told = run("ingest", folder, "--seizure", "C-2")
    assert "already in another seizure, and left there:" in told.output
    assert "1.jpg" in told.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ingest", "IN"], "found no file"),
        (["ingest", "IN", "--seizure", "x" * 201], "case_reference"),
        (["ingest", "IN", "--metadata", "TABLE"], "case_reference"),
        (["ingest", "IN", "--metadata", "TABLE", "--seizure", "C"], "found both"),
        (["search", "TABLE"], "expected a photograph"),
        (["password", "nobody"], "expected the key of a user"),
    ],
)
def test_what_goes_wrong_is_said_in_words(tmp_path: Path, words: list[str], said: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "table.csv").write_text("photo,case\n1,2\n")
    if "--seizure" in words or "--metadata" in words:
        (folder / "1.jpg").write_bytes(photograph(1))
    told = run(*(word.replace("IN", str(folder)).replace("TABLE", str(tmp_path / "table.csv")) for word in words))
    assert told.exit_code == 1, told.output
    assert "error:" in told.output
    assert said in told.output
    assert "Traceback" not in told.output


def test_the_doctor_names_what_is_wrong(tmp_path: Path, data: Path) -> None:
    folder = folder_of_photographs(tmp_path / "in", {"1.jpg": photograph(1)})
    run("ingest", folder, "--seizure", "C-1")
    healthy = run("doctor")
    assert healthy.exit_code == 0, healthy.output
    assert "1 originals are what was uploaded." in healthy.output

    original = next(path for path in (data / "originals").rglob("*") if len(path.name) == 64)
    altered = bytearray(original.read_bytes())
    altered[100] ^= 1
    original.write_bytes(altered)
    ill = run("doctor")
    assert ill.exit_code == 1
    assert "1.jpg" in ill.output


def test_the_index_is_built_again(tmp_path: Path, data: Path) -> None:
    run("ingest", folder_of_photographs(tmp_path / "in", {"1.jpg": photograph(1)}), "--seizure", "C-1")
    told = run("reindex")
    assert told.exit_code == 0, told.output
    with opened(data) as memory:
        assert memory.index.status().rows["logo.vector"] >= 1


def test_a_lost_password_is_replaced(data: Path) -> None:
    with opened(data) as memory:
        first = first_start(memory, Settings(data_folder=data))
        assert first
        assert first.password
        assert first_start(memory, Settings(data_folder=data)) is None
    told = run("password")
    assert told.exit_code == 0
    made = told.output.split("password", 1)[1].split()[0]
    assert made != first.password
    with opened(data) as memory:
        user = people.named(memory, "administrator")
        assert user
        assert fits(made, user.password_hash)
        assert not fits(first.password, user.password_hash)


def test_an_address_that_is_taken_is_said_before_anything_is_opened(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run("serve", "--port", taken.getsockname()[1])
    assert told.exit_code == 1
    assert "Address already in use" in told.output
    assert not data.exists()


def test_the_demonstration_is_made_once_and_kept_apart(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0

    def smaller(folder: Path, *, params: Any, **given: Any) -> Any:
        nonlocal made
        made += 1
        return make_practice_set(folder, params=replace(params, longest=320), **given)

    monkeypatch.setattr(demo, "make_practice_set", smaller)
    folder = tmp_path / "demo"
    words = ("demo", "--no-serve", "--folder", folder, "--seizures", 16, "--photographs", 21)
    told = run(*map(str, words))
    assert told.exit_code == 0, told.output
    assert "21 accepted, 0 already known, 0 refused, 0 could not be described, 16 new seizures." in told.output
    assert "The practice set is ready" in told.output
    again = run(*map(str, words))
    assert again.exit_code == 0
    assert "accepted" not in again.output
    assert made == 1
    assert not data.exists()
    settings = Settings(data_folder=folder / "memory", workers=1)
    with open_memory(settings) as memory:
        counts = listing.counts(memory)
        assert (counts.seizures, counts.photographs, counts.waiting) == (16, 21, 0)
        rows, _ = listing.list_seizures(memory, text="", limit=16, offset=0)
        assert all(chemistry.profiles(memory, row.record.id) for row in rows)
        assert people.any_user(memory) is False
        user_name, password = demo.signing_in(memory, settings)
        user = people.named(memory, user_name)
        assert user
        assert fits(password, user.password_hash)
        told = demo.worth_a_look(memory, folder / "practice")
        assert any("look alike; does their chemistry?" in line for line in told)
        assert "truth.json" in told[-1]


def test_the_built_page_lies_where_the_wheel_carries_it() -> None:
    assert BUILT.parts[-2:] == ("api", "page")


def test_an_interrupted_ingest_is_finished_by_the_next_one(tmp_path: Path, data: Path) -> None:
    folder = folder_of_photographs(tmp_path / "in", {f"{at:02d}.jpg": photograph(at) for at in range(12)})
    command = [sys.executable, "-c", "from api.cli import app; app()", "ingest", str(folder), "--seizure", "C-1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    originals = data / "originals"
    for _ in range(1200):
        if sum(len(path.name) == 64 for path in originals.glob("??/??/*")) >= 2:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Stopped." in said
    assert "Traceback" not in said

    told = run("ingest", folder, "--seizure", "C-1")
    assert told.exit_code == 0, told.output
    with opened(data) as memory:
        counts = listing.counts(memory)
        assert (counts.photographs, counts.waiting) == (12, 0)


def test_what_is_written_is_read_and_found(tmp_path: Path, data: Path) -> None:
    folder = folder_of_photographs(
        tmp_path / "in",
        {
            "one.jpg": jpeg(written([("NORDO 57", (300, 200), 30)])),
            "other.jpg": jpeg(written([("VESTO", (300, 200), 0)])),
        },
    )
    told = run("ingest", folder, "--seizure", "C-1", "--read-later")
    assert told.exit_code == 0, told.output
    later = run("search", "--text", "n0rda")
    assert "Nothing like it" in later.output
    assert "2 photographs are still to be read" in later.output
    assert run("ingest", folder, "--seizure", "C-1").exit_code == 0
    found = run("search", "--text", "n0rda")
    assert found.exit_code == 0
    assert "one.jpg" in found.output
    assert "NORDO 57" in found.output
    assert "other.jpg" not in found.output
    assert "still to be read" not in found.output


@pytest.mark.parametrize("words", [["search"], ["search", "--text", "nordo", __file__]])
def test_a_search_is_by_photograph_or_by_text(words: list[str]) -> None:
    told = run(*words)
    assert told.exit_code == 1
    assert "expected a photograph or --text" in told.output
