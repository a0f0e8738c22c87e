"""Multipart bodies, read as they stream."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import pytest
from fastapi import Request
from hypothesis import given, settings
from hypothesis import strategies as st

from api.problems import Refused
from api.uploads import LONGEST_NAME, Part, plain_name, read_parts
from forensics.errors import PhotoRefused

BOUNDARY = "edge"


def body(*parts: tuple[str, str | None, bytes], boundary: str = BOUNDARY) -> bytes:
    written = b""
    for name, file_name, data in parts:
        tail = "" if file_name is None else f'; filename="{file_name}"'
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{tail}\r\n\r\n'
        written += head.encode() + data + b"\r\n"
    return written + f"--{boundary}--\r\n".encode()


def read(
    data: bytes,
    *,
    piece: int = 7,
    content_type: str = f"multipart/form-data; boundary={BOUNDARY}",
    max_file_bytes: int = 1000,
    max_parts: int = 5,
) -> list[Part]:
    async def collect() -> list[Part]:
        pieces = [data[at : at + piece] for at in range(0, len(data), piece)]

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": pieces.pop(0) if pieces else b"", "more_body": bool(pieces)}

        scope = {"type": "http", "headers": [(b"content-type", content_type.encode())]}
        parts: AsyncIterator[Part] = read_parts(
            Request(scope, receive), max_file_bytes=max_file_bytes, max_field_bytes=20, max_parts=max_parts
        )
        return [part async for part in parts]

    return anyio.run(collect)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=5), st.integers(min_value=1, max_value=400))
def test_parts_come_out_as_they_went_in_however_they_are_cut(files: list[bytes], piece: int) -> None:
    # A file that holds the boundary is not what a sender would send with that boundary.
    files = [data.replace(BOUNDARY.encode(), b"") for data in files]
    parts = read(body(*(("files", f"{at}.jpg", data) for at, data in enumerate(files))), piece=piece)
    assert [part.whole() for part in parts] == files
    assert [part.file_name for part in parts] == [f"{at}.jpg" for at in range(len(files))]


def test_a_file_over_the_limit_is_refused_and_the_others_are_not() -> None:
    small, large, last = read(body(("f", "a", b"x" * 1000), ("f", "b", b"y" * 1001), ("f", "c", b"z")))
    assert small.whole() == b"x" * 1000
    assert last.whole() == b"z"
    assert large.data == b""
    with pytest.raises(PhotoRefused, match="at most 1000 bytes; found 1001 bytes") as refusal:
        large.whole()
    assert refusal.value.code == "too_many_bytes"


def test_a_plain_field_has_no_file_name() -> None:
    assert read(body(("box", None, b"[[0,0]]")))[0] == Part("box", None, b"[[0,0]]", 7, 20)


def test_more_parts_than_allowed_are_refused() -> None:
    with pytest.raises(Refused) as refusal:
        read(body(*[("f", "a", b"x")] * 6))
    assert refusal.value.code == "too_many_files"


@pytest.mark.parametrize("cut", [1, 5, 20, 60, 100, -1, -5])
def test_a_body_that_ends_early_is_refused(cut: int) -> None:
    whole = body(("f", "a", b"x" * 100)).rstrip()
    with pytest.raises(Refused) as refusal:
        read(whole[:cut])
    assert refusal.value.code == "broken_multipart"


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "multipart/form-data", "multipart/form-data; boundary=" + "b" * 500]
)
def test_a_body_that_is_not_multipart_is_refused(content_type: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(b"{}", content_type=content_type)
    assert refusal.value.code in {"not_multipart", "broken_multipart"}


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("IMG 1.jpg", "IMG 1.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("a\x00\n\x1b[31mb.jpg", "a[31mb.jpg"),
        ("", "unnamed"),
        ("folder/", "unnamed"),
        ("n" * 500 + ".jpg", "n" * (LONGEST_NAME - 4) + ".jpg"),
    ],
)
def test_names_lose_what_may_be_harmful(given_name: str, kept: str) -> None:
    assert plain_name(given_name) == kept
