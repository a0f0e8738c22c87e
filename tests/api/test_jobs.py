"""Jobs and the state of the installation."""

from __future__ import annotations

import threading
import time
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

import api.background
from tests.api.conftest import Upload
from tests.indexer.pictures import photograph


def test_the_state_counts_what_is_there(client: TestClient, upload: Upload) -> None:
    before = client.get("/status").json()
    assert before["index"] == {"state": "ready", "progress": 1.0}
    taken = upload(("a.jpg", photograph(51)))
    client.post("/searches", files={"file": ("q.jpg", photograph(52))})
    after = client.get("/status").json()
    assert after["photographs"] == before["photographs"] + 1
    marks = client.get(f"/photographs/{taken['accepted'][0]['id']}").json()["marks"]
    assert after["marks"] == before["marks"] + len(marks)
    assert after["waiting"] == 0


def test_jobs_are_listed_newest_first(client: TestClient, upload: Upload) -> None:
    keys = [upload((f"{at}.jpg", photograph(53 + at)))["job"]["id"] for at in range(3)]
    listed = client.get("/jobs", params={"limit": 3}).json()["items"]
    assert [job["id"] for job in listed] == keys[::-1]
    assert client.get("/jobs", params={"limit": 0}).status_code == 422
    assert client.get(f"/jobs/{uuid4()}").status_code == 404


def test_a_reindex_runs_once_at_a_time_and_leaves_all_to_be_found(
    client: TestClient, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(("a.jpg", photograph(57, 1)))
    go_on = threading.Event()
    build = api.background.reindex

    def held(*args: object, **given: object) -> int:
        assert go_on.wait(20)
        return build(*args, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(api.background, "reindex", held)
    started = client.post("/jobs/reindex")
    assert (started.status_code, started.json()["kind"], started.json()["state"]) == (202, "reindex", "running")
    second = client.post("/jobs/reindex")
    assert (second.status_code, second.json()["code"]) == (409, "reindex_running")
    go_on.set()
    for _ in range(400):
        job = client.get(f"/jobs/{started.json()['id']}").json()
        if job["state"] != "running":
            break
        time.sleep(0.05)
    assert (job["state"], job["done"]) == ("done", job["total"])
    found = client.post("/searches", files={"file": ("q.jpg", photograph(57, 2))}).json()["items"]
    assert found[0]["reference_photograph"]["file_name"] == "a.jpg"
