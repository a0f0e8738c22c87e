"""Read the table that says which photograph of a folder belongs to which seizure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath

FIELDS = (
    "file",
    "case_reference",
    "date",
    "country",
    "place",
    "substance",
    "conveyance",
    "departure",
    "transit",
    "destination",
    "concealment",
    "notes",
)
"""Columns that are read. Only ``file`` and ``case_reference`` must be there."""

_REQUIRED = ("file", "case_reference")
_SEIZURE_FIELDS = FIELDS[2:]
_LARGEST = 64 * 1024 * 1024  # bytes: a million rows; more than that is not a table of photographs
_DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y")


class MetadataRefused(ValueError):
    """A file that is not a metadata table.

    Parameters
    ----------
    code : str
        ``empty``, ``not_text``, ``no_header``, ``missing_column``, ``repeated_column`` or ``too_large``.
    expected, found : str
        What is read, and what was given.
    hint : str
        What to do next.
    """

    def __init__(self, code: str, *, expected: str, found: str, hint: str) -> None:
        super().__init__(f"expected {expected}; found {found}. {hint}")
        self.code = code
        self.expected = expected
        self.found = found
        self.hint = hint


@dataclass(frozen=True, slots=True)
class SeizureRow:
    """What the table says of one seizure; an empty string or None is unknown."""

    case_reference: str
    date: date | None = None
    country: str = ""
    place: str = ""
    substance: str = ""
    conveyance: str = ""
    departure: str = ""
    transit: str = ""
    destination: str = ""
    concealment: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class PhotographRow:
    """One photograph that is there, and its seizure.

    Attributes
    ----------
    row : int
        Line of the table, the header being line 1.
    file : str
        Path inside the folder, with forward slashes, as it is on disk.
    case_reference : str
        A key of ``Metadata.seizures``.
    """

    row: int
    file: str
    case_reference: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the table that a person should see; the rest of the table was read.

    Attributes
    ----------
    code : str
        ``unknown_column``, ``missing_file``, ``ambiguous_file``, ``unlisted_file``, ``repeated_file``,
        ``no_case_reference``, ``no_file``, ``bad_date``, ``bad_country``, ``contradiction`` or ``extra_cells``.
    row : int or None
        Line of the table; None where it is about the table or the folder as a whole.
    words : str
        What is wrong and what was done about it.
    """

    code: str
    row: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """A metadata table, read.

    Attributes
    ----------
    photographs : tuple of PhotographRow
        In the order of the table; only files that are there.
    seizures : dict of str to SeizureRow
        By case reference, in the order of the table.
    problems : tuple of Problem
        What a person should see.
    """

    photographs: tuple[PhotographRow, ...]
    seizures: dict[str, SeizureRow]
    problems: tuple[Problem, ...]


def read_metadata(table: bytes | Path, files: Iterable[str]) -> Metadata:
    """Read a metadata table: one row a photograph; rows with one ``case_reference`` are one seizure.

    1. Decode (UTF-8 with or without a mark, else Windows-1252) and find the separator (comma, semicolon or tab).
    2. Read the header: names in any case and order; unknown ones are reported and not read.
    3. Read the rows: each file is looked for among ``files``, by its path, else by the end of
       its path or its bare name where only one has it; another folder's file of the same name is never taken.
    4. Gather seizures: a value given in one row holds for the case; another value is reported, and the first kept.

    Parameters
    ----------
    table : bytes or Path
        The table, or where it is.
    files : iterable of str
        Paths of the photographs in the folder, relative to it.

    Returns
    -------
    Metadata
        Rows, seizures, and every problem met.

    Raises
    ------
    MetadataRefused
        Where this is no such table at all.
    OSError
        Where the file cannot be read.
    """
    data = table.read_bytes() if isinstance(table, Path) else table
    # 1.
    text = _decode(data)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    # 2.
    problems: list[Problem] = []
    columns = _header(next(lines, []), problems)
    # 3.
    known = _Folder(files)
    photographs: list[PhotographRow] = []
    seizures: dict[str, SeizureRow] = {}
    said_in: dict[tuple[str, str], int] = {}
    listed: dict[str, int] = {}
    for cells in lines:
        number = lines.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(columns):
            words = f"{len(cells)} cells where the header has {len(columns)}; the rest is not read."
            problems.append(Problem("extra_cells", number, words))
        values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
        case = values.get("case_reference", "")
        if not case:
            problems.append(
                Problem("no_case_reference", number, "The row names no case_reference; it is left out. Give it one.")
            )
            continue
        # 4.
        seizure = seizures.get(case, SeizureRow(case))
        seizures[case] = _gather(seizure, values, number, said_in, problems)
        name = values.get("file", "")
        if not name:
            problems.append(Problem("no_file", number, f"The row names no file; only what it says of {case} is kept."))
            continue
        found = known.find(name)
        if isinstance(found, Problem):
            problems.append(replace(found, row=number))
        elif found in listed:
            words = f"{found} was named in row {listed[found]} already; this row's file is left out."
            problems.append(Problem("repeated_file", number, words))
        else:
            listed[found] = number
            photographs.append(PhotographRow(number, found, case))
    unlisted = [file for file in known.paths if file not in listed]
    problems += [
        Problem("unlisted_file", None, f"{file} is in the folder and in no row; it gets no seizure.")
        for file in unlisted
    ]
    return Metadata(tuple(photographs), seizures, tuple(problems))


