"""Search: by photograph, by mark, by a file that is no exhibit; comparisons and decisions."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from api.settings import Settings
from tests.api.conftest import Upload, folder_of
from tests.indexer.pictures import photograph


def pixels(data: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), float)


def test_a_later_photograph_of_a_design_finds_the_earlier_one(client: TestClient, linked: dict[str, Any]) -> None:
    hit = linked["hit"]
    assert hit["reference_photograph"]["id"] == linked["earlier"]["photograph"]["id"]
    assert hit["query_mark"]["photograph_id"] == linked["later"]["photograph"]["id"]
    assert (hit["status"], hit["decision"]) == ("candidate", None)
    assert hit["measurements"]["inliers"] > 10
    assert hit["chemistry"]["shared_analytes"] == 8
    assert hit["chemistry"]["score"] == pytest.approx(1)
    matches = client.get(f"/seizures/{linked['later']['seizure']['id']}").json()["matches"]
    match = next(one for one in matches if one["seizure"]["case_reference"] == "linked-earlier")
    assert match["query_mark"]["photograph_id"] == linked["later"]["photograph"]["id"]
    assert match["chemistry"] == hit["chemistry"]


def test_the_earlier_one_finds_the_later_one_too(client: TestClient, linked: dict[str, Any]) -> None:
    hits = client.get(f"/photographs/{linked['earlier']['photograph']['id']}/hits").json()
    assert hits["query"]["id"] == linked["earlier"]["photograph"]["id"]
    assert "linked-later" in [hit["seizure"]["case_reference"] for hit in hits["items"]]
    matches = client.get(f"/seizures/{linked['earlier']['seizure']['id']}").json()["matches"]
    match = next(one for one in matches if one["seizure"]["case_reference"] == "linked-later")
    assert match["query_mark"]["photograph_id"] == linked["earlier"]["photograph"]["id"]


def test_hits_of_one_mark_are_of_that_mark(client: TestClient, linked: dict[str, Any]) -> None:
    mark = linked["hit"]["query_mark"]["id"]
    hits = client.get(f"/marks/{mark}/hits", params={"limit": 5}).json()
    assert {hit["query_mark"]["id"] for hit in hits["items"]} == {mark}
    assert client.get(f"/marks/{uuid4()}/hits").status_code == 404
    assert client.get(f"/photographs/{uuid4()}/hits").status_code == 404


def test_a_file_is_searched_with_at_once_and_found_by_nobody(client: TestClient, linked: dict[str, Any]) -> None:
    answer = client.post("/searches", files={"file": ("q.jpg", photograph(77, 3))})
    assert answer.status_code == 201
    found = answer.json()
    assert found["query"]["state"] == "ready"
    assert {"linked-earlier", "linked-later"} <= {hit["seizure"]["case_reference"] for hit in found["items"]}
    assert [hit["standing"] for hit in found["items"]] == sorted(
        (hit["standing"] for hit in found["items"]), reverse=True
    )
    assert all(hit["chemistry"] is None for hit in found["items"])
    again = client.post("/searches", files={"file": ("q2.jpg", photograph(77, 4))}).json()
    assert found["query"]["id"] not in [hit["reference_photograph"]["id"] for hit in again["items"]]
    one = client.post("/searches", files={"file": ("q3.jpg", photograph(77, 5))}, params={"limit": 1}).json()
    assert len(one["items"]) == 1


def test_several_files_are_searched_with_together(client: TestClient, linked: dict[str, Any]) -> None:
    files = [("files", (f"t{take}.jpg", photograph(77, take))) for take in (7, 8)]
    answer = client.post("/searches", files=[*files, ("files", ("torn.jpg", b"text"))])
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert [query["file_name"] for query in found["queries"]] == ["t7.jpg", "t8.jpg"]
    assert [(one["file_name"], one["problem"]["code"]) for one in found["refused"]] == [("torn.jpg", "not_an_image")]
    asked = [query["id"] for query in found["queries"]]
    assert {"linked-earlier", "linked-later"} <= {hit["seizure"]["case_reference"] for hit in found["items"]}
    for hit in found["items"][:2]:
        assert sorted(pair["query_mark"]["photograph_id"] for pair in hit["pairs"]) == sorted(asked)
        for pair in hit["pairs"]:
            assert hit["standing"] >= pair["standing"]
            assert pair["reference_photograph"] == hit["reference_photograph"]
            alone = client.get(f"/photographs/{pair['query_mark']['photograph_id']}/hits").json()["items"]
            assert pair["comparison_id"] in [one["comparison_id"] for one in alone]

    again = client.get("/searches/together", params={"photograph": asked, "limit": 100}).json()
    assert {**again, "refused": found["refused"]} == found
    of_one = client.get("/searches/together", params={"photograph": asked[:1]}).json()
    assert [len(hit["pairs"]) for hit in of_one["items"]] == [1] * len(of_one["items"])
    own = client.get("/searches/together", params={"photograph": [asked[0], linked["later"]["photograph"]["id"]]})
    assert "linked-later" not in [hit["seizure"]["case_reference"] for hit in own.json()["items"]]


def test_what_cannot_be_searched_with_together_is_refused(client: TestClient) -> None:
    torn = client.post("/searches", files=[("files", ("torn.jpg", b"text"))]).json()
    assert (torn["queries"], torn["items"], len(torn["refused"])) == ([], [], 1)
    both = client.post("/searches", files=[("files", ("a.jpg", b"text")), ("file", ("b.jpg", b"text"))])
    assert (both.status_code, both.json()["code"]) == (422, "one_or_several")
    many = client.post("/searches", files=[("files", ("a.jpg", b"text"))] * 21)
    assert (many.status_code, many.json()["code"]) == (413, "too_many_files")
    assert client.get("/searches/together").status_code == 422
    assert client.get("/searches/together", params={"photograph": str(uuid4())}).status_code == 404


def test_a_box_is_searched_with_alone(client: TestClient, linked: dict[str, Any]) -> None:
    box = [[10, 10], [310, 10], [310, 230], [10, 230]]
    answer = client.post("/searches", data={"box": json.dumps(box)}, files={"file": ("q.jpg", photograph(77, 6))})
    assert answer.status_code == 201
    found = answer.json()
    assert "linked-earlier" in {hit["seizure"]["case_reference"] for hit in found["items"]}
    assert all(hit["query_mark"]["polygon"] == box for hit in found["items"])


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ("here", "bad_box"),
        ("[[0, 0], [1, 1]]", "bad_box"),
        ("[[0, 0], [1, NaN], [2, 2]]", "bad_box"),
        ("[" * 5000, "bad_box"),
        ("[[900, 900], [990, 900], [990, 990]]", None),
        ("[[5, 5], [5, 5], [5, 5]]", None),
    ],
)
def test_a_box_that_is_none_is_refused_and_nothing_kept(
    client: TestClient, settings: Settings, box: str, code: str | None
) -> None:
    before = folder_of(settings, "originals")
    answer = client.post("/searches", data={"box": box}, files={"file": ("q.jpg", photograph(78, len(box)))})
    assert answer.status_code == 422
    assert answer.json()["title"] == "The region was refused"
    assert code is None or answer.json()["code"] == code
    assert folder_of(settings, "originals") == before


def test_a_file_that_is_none_is_refused(client: TestClient, settings: Settings) -> None:
    before = folder_of(settings, "originals")
    for files, status, code in (
        ({"file": ("q.jpg", b"text")}, 422, "not_an_image"),
        ({"file": ("q.jpg", bytes(1_000_001))}, 413, "too_many_bytes"),
        ({"other": ("q.jpg", photograph(1))}, 422, "no_file"),
    ):
        answer = client.post("/searches", files=files)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert folder_of(settings, "originals") == before


def test_a_comparison_shows_where_the_two_agree(client: TestClient, linked: dict[str, Any]) -> None:
    shown = client.get(f"/comparisons/{linked['hit']['comparison_id']}").json()
    assert {key: shown[key] for key in ("score", "method", "measurements")} == {
        key: linked["hit"][key] for key in ("score", "method", "measurements")
    }
    assert shown["query_seizure"]["case_reference"] == "linked-later"
    assert shown["seizure"]["case_reference"] == "linked-earlier"
    assert shown["chemistry_query"]["id"] == linked["later"]["profile"]["id"]
    assert shown["chemistry_reference"]["id"] == linked["earlier"]["profile"]["id"]
    points = np.array(shown["points"])
    assert len(points) == shown["measurements"]["inliers"]
    moved = np.c_[points[:, :2], np.ones(len(points))] @ np.array(shown["transform"]).T
    assert np.abs(moved[:, :2] / moved[:, 2:] - points[:, 2:]).max() < 20
    assert client.get(f"/comparisons/{uuid4()}").status_code == 404


def test_the_two_sides_lie_over_each_other(client: TestClient, linked: dict[str, Any]) -> None:
    address = f"/comparisons/{linked['hit']['comparison_id']}/aligned"
    answers = [client.get(f"{address}/{side}.jpg", params={"width": 320}) for side in ("query", "reference")]
    query, reference = (pixels(answer.content) for answer in answers)
    assert query.shape == reference.shape
    assert query.shape[1] == 320
    assert answers[0].headers["etag"] != answers[1].headers["etag"]
    # Within the reference mark the two agree far better than two pictures that are not laid over each other.
    height, width = query.shape[:2]
    middle = (slice(height // 3, 2 * height // 3), slice(width // 3, 2 * width // 3))

    def alike(one: Any, other: Any) -> float:
        return float(np.corrcoef(one[middle].ravel(), other[middle].ravel())[0, 1])

    assert alike(query, reference) > 0.7 > alike(query[::-1, ::-1], reference)
    assert client.get(f"{address}/middle.jpg").status_code == 422
    assert client.get(f"/comparisons/{uuid4()}/aligned/query.jpg").status_code == 404


def test_the_examiner_decides_with_a_reason_and_decisions_stay(
    client: TestClient, upload: Upload, seizure: dict[str, Any]
) -> None:
    earlier = upload(("one.jpg", photograph(79, 1)))["accepted"][0]
    other = client.post("/seizures", json={"case_reference": f"decide-{uuid4()}"}).json()
    later = upload(("two.jpg", photograph(79, 2)), to=other["id"])["accepted"][0]
    hit = client.get(f"/photographs/{later['id']}/hits").json()["items"][0]
    address = f"/comparisons/{hit['comparison_id']}"

    missing = client.post(f"{address}/decisions", json={"outcome": "confirmed"})
    assert (missing.status_code, missing.json()["code"]) == (422, "reason_missing")
    assert client.post(f"{address}/decisions", json={"outcome": "candidate", "reason": "x"}).status_code == 422
    for outcome, reason in (("under_review", ""), ("confirmed", "the same nick"), ("refuted", "another press")):
        made = client.post(f"{address}/decisions", json={"outcome": outcome, "reason": reason})
        assert made.status_code == 201
        assert (made.json()["outcome"], made.json()["decided_by"]) == (outcome, "Administrator")
    shown = client.get(address).json()
    assert [one["outcome"] for one in shown["decisions"]] == ["under_review", "confirmed", "refuted"]
    assert shown["status"] == "refuted"
    last = shown["decisions"][-1]
    assert (last["reason"], last["decided_by"]) == ("another press", "Administrator")
    assert shown["decision"] == last
    # From either side, in every list.
    for asked in (later["id"], earlier["id"]):
        both = client.get(f"/photographs/{asked}/hits", params={"limit": 100}).json()["items"]
        seen = next(one for one in both if one["reference_photograph"]["id"] in (later["id"], earlier["id"]))
        assert (seen["status"], seen["decision"]) == ("refuted", last)
        assert both[-1]["status"] == "refuted"
        joint = client.get("/searches/together", params={"photograph": asked, "limit": 100}).json()["items"]
        seen = next(one for one in joint if one["reference_photograph"]["id"] in (later["id"], earlier["id"]))
        assert (seen["dismissed"], seen["pairs"][0]["decision"]) == (True, last)
    for own in (seizure["id"], other["id"]):
        match = client.get(f"/seizures/{own}").json()["matches"][-1]
        assert (match["status"], match["decision"]) == ("refuted", last)
    client.post(f"{address}/decisions", json={"outcome": "inconclusive", "reason": "too worn"})
    undone = client.get(f"/photographs/{later['id']}/hits").json()["items"][0]
    assert (undone["status"], undone["decision"]["reason"]) == ("inconclusive", "too worn")
    assert client.post(f"/comparisons/{uuid4()}/decisions", json={"outcome": "under_review"}).status_code == 404
