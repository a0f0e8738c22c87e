"""Logs: one shape for all, with the request's id and without secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from fastapi.testclient import TestClient

from api import logs
from api.app import create_app
from api.settings import Settings


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def fail_with_a_secret() -> None:
    password = "hunter2"
    raise RuntimeError(f"no luck with {len(password)} letters")


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_a_failure_is_logged_with_its_place_and_without_the_values_of_variables(
    log_format: logs.Format, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(log_format, "info")
    try:
        fail_with_a_secret()
    except RuntimeError:
        structlog.get_logger("ours").exception("it failed", what="this")
        logging.getLogger("theirs").exception("it failed too")
    said = capsys.readouterr().err
    assert said.count("in fail_with_a_secret") == 2
    assert "no luck" in said
    assert "hunter2" not in said


def test_each_line_is_one_object_with_the_requests_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json", "info")
    app = create_app(Settings(data_folder=tmp_path, admin_password="opensesame", workers=1))
    with TestClient(app, headers={"X-Cachet": "1"}) as client:
        answer = client.post("/api/v1/sign-in", json={"user_name": "administrator", "password": "opensesame"})
        client.get("/api/v1/seizures", params={"q": "a private word"})
    said = capsys.readouterr().err
    lines = [json.loads(line) for line in said.splitlines()]
    of_request = next(line for line in lines if line.get("path") == "/api/v1/sign-in")
    assert of_request["request_id"] == answer.headers["x-request-id"]
    assert (of_request["method"], of_request["status"], of_request["level"]) == ("POST", 200, "info")
    assert "milliseconds" in of_request
    for secret in ("opensesame", client.cookies["cachet"], "a private word"):
        assert secret not in said


def test_what_is_less_serious_than_asked_for_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json", "warning")
    structlog.get_logger("ours").info("small talk")
    logging.getLogger("theirs").warning("listen")
    said = capsys.readouterr().err
    assert "small talk" not in said
    assert json.loads(said)["event"] == "listen"
