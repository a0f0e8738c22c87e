"""What worker processes are asked to do: pure functions over bytes. They know no database and no index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.measure import points_in_poly

from forensics import text
from forensics.logo import METHOD, LogoFeatures, Region, describe_all, find_regions, whole
from forensics.photo import DecodeParams, assess, decode
from forensics.scale import find_scales, with_scale


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record keeps of a decoded photograph."""

    sha256: str
    media_type: str
    width: int
    height: int
    bit_depth: int
    camera_make: str
    camera_model: str
    camera_lens: str
    taken_at: str | None
    metres_per_pixel: float | None


@dataclass(frozen=True, slots=True)
class DescribedRegion:
    """A region and its packed features."""

    polygon: list[list[float]]
    found_by: str
    score: float
    method: str
    features: bytes


@dataclass(frozen=True, slots=True)
class Described:
    """A photograph, described: its quality, its regions, the whole of it first, and its scale where one was found."""

    findings: list[dict[str, Any]]
    measurements: dict[str, float]
    regions: tuple[DescribedRegion, ...]
    metres_per_pixel: float | None


def inspect(data: bytes, *, params: DecodeParams) -> Facts:
    """Decode a photograph fully, and return what the file says.

    Raises
    ------
    PhotoRefused
        Where it cannot be kept as a photograph.
    """
    photo = decode(data, params=params)
    camera = photo.camera
    return Facts(
        sha256=photo.sha256,
        media_type=photo.media_type,
        width=photo.width,
        height=photo.height,
        bit_depth=photo.bit_depth,
        camera_make=camera.make[:200] if camera else "",
        camera_model=camera.model[:200] if camera else "",
        camera_lens=camera.lens[:200] if camera else "",
        taken_at=photo.taken_at.isoformat() if photo.taken_at else None,
        metres_per_pixel=photo.metres_per_pixel,
    )


def describe_photograph(data: bytes, *, params: DecodeParams) -> Described:
    """Find the regions of a photograph, and describe them.

    Stages:

    1. Decode.
    2. Measure the quality.
    3. The scales on it; the whole photograph, and the regions that the finder finds, less those on a scale.
    4. Describe them together. A scale is no mark: its points are left out.

    Raises
    ------
    PhotoRefused
        Where it cannot be decoded.
    """
    # 1. Decode.
    photo = decode(data, params=params)
    # 2. Quality.
    quality = assess(photo)
    # 3. Regions.
    found = find_scales(photo)
    scales = [scale.polygon for scale in found]
    # Those of known unit come first.
    photo = with_scale(photo, found[0]) if found else photo
    regions = (whole(photo), *(region for region in find_regions(photo) if not _on_any(region, scales)))
    # 4. Features.
    features = describe_all(photo, regions, leave_out=scales)
    return Described(
        [asdict(finding) for finding in quality.findings],
        {name: float(value) for name, value in quality.measurements.items()},
        tuple(_pack(region, seen) for region, seen in zip(regions, features, strict=True)),
        photo.metres_per_pixel,
    )


def describe_regions(
    data: bytes, drawn: Sequence[tuple[Sequence[Sequence[float]], str]], *, params: DecodeParams
) -> tuple[DescribedRegion, ...]:
    """Describe regions that are known: polygons, and who found them.

    Raises
    ------
    RegionRefused
        Where a polygon is no region of the photograph.
    """
    photo = decode(data, params=params)
    regions = [
        whole(photo)
        if found_by == "whole"
        else Region(np.array(polygon, np.float32), "finder" if found_by == "finder" else "person", 1.0)
        for polygon, found_by in drawn
    ]
    # A person's region is described with all that is in it, and needs no scales.
    scales = [] if all(region.found_by == "person" for region in regions) else find_scales(photo)
    features = describe_all(photo, regions, leave_out=[scale.polygon for scale in scales])
    return tuple(_pack(region, seen) for region, seen in zip(regions, features, strict=True))


def read_photograph(data: bytes, *, params: DecodeParams) -> tuple[text.Text, ...]:
    """Read what is written on a photograph.

    Raises
    ------
    PhotoRefused
        Where it cannot be decoded.
    """
    return text.read(decode(data, params=params))


def _on_any(region: Region, polygons: Sequence[NDArray[np.float32]]) -> bool:
    """Say whether the middle of a region and most of its corners lie in one of some polygons."""
    places = np.vstack([region.polygon.mean(axis=0), region.polygon])
    for polygon in polygons:
        inside = points_in_poly(places, polygon)  # type: ignore[no-untyped-call]
        if inside[0] and inside[1:].mean() > 0.5:
            return True
    return False


def _pack(region: Region, seen: LogoFeatures) -> DescribedRegion:
    polygon = np.asarray(region.polygon, float).tolist()
    return DescribedRegion(polygon, region.found_by, float(region.score), METHOD, seen.to_bytes())
