"""Chemical profiles from a CSV file, one row a value (long) or one row a sample (wide)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forensics.chemistry.csv_table import Row, Table, read_table
from forensics.chemistry.profile import Amount, Profile, key, tidy
from forensics.chemistry.units import spelled, whole
from forensics.errors import ProfileRefused

_CASE, _SAMPLE, _METHOD, _UNIT, _ANALYTE, _VALUE = "case_reference", "sample", "method", "unit", "analyte", "value"
_KNOWN = (_CASE, _SAMPLE, _METHOD, _UNIT, _ANALYTE, _VALUE)

_NOT_DETECTED = {"n.d.", "n.d", "nd", "n/d", "not detected", "<lod", "< lod", "<loq", "< loq", "below lod", "below loq"}
_NOT_LOOKED_FOR = {"", "na", "n/a", "n.a.", "not tested", "not looked for"}
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"[1-9]\d{0,2}(,\d{3})+")
_UNIT_IN_HEADER = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]")


@dataclass(frozen=True, slots=True)
class CsvParams:
    """How large a table is taken.

    Attributes
    ----------
    most_bytes : int
        Default 16 MiB: some 300,000 values. Bounds: 1 to 2**30.
    most_rows : int
        Default 500,000. Bounds: 1 to 10 million.
    """

    most_bytes: int = 16 * 2**20
    most_rows: int = 500_000

    def __post_init__(self) -> None:
        """Hold the bounds."""
        if not 1 <= self.most_bytes <= 2**30:
            raise ValueError(f"expected most_bytes between 1 and 2**30; found {self.most_bytes}")
        if not 1 <= self.most_rows <= 10_000_000:
            raise ValueError(f"expected most_rows between 1 and 10 million; found {self.most_rows}")


@dataclass(frozen=True, slots=True)
class SampleProfile:
    """A profile and the case that its sample belongs to; an empty reference where the table gives none."""

    case_reference: str
    profile: Profile


_DEFAULT = CsvParams()


def read_csv(data: bytes, *, params: CsvParams = _DEFAULT) -> tuple[SampleProfile, ...]:
    """Read chemical profiles from a CSV file.

    Stages: 1. bytes to rows; 2. columns known by their names, which tell long from wide; 3. the decimal mark, one for
    the whole file; 4. values with their units checked; 5. one profile for each case, sample and method.

    Parameters
    ----------
    data : bytes
        The file. *Long*: columns ``case_reference, sample, method, analyte, value, unit``, one row a value. *Wide*:
        ``case_reference, sample, method, unit`` and one column an analyte; without a ``unit`` column each analyte's
        heading carries it, as in ``cocaine (mg/g)``. ``case_reference`` may be missing. Delimiter and decimal mark are
        found by looking. ``n.d.``, ``<LOD`` or ``<0.05`` mean looked for and not detected; an empty cell or ``n/a``
        means not looked for.
    params : CsvParams
        Limits.

    Returns
    -------
    tuple of SampleProfile
        In the order of first appearance.

    Raises
    ------
    ProfileRefused
        Naming the row and the column. Nothing is read in part.
    """
    if len(data) > params.most_bytes:
        raise ProfileRefused(
            "too_many_bytes",
            expected=f"at most {params.most_bytes} bytes",
            found=f"{len(data)}",
            hint="Split the table.",
        )
    # 1.
    table = read_table(data, most_rows=params.most_rows)
    if not table.rows:
        raise ProfileRefused("empty", expected="rows under the header", found="none", hint="Add the values.")
    # 2.
    columns = _columns(table)
    values = _long(table, columns) if _ANALYTE in columns else _wide(table, columns)
    # 3. and 4.
    decimal = _decimal_mark(values, table.delimiter)
    return _profiles(values, decimal)


@dataclass(frozen=True, slots=True)
class _Value:
    """One cell that may hold an amount, with what belongs to it."""

    row: int
    column: str
    case: str
    sample: str
    method: str
    unit: str
    analyte: str
    written: str


def _columns(table: Table) -> dict[str, str]:
    """Map the known names to the columns as they are written."""
    found = {re.sub(r"[\s_-]+", "_", name.casefold()): name for name in table.columns}
    columns = {name: found[name] for name in _KNOWN if name in found}
    needed = [_SAMPLE, _METHOD]
    if _ANALYTE in columns or _VALUE in columns:
        needed += [_ANALYTE, _VALUE, _UNIT]
    missing = [name for name in needed if name not in columns]
    if missing:
        raise ProfileRefused(
            "missing_column",
            expected=f"the columns {', '.join(needed)}",
            found=f"no {', '.join(missing)} among {', '.join(table.columns)}",
            hint="Name the columns so; a wide table has one column an analyte instead of analyte and value.",
        )
    return columns


def _long(table: Table, columns: dict[str, str]) -> list[_Value]:
    return [
        _Value(
            row.number,
            columns[_VALUE],
            row.cells.get(columns.get(_CASE, ""), ""),
            _required(row, columns[_SAMPLE]),
            _required(row, columns[_METHOD]),
            spelled(_required(row, columns[_UNIT])),
            tidy(_required(row, columns[_ANALYTE])),
            row.cells[columns[_VALUE]],
        )
        for row in table.rows
    ]


def _wide(table: Table, columns: dict[str, str]) -> list[_Value]:
    analytes = {}
    for name in table.columns:
        if name in columns.values():
            continue
        parts = None if _UNIT in columns else _UNIT_IN_HEADER.fullmatch(name)
        if _UNIT not in columns and parts is None:
            raise ProfileRefused(
                "no_unit",
                expected=f"a unit with the analyte {name!r}",
                found="none",
                hint=f"Add a column unit, or write it in the heading, as in {name} (mg/g).",
            )
        analytes[name] = (tidy(parts[1]), spelled(parts[2])) if parts else (tidy(name), "")
    if not analytes:
        raise ProfileRefused(
            "missing_column",
            expected="one column an analyte",
            found=f"only {', '.join(table.columns)}",
            hint="Add the analytes as columns, or use the columns analyte, value and unit.",
        )
    return [
        _Value(
            row.number,
            name,
            row.cells.get(columns.get(_CASE, ""), ""),
            _required(row, columns[_SAMPLE]),
            _required(row, columns[_METHOD]),
            unit or spelled(_required(row, columns[_UNIT])),
            analyte,
            row.cells[name],
        )
        for row in table.rows
        for name, (analyte, unit) in analytes.items()
    ]


def _required(row: Row, column: str) -> str:
    if not row.cells[column]:
        raise _bad_cell(row.number, column, f"a {column}", "an empty cell", "Fill it in.")
    return row.cells[column]


def _decimal_mark(values: list[_Value], delimiter: str) -> str:
    """Find the file's decimal mark, and refuse a file in which it cannot be told."""
    commas = [value for value in values if "," in value.written and _is_number(value.written)]
    points = [value for value in values if "." in value.written and _is_number(value.written)]
    if commas and points:
        odd = min(commas, points, key=len)[0]
        raise _bad_cell(
            odd.row, odd.column, "one decimal mark in the whole file", repr(odd.written), "Use points, or commas."
        )
    grouped = [value for value in values if _GROUPED.fullmatch(value.written)]
    if delimiter == "," and grouped and len(grouped) == len(commas):
        odd = grouped[0]
        raise _bad_cell(
            odd.row,
            odd.column,
            "a number without separators of thousands",
            repr(odd.written),
            "Write it without the comma, or with a point before the decimals.",
        )
    return "," if commas else "."


