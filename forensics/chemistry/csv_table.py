"""The bytes of a CSV file as rows of text, whatever program wrote it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass

from forensics.errors import ProfileRefused

_DELIMITERS = ",;\t|"
_HINT = "Save the table as CSV (UTF-8) and import that."
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it (the header is row 1), and its cells by column name."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: its column names in order, its rows, and the delimiter that was found."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str


def read_table(data: bytes, *, most_rows: int) -> Table:
    """Read a CSV file.

    Parameters
    ----------
    data : bytes
        UTF-8 with or without its mark, UTF-16 with its mark, or Windows-1252.
    most_rows : int
        More are refused.

    Returns
    -------
    Table
        White space around cells removed; blank rows left out, but counted.

    Raises
    ------
    ProfileRefused
        ``empty``, ``not_text``, ``bad_header``, ``bad_row`` or ``too_many_rows``.
    """
    text = _text(data)
    hint = re.match(r"sep=(.)\r?\n", text)
    if hint is not None:
        # A first line that Excel writes and reads.
        text = text[hint.end() :]
    skipped = 1 if hint is not None else 0
    delimiter = hint[1] if hint is not None else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    number = skipped
    try:
        for number, cells in enumerate(reader, start=1 + skipped):
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            if not columns:
                columns = _header(stripped)
                continue
            if any(stripped[len(columns) :]) or len(stripped) < len(columns):
                raise _bad_row(number, f"{len(columns)} cells, as in the header", f"{len(stripped)}")
            if len(rows) == most_rows:
                raise ProfileRefused(
                    "too_many_rows", expected=f"at most {most_rows} rows", found="more", hint="Split the table."
                )
            rows.append(Row(number, dict(zip(columns, stripped, strict=False))))
    except csv.Error as error:
        raise _bad_row(number + 1, "cells with closed quotation marks", str(error)) from error
    if not columns:
        raise ProfileRefused("empty", expected="a table with a header", found="no rows", hint=_HINT)
    return Table(columns, tuple(rows), delimiter)


def _text(data: bytes) -> str:
    if not data.strip():
        raise ProfileRefused("empty", expected="a table as CSV", found="an empty file", hint=_HINT)
    encodings = [encoding for mark, encoding in _BOMS if data.startswith(mark)] or ["utf-8", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Control characters other than white space are not in text: a spreadsheet's own file, a picture, a program.
        if re.search(r"[\x00-\x08\x0e-\x1f]", text):
            break
        return text
    raise ProfileRefused("not_text", expected="a table as CSV", found="a file that is not text", hint=_HINT)


def _delimiter(text: str) -> str:
    """Take the delimiter that splits the first row that is not blank into the most cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)


def _header(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    for place, name in enumerate(cells, start=1):
        if not name or name.casefold() in (earlier.casefold() for earlier in cells[: place - 1]):
            raise ProfileRefused(
                "bad_header",
                expected="each column with a name of its own",
                found=f"{name!r} at column {place}" if name else f"no name at column {place}",
                hint="Name each column once.",
            )
    return tuple(cells)


def _bad_row(number: int, expected: str, found: str) -> ProfileRefused:
    return ProfileRefused(
        "bad_row", expected=f"row {number} with {expected}", found=found, hint="Correct the row and import again."
    )
