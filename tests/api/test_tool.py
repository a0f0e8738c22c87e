"""Whether one tool left both marks, by the API: the score, and the map."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from api.pictures.agreement import AgreementParams, agreement
from indexer.tool_comparison import ToolAnswer
from tests.api.conftest import Upload
from tests.indexer.pictures import photograph


@pytest.fixture
def comparison(client: TestClient, upload: Upload) -> str:
    """The comparison of two photographs of one design, large enough for the tool to show."""
    first = upload(("one.jpg", photograph(71, 0, zoom=2.0)), ("two.jpg", photograph(71, 1, zoom=2.0)))["accepted"][1]
    found = client.get(f"/photographs/{first['id']}/hits").json()["items"]
    return str(found[0]["comparison_id"])


def test_the_score_is_made_at_the_first_look_and_then_shown_with_the_comparison(
    client: TestClient, comparison: str
) -> None:
    assert client.get(f"/comparisons/{comparison}").json()["tool"] is None
    answer = client.get(f"/comparisons/{comparison}/tool")
    assert answer.status_code == 200, answer.text
    tool = answer.json()
    assert 0 <= tool["score"] <= 1
    assert tool["words"]
    assert tool["reason"] == ""
    assert client.get(f"/comparisons/{comparison}").json()["tool"] == tool


def test_the_map_has_the_size_of_the_aligned_pictures(client: TestClient, comparison: str) -> None:
    answer = client.get(f"/comparisons/{comparison}/agreement.png", params={"width": 320})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as picture:
        size, pixels = picture.size, np.asarray(picture)
    aligned = client.get(f"/comparisons/{comparison}/aligned/reference.jpg", params={"width": 320})
    with Image.open(io.BytesIO(aligned.content)) as picture:
        assert picture.size == size
    assert pixels.shape[2] == 4
    assert pixels[..., 3].max() > 200
    assert pixels[..., 3].min() == 0
    again = client.get(
        f"/comparisons/{comparison}/agreement.png",
        params={"width": 320},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


def test_an_unknown_comparison_is_not_found(client: TestClient) -> None:
    for path in ("tool", "agreement.png"):
        assert client.get(f"/comparisons/00000000-0000-0000-0000-000000000009/{path}").status_code == 404


def test_strangers_see_neither(stranger: TestClient, comparison: str) -> None:
    for path in ("tool", "agreement.png"):
        assert stranger.get(f"/comparisons/{comparison}/{path}").status_code == 401


def test_every_layer_has_its_colour() -> None:
    layers = np.zeros((30, 90, 3), np.uint8)
    for place in range(3):
        layers[:, 30 * place : 30 * place + 30, place] = 255
    data = cv2.imencode(".png", cv2.cvtColor(layers, cv2.COLOR_RGB2BGR))[1].tobytes()
    answer = ToolAnswer("tool/1", 0.5, "undecided", {}, "", "", data, np.eye(3))
    picture = agreement(
        answer, reference_polygon=[[0, 0], [90, 0], [90, 30], [0, 30]], reference_size=(90, 30), wanted=160
    )
    with Image.open(io.BytesIO(picture.data)) as image:
        pixels = np.asarray(image)
    params = AgreementParams()
    for place, colour in enumerate((params.both, params.query, params.reference)):
        x = round((place + 0.5) * pixels.shape[1] / 3)
        assert tuple(pixels[pixels.shape[0] // 2, x]) == (*colour, 255)
