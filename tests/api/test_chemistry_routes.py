"""Chemical profiles: entered, imported, compared."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

FORM: dict[str, Any] = {
    "sample": "S1",
    "method": "GC-MS",
    "unit": "mg/g",
    "values": [{"analyte": "cocaine", "value": 610.0}, {"analyte": "levamisole", "value": None}],
}


def test_a_profile_is_entered_once_and_deleted(client: TestClient, seizure: dict[str, Any]) -> None:
    address = f"/seizures/{seizure['id']}/profiles"
    made = client.post(address, json=FORM)
    assert made.status_code == 201
    assert FORM.items() <= made.json().items()
    assert client.post(address, json=FORM).json() == made.json()
    assert client.get(address).json() == {"items": [made.json()]}
    assert client.delete(f"/profiles/{made.json()['id']}").status_code == 204
    assert client.get(address).json() == {"items": []}
    assert client.delete(f"/profiles/{made.json()['id']}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"sample": " "},
        {"unit": ""},
        {"values": []},
        {"values": [{"analyte": "a", "value": -1}]},
        {"values": [{"analyte": "a", "value": 1}, {"analyte": "A ", "value": 2}]},
        {"values": [{"analyte": "a", "value": 1001}]},
        {"instrument": "x"},
    ],
)
def test_a_profile_that_is_none_is_refused(client: TestClient, seizure: dict[str, Any], change: dict[str, Any]) -> None:
    answer = client.post(f"/seizures/{seizure['id']}/profiles", json={**FORM, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(f"/seizures/{seizure['id']}/profiles").json() == {"items": []}


def send(client: TestClient, seizure: dict[str, Any], table: str) -> Any:
    return client.post(f"/seizures/{seizure['id']}/profiles/import", files={"file": ("t.csv", table.encode())})


def test_a_table_is_stored_as_a_whole(client: TestClient, seizure: dict[str, Any]) -> None:
    answer = send(client, seizure, "sample,method,unit,a,b\nS1,GC,mg/g,1,2\nS2,GC,mg/g,3,n.d.\n")
    assert answer.status_code == 201
    values = {one["sample"]: {v["analyte"]: v["value"] for v in one["values"]} for one in answer.json()["items"]}
    assert values == {"S1": {"a": 1, "b": 2}, "S2": {"a": 3, "b": None}}
    assert client.get(f"/seizures/{seizure['id']}").json()["profiles"] == answer.json()["items"]


def test_a_table_with_a_fault_is_refused_as_a_whole_by_row(client: TestClient, seizure: dict[str, Any]) -> None:
    answer = send(client, seizure, "sample,method,unit,a\nS1,GC,mg/g,1\nS2,GC,mg/g,much\n")
    assert answer.status_code == 422
    assert "3" in answer.json()["detail"]
    assert client.get(f"/seizures/{seizure['id']}/profiles").json() == {"items": []}


def test_only_the_rows_of_the_seizure_are_taken(client: TestClient, seizure: dict[str, Any]) -> None:
    head, own = "case_reference,sample,method,unit,a\n", seizure["case_reference"]
    answer = send(client, seizure, f"{head}{own},S1,GC,mg/g,1\nanother,S2,GC,mg/g,2\n")
    assert [one["sample"] for one in answer.json()["items"]] == ["S1"]
    none = send(client, seizure, f"{head}another,S2,GC,mg/g,2\n")
    assert (none.status_code, none.json()["code"]) == (422, "other_seizure")


def test_what_is_no_table_is_refused(client: TestClient, seizure: dict[str, Any]) -> None:
    assert send(client, seizure, "").status_code == 422
    assert send(client, seizure, "x" * 1_000_001).status_code == 413
    assert client.post(f"/seizures/{seizure['id']}/profiles/import", json={}).status_code == 400
    assert client.post(f"/seizures/{seizure['id']}/profiles/import", files={"f": b"x"}).json()["code"] == "no_file"
    assert client.post(f"/seizures/{uuid4()}/profiles/import", files={"file": b"x"}).status_code == 404
    assert client.post(f"/seizures/{uuid4()}/profiles", json=FORM).status_code == 404


def test_similar_profiles_are_of_other_seizures_and_one_method(client: TestClient, linked: dict[str, Any]) -> None:
    answer = client.get(f"/profiles/{linked['later']['profile']['id']}/similar").json()
    assert answer["query"] == linked["later"]["profile"]
    best = answer["items"][0]
    assert best["profile"] == linked["earlier"]["profile"]
    assert best["seizure"]["case_reference"] == "linked-earlier"
    assert best["score"] == pytest.approx(1)
    assert {one["profile"]["method"] for one in answer["items"]} == {"GC-MS"}
    assert client.get(f"/profiles/{uuid4()}/similar").status_code == 404
