"""Marks: drawn, changed, shown, deleted."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from tests.api.conftest import Upload
from tests.indexer.pictures import photograph

BOX = [[40.0, 30.0], [240.0, 30.0], [240.0, 180.0], [40.0, 180.0]]


@pytest.fixture
def taken(upload: Upload) -> dict[str, Any]:
    photographed: dict[str, Any] = upload(("a.jpg", photograph(41)))["accepted"][0]
    return photographed


def test_a_person_draws_changes_and_deletes_a_mark(client: TestClient, taken: dict[str, Any]) -> None:
    address = f"/photographs/{taken['id']}"
    form = {"polygon": BOX, "kind": "logo_on_wrapper", "note": "crown"}
    drawn = client.post(f"{address}/marks", json=form)
    assert drawn.status_code == 201
    mark = drawn.json()
    assert form.items() <= mark.items()
    assert (mark["found_by"], mark["photograph_id"]) == ("person", taken["id"])
    assert mark in client.get(address).json()["marks"]

    moved = [[x + 5, y + 5] for x, y in BOX]
    changed = client.patch(f"/marks/{mark['id']}", json={"polygon": moved}).json()
    assert changed == {**mark, "polygon": moved}
    changed = client.patch(f"/marks/{mark['id']}", json={"kind": "edge", "note": ""}).json()
    assert changed == {**mark, "polygon": moved, "kind": "edge", "note": ""}

    assert client.delete(f"/marks/{mark['id']}").status_code == 204
    assert mark["id"] not in [one["id"] for one in client.get(address).json()["marks"]]
    assert client.delete(f"/marks/{mark['id']}").status_code == 404


def test_a_mark_is_shown_with_its_margin_and_changes_with_it(client: TestClient, taken: dict[str, Any]) -> None:
    mark = client.post(f"/photographs/{taken['id']}/marks", json={"polygon": BOX}).json()
    answer = client.get(f"/marks/{mark['id']}/image", params={"width": 160})
    # 200 by 150 and a margin of 30 on every side.
    assert Image.open(io.BytesIO(answer.content)).size == (160, pytest.approx(160 * 210 / 260, abs=1))
    assert "no-cache" in answer.headers["cache-control"]
    client.patch(f"/marks/{mark['id']}", json={"polygon": [[x, y / 2] for x, y in BOX]})
    again = client.get(
        f"/marks/{mark['id']}/image", params={"width": 160}, headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 200
    assert client.get(f"/marks/{uuid4()}/image").status_code == 404


@pytest.mark.parametrize(
    "polygon",
    [
        [],
        [[0, 0], [10, 10]],
        [[0, 0], [10, 10], ["x", 5]],
        [[0, 0, 0], [10, 10, 0], [0, 10, 0]],
        [[1, 1]] * 401,
        [[5, 5], [5, 5], [5, 5]],
        [[900, 900], [990, 900], [990, 990]],
    ],
)
def test_a_polygon_that_is_no_region_is_refused(client: TestClient, taken: dict[str, Any], polygon: list[Any]) -> None:
    answer = client.post(f"/photographs/{taken['id']}/marks", json={"polygon": polygon})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_numbers_that_are_none_are_refused(client: TestClient, taken: dict[str, Any]) -> None:
    for number in ("NaN", "Infinity", "1e999"):
        answer = client.post(
            f"/photographs/{taken['id']}/marks",
            content=f'{{"polygon": [[0, 0], [100, {number}], [100, 100]]}}',
            headers={"content-type": "application/json"},
        )
        assert answer.status_code == 422, number


def test_the_whole_photograph_is_always_a_mark(client: TestClient, taken: dict[str, Any]) -> None:
    marks = client.get(f"/photographs/{taken['id']}").json()["marks"]
    whole = next(mark for mark in marks if mark["found_by"] == "whole")
    for answer in (
        client.delete(f"/marks/{whole['id']}"),
        client.patch(f"/marks/{whole['id']}", json={"polygon": BOX}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "whole_photograph")
    assert client.patch(f"/marks/{uuid4()}", json={}).status_code == 404
    assert client.post(f"/photographs/{uuid4()}/marks", json={"polygon": BOX}).status_code == 404


def test_a_mark_that_was_decided_on_stays(client: TestClient, upload: Upload) -> None:
    photographed = upload(("one.jpg", photograph(83, 1)), ("two.jpg", photograph(83, 2)))["accepted"][0]["id"]
    box = [[10, 10], [310, 10], [310, 230], [10, 230]]
    mark = client.post(f"/photographs/{photographed}/marks", json={"polygon": box}).json()
    hit = client.get(f"/marks/{mark['id']}/hits").json()["items"][0]
    decision = {"outcome": "inconclusive", "reason": "too worn"}
    assert client.post(f"/comparisons/{hit['comparison_id']}/decisions", json=decision).status_code == 201
    refused = client.delete(f"/marks/{mark['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "decided")
    assert "draw a new mark" in refused.json()["hint"]
    beside = client.patch(f"/marks/{mark['id']}", json={"polygon": [[x + 2, y + 2] for x, y in box]}).json()
    assert beside["id"] != mark["id"]
    assert {mark["id"], beside["id"]} <= {
        one["id"] for one in client.get(f"/photographs/{photographed}").json()["marks"]
    }
