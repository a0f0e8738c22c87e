"""A scan or a photograph to the features of an impressed mark, or the reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.photo import Photo
from forensics.toolmark.field import Field, coarser, level, of_photograph, of_surface
from forensics.toolmark.impressed.features import METHOD, ImpressedFeatures
from forensics.toolmark.impressed.scale import ScaleParams
from forensics.toolmark.surface import Surface
from forensics.toolmark.unusable import Unusable


@dataclass(frozen=True, slots=True)
class DescribeParams:
    """What a mark must hold, and what is kept of it.

    Attributes
    ----------
    scale : ScaleParams
        Resolutions.
    least_pixels : int
        Known ones, at the resolution that is kept. Default 1,024: four cells. Bounds: 64 to 10**6.
    most_side : int
        Pixels kept along the longer side. Default 800. Bounds: 64 to 8,000.
    """

    scale: ScaleParams = field(default_factory=ScaleParams)
    least_pixels: int = 1024
    most_side: int = 800

    def __post_init__(self) -> None:
        """Hold the bounds."""
        for name, (least, most) in {"least_pixels": (64, 10**6), "most_side": (64, 8000)}.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")


_DEFAULT = DescribeParams()


def describe_surface(surface: Surface, *, params: DescribeParams = _DEFAULT) -> ImpressedFeatures | Unusable:
    """Describe an impression on a scan; see :func:`describe_field`."""
    return describe_field(of_surface(surface), params=params)


def describe_photograph(
    photo: Photo,
    polygon: NDArray[np.float32],
    *,
    metres_per_pixel: float | None = None,
    params: DescribeParams = _DEFAULT,
) -> ImpressedFeatures | Unusable:
    """Describe an impression within a polygon on a photograph; see :func:`describe_field`.

    Parameters
    ----------
    photo : Photo
        Taken square to the mark.
    polygon : ndarray of shape (N, 2), float32
        Corners of the mark, in pixels.
    metres_per_pixel : float, optional
        In the plane of the mark; the photograph's own by default.
    params : DescribeParams
        What it must hold.

    Returns
    -------
    ImpressedFeatures or Unusable
        Of kind ``"light"``.
    """
    scale = metres_per_pixel or photo.metres_per_pixel
    if scale is None:
        return Unusable(
            METHOD,
            "expected a photograph whose scale is known; found none.",
            "Mark two ticks of the ruler on it: impressions are compared at their true size.",
        )
    return describe_field(of_photograph(photo, polygon, metres_per_pixel=scale), params=params)


def describe_field(field: Field, *, params: DescribeParams = _DEFAULT) -> ImpressedFeatures | Unusable:
    """Describe the impression on a field.

    Stages: 1. cut to what is known; 2. to half the pixels that cells of its size are compared at, or its own where they
    are coarser; 3. the form is taken out.

    Parameters
    ----------
    field : Field
        Of a scan or a photograph.
    params : DescribeParams
        What it must hold.

    Returns
    -------
    ImpressedFeatures or Unusable
        The relief.
    """
    # 1.
    rows, columns = (np.flatnonzero(field.valid.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return _too_little(0, params)
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    cut = Field(field.values[part], field.valid[part], field.spacing, field.kind)
    # 2.
    extent = max(cut.values.shape) * cut.spacing
    wanted = params.scale.fine * 2 ** (params.scale.level_of(extent) / 2) / 2
    kept = coarser(cut, max(cut.spacing, wanted, extent / params.most_side))
    known = int(kept.valid.sum())
    if known < params.least_pixels:
        return _too_little(known, params)
    # 3.
    flat = level(kept)
    if float(np.ptp(flat.values[flat.valid])) == 0:
        return Unusable(METHOD, "expected a relief; found a flat one.", "Draw the region where the tool pressed.")
    return ImpressedFeatures(METHOD, flat.values.astype(np.float32), flat.valid, flat.spacing, flat.kind)


def _too_little(known: int, params: DescribeParams) -> Unusable:
    return Unusable(
        METHOD,
        f"expected at least {params.least_pixels} measured pixels; found {known}.",
        "Take more of the mark, or at a higher resolution.",
    )
