"""A measured surface: heights on a regular grid, and which of them were really measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.errors import SurfaceRefused


@dataclass(frozen=True, slots=True)
class Surface:
    """Heights on a regular grid.

    Attributes
    ----------
    heights : ndarray of shape (H, W), float32 or float64
        In metres, upwards out of the surface; row 0 is the smallest y. NaN where nothing was measured.
    valid : ndarray of shape (H, W), bool
        Which heights were measured.
    spacing_x, spacing_y : float
        Metres from one column, and from one row, to the next.
    remarks : tuple of str
        What the reader had to put right, for the person who uploaded the file.
    """

    heights: NDArray[np.floating]
    valid: NDArray[np.bool_]
    spacing_x: float
    spacing_y: float
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold shapes, spacings and mask to each other."""
        if self.heights.ndim != 2 or self.heights.shape != self.valid.shape or self.heights.size == 0:
            raise SurfaceRefused(
                "wrong_shape",
                expected="heights and a mask of one size, with rows and columns",
                found=f"{self.heights.shape} and {self.valid.shape}",
                hint="Export the scan anew as one layer on a regular grid.",
            )
        for spacing in (self.spacing_x, self.spacing_y):
            if not (np.isfinite(spacing) and spacing > 0):
                raise SurfaceRefused(
                    "wrong_spacing",
                    expected="a distance between points above 0 m",
                    found=f"{spacing} m",
                    hint="Export the scan anew with its lateral scale.",
                )
        if not np.isfinite(self.heights[self.valid]).all():
            raise SurfaceRefused(
                "wrong_mask",
                expected="a number wherever the mask says that a height was measured",
                found=f"{int((~np.isfinite(self.heights[self.valid])).sum())} that are none",
                hint="Give a mask that is False where the heights are NaN: Surface.from_heights makes it.",
            )

    @classmethod
    def from_heights(
        cls, heights: NDArray[np.floating], *, spacing_x: float, spacing_y: float, remarks: tuple[str, ...] = ()
    ) -> Surface:
        """Take heights in metres of which NaN and infinite ones were not measured.

        Parameters
        ----------
        heights : ndarray of shape (H, W)
            In metres.
        spacing_x, spacing_y : float
            Metres between columns, and between rows.
        remarks : tuple of str
            See :class:`Surface`.

        Returns
        -------
        Surface
            With the mask that the heights imply.
        """
        kept: NDArray[np.floating] = (
            np.array(heights, np.float32) if heights.dtype == np.float32 else np.array(heights, np.float64)
        )
        valid = np.isfinite(kept)
        kept[~valid] = np.nan
        return cls(kept, valid, spacing_x, spacing_y, remarks)

    @property
    def width(self) -> float:
        """Metres from the first column to the last."""
        return float((self.heights.shape[1] - 1) * self.spacing_x)

    @property
    def height(self) -> float:
        """Metres from the first row to the last."""
        return float((self.heights.shape[0] - 1) * self.spacing_y)