class _Folder:
    """The photographs of a folder, found by path or by bare name."""

    def __init__(self, files: Iterable[str]) -> None:
        self.paths = sorted({_slashes(file) for file in files})
        self._exact = set(self.paths)
        self._by_name: dict[str, list[str]] = {}
        for path in self.paths:
            self._by_name.setdefault(PurePosixPath(path).name.casefold(), []).append(path)

    def find(self, name: str) -> str | Problem:
        path = _slashes(name)
        if path in self._exact:
            return path
        alike = [one for one in self._by_name.get(PurePosixPath(path).name.casefold(), []) if _same_end(one, path)]
        if len(alike) == 1:
            return alike[0]
        if alike:
            words = (
                f"{name!r} could be {' or '.join(alike[:4])}; the row's file is left out. Give its path in the folder."
            )
            return Problem("ambiguous_file", None, words)
        return Problem(
            "missing_file", None, f"{name!r} is not in the folder; the row's file is left out. Check the name."
        )


def _same_end(one: str, other: str) -> bool:
    """Tell whether one path is the end of the other, folder by folder."""
    pairs = zip(reversed(one.casefold().split("/")), reversed(other.casefold().split("/")), strict=False)
    return all(here == there for here, there in pairs)


def _slashes(name: str) -> str:
    return name.strip().replace("\\", "/").removeprefix("./")


def _decode(data: bytes) -> str:
    if len(data) > _LARGEST:
        raise MetadataRefused(
            "too_large",
            expected=f"a table of at most {_LARGEST} bytes",
            found=f"{len(data)} bytes",
            hint="Split the table.",
        )
    if not data.strip():
        raise MetadataRefused(
            "empty", expected="a table with a header", found="an empty file", hint="Give the table's own file."
        )
    if b"\0" in data:
        raise MetadataRefused(
            "not_text",
            expected="a CSV table",
            found="a binary file",
            hint="Save the sheet as CSV (UTF-8) and name that file.",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)


def _header(cells: list[str], problems: list[Problem]) -> list[str]:
    """Name of each column, empty where it is not read."""
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    missing = [name for name in _REQUIRED if name not in names]
    if missing:
        raise MetadataRefused(
            "missing_column",
            expected=f"a header with {' and '.join(_REQUIRED)}",
            found=f"columns {', '.join(name or '(no name)' for name in names[:12])}",
            hint=f"Add the column {missing[0]}; known columns are {', '.join(FIELDS)}.",
        )
    repeated = sorted({name for name in names if name in FIELDS and names.count(name) > 1})
    if repeated:
        raise MetadataRefused(
            "repeated_column",
            expected="each column once",
            found=f"{repeated[0]} more than once",
            hint="Rename one of them.",
        )
    for cell, name in zip(cells, names, strict=True):
        if name not in FIELDS:
            words = f"Column {cell.strip()!r} is not known and not read. Known columns are {', '.join(FIELDS)}."
            problems.append(Problem("unknown_column", None, words))
    return [name if name in FIELDS else "" for name in names]


def _gather(
    seizure: SeizureRow, values: dict[str, str], row: int, said_in: dict[tuple[str, str], int], problems: list[Problem]
) -> SeizureRow:
    """Add what a row says of its seizure."""
    case = seizure.case_reference
    for name in _SEIZURE_FIELDS:
        text = values.get(name, "")
        if not text:
            continue
        value: str | date = text
        if name == "date":
            day = _day(text)
            if day is None:
                words = f"{text!r} is no date of the form YYYY-MM-DD; the date is left unknown."
                problems.append(Problem("bad_date", row, words))
                continue
            value = day
        elif name in ("country", "departure", "transit", "destination"):
            value = text.upper() if len(text) == 2 else text
            if name == "country" and not (len(text) == 2 and text.isascii() and text.isalpha()):
                words = f"{text!r} is no two-letter country code (ISO 3166-1); it is kept as it is."
                problems.append(Problem("bad_country", row, words))
        before = getattr(seizure, name)
        if not before:
            seizure = _with(seizure, name, value)
            said_in[case, name] = row
        elif before != value:
            words = (
                f"{case} has {name} {str(before)!r} in row {said_in[case, name]} and {text!r} here; the first is kept."
            )
            problems.append(Problem("contradiction", row, words))
    return seizure


def _with(seizure: SeizureRow, name: str, value: str | date) -> SeizureRow:
    values = {field.name: getattr(seizure, field.name) for field in fields(seizure)}
    values[name] = value
    return SeizureRow(**values)


def _day(text: str) -> date | None:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    return None
