"""Multipart bodies read as they stream: one file in memory at a time, each limit held while reading, nothing on disk.

The framework's own form parser writes every file to a temporary file before a route sees it, however large.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.limits import lift_body_limit
from api.problems import Refused
from forensics.errors import PhotoRefused

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LONGEST_NAME = 200
"""Characters of a file name that are kept: more is no name that a person gave."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body.

    Attributes
    ----------
    name : str
        The field's name.
    file_name : str or None
        Without folders and control characters; None for a plain field.
    data : bytes
        The whole part; empty where it was over the limit.
    size : int
        How many bytes came, those over the limit among them.
    limit : int
        How many bytes it might have.
    """

    name: str
    file_name: str | None
    data: bytes
    size: int
    limit: int

    def whole(self) -> bytes:
        """Give the bytes of a file.

        Returns
        -------
        bytes
            As they came.

        Raises
        ------
        PhotoRefused
            ``too_many_bytes`` where the part went over its limit.
        """
        if self.size > self.limit:
            raise PhotoRefused(
                "too_many_bytes",
                expected=f"a file of at most {self.limit} bytes",
                found=f"{self.size} bytes",
                hint="Send a smaller one, or ask the administrator to raise the limit: cachet settings lists it.",
            )
        return self.data


async def read_parts(
    request: Request, *, max_file_bytes: int, max_field_bytes: int, max_parts: int
) -> AsyncIterator[Part]:
    """Read a multipart body part by part.

    1. Find the boundary; 2. feed the parser with each piece that arrives; 3. give every part as soon as it is whole;
    4. see that the body ended as it should.

    Parameters
    ----------
    request : Request
        Its body must not have been read.
    max_file_bytes, max_field_bytes : int
        Above it a part is read to its end and forgotten; ``Part.whole`` then says so.
    max_parts : int
        The most parts in one body.

    Yields
    ------
    Part
        In the order of the body.

    Raises
    ------
    Refused
        Where the body is no whole multipart body, or has too many parts.
    """
    # 1
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != b"multipart/form-data" or b"boundary" not in options:
        raise _broken("not_multipart", media_type.decode("latin-1") or "no content type")
    lift_body_limit(request.scope)
    try:
        collector = _Collector(max_file_bytes=max_file_bytes, max_field_bytes=max_field_bytes)
        parser = MultipartParser(options[b"boundary"], collector.callbacks())
        parts = 0
        async for piece in request.stream():
            # 2
            parser.write(piece)
            # 3
            for part in collector.take():
                parts += 1
                if parts > max_parts:
                    raise Refused(
                        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                        "too_many_files",
                        "Too many files at once",
                        expected=f"at most {max_parts} files in one upload",
                        found="more",
                        hint="Those before it were taken; send the others in another upload.",
                    )
                yield part
    except FormParserError as error:
        raise _broken("broken_multipart", str(error)) from error
    # 4
    if not collector.ended:
        raise _broken("broken_multipart", "a body that ends before its closing boundary")


def _broken(code: str, found: str) -> Refused:
    return Refused(
        HTTPStatus.BAD_REQUEST,
        code,
        "The upload could not be read",
        expected="a whole multipart/form-data body",
        found=found,
        hint="Send the upload again.",
    )


def plain_name(name: str) -> str:
    """Take from a file name what may be harmful: folders, control characters, excess.

    Parameters
    ----------
    name : str
        As the sender gave it.

    Returns
    -------
    str
        At most ``LONGEST_NAME`` characters; ``"unnamed"`` where nothing is left.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character for character in last if character.isprintable()).strip()
    # The end of a long name carries its extension.
    return printable[-LONGEST_NAME:] or "unnamed"


@dataclass(slots=True)
class _Collector:
    """What the parser calls; gathers the part that is being read and those that are whole."""

    max_file_bytes: int
    max_field_bytes: int
    ended: bool = False
    _whole: list[Part] = field(default_factory=list)
    _header: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _disposition: bytes = b""
    _name: str = ""
    _file_name: str | None = None
    _limit: int = 0
    _size: int = 0
    _data: bytearray = field(default_factory=bytearray)

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self.part_begin,
            "on_header_field": self.header_field,
            "on_header_value": self.header_value,
            "on_header_end": self.header_end,
            "on_headers_finished": self.headers_finished,
            "on_part_data": self.part_data,
            "on_part_end": self.part_end,
            "on_end": self.end,
        }

    def take(self) -> Iterator[Part]:
        while self._whole:
            yield self._whole.pop(0)

    def part_begin(self) -> None:
        self._disposition, self._size, self._data = b"", 0, bytearray()

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        file_name = options.get(b"filename")
        self._file_name = None if file_name is None else plain_name(file_name.decode("utf-8", "replace"))
        self._limit = self.max_field_bytes if file_name is None else self.max_file_bytes

    def part_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > self._limit:
            self._data = bytearray()
        else:
            self._data += data[start:end]

    def part_end(self) -> None:
        self._whole.append(Part(self._name, self._file_name, bytes(self._data), self._size, self._limit))
        self._data = bytearray()

    def end(self) -> None:
        self.ended = True


def multipart(
    files: dict[str, str], *, fields: dict[str, str] | None = None, one_of_them: bool = False
) -> dict[str, Any]:
    """Describe a multipart body for the API's description: the framework does not see what a route reads itself.

    Parameters
    ----------
    files : dict of str to str
        Each file field and what it is for; a name in the plural takes several parts.
    fields : dict of str to str, optional
        Each plain field and what it is for.
    one_of_them : bool
        Whether only one of the file fields is sent; otherwise all are.

    Returns
    -------
    dict
        For ``openapi_extra``.
    """
    one = {"type": "string", "contentMediaType": "application/octet-stream"}
    properties: dict[str, Any] = {
        name: {"description": words, **({"type": "array", "items": one} if name.endswith("s") else one)}
        for name, words in files.items()
    }
    properties |= {name: {"description": words, "type": "string"} for name, words in (fields or {}).items()}
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    schema |= {"oneOf": [{"required": [name]} for name in files]} if one_of_them else {"required": list(files)}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
