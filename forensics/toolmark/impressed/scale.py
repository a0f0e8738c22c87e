"""At which resolution an impression is compared: a shoe's sole and a firing pin's trace are cut into as many cells."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.toolmark.field import Field, coarser
from forensics.toolmark.filters import masked_smooth
from forensics.toolmark.impressed.features import ImpressedFeatures

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScaleParams:
    """Resolutions, all at level 0; a level is half an octave.

    Attributes
    ----------
    full_extent : float
        Metres. A mark of this size is compared at level 0, one twice as large at level 2. Default 3.4 mm: a breech
        face, a punch. Bounds: 1e-4 to 1.
    fine : float
        Metres a pixel that cells are compared at. Default 25 micrometres. Bounds: 1e-7 to 1e-3.
    coarse : float
        Metres a pixel that the whole is laid on the other at. Default 50 micrometres. Bounds: 1e-7 to 1e-2.
    shortest, longest : float
        Metres. Waves that cells are compared by. Defaults 40 and 500 micrometres: grain below, form above. Bounds: 1e-7
        to 1.
    longest_coarse : float
        Metres. Of the whole. Default 1 mm. Bounds: 1e-7 to 1.
    limit : float
        Roughnesses at which a height is cut. Default 3: a dent is not evidence of itself. Bounds: 0.5 to 100.
    """

    full_extent: float = 3.4e-3
    fine: float = 25e-6
    coarse: float = 50e-6
    shortest: float = 40e-6
    longest: float = 500e-6
    longest_coarse: float = 1e-3
    limit: float = 3.0

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {
            "full_extent": (1e-4, 1),
            "fine": (1e-7, 1e-3),
            "coarse": (1e-7, 1e-2),
            "shortest": (1e-7, 1),
            "longest": (1e-7, 1),
            "longest_coarse": (1e-7, 1),
            "limit": (0.5, 100),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")

    def level_of(self, extent: float) -> int:
        """Return the level that suits a mark's size."""
        return round(2 * float(np.log2(max(extent, 1e-9) / self.full_extent)))

    def coarsest(self, spacing: float) -> int:
        """Return the lowest level that a mark's pixels allow."""
        return int(np.ceil(2 * np.log2(spacing / self.fine) - 1e-3))


@dataclass(frozen=True, slots=True)
class Reliefs:
    """A mark as it is compared at one level.

    Attributes
    ----------
    fine, coarse : Field
        Band-passed, of roughness 1, cut to what is known.
    """

    fine: Field
    coarse: Field


def reliefs(mark: ImpressedFeatures, *, level: int, params: ScaleParams) -> Reliefs:
    """Prepare a mark for comparing.

    Parameters
    ----------
    mark : ImpressedFeatures
        The described mark.
    level : int
        In half octaves.
    params : ScaleParams
        Resolutions and waves.

    Returns
    -------
    Reliefs
        At ``2 ** (level / 2)`` times the resolutions of level 0.
    """
    grown = 2 ** (level / 2)
    whole = Field(mark.values.astype(np.float64), mark.valid, mark.spacing, mark.kind)
    fine = _relief(whole, params.fine * grown, params.shortest * grown, params.longest * grown, params.limit)
    coarse = _relief(
        whole, params.coarse * grown, 1.2 * params.coarse * grown, params.longest_coarse * grown, params.limit
    )
    return Reliefs(fine, coarse)


def _relief(field: Field, spacing: float, shortest: float, longest: float, limit: float) -> Field:
    seen = _exactly(coarser(field, spacing), spacing)
    smooth = masked_smooth(seen.values, seen.valid, max(shortest / spacing, 1.0))
    rough = np.where(seen.valid, smooth - masked_smooth(smooth, seen.valid, longest / spacing), 0.0)
    deviation = float(rough[seen.valid].std()) if seen.valid.any() else 0.0
    cut = np.clip(rough / deviation, -limit, limit) if deviation > 0 else rough
    rows, columns = (np.flatnonzero(seen.valid.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return Field(np.zeros((1, 1)), np.zeros((1, 1), bool), spacing, field.kind)
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Field(cut[part], seen.valid[part], spacing, field.kind)


def _exactly(field: Field, spacing: float) -> Field:
    """Bring the last tenth of a difference in resolution to none, so that two scanners' pixels are of one size."""
    ratio = field.spacing / spacing
    if abs(ratio - 1) < 1e-3:
        return field
    height, width = field.values.shape
    size = max(1, round(width * ratio)), max(1, round(height * ratio))
    known = cv2.resize(field.valid.astype(np.float64), size, interpolation=cv2.INTER_LINEAR)
    values = cv2.resize(field.values, size, interpolation=cv2.INTER_LINEAR)
    valid = known > 0.99
    return Field(np.where(valid, values, 0.0), valid, spacing, field.kind)
