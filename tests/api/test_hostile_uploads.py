"""Damaged, hostile and odd files through the upload route: a right picture or a clear problem, and nothing left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import func, select

from api.pictures.render import from_jpeg
from api.problems import Problem
from api.settings import Settings
from indexer.records import Photograph
from tests.api.conftest import folder_of, wait_until_idle
from tests.hostile import HostileFile, hostile_files

AT_ONCE = 60
OF_THE_JPEG = 6.0
"""Levels by which the picture for the screen may differ from the original for being a JPEG; a picture that is turned,
mirrored or of other colours differs by thirty and more."""


def rows(app: FastAPI) -> int:
    with app.state.running.memory.reading() as session:
        return int(session.exec(select(func.count()).select_from(Photograph)).one())


def groups() -> list[list[HostileFile]]:
    # The decoder's own tests look at every file. Here: all that must be refused, and every sixth of the others, each of
    # which is decoded, described and searched.
    refused = [file for file in hostile_files() if not file.expectation.may_be_accepted]
    others = [file for file in hostile_files() if file.expectation.may_be_accepted]
    files = refused + others[::6]
    return [files[at : at + AT_ONCE] for at in range(0, len(files), AT_ONCE)]


@pytest.mark.parametrize("group", range(len(groups())))
def test_each_is_a_right_picture_or_a_clear_problem(
    client: TestClient, app: FastAPI, settings: Settings, group: int
) -> None:
    files = groups()[group]
    originals, count = folder_of(settings, "originals"), rows(app)
    seizure = client.post("/seizures", json={"case_reference": f"hostile-{group}"}).json()
    # The position goes before the name, so that each answer is matched with its file whatever the name became.
    sent = [("files", (f"{at:03d} {file.name}", file.data)) for at, file in enumerate(files)]
    answer = client.post(f"/seizures/{seizure['id']}/photographs", files=sent)
    assert answer.status_code == 202, answer.text
    taken = answer.json()

    faults = []
    kept: set[str] = set()
    for one in taken["refused"]:
        file, problem = files[int(one["file_name"][:3])], Problem.model_validate(one["problem"])
        assert 400 <= problem.status < 500, f"{file.name}: {problem}"
        assert problem.expected, file.name
        assert problem.found, file.name
        assert problem.hint, file.name
        if len(file.data) <= settings.max_file_bytes:
            faults.append((file.name, file.expectation.fault_of_refusal(problem.code)))
    for one in taken["accepted"]:
        kept.add(one["sha256"])
        file = files[int(one["file_name"][:3])] if one["id"] not in taken["already_known"] else None
        if file is not None:
            expected = replace(file.expectation, tolerance=file.expectation.tolerance + OF_THE_JPEG)
            faults.append((file.name, expected.fault_of_picture(shown(client, one))))
    assert [fault for fault in faults if fault[1]] == []
    assert len(taken["refused"]) + len(taken["accepted"]) == len(files)

    # What was refused left nothing; what was accepted is described, deleted, and leaves nothing either.
    new = {path.name for path in folder_of(settings, "originals")} - {path.name for path in originals}
    assert new == kept - {path.name for path in originals}
    wait_until_idle(client)
    for one in client.get(f"/seizures/{seizure['id']}").json()["photographs"]:
        # A picture of a few pixels is one, but holds nothing to describe, and says so.
        tiny = min(one["width"], one["height"]) < 8
        assert one["state"] == ("failed" if tiny else "ready"), one["file_name"]
        assert bool(one["failure"]) is tiny
    assert client.delete(f"/seizures/{seizure['id']}").status_code == 204
    assert folder_of(settings, "originals") == originals
    assert rows(app) == count


def shown(client: TestClient, one: dict[str, Any]) -> Any:
    """The picture as a browser gets it; a test picture is narrower than any width that is made."""
    answer = client.get(f"/photographs/{one['id']}/image", params={"width": 2560})
    assert answer.status_code == 200, one["file_name"]
    pixels = from_jpeg(answer.content)
    assert pixels.shape[:2] == (one["height"], one["width"])
    return np.asarray(pixels)


def test_the_same_files_as_a_search_are_never_a_fault_of_the_server(
    client: TestClient, app: FastAPI, settings: Settings
) -> None:
    originals, count = folder_of(settings, "originals"), rows(app)
    refused = [file for file in hostile_files() if not file.expectation.may_be_accepted]
    for file in refused[:: max(1, len(refused) // 40)]:
        answer = client.post("/searches", files={"file": (file.name, file.data)})
        assert 400 <= answer.status_code < 500, f"{file.name}: {answer.status_code}"
        assert Problem.model_validate(answer.json()).hint
    assert folder_of(settings, "originals") == originals
    assert rows(app) == count
