from __future__ import annotations

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from indexer.records import new_key
from tests.api.conftest import Upload
from tests.written import jpeg, written


@pytest.fixture(scope="session")
def words(client: TestClient) -> dict[str, Any]:
    """Two photographs of two seizures that share a word, and were read."""
    made: dict[str, Any] = {}
    for name, said in (("one", ["NORDO 57", "KELTO"]), ("other", ["NORDO", "VESTO 9"])):
        seizure = client.post("/seizures", json={"case_reference": f"words-{name}"}).json()
        placed = [(word, (200, 100 + 150 * k), 0.0) for k, word in enumerate(said)]
        files = [("files", (f"{name}.jpg", jpeg(written(placed))))]
        accepted = client.post(f"/seizures/{seizure['id']}/photographs", files=files).json()["accepted"]
        made[name] = {"seizure": seizure, "photograph": accepted[0]}
        wait_until_read(client, accepted[0]["id"])
    return made


def wait_until_read(client: TestClient, photograph_id: str) -> dict[str, Any]:
    for _ in range(1200):
        reading: dict[str, Any] = client.get(f"/photographs/{photograph_id}/texts").json()
        if reading["state"] != "waiting":
            return reading
        time.sleep(0.05)
    raise AssertionError("the photograph is not read after 60 s")


def test_what_is_written_on_a_photograph(client: TestClient, words: dict[str, Any]) -> None:
    reading = client.get(f"/photographs/{words['one']['photograph']['id']}/texts").json()
    assert (reading["state"], reading["failure"], reading["method"]) == ("read", None, "text/1")
    assert [line["words"] for line in reading["items"]] == ["NORDO 57", "KELTO"]
    first = reading["items"][0]
    assert first["polygon"][0][0] < first["polygon"][1][0]
    assert (first["by_person"], first["as_read"]) == (False, None)
    assert 0.9 < first["confidence"] <= 1


def test_a_wrong_letter_does_not_hide_it(client: TestClient, words: dict[str, Any]) -> None:
    found = client.get("/texts", params={"q": "n0rda 57"}).json()
    assert found["total"] == 2
    best = found["items"][0]
    assert best["seizure"]["case_reference"] == "words-one"
    assert best["photograph"]["file_name"] == "one.jpg"
    match = best["lines"][0]
    assert [match["line"]["words"][a:b] for a, b in match["spans"]] == ["NORDO 57"]
    second = client.get("/texts", params={"q": "n0rda 57", "limit": 1, "offset": 1}).json()
    assert [hit["photograph"]["file_name"] for hit in second["items"]] == ["other.jpg"]


def test_no_words_find_nothing(client: TestClient, words: dict[str, Any]) -> None:
    for q in ("", "  ", "?!", "QUVAXENO"):
        assert client.get("/texts", params={"q": q}).json() == {"items": [], "total": 0}
    assert client.get("/texts", params={"q": "x" * 201}).status_code == 422


def test_a_seizure_is_found_by_what_is_written_on_its_packages(client: TestClient, words: dict[str, Any]) -> None:
    found = client.get("/seizures", params={"q": "kelto"}).json()
    assert [seizure["case_reference"] for seizure in found["items"]] == ["words-one"]
    both = client.get("/seizures", params={"q": "words-one ke1to"}).json()
    assert both["total"] == 1
    assert client.get("/seizures", params={"q": "words-other kelto"}).json()["total"] == 0


def test_a_person_corrects_adds_and_deletes(client: TestClient, upload: Upload) -> None:
    photograph = upload(("note.jpg", jpeg(written([("GRIVA", (200, 240), 0)]))))["accepted"][0]["id"]
    (line,) = wait_until_read(client, photograph)["items"]
    corrected = client.patch(f"/texts/{line['id']}", json={"words": "GRIVA 12"}).json()
    assert (corrected["words"], corrected["as_read"], corrected["by_person"]) == ("GRIVA 12", "GRIVA", True)
    assert corrected["id"] != line["id"]
    assert client.patch(f"/texts/{line['id']}", json={"words": "X1"}).status_code == 404
    assert client.patch(f"/texts/{corrected['id']}", json={"words": "---"}).json()["code"] == "no_words"
    form = {"polygon": [[10, 400], [90, 400], [90, 430]], "words": "faint"}
    added = client.post(f"/photographs/{photograph}/texts", json=form)
    assert added.status_code == 201
    off = {"polygon": [[1000, 400], [1090, 400], [1090, 430]], "words": "faint"}
    assert client.post(f"/photographs/{photograph}/texts", json=off).json()["code"] == "not_a_region"
    assert client.post(f"/photographs/{photograph}/read").status_code == 202
    assert [one["words"] for one in wait_until_read(client, photograph)["items"]] == ["GRIVA 12", "faint"]
    assert client.delete(f"/texts/{added.json()['id']}").status_code == 204
    assert client.delete(f"/texts/{added.json()['id']}").status_code == 404
    assert len(client.get(f"/photographs/{photograph}/texts").json()["items"]) == 1


def test_what_both_photographs_of_a_comparison_say(client: TestClient, linked: dict[str, Any]) -> None:
    for name in ("earlier", "later"):
        photograph = linked[name]["photograph"]["id"]
        wait_until_read(client, photograph)
        form = {"polygon": [[10, 200], [90, 200], [90, 230]], "words": f"SOLVEK {name}"}
        assert client.post(f"/photographs/{photograph}/texts", json=form).status_code == 201
    compared = client.get(f"/comparisons/{linked['hit']['comparison_id']}/texts").json()
    assert "SOLVEK" in [pair["query"] for pair in compared["shared"]]
    pair = next(pair for pair in compared["shared"] if pair["query"] == "SOLVEK")
    assert compared["query"][pair["query_line"]]["words"] == "SOLVEK later"
    assert compared["reference"][pair["reference_line"]]["words"] == "SOLVEK earlier"
    assert pair["weight"] > 0
    assert compared["score"] >= pair["weight"]
    assert compared["reason"] is None


def test_what_is_not_there(client: TestClient, stranger: TestClient) -> None:
    nobody = new_key()
    assert client.get(f"/photographs/{nobody}/texts").status_code == 404
    assert client.post(f"/photographs/{nobody}/read").status_code == 404
    assert client.get(f"/comparisons/{nobody}/texts").status_code == 404
    form = {"polygon": [[0, 0], [9, 0], [9, 9]], "words": "NORDO"}
    assert client.post(f"/photographs/{nobody}/texts", json=form).status_code == 404
    assert client.delete("/texts/0").status_code == 422
    assert client.delete(f"/texts/{2**63}").status_code == 422
    assert stranger.get("/texts", params={"q": "nordo"}).status_code == 401
