"""Photographs: upload, look, delete."""

from __future__ import annotations

import hashlib
import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from api.settings import Settings
from indexer.records import Photograph, PhotographState
from tests.api.conftest import BASE, Upload, folder_of, wait_until_idle
from tests.indexer.pictures import photograph


def as_camera(data: bytes, *, orientation: int = 1) -> bytes:
    """Write what a camera writes beside the pixels."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Maker", "Model 5", orientation
    exif.get_ifd(0x8769)[0x9003] = "2026:03:14 15:09:26"
    exif.get_ifd(0x8825)[1] = "N"
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_each_file_of_an_upload_is_taken_or_refused_for_itself(client: TestClient, seizure: dict[str, Any]) -> None:
    files = [
        ("files", ("good.jpg", photograph(1))),
        ("files", ("notes.jpg", b"this is text")),
        ("files", ("large.jpg", photograph(2) + bytes(1_000_000))),
        ("files", ("../../good 2.jpg", photograph(3))),
        ("other", ("passed over.jpg", photograph(4))),
    ]
    answer = client.post(f"/seizures/{seizure['id']}/photographs", files=files)
    assert answer.status_code == 202
    taken = answer.json()
    assert [one["file_name"] for one in taken["accepted"]] == ["good.jpg", "good 2.jpg"]
    assert all(one["seizure"]["id"] == seizure["id"] for one in taken["accepted"])
    refused = {one["file_name"]: one["problem"] for one in taken["refused"]}
    assert {name: (one["status"], one["code"]) for name, one in refused.items()} == {
        "notes.jpg": (422, "not_an_image"),
        "large.jpg": (413, "too_many_bytes"),
    }
    assert all(one["expected"] and one["found"] and one["hint"] for one in refused.values())

    wait_until_idle(client)
    job = client.get(f"/jobs/{taken['job']['id']}").json()
    assert (job["state"], job["total"], job["done"], job["failed"]) == ("done", 4, 2, 2)
    ready = client.get(f"/photographs/{taken['accepted'][0]['id']}").json()
    assert (ready["state"], ready["failure"], ready["purpose"]) == ("ready", None, "exhibit")
    assert ready["marks"][0]["found_by"] == "whole"
    assert {tuple(corner) for corner in ready["marks"][0]["polygon"]} == {(0, 0), (320, 0), (320, 240), (0, 240)}
    assert {"code", "measured", "limit", "unit", "words", "advice"} == set(ready["quality"][0])


def test_the_same_bytes_are_one_photograph(upload: Upload) -> None:
    first = upload(("a.jpg", photograph(5)))
    again = upload(("b.jpg", photograph(5)), ("c.jpg", photograph(6)))
    assert first["already_known"] == []
    assert again["already_known"] == [first["accepted"][0]["id"]]
    assert again["accepted"][0]["id"] == first["accepted"][0]["id"]
    assert again["accepted"][1]["id"] != first["accepted"][0]["id"]


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"", "multipart/form-data; boundary=b", 400, "broken_multipart"),
        (b"--b--\r\n", "multipart/form-data; boundary=b", 422, "no_file"),
        (b"{}", "application/json", 400, "not_multipart"),
        (b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nx', None, 400, "broken_multipart"),
    ],
)
def test_a_body_that_is_no_upload_is_refused(
    client: TestClient, seizure: dict[str, Any], content: bytes, kind: str | None, status: int, code: str
) -> None:
    headers = {"content-type": kind or "multipart/form-data; boundary=b"}
    answer = client.post(f"/seizures/{seizure['id']}/photographs", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_upload_to_no_seizure_keeps_nothing(client: TestClient, settings: Settings) -> None:
    before = folder_of(settings, "originals")
    answer = client.post(f"/seizures/{uuid4()}/photographs", files=[("files", ("a.jpg", photograph(7)))])
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert folder_of(settings, "originals") == before


def test_pictures_come_in_a_few_widths_and_never_enlarged(client: TestClient, upload: Upload) -> None:
    key = upload(("a.jpg", photograph(8)))["accepted"][0]["id"]
    for asked, given in ((1, 160), (160, 160), (161, 320), (10_000, 320)):
        picture = opened(client.get(f"/photographs/{key}/image", params={"width": asked}).content)
        assert (picture.format, picture.size) == ("JPEG", (given, given * 240 // 320))
    assert client.get(f"/photographs/{key}/image", params={"width": 0}).status_code == 422
    assert client.get(f"/photographs/{uuid4()}/image").status_code == 404


def test_a_browser_that_has_a_picture_is_told_so(client: TestClient, upload: Upload) -> None:
    address = f"/photographs/{upload(('a.jpg', photograph(9)))['accepted'][0]['id']}/image"
    first = client.get(address)
    assert first.headers["content-type"] == "image/jpeg"
    assert first.headers["cache-control"].startswith("private")
    again = client.get(address, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(address, params={"width": 100}).headers["etag"] != first.headers["etag"]


def test_what_the_camera_wrote_is_told_kept_in_the_original_and_on_no_picture(
    client: TestClient, upload: Upload
) -> None:
    data = as_camera(photograph(10), orientation=6)
    taken = upload(("été 5.jpg", data))["accepted"][0]
    assert taken["camera"] == {"make": "Maker", "model": "Model 5", "lens": ""}
    assert taken["taken_at"] == "2026-03-14T15:09:26"
    assert (taken["width"], taken["height"]) == (240, 320)

    picture = opened(client.get(f"/photographs/{taken['id']}/image", params={"width": 320}).content)
    assert picture.size == (240, 320)
    assert len(picture.getexif()) == 0
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}

    original = client.get(f"/photographs/{taken['id']}/original")
    assert original.content == data
    assert original.headers["content-type"] == "image/jpeg"
    assert original.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A9t%C3%A9%205.jpg"
    assert original.headers["x-content-type-options"] == "nosniff"


def test_deleting_one_leaves_nothing(client: TestClient, upload: Upload, settings: Settings) -> None:
    before = {name: folder_of(settings, name) for name in ("originals", "derivatives")}
    key = upload(("a.jpg", photograph(11)))["accepted"][0]["id"]
    mark = client.get(f"/photographs/{key}").json()["marks"][0]["id"]
    assert client.get(f"/photographs/{key}/image").status_code == 200
    assert client.delete(f"/photographs/{key}").status_code == 204
    for address in (f"/photographs/{key}", f"/photographs/{key}/image", f"/photographs/{key}/original"):
        assert client.get(address).status_code == 404
    assert client.get(f"/marks/{mark}/hits").status_code == 404
    assert client.delete(f"/photographs/{key}").status_code == 404
    assert {name: folder_of(settings, name) for name in before} == before


def test_one_that_failed_says_why_and_is_tried_again(client: TestClient, upload: Upload, app: FastAPI) -> None:
    key = upload(("a.jpg", photograph(12)))["accepted"][0]["id"]
    refused = client.post(f"/photographs/{key}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_failed")
    with app.state.running.memory.writing() as session:
        record = session.get_one(Photograph, UUID(key))
        record.state, record.failure = PhotographState.FAILED, "the disk was full"
        session.add(record)
    assert client.get(f"/photographs/{key}").json()["failure"] == "the disk was full"
    assert client.post(f"/photographs/{key}/retry").status_code == 202
    wait_until_idle(client)
    assert client.get(f"/photographs/{key}").json()["state"] == "ready"
    assert client.post(f"/photographs/{uuid4()}/retry").status_code == 404


def test_one_that_was_searched_with_becomes_an_exhibit(client: TestClient, seizure: dict[str, Any]) -> None:
    query = client.post("/searches", files={"file": ("q.jpg", photograph(13))}).json()["query"]
    assert (query["purpose"], query["seizure"]) == ("query", None)
    assert client.post(f"/photographs/{query['id']}/promote", json={"seizure_id": str(uuid4())}).status_code == 404
    promoted = client.post(f"/photographs/{query['id']}/promote", json={"seizure_id": seizure["id"]})
    assert promoted.status_code == 200
    assert promoted.json()["purpose"] == "exhibit"
    assert promoted.json()["seizure"]["id"] == seizure["id"]
    other = client.post("/seizures", json={"case_reference": f"other-{uuid4()}"}).json()
    again = client.post(f"/photographs/{query['id']}/promote", json={"seizure_id": other["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "already_exhibit")


def test_an_upload_that_breaks_off_keeps_what_was_whole_and_no_half(
    client: TestClient, app: FastAPI, seizure: dict[str, Any], settings: Settings
) -> None:
    before = {path.name for path in folder_of(settings, "originals")}
    whole = photograph(61)
    parts = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n' + data + b"\r\n"
        for data in (whole, photograph(62))
    )
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": parts[:-2000], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{BASE}/seizures/{seizure['id']}/photographs",
        "query_string": b"",
        "headers": [
            (b"x-cachet", b"1"),
            (b"cookie", f"cachet={client.cookies['cachet']}".encode()),
            (b"content-type", b"multipart/form-data; boundary=b"),
        ],
    }
    assert client.portal
    client.portal.call(app, scope, receive, send)
    assert answers == []
    wait_until_idle(client)
    kept = client.get(f"/seizures/{seizure['id']}").json()["photographs"]
    assert [(one["sha256"], one["state"]) for one in kept] == [(hashlib.sha256(whole).hexdigest(), "ready")]
    assert {path.name for path in folder_of(settings, "originals")} - before == {kept[0]["sha256"]}