def _is_number(written: str) -> bool:
    return _NUMBER.fullmatch(written.lstrip("<").strip()) is not None


def _profiles(values: list[_Value], decimal: str) -> tuple[SampleProfile, ...]:
    # 5.
    grouped: dict[tuple[str, str, str], list[tuple[_Value, Amount]]] = {}
    for value in values:
        amount = _amount(value, decimal)
        group = grouped.setdefault((value.case, key(value.sample), key(value.method)), [])
        if amount is not None:
            group.append((value, amount))
    for value in values:
        if not grouped[value.case, key(value.sample), key(value.method)]:
            raise _bad_cell(
                value.row,
                value.column,
                f"at least one value for sample {value.sample}",
                "only empty cells",
                "Fill in what was looked for, or delete the sample's rows.",
            )
    return tuple(_profile(group) for group in grouped.values())


def _profile(group: list[tuple[_Value, Amount]]) -> SampleProfile:
    first = group[0][0]
    seen: dict[str, _Value] = {}
    for value, amount in group:
        if key(value.unit) != key(first.unit):
            raise _bad_cell(
                value.row,
                value.column,
                f"one unit for sample {first.sample} ({first.unit}, as in row {first.row})",
                value.unit,
                "Convert the values to one unit.",
            )
        earlier = seen.setdefault(key(amount.analyte), value)
        if earlier is not value:
            raise _bad_cell(
                value.row,
                value.column,
                f"each analyte once for sample {first.sample}",
                f"{amount.analyte} again, after row {earlier.row}",
                "Keep one of them, or name the second measurement as a sample of its own.",
            )
    amounts = tuple(amount for _, amount in group)
    return SampleProfile(first.case, Profile(first.sample, first.method, first.unit, amounts))


def _amount(value: _Value, decimal: str) -> Amount | None:
    written = value.written.casefold()
    if written in _NOT_LOOKED_FOR:
        return None
    if written in _NOT_DETECTED or (written.startswith("<") and _is_number(written)):
        return Amount(value.analyte, None)
    number = float(written.replace(decimal, ".")) if _is_number(written) and not written.startswith("<") else None
    most = whole(value.unit)
    if number is None or not 0 <= number <= most or number == float("inf"):
        expected = "a number of 0 or more" if most == float("inf") else f"a number between 0 and {most:g} {value.unit}"
        raise _bad_cell(
            value.row,
            value.column,
            expected,
            repr(value.written),
            "Write n.d. for what was not detected and leave empty what was not looked for. In a wide table every "
            "column besides case_reference, sample, method and unit is read as an analyte.",
        )
    return Amount(value.analyte, number)


def _bad_cell(row: int, column: str, expected: str, found: str, hint: str) -> ProfileRefused:
    return ProfileRefused("bad_cell", expected=f"in row {row}, column {column}, {expected}", found=found, hint=hint)
