"""Surface scans in the x3p format (ISO 25178-72, formerly ISO 5436-2): bytes to a ``Surface``, or a refusal."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from forensics.errors import SurfaceRefused
from forensics.toolmark.surface import Surface

Array = NDArray[np.float64]

_TYPES = {"I": "<i2", "L": "<i4", "F": "<f4", "D": "<f8"}
_AXES = ("CX", "CY", "CZ")
_AGAIN = "Copy the file again from the instrument or the sender and upload that copy."
_EXPORT = "Export the scan anew as one layer of heights on a regular grid."


@dataclass(frozen=True, slots=True)
class X3pParams:
    """How much is taken on.

    Attributes
    ----------
    most_bytes : int
        Of the file. Default 1 GiB. Bounds: 1 to 2**33.
    most_points : int
        Columns times rows. Default 2**27, 134 million: a land of a bullet at 0.6 micrometres has 5 million, a whole
        stitched sole of a shoe 100 million. Bounds: 1 to 2**31.
    most_description_bytes : int
        Of ``main.xml``. Default 128 MiB: some two million points, where it holds the heights itself as text;
        otherwise it has some thousand bytes. Bounds: 1,024 to 2**30.
    most_parts : int
        Files inside. Default 1,000: some instruments keep pictures and logs in it. Bounds: 1 to 100,000.
    metre_limit : float
        Metres. A distance between points above it was surely written in other units. Default 1e-3: no scanner of marks
        is that coarse, and one micrometre, written as 0.001 mm, stays below it and is told by its width. Bounds: 1e-6
        to 1.
    widest : float
        Metres. A surface wider than that was surely written in other units; heights that differ by more draw a remark.
        Default 2: the longest trace of a tool. Bounds: 0.01 to 100.
    """

    most_bytes: int = 2**30
    most_points: int = 2**27
    most_description_bytes: int = 2**27
    most_parts: int = 1000
    metre_limit: float = 1e-3
    widest: float = 2.0

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds: dict[str, tuple[float, float]] = {
            "most_bytes": (1, 2**33),
            "most_points": (1, 2**31),
            "most_description_bytes": (1024, 2**30),
            "most_parts": (1, 100_000),
            "metre_limit": (1e-6, 1),
            "widest": (0.01, 100),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")


_DEFAULT = X3pParams()


@dataclass(frozen=True, slots=True)
class _Axis:
    absolute: bool
    dtype: str
    increment: float
    offset: float


def read_x3p(data: bytes, *, unit: str | None = None, params: X3pParams = _DEFAULT) -> Surface:
    """Read a surface scan.

    Stages: 1. the container, and how much it would unpack to; 2. the description; 3. the axes and the size; 4. the
    heights, from beside the description or from within it; 5. the mask; 6. to metres.

    Parameters
    ----------
    data : bytes
        The untouched file. Its name is never asked for.
    unit : {"m", "mm", "um"}, optional
        What its lengths are in, where a person knows better than the file. The standard knows metres alone; where the
        lengths cannot be metres and millimetres or micrometres fit, those are taken, and a remark says so.
    params : X3pParams
        The limits.

    Returns
    -------
    Surface
        In metres, as float64. A file that lists points by x, y and height is laid onto the grid that they form.

    Raises
    ------
    SurfaceRefused
        With one of the codes ``empty``, ``not_x3p``, ``truncated``, ``damaged``, ``too_many_bytes``,
        ``too_many_points``, ``unsafe_xml``, ``unsupported_format``, ``no_heights``, ``wrong_spacing``,
        ``wrong_unit``.

    Notes
    -----
    Any document type declaration in the description is refused, so that no entity is ever expanded. Of the libraries
    on the package index that read x3p under a free licence, x3pio 2.0.0 and verity-x3p 0.2.0, neither reads all of the
    sample files that circulate: the one refuses files that name their revision a little differently, the other reads
    no heights that lie in the description.
    """
    # 1.
    parts = _Parts(data, params)
    # 2.
    texts = _description(parts, params)
    # 3.
    axes = {name: _axis(texts, name) for name in _AXES}
    shape, points = _shape(texts, params)
    # 4.
    remarks: list[str] = []
    if _one(texts, "PointDataLink"):
        columns = _from_binary(parts, texts, axes, points)
    else:
        columns = _from_text(texts, axes, points)
    heights = columns["CZ"] * axes["CZ"].increment + axes["CZ"].offset
    # 5.
    heights = np.where(np.isfinite(heights), heights, np.nan)
    mask = _mask(parts, texts, points)
    if mask is not None:
        heights[~mask] = np.nan
    if shape is None:
        grid, spacing_x, spacing_y = _gridded(columns, axes, heights, params)
        remarks.append("The file lists single points; they were laid onto the grid that they form.")
    else:
        grid = heights.reshape(shape)
        spacing_x = _spacing(columns.get("CX"), axes["CX"], shape, along=1)
        spacing_y = _spacing(columns.get("CY"), axes["CY"], shape, along=0) if shape[0] > 1 else spacing_x
    if not np.isfinite(grid).any():
        raise SurfaceRefused(
            "no_heights", expected="a surface with measured heights", found="none that is measured", hint=_EXPORT
        )
    # 6.
    factor = _factor(unit, grid, spacing_x, spacing_y, params, remarks)
    if float(np.nanmax(grid) - np.nanmin(grid)) * factor > params.widest:
        remarks.append("The heights cannot be in the unit of the other lengths; only their ratios can be relied on.")
    return Surface.from_heights(
        grid * factor, spacing_x=spacing_x * factor, spacing_y=spacing_y * factor, remarks=tuple(remarks)
    )


class _Parts:
    """The files inside, unpacked no further than they promise and than the limits allow."""

    def __init__(self, data: bytes, params: X3pParams) -> None:
        if not data:
            raise SurfaceRefused(
                "empty", expected="a scan in x3p", found="a file of 0 bytes", hint="Copy the file again and upload it."
            )
        if len(data) > params.most_bytes:
            _too_many("too_many_bytes", f"at most {params.most_bytes} bytes", f"{len(data)}")
        if data[:2] != b"PK":
            raise SurfaceRefused(
                "not_x3p",
                expected="a scan in x3p, which is a zip archive",
                found="a file that does not begin as one",
                hint="Export the scan as x3p (ISO 25178-72) from the instrument's program.",
            )
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise SurfaceRefused(
                "truncated",
                expected="a whole zip archive",
                found=f"one whose directory is missing ({error})",
                hint=_AGAIN,
            ) from error
        entries = self._archive.infolist()
        if len(entries) > params.most_parts:
            _too_many("too_many_bytes", f"at most {params.most_parts} files inside", f"{len(entries)}")
        self._entries = {entry.filename.replace("\\", "/").lstrip("./").lower(): entry for entry in entries}

    def read(self, name: str, most: int) -> bytes:
        """Unpack one, if it is not larger than allowed."""
        entry = self._entries.get(name.replace("\\", "/").lstrip("./").lower())
        if entry is None:
            raise SurfaceRefused("damaged", expected=f"{name} inside the file", found="no such part", hint=_AGAIN)
        if entry.file_size > most:
            _too_many("too_many_bytes", f"at most {most} bytes in {name}", f"{entry.file_size}")
        try:
            with self._archive.open(entry) as stream:
                unpacked = stream.read(most + 1)
                stream.read(1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
            raise SurfaceRefused(
                "damaged", expected=f"{name} whole", found=f"one that cannot be unpacked ({error})", hint=_AGAIN
            ) from error
        if len(unpacked) > most:
            _too_many("too_many_bytes", f"at most {most} bytes in {name}", "more than it promised")
        return unpacked

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries


Texts = dict[str, list[str]]


def _description(parts: _Parts, params: X3pParams) -> Texts:
    """Return the texts of all elements of ``main.xml`` by their path, without name spaces."""
    if "main.xml" not in parts:
        raise SurfaceRefused(
            "not_x3p",
            expected="a scan in x3p, with main.xml inside",
            found="a zip archive without",
            hint="Export the scan as x3p (ISO 25178-72) from the instrument's program.",
        )
    packed = parts.read("main.xml", params.most_description_bytes)
    texts: Texts = {}
    path: list[str] = []
    pieces: list[str] = []

    def begin(name: str, _: object) -> None:
        if len(path) > 32:
            raise SurfaceRefused("damaged", expected="a flat description", found="one nested 32 deep", hint=_AGAIN)
        path.append(name.rsplit(":", 1)[-1])
        pieces.clear()

    def end(_: str) -> None:
        key = path.pop()
        parent = path[-1] if path else ""
        text = "".join(pieces).strip()
        pieces.clear()
        # Elements that occur on each axis are told apart by it; all others have a name of their own.
        texts.setdefault(f"{parent}/{key}" if parent in _AXES else key, []).append(text)

    def refuse(*_: object) -> NoReturn:
        raise SurfaceRefused(
            "unsafe_xml",
            expected="a description without a document type declaration",
            found="one that declares entities or a document type",
            hint="Export the scan anew: no instrument writes such a file.",
        )

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = pieces.append
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(packed, True)
    except expat.ExpatError as error:
        raise SurfaceRefused("damaged", expected="main.xml as XML", found=str(error), hint=_AGAIN) from error
    return texts


def _one(texts: Texts, name: str) -> str:
    return next(iter(texts.get(name, [])), "")


def _number(texts: Texts, name: str, otherwise: float | None = None) -> float:
    text = _one(texts, name)
    if not text and otherwise is not None:
        return otherwise
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise SurfaceRefused("damaged", expected=f"a number for {name}", found=repr(text[:40]), hint=_AGAIN)
    return value


def _axis(texts: Texts, name: str) -> _Axis:
    kind = _one(texts, f"{name}/AxisType").upper()
    dtype = _one(texts, f"{name}/DataType").upper() or "D"
    if kind not in ("I", "A") or dtype not in _TYPES:
        raise SurfaceRefused(
            "unsupported_format",
            expected=f"an axis {name} of type I or A, with values of type {', '.join(_TYPES)}",
            found=f"type {kind!r} with values of type {dtype!r}",
            hint=_EXPORT,
        )
    increment = _number(texts, f"{name}/Increment", 1.0)
    increment = _number(texts, f"{name}/Increment", 1.0)
    if increment == 0 and kind == "I":
        raise SurfaceRefused("wrong_spacing", expected="a distance between points above 0", found="0", hint=_EXPORT)
    # Absolute integers are in steps too; absolute real numbers need none, which some write as 0.
    return _Axis(kind == "A", _TYPES[dtype], increment or 1.0, _number(texts, f"{name}/Offset", 0.0))


def _shape(texts: Texts, params: X3pParams) -> tuple[tuple[int, int] | None, int]:
    """Return rows and columns, None for a list of points; and how many points there are."""
    if _one(texts, "ListDimension"):
        shape, points = None, int(_number(texts, "ListDimension"))
        least = points
    else:
        columns, rows = int(_number(texts, "SizeX")), int(_number(texts, "SizeY"))
        layers = int(_number(texts, "SizeZ", 1.0))
        if layers > 1:
            raise SurfaceRefused("unsupported_format", expected="one layer", found=f"{layers} layers", hint=_EXPORT)
        shape, points, least = (rows, columns), columns * rows, min(columns, rows)
    if least < 1:
        raise SurfaceRefused("damaged", expected="a size of at least one point", found=f"{least}", hint=_AGAIN)
    if points > params.most_points:
        _too_many("too_many_points", f"at most {params.most_points} points", f"{points}")
    return shape, points


def _from_binary(parts: _Parts, texts: Texts, axes: dict[str, _Axis], points: int) -> dict[str, Array]:
    name = _one(texts, "PointDataLink")
    kept = [axis for axis in _AXES if axes[axis].absolute]
    layout = np.dtype([(axis, axes[axis].dtype) for axis in kept])
    packed = parts.read(name, points * layout.itemsize + 4096)
    if len(packed) < points * layout.itemsize:
        raise SurfaceRefused(
            "truncated", expected=f"{points * layout.itemsize} bytes of heights", found=f"{len(packed)}", hint=_AGAIN
        )
    promised = _one(texts, "MD5ChecksumPointData").lower()
    # A check sum that the format asks for, not a secret.
    if len(promised) == 32 and promised != hashlib.md5(packed, usedforsecurity=False).hexdigest():
        raise SurfaceRefused(
            "damaged", expected="heights as their check sum says", found="others: a byte was changed", hint=_AGAIN
        )
    table = np.frombuffer(packed, layout, points)
    return {axis: table[axis].astype(np.float64) for axis in kept}


def _from_text(texts: Texts, axes: dict[str, _Axis], points: int) -> dict[str, Array]:
    kept = [axis for axis in _AXES if axes[axis].absolute]
    lines = texts.get("Datum", [])
    if len(lines) < points:
        raise SurfaceRefused("truncated", expected=f"{points} points", found=f"{len(lines)}", hint=_AGAIN)
    table = np.full((points, len(kept)), np.nan)
    for row, line in enumerate(lines[:points]):
        values = [value for value in line.split(";") if value.strip()]
        # A point that was not measured is an empty element.
        if not values:
            continue
        if len(values) < len(kept):
            raise SurfaceRefused(
                "damaged", expected=f"{len(kept)} values at point {row + 1}", found=repr(line[:40]), hint=_AGAIN
            )
        try:
            table[row] = [float(value) for value in values[-len(kept) :]]
        except ValueError as error:
            raise SurfaceRefused(
                "damaged", expected=f"numbers at point {row + 1}", found=repr(line[:40]), hint=_AGAIN
            ) from error
    return {axis: table[:, number] for number, axis in enumerate(kept)}


def _mask(parts: _Parts, texts: Texts, points: int) -> NDArray[np.bool_] | None:
    """Return which points are valid, one bit each from the lowest bit on; None where the file has no such part."""
    name = _one(texts, "ValidPointsLink")
    if not name:
        return None
    packed = parts.read(name, points + 4096)
    if len(packed) * 8 < points:
        raise SurfaceRefused(
            "truncated", expected=f"a mask of {points} bits", found=f"{len(packed)} bytes", hint=_AGAIN
        )
    return np.unpackbits(np.frombuffer(packed, np.uint8), count=points, bitorder="little").astype(bool)


def _spacing(absolute: Array | None, axis: _Axis, shape: tuple[int, int], *, along: int) -> float:
    """Return the distance between points of an axis; of an absolute one the median, if they are even."""
    if absolute is None:
        return abs(axis.increment)
    places = absolute.reshape(shape) * axis.increment
    steps = np.diff(places, axis=along)
    steps = steps[np.isfinite(steps)]
    if not len(steps):
        return abs(axis.increment)
    middle = float(np.median(steps))
    uneven = float(np.percentile(np.abs(steps - middle), 99)) if middle else np.inf
    if uneven > 0.05 * abs(middle):
        raise SurfaceRefused(
            "unsupported_format",
            expected="points at even distances",
            found=f"distances of {steps.min():.3g} to {steps.max():.3g}",
            hint=_EXPORT,
        )
    return abs(middle)


def _gridded(
    columns: dict[str, Array], axes: dict[str, _Axis], heights: Array, params: X3pParams
) -> tuple[Array, float, float]:
    """Lay single points onto the grid that they form."""
    if "CX" not in columns or "CY" not in columns:
        raise SurfaceRefused(
            "unsupported_format", expected="x and y for every listed point", found="a list without", hint=_EXPORT
        )
    places, spacings, counts = [], [], []
    for name in ("CX", "CY"):
        along = columns[name] * axes[name].increment
        along = along - np.nanmin(along) if np.isfinite(along).any() else along
        known = np.unique(along[np.isfinite(along)])
        gaps = np.diff(known)
        # Values that differ by rounding alone are one place.
        gaps = gaps[gaps > 1e-6 * float(known[-1])] if len(known) > 1 else gaps
        spacing = float(np.median(gaps)) if len(gaps) else float("nan")
        spacings.append(spacing)
        with np.errstate(invalid="ignore"):
            step = np.round(along / spacing) if spacing > 0 else np.zeros_like(along)
        places.append(np.where(np.isfinite(step), step, -1).astype(np.int64))
        counts.append(int(places[-1].max()) + 1)
        off = np.abs(along / spacing - step)[np.isfinite(along)] if spacing > 0 else np.zeros(1)
        if float(np.percentile(off, 95)) > 0.2:
            raise SurfaceRefused(
                "unsupported_format",
                expected="listed points that form a grid",
                found="points that lie freely",
                hint=_EXPORT,
            )
    if counts[0] * counts[1] > params.most_points:
        _too_many("too_many_points", f"a grid of at most {params.most_points} points", f"{counts[0]} x {counts[1]}")
    spacing_x = spacings[0] if spacings[0] > 0 else spacings[1]
    spacing_y = spacings[1] if spacings[1] > 0 else spacings[0]
    grid = np.full((counts[1], counts[0]), np.nan)
    known_points = (places[0] >= 0) & (places[1] >= 0)
    grid[places[1][known_points], places[0][known_points]] = heights[known_points]
    return grid, spacing_x, spacing_y


_UNITS = {"m": 1.0, "mm": 1e-3, "um": 1e-6}


def _factor(
    unit: str | None, grid: Array, spacing_x: float, spacing_y: float, params: X3pParams, remarks: list[str]
) -> float:
    """Return what makes metres of the file's lengths."""
    if unit is not None:
        if unit not in _UNITS:
            raise ValueError(f"expected a unit of {', '.join(_UNITS)}; found {unit!r}")
        return _UNITS[unit]
    spacing = max(spacing_x, spacing_y)
    if not (np.isfinite(spacing) and min(spacing_x, spacing_y) > 0):
        raise SurfaceRefused(
            "wrong_spacing", expected="a distance between points above 0", found=f"{spacing}", hint=_EXPORT
        )
    for name, factor in _UNITS.items():
        wide = max(grid.shape[1] * spacing_x, grid.shape[0] * spacing_y) * factor
        if spacing * factor <= params.metre_limit and wide <= params.widest:
            if name != "m":
                remarks.append(f"The file's lengths cannot be metres; they were taken as {name}.")
            return factor
    raise SurfaceRefused(
        "wrong_unit",
        expected="lengths in metres, millimetres or micrometres",
        found=f"points {spacing:.3g} apart",
        hint="Say which unit the file is in.",
    )


def _too_many(code: str, expected: str, found: str) -> NoReturn:
    raise SurfaceRefused(
        code, expected=expected, found=found, hint="Cut the scan to the mark, or raise the limit in the settings."
    )
