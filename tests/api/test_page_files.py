"""The built page beside the API."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import page_files
from api.requests import Requests


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("the document")
    (folder / "assets" / "index-1a2b.js").write_text("the script")
    (folder / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def open_page(folder: Path) -> TestClient:
    app = FastAPI()
    page_files.install(app, folder)
    app.add_middleware(Requests)
    return TestClient(app)


def test_files_are_served_and_every_other_address_is_the_page(built: Path) -> None:
    client = open_page(built)
    assert client.get("/icon.svg").text == "<svg/>"
    for address in ("/", "/seizures/1", "/sign-in", "/apiary"):
        assert client.get(address).text == "the document"
        assert client.get(address).headers["cache-control"] == "no-cache"
    script = client.get("/assets/index-1a2b.js")
    assert (script.text, script.headers["content-type"]) == ("the script", "text/javascript; charset=utf-8")
    assert "immutable" in script.headers["cache-control"]
    assert client.get("/assets/index-gone.js").status_code == 404


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/v1/nothing"])
def test_addresses_of_the_api_are_never_the_page(built: Path, address: str) -> None:
    assert open_page(built).get(address).status_code == 404


OUTSIDE = ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt", "/%00"]


@pytest.mark.parametrize("address", OUTSIDE)
def test_nothing_outside_the_page_is_served(built: Path, address: str) -> None:
    answer = open_page(built).get(address)
    assert "secret" not in answer.text
    assert answer.status_code < 500


def test_without_a_page_it_says_how_to_build_it(tmp_path: Path) -> None:
    client = open_page(tmp_path / "none")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make setup" in answer.text


def test_a_browser_is_told_to_load_nothing_from_elsewhere(built: Path) -> None:
    headers = open_page(built).get("/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not any("http" in sources or "unsafe-eval" in sources for sources in policy.values())
    assert "'unsafe-inline'" not in policy.get("script-src", policy["default-src"])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
