"""Seizures: record, find, change, delete."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from tests.api.conftest import Upload, folder_of
from tests.indexer.pictures import photograph

EVERYTHING = {
    "date": "2026-03-14",
    "country": "NL",
    "place": "Rotterdam",
    "substance": "cocaine",
    "conveyance": "container ship",
    "departure": "somewhere",
    "transit": "elsewhere",
    "destination": "here",
    "concealment": "under the floor",
    "notes": "wet 50%_off",
    "handling_code": "H1",
}


def test_what_was_recorded_comes_back(client: TestClient) -> None:
    answer = client.post("/seizures", json={"case_reference": "  whole-1 ", **EVERYTHING})
    assert answer.status_code == 201
    made = answer.json()
    assert EVERYTHING.items() <= made.items()
    assert made["case_reference"] == "whole-1"
    assert made["owner"] == "Test laboratory"
    assert (made["photographs"], made["cover"]) == (0, None)
    whole = client.get(f"/seizures/{made['id']}").json()
    assert EVERYTHING.items() <= whole.items()
    assert (whole["photographs"], whole["profiles"], whole["matches"]) == ([], [], [])


@pytest.mark.parametrize(
    ("form", "where"),
    [
        ({}, "case_reference"),
        ({"case_reference": " "}, "case_reference"),
        ({"case_reference": "x" * 201}, "case_reference"),
        ({"case_reference": "x", "date": "yesterday"}, "date"),
        ({"case_reference": "x", "origin": "nowhere"}, "origin"),
    ],
)
def test_a_form_that_does_not_fit_is_refused_by_field(client: TestClient, form: dict[str, Any], where: str) -> None:
    answer = client.post("/seizures", json=form)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert where in answer.json()["detail"]


def test_a_case_reference_is_given_once(client: TestClient, seizure: dict[str, Any]) -> None:
    again = client.post("/seizures", json={"case_reference": seizure["case_reference"]})
    assert (again.status_code, again.json()["code"]) == (409, "case_reference_taken")
    other = client.post("/seizures", json={"case_reference": f"{seizure['case_reference']}-b"}).json()
    renamed = client.patch(f"/seizures/{other['id']}", json={"case_reference": seizure["case_reference"]})
    assert renamed.json()["code"] == "case_reference_taken"


def test_what_is_not_sent_stays(client: TestClient) -> None:
    made = client.post("/seizures", json={"case_reference": "change-1", **EVERYTHING}).json()
    changed = client.patch(f"/seizures/{made['id']}", json={"place": "Antwerp", "date": None}).json()
    assert changed == {**made, "place": "Antwerp", "date": None}
    assert client.patch(f"/seizures/{made['id']}", json={"owner": "me"}).status_code == 422


def test_lists_page_and_find_words_in_any_field(client: TestClient) -> None:
    made = [
        client.post("/seizures", json={"case_reference": f"page-{at}", "notes": "wandering albatross"}).json()["id"]
        for at in range(5)
    ]
    pages = [
        client.get("/seizures", params={"q": "ALBATROSS page", "limit": 2, "offset": at}).json() for at in (0, 2, 4)
    ]
    assert [page["total"] for page in pages] == [5, 5, 5]
    assert [item["id"] for page in pages for item in page["items"]] == made[::-1]
    assert client.get("/seizures", params={"q": "albatross penguin"}).json() == {"items": [], "total": 0}


@pytest.mark.parametrize("text", ["50%_", "%", "_", "\\", "'; drop table seizure; --"])
def test_signs_of_a_database_are_only_text(client: TestClient, text: str) -> None:
    reference = f"signs {uuid4()}"
    client.post("/seizures", json={"case_reference": reference, "notes": f"a{text}b"})
    client.post("/seizures", json={"case_reference": f"{reference} other", "notes": "plain"})
    found = client.get("/seizures", params={"q": f"{reference} a{text}b"}).json()
    assert [item["case_reference"] for item in found["items"]] == [reference]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"q": "x" * 201}])
def test_pages_have_bounds(client: TestClient, query: dict[str, Any]) -> None:
    assert client.get("/seizures", params=query).status_code == 422


@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/profiles")])
def test_one_that_is_not_there_is_not_found(client: TestClient, method: str, rest: str) -> None:
    answer = client.request(method, f"/seizures/{uuid4()}{rest}", json={} if method == "PATCH" else None)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_deleting_it_leaves_nothing(client: TestClient, upload: Upload, settings: Settings) -> None:
    before = {name: folder_of(settings, name) for name in ("originals", "derivatives")}
    seizure = client.post("/seizures", json={"case_reference": "delete-1"}).json()
    taken = upload(("a.jpg", photograph(31)), ("b.jpg", photograph(32)), to=seizure["id"])["accepted"]
    profile = {"sample": "S", "method": "m", "unit": "mg/g", "values": [{"analyte": "a", "value": 1}]}
    profile_id = client.post(f"/seizures/{seizure['id']}/profiles", json=profile).json()["id"]
    assert client.get(f"/photographs/{taken[0]['id']}/image").status_code == 200
    whole = client.get(f"/seizures/{seizure['id']}").json()
    assert [one["id"] for one in whole["photographs"]] == [one["id"] for one in taken]
    assert whole["cover"] == taken[0]["id"]

    assert client.delete(f"/seizures/{seizure['id']}").status_code == 204
    for address in (f"/seizures/{seizure['id']}", f"/photographs/{taken[0]['id']}", f"/profiles/{profile_id}/similar"):
        assert client.get(address).status_code == 404
    assert {name: folder_of(settings, name) for name in before} == before
