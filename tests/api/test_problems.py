"""Everything that is refused has one shape, and nothing of the program's inside leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from api import limits
from api.app import create_app
from api.problems import ANSWERS, MEDIA_TYPE, Problem, problem_of
from api.settings import Settings
from forensics.errors import ForensicsError
from indexer.errors import NotFound

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("GET", "/nothing/here", None, 404, "not_found"),
        ("POST", "/nothing/here", None, 404, "not_found"),
        ("PUT", "/seizures", None, 405, "method_not_allowed"),
        ("GET", "/sign-in", None, 405, "method_not_allowed"),
        ("GET", "/seizures/not-a-key", None, 422, "invalid"),
        ("GET", "/seizures?limit=many", None, 422, "invalid"),
        ("POST", "/seizures", b"{", 422, "invalid"),
        ("POST", "/seizures", b"[]", 422, "invalid"),
        ("POST", "/seizures", b"\xff\xfe", 422, "invalid"),
        ("POST", "/seizures", b'{"case_reference": "\\ud800"}', 422, "invalid"),
        ("POST", "/seizures", b'{"case_reference": "' + b"x" * 1_000_000 + b'"}', 413, "too_many_bytes"),
        ("POST", "/sign-in", b"x" * 1_000_001, 413, "too_many_bytes"),
        ("GET", f"/photographs/{uuid4()}", None, 404, "not_found"),
    ],
)
def test_every_refusal_is_a_problem(
    client: TestClient, method: str, path: str, content: bytes | None, status: int, code: str
) -> None:
    answer = client.request(method, path, content=content, headers=JSON if content else {})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    problem = Problem.model_validate(answer.json())
    assert (problem.status, problem.code) == (status, code)
    assert problem.title
    assert problem.detail
    assert answer.headers["x-request-id"]


def test_a_secret_that_was_sent_does_not_come_back(client: TestClient) -> None:
    answer = client.post("/sign-in", json={"user_name": "", "password": "hunter2", "extra": "hunter2"})
    assert answer.status_code == 422
    assert "hunter2" not in answer.text


def test_a_body_that_says_nothing_of_its_length_is_cut_off_as_it_is_read(client: TestClient) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100_000):
            sent += 65536
            yield bytes(65536)

    # The client of the tests joins the pieces first, so the guard is asked directly.
    def application() -> FastAPI:
        app = FastAPI()

        @app.post("/")
        def take(body: dict[str, str]) -> None:
            """Take a body."""

        app.add_middleware(limits.BodyLimit, max_bytes=1_000_000)
        return app

    import anyio

    async def ask() -> list[dict[str, object]]:
        pieces, answers = endless(), []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": next(pieces), "more_body": True}

        async def send(message: dict[str, object]) -> None:
            answers.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json")],
        }
        await application()(scope, receive, send)  # type: ignore[arg-type]
        return answers

    answers = anyio.run(ask)
    assert answers[0]["status"] == 413
    assert sent < 1_200_000


def test_what_nobody_thought_of_is_answered_without_its_inside(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(data_folder=tmp_path, admin_password="pw", workers=1))
    broken = APIRouter()

    @broken.get("/api/broken")
    def fail() -> None:
        raise RuntimeError("the secret inside")

    app.router.routes.insert(0, broken.routes[0])
    with TestClient(app) as client:
        answer = client.get("/api/broken")
    assert (answer.status_code, answer.headers["content-type"]) == (500, MEDIA_TYPE)
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    said = "".join((*capfd.readouterr(), caplog.text))
    assert "the secret inside" in said
    assert answer.headers["x-request-id"] in said


def test_the_table_knows_every_refusal_of_the_layers_below() -> None:
    for kind in ForensicsError.__subclasses__():
        if kind.__module__.startswith(("forensics", "indexer")):
            assert any(issubclass(kind, known) for known in ANSWERS), kind
    assert problem_of(NotFound("photograph", "x")).status == 404
