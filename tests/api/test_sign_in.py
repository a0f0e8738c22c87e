"""Signing in and out, and that nothing is in front of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pwdlib
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlmodel import select

from api.settings import Settings
from api.sign_in.guesses import GuessParams
from indexer.records import SignIn, User, utc_now
from tests.api.conftest import BASE, PASSWORD

IN_FRONT = {("POST", f"{BASE}/sign-in"), ("GET", f"{BASE}/healthz")}
RIGHT = {"user_name": "administrator", "password": PASSWORD}


def every_route(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and path of the API, from the application's own routing table and from its description."""

    def walk(routes: list[Any], prefix: str = "") -> set[tuple[str, str]]:
        found = set()
        for route in routes:
            if isinstance(route, APIRoute):
                found |= {(method, prefix + route.path) for method in route.methods}
            elif hasattr(route, "effective_route_contexts"):
                found |= {
                    (method, context.path)
                    for context in route.effective_route_contexts()
                    for method in context.methods or ()
                }
        return found

    described = {(method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods}
    return sorted(described | {route for route in walk(list(app.routes)) if route[1].startswith("/api")})


def test_every_route_but_two_needs_a_sign_in(app: FastAPI, stranger: TestClient) -> None:
    routes = every_route(app)
    assert len(routes) > 30
    assert set(routes) > IN_FRONT
    assert ("GET", f"{BASE}/docs") in routes
    for method, path in set(routes) - IN_FRONT:
        address = path.removeprefix(BASE)
        for name in ("seizure", "photograph", "mark", "comparison", "profile", "job"):
            address = address.replace(f"{{{name}_id}}", str(uuid4()))
        answer = stranger.request(method, address.replace("{side}", "query"))
        # Where a body is needed it is missed before anybody is asked who they are: nothing is told either way.
        assert answer.status_code in {401, 422}, f"{method} {path}: {answer.status_code}"
        if answer.status_code == 422:
            answer = stranger.request(method, address, json=BODIES[path])
            assert answer.status_code == 401, f"{method} {path}: {answer.text}"
        assert answer.json()["code"] == "not_signed_in", f"{method} {path}"


BODIES: dict[str, Any] = {
    f"{BASE}/seizures": {"case_reference": "x"},
    f"{BASE}/seizures/{{seizure_id}}": {},
    f"{BASE}/seizures/{{seizure_id}}/profiles": {
        "sample": "s",
        "method": "m",
        "unit": "u",
        "values": [{"analyte": "a", "value": 1}],
    },
    f"{BASE}/photographs/{{photograph_id}}/promote": {"seizure_id": str(uuid4())},
    f"{BASE}/photographs/{{photograph_id}}/marks": {"polygon": [[0, 0], [1, 0], [1, 1]]},
    f"{BASE}/marks/{{mark_id}}": {},
    f"{BASE}/comparisons/{{comparison_id}}/decisions": {"outcome": "confirmed"},
}


def test_a_change_without_the_pages_header_is_refused(client: TestClient, app: FastAPI) -> None:
    elsewhere = TestClient(app, base_url=f"http://testserver{BASE}", cookies=dict(client.cookies))
    assert elsewhere.get("/me").status_code == 200
    for method, path in every_route(app):
        if method != "GET":
            answer = elsewhere.request(method, path.removeprefix(BASE).replace("{", "").replace("}", ""))
            # An id that is none, or a missing body, may be told first; never that it was done.
            assert answer.status_code in {403, 422}, f"{method} {path}: {answer.status_code}"
    answer = elsewhere.post("/seizures", json={"case_reference": "forged"})
    assert (answer.status_code, answer.json()["code"]) == (403, "header_missing")
    assert client.get("/seizures", params={"q": "forged"}).json()["total"] == 0


def test_the_cookie_is_for_this_site_and_not_for_scripts(stranger: TestClient) -> None:
    answer = stranger.post("/sign-in", json=RIGHT)
    flags = {flag.strip().lower() for flag in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/", "max-age=43200"} <= flags
    assert "secure" not in flags
    assert answer.json() == {
        "user_name": "administrator",
        "display_name": "Administrator",
        "organisation": "Test laboratory",
    }


def test_the_server_keeps_neither_password_nor_token(stranger: TestClient, app: FastAPI) -> None:
    stranger.post("/sign-in", json=RIGHT)
    token = stranger.cookies["cachet"]
    with app.state.running.memory.reading() as session:
        kept = [row.model_dump() for row in session.exec(select(SignIn)).all()]
        kept += [row.model_dump() for row in session.exec(select(User)).all()]
    assert token not in str(kept)
    assert PASSWORD not in str(kept)


def test_signing_out_ends_the_session_on_the_server(stranger: TestClient) -> None:
    stranger.post("/sign-in", json=RIGHT)
    token = stranger.cookies["cachet"]
    assert stranger.get("/me").status_code == 200
    assert stranger.post("/sign-out").status_code == 204
    assert "cachet" not in stranger.cookies
    stranger.cookies.set("cachet", token)
    assert stranger.get("/me").status_code == 401


def test_a_session_ends_by_itself(stranger: TestClient, app: FastAPI) -> None:
    stranger.post("/sign-in", json=RIGHT)
    with app.state.running.memory.writing() as session:
        newest = max(session.exec(select(SignIn)).all(), key=lambda row: row.created_at)
        newest.expires_at = utc_now() - timedelta(seconds=1)
        session.add(newest)
    assert stranger.get("/me").json()["code"] == "not_signed_in"


def test_a_disabled_user_is_out_at_once(stranger: TestClient, app: FastAPI) -> None:
    memory = app.state.running.memory
    stranger.post("/sign-in", json=RIGHT)

    def disable(at: Any) -> None:
        with memory.writing() as session:
            user = session.exec(select(User)).one()
            user.disabled_at = at
            session.add(user)

    disable(utc_now())
    try:
        assert stranger.get("/me").status_code == 401
        assert stranger.post("/sign-in", json=RIGHT).status_code == 401
    finally:
        disable(None)
    assert stranger.get("/me").status_code == 200


def test_unknown_user_and_wrong_password_are_answered_alike(
    stranger: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verify = pwdlib.PasswordHash.verify

    def counted(self: pwdlib.PasswordHash, password: str, kept: str) -> bool:
        verified.append(kept)
        return verify(self, password, kept)

    monkeypatch.setattr(pwdlib.PasswordHash, "verify", counted)
    wrong = stranger.post("/sign-in", json={**RIGHT, "password": "guess"})
    unknown = stranger.post("/sign-in", json={"user_name": "nobody", "password": "guess"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert set(wrong.headers) == set(unknown.headers)
    # The slow part is done once for each, with the same parameters of the hash.
    assert len(verified) == 2
    assert verified[0].split("$")[:4] == verified[1].split("$")[:4]


@pytest.mark.parametrize("user_name", ["mallory", "nobody at all"])
def test_guessing_is_slowed_down(stranger: TestClient, user_name: str) -> None:
    guess = {"user_name": user_name, "password": "guess"}
    for _ in range(GuessParams().failures):
        assert stranger.post("/sign-in", json=guess).status_code == 401
    answer = stranger.post("/sign-in", json=guess)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_guesses")
    assert 0 < int(answer.headers["retry-after"]) <= GuessParams().window
    # The address waits too, also with the right password of somebody else.
    assert stranger.post("/sign-in", json=RIGHT).status_code == 429


def test_the_cookie_is_for_https_only_where_that_is_set(settings: Settings) -> None:
    from fastapi import Response

    from api.routes.session import set_cookie

    response = Response()
    set_cookie(response, settings.model_copy(update={"secure_cookie": True}), "token")
    assert "secure" in response.headers["set-cookie"].lower()
