"""Marks of imagined tools: edges that leave striae, faces that leave reliefs, and scans of them packed as x3p."""

from __future__ import annotations

import hashlib
import io
import zipfile

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.toolmark import Surface

Array = NDArray[np.float64]

STEP = 7e-6


def edge(tool: int, *, size: int = 667, reach: int = 400) -> Array:
    """Return a tool's edge in metres, every 7 micrometres: longer by ``reach`` on each side than a mark."""
    chance = np.random.default_rng(1000 + tool)
    total = np.zeros(size + 2 * reach)
    for width, depth in ((4, 0.3), (10, 0.6), (25, 1.0), (60, 1.0)):
        waves = cv2.GaussianBlur(chance.standard_normal((1, len(total))), (0, 0), width)[0]
        total += depth * waves / waves.std()
    return 1e-6 * total


def trace(
    tool: int, *, take: int = 0, shift: int = 0, size: int = 667, noise: float = 0.5, stretch: float = 1.0
) -> Array:
    """Return a profile that a tool left: shifted along its edge, with noise and a tilt of its own, in metres."""
    chance = np.random.default_rng(7000 + 100 * tool + take)
    whole = edge(tool)
    at = 400 + shift + np.arange(size) / stretch
    seen = np.interp(at, np.arange(len(whole)), whole)
    rough = cv2.GaussianBlur(chance.standard_normal((1, size)), (0, 0), 6)[0]
    form = np.linspace(-1, 1, size) * chance.normal() + chance.normal() * np.linspace(-1, 1, size) ** 2
    return seen + noise * 1e-6 * rough / rough.std() + 30e-6 * form


def striated_surface(tool: int, *, angle: float, rows: int = 160, noise: float = 0.3, seed: int = 0) -> Surface:
    """Return a scan of a trace whose striae run at an angle to x, in radians, on a tilted plane, with gaps."""
    chance = np.random.default_rng(seed)
    profile = trace(tool, size=400, noise=0.0)
    side = 400
    y, x = np.mgrid[0:side, 0:side].astype(np.float64) - side / 2
    across = -np.sin(angle) * x + np.cos(angle) * y
    heights = np.interp(across + 200, np.arange(400), profile)
    heights = heights + noise * 1e-6 * chance.standard_normal(heights.shape) + 5e-8 * x
    along = np.cos(angle) * x + np.sin(angle) * y
    heights[(np.abs(along) > rows / 2) | (np.abs(across) > 199)] = np.nan
    heights[chance.random(heights.shape) < 0.02] = np.nan
    return Surface.from_heights(heights, spacing_x=STEP, spacing_y=STEP)


def face(tool: int, *, side: int = 400) -> Array:
    """Return a tool's face: a relief in metres, of 12.5 micrometres a pixel."""
    chance = np.random.default_rng(3000 + tool)
    total = np.zeros((side, side))
    for width, depth in ((3, 0.6), (6, 1.0), (12, 0.6)):
        waves = cv2.GaussianBlur(chance.standard_normal((side, side)), (0, 0), width)
        total += depth * waves / waves.std()
    return 1e-6 * total


def impression(tool: int, *, take: int = 0, angle: float = 0.0, shift: tuple[float, float] = (0, 0)) -> Surface:
    """Return a scan of a ring that a face left, turned and shifted under it, with noise and a tilt of its own."""
    chance = np.random.default_rng(9000 + 100 * tool + take)
    whole = face(tool)
    size, middle = 220, np.array([200.0, 200.0])
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    matrix = np.column_stack([turn, np.array([110.0, 110.0]) - turn @ (middle + shift)])
    heights = cv2.warpAffine(whole, matrix, (size, size), flags=cv2.INTER_CUBIC)
    y, x = np.mgrid[0:size, 0:size] - 110.0
    rough = cv2.GaussianBlur(chance.standard_normal(heights.shape), (0, 0), 3)
    heights = heights + 0.5e-6 * rough / rough.std() + 1e-7 * chance.normal() * x
    away = np.hypot(x, y)
    heights[(away > 105) | (away < 35)] = np.nan
    return Surface.from_heights(heights, spacing_x=12.5e-6, spacing_y=12.5e-6)


def x3p(
    heights: Array,
    *,
    step: tuple[float, float] = (1e-6, 1e-6),
    dtype: str = "D",
    increment: float = 1.0,
    mask: NDArray[np.bool_] | None = None,
    beside: bool = True,
    checksum: str | None = None,
    size: tuple[int, int] | None = None,
    head: str = "",
) -> bytes:
    """Pack a scan as an instrument would: heights beside the description, or within it as text."""
    rows, columns = heights.shape if size is None else size
    packed = (heights / increment).astype({"D": "<f8", "F": "<f4", "L": "<i4", "I": "<i2"}[dtype]).tobytes()
    promised = hashlib.md5(packed, usedforsecurity=False).hexdigest() if checksum is None else checksum
    valid = "<ValidPointsLink>bindata/valid.bin</ValidPointsLink>" if mask is not None else ""
    if beside:
        data = (
            f"<DataLink><PointDataLink>bindata/data.bin</PointDataLink>"
            f"<MD5ChecksumPointData>{promised}</MD5ChecksumPointData>{valid}</DataLink>"
        )
    else:
        lines = ("" if np.isnan(height) else repr(float(height / increment)) for height in heights.ravel())
        data = f"<DataList>{''.join(f'<Datum>{line}</Datum>' for line in lines)}</DataList>"
    axes = "".join(
        f"<{name}><AxisType>{kind}</AxisType><DataType>{held}</DataType><Increment>{by!r}</Increment></{name}>"
        for name, kind, held, by in (
            ("CX", "I", "D", step[0]),
            ("CY", "I", "D", step[1]),
            ("CZ", "A", dtype, increment),
        )
    )
    return zipped(
        described(
            axes,
            f"<MatrixDimension><SizeX>{columns}</SizeX><SizeY>{rows}</SizeY><SizeZ>1</SizeZ></MatrixDimension>{data}",
            head=head,
        ),
        {
            **({"bindata/data.bin": packed} if beside else {}),
            **(
                {"bindata/valid.bin": np.packbits(mask.ravel(), bitorder="little").tobytes()}
                if mask is not None
                else {}
            ),
        },
    )


def described(axes: str, record: str, *, head: str = "") -> bytes:
    """Return a description."""
    return (
        f'{head}<p:ISO5436_2 xmlns:p="http://www.opengps.eu/2008/ISO5436_2"><Record1>'
        "<Revision>ISO5436 - 2000</Revision>"
        f"<FeatureType>SUR</FeatureType><Axes>{axes}</Axes></Record1><Record3>{record}</Record3></p:ISO5436_2>"
    ).encode()


def zipped(main: bytes, parts: dict[str, bytes]) -> bytes:
    """Pack a description and what lies beside it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("main.xml", main)
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()
