"""One running application for all tests of the API; each test records its own seizures in it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.indexer.pictures import photograph

PASSWORD = "correct horse battery staple"
BASE = "/api/v1"

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data_folder=tmp_path_factory.mktemp("api") / "data",
        admin_password=PASSWORD,
        organisation="Test laboratory",
        workers=1,
        max_file_megabytes=1,
        max_body_megabytes=1,
    )


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """Signed in, as the page is."""
    with TestClient(create_app(settings), base_url=f"http://testserver{BASE}", headers={"X-Cachet": "1"}) as opened:
        answer = opened.post("/sign-in", json={"user_name": "administrator", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield opened


@pytest.fixture
def app(client: TestClient) -> FastAPI:
    assert isinstance(client.app, FastAPI)
    return client.app


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    """Not signed in, at an address of its own."""
    address = f"10.0.0.{next(_numbers)}"
    return TestClient(app, base_url=f"http://testserver{BASE}", headers={"X-Cachet": "1"}, client=(address, 50000))


@pytest.fixture
def seizure(client: TestClient) -> dict[str, Any]:
    answer = client.post("/seizures", json={"case_reference": f"T-{next(_numbers)}", "substance": "cocaine"})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


Upload = Callable[..., dict[str, Any]]


def wait_until_idle(client: TestClient) -> None:
    for _ in range(600):
        if client.get("/status").json()["waiting"] == 0:
            return
        time.sleep(0.05)
    raise AssertionError("photographs still wait after 30 s")


@pytest.fixture
def upload(client: TestClient, seizure: dict[str, Any]) -> Upload:
    """Upload files to a seizure and wait until they are described."""

    def send(*files: tuple[str, bytes], to: str | None = None) -> dict[str, Any]:
        answer = client.post(f"/seizures/{to or seizure['id']}/photographs", files=[("files", file) for file in files])
        assert answer.status_code == 202, answer.text
        wait_until_idle(client)
        taken: dict[str, Any] = answer.json()
        return taken

    return send


@pytest.fixture(scope="session")
def linked(client: TestClient) -> dict[str, Any]:
    """Two seizures with photographs of one design, each with a chemical profile; the later one finds the earlier."""
    made: dict[str, Any] = {}
    for name, take in (("earlier", 1), ("later", 2)):
        seizure = client.post("/seizures", json={"case_reference": f"linked-{name}"}).json()
        files = [("files", (f"{name}.jpg", photograph(77, take)))]
        answer = client.post(f"/seizures/{seizure['id']}/photographs", files=files).json()
        wait_until_idle(client)
        values = [{"analyte": analyte, "value": (place + 1) * take} for place, analyte in enumerate("abcdefgh")]
        profile = {"sample": "S1", "method": "GC-MS", "unit": "peak area", "values": values}
        profile = client.post(f"/seizures/{seizure['id']}/profiles", json=profile).json()
        made[name] = {"seizure": seizure, "photograph": answer["accepted"][0], "profile": profile}
    hits = client.get(f"/photographs/{made['later']['photograph']['id']}/hits").json()
    made["hit"] = next(hit for hit in hits["items"] if hit["seizure"]["case_reference"] == "linked-earlier")
    return made


def folder_of(settings: Settings, name: str) -> list[Path]:
    """List the files in one folder of the data folder, but for the lock that belongs to no photograph."""
    return sorted(path for path in (settings.data_folder / name).rglob("*") if path.is_file() and path.name != "lock")
