"""The API's description: whole, and readable without a line to anywhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import TAGS
from api.problems import MEDIA_TYPE


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    described: dict[str, Any] = app.openapi()
    return described


def routes(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, one) for path, many in document["paths"].items() for method, one in many.items()]


def test_every_route_says_what_it_is_for_and_how_it_fails(document: dict[str, Any]) -> None:
    known = {tag["name"] for tag in TAGS}
    used = set()
    for method, path, route in routes(document):
        where = f"{method} {path}"
        assert route["summary"], where
        assert route["description"].endswith("."), where
        assert set(route["tags"]) <= known, where
        used |= set(route["tags"])
        answers = route["responses"]
        problems = {status: one for status, one in answers.items() if status[0] in "45"}
        assert all(list(one["content"]) == [MEDIA_TYPE] for one in problems.values()), where
        expected = {"500"}
        if path not in ("/api/v1/healthz", "/api/v1/sign-in"):
            expected |= {"401", "403"}
        if "{" in path:
            expected |= {"404", "422"}
        if "requestBody" in route:
            expected |= {"413", "422"}
        assert expected <= set(problems), f"{where} lacks {expected - set(problems)}"
        for parameter in route.get("parameters", ()):
            assert parameter["description"], f"{where} {parameter['name']}"
    assert used == known


def test_names_are_readable_and_every_value_is_described(document: dict[str, Any]) -> None:
    names = [route["operationId"] for _, _, route in routes(document)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z]+_[a-z_]+", name) for name in names), names
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in re.findall(r"'\$ref': '([^']+)'", str(document)):
        assert reference.rsplit("/", 1)[-1] in document["components"]["schemas"], reference


def test_it_is_served_to_programs_and_to_people(client: TestClient, document: dict[str, Any]) -> None:
    assert client.get("/openapi.json").json()["paths"].keys() == document["paths"].keys()
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    for _, path, route in routes(document):
        assert path in page.text
        assert route["summary"] in page.text
    for name in document["components"]["schemas"]:
        assert f'id="{name}"' in page.text
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page.text)
    assert "<script" not in page.text
