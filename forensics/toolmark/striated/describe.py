"""A scan, a photograph or a profile to the features of a striated mark, or the reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.photo import Photo
from forensics.toolmark import filters
from forensics.toolmark.field import Field, coarser, level, of_photograph, of_surface, turned
from forensics.toolmark.striated.direction import direction
from forensics.toolmark.striated.features import METHOD, Kind, StriatedFeatures
from forensics.toolmark.striated.signals import SignalParams
from forensics.toolmark.surface import Surface
from forensics.toolmark.unusable import Unusable

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DescribeParams:
    """What a mark must hold.

    Attributes
    ----------
    least_length : float
        Metres across the striae. Default 0.25 mm: half a wire of half a millimetre. Bounds: 1e-5 to 1.
    least_values : int
        Across the striae. Default 64: some ten striae. Bounds: 16 to 100,000.
    least_rows : int
        Along the striae, of a scan or a photograph. Default 5. Bounds: 1 to 1,000.
    least_coherence : float
        Of the direction. Default 0.2: an isotropic surface has under 0.1. Bounds: 0 to 1.
    least_agreement : float
        Correlation between the profiles of every second line and of the others. Default 0.5: below, noise is as strong
        as the striae. Bounds: -1 to 1.
    least_share : float
        Part of the lines that a place on the profile must be known on. Default 0.25. Bounds: 0 to 1.
    most_gap : float
        Part of the profile's length that one gap in it may span. Default 0.1. Bounds: 0 to 0.5.
    most_pixels : int
        Of a side that is worked on; larger ones are made coarser first. Default 3,000. Bounds: 64 to 20,000.
    bend : float
        Part of the length by which striae may bend sideways along the mark. Default 0.03. Bounds: 0 to 0.2.
    signal : SignalParams
        The step that marks are compared at: finer pixels are put together first.
    """

    least_length: float = 0.25e-3
    least_values: int = 64
    least_rows: int = 5
    least_coherence: float = 0.2
    least_agreement: float = 0.5
    least_share: float = 0.25
    most_gap: float = 0.1
    most_pixels: int = 3000
    bend: float = 0.03
    signal: SignalParams = field(default_factory=SignalParams)

    def needed(self, extent: float) -> float:
        """Return the spacing in metres that a mark of a size is described at: a quarter of what it is compared at."""
        return self.signal.step_at(self.signal.level_of(extent)) / 4

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {
            "least_length": (1e-5, 1),
            "least_values": (16, 100_000),
            "least_rows": (1, 1000),
            "least_coherence": (0, 1),
            "least_agreement": (-1, 1),
            "least_share": (0, 1),
            "most_gap": (0, 0.5),
            "most_pixels": (64, 20_000),
            "bend": (0, 0.2),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")


_DEFAULT = DescribeParams()


def describe_surface(surface: Surface, *, params: DescribeParams = _DEFAULT) -> StriatedFeatures | Unusable:
    """Describe the striae on a scan; see :func:`describe_field`."""
    return describe_field(of_surface(surface), params=params)


def describe_photograph(
    photo: Photo,
    polygon: NDArray[np.float32],
    *,
    metres_per_pixel: float | None = None,
    params: DescribeParams = _DEFAULT,
) -> StriatedFeatures | Unusable:
    """Describe the striae within a polygon on a photograph; see :func:`describe_field`.

    Parameters
    ----------
    photo : Photo
        Taken in raking light from across the striae.
    polygon : ndarray of shape (N, 2), float32
        Corners of the mark, in pixels.
    metres_per_pixel : float, optional
        In the plane of the mark; the photograph's own by default.
    params : DescribeParams
        What it must hold.

    Returns
    -------
    StriatedFeatures or Unusable
        Of kind ``"light"``.
    """
    scale = metres_per_pixel or photo.metres_per_pixel
    if scale is None:
        return Unusable(
            METHOD,
            "expected a photograph whose scale is known; found none.",
            "Mark two ticks of the ruler on it: striae are compared at their true size.",
        )
    return describe_field(of_photograph(photo, polygon, metres_per_pixel=scale), params=params)


def describe_profile(
    profile: NDArray[np.floating], *, spacing: float, kind: Kind = "height", params: DescribeParams = _DEFAULT
) -> StriatedFeatures | Unusable:
    """Describe a profile that was measured as one, across the striae.

    Parameters
    ----------
    profile : ndarray of shape (N,)
        Heights in metres, NaN where nothing was measured.
    spacing : float
        Metres from value to value.
    kind : {"height", "light"}
        What the values are.
    params : DescribeParams
        What it must hold.

    Returns
    -------
    StriatedFeatures or Unusable
        Of one row.
    """
    values = np.asarray(profile, np.float64)
    found = _without_gaps(values, np.isfinite(values), spacing, params)
    if isinstance(found, Unusable):
        return found
    return StriatedFeatures(METHOD, found.astype(np.float32), spacing, kind)


def describe_field(seen: Field, *, params: DescribeParams = _DEFAULT) -> StriatedFeatures | Unusable:
    """Describe the striae of a field.

    Stages: 1. the form is taken out; 2. the direction of the striae; 3. they are turned upright; 4. strips along them
    are laid on each other, for striae that bend; 5. the middle value of all lines at each place; 6. gaps closed, ends
    without enough lines cut off; 7. a check that one half of the lines shows the same as the other.

    Parameters
    ----------
    seen : Field
        Of a scan or a photograph.
    params : DescribeParams
        What it must hold.

    Returns
    -------
    StriatedFeatures or Unusable
        The profile across the striae.
    """
    # 1.
    longest = max(seen.values.shape)
    needed = params.needed(longest * seen.spacing)
    flat = level(coarser(seen, max(seen.spacing * longest / params.most_pixels, needed)))
    # 2.
    along, coherence = direction(flat)
    if coherence < params.least_coherence:
        return Unusable(
            METHOD,
            f"expected striae that run one way (coherence of at least {params.least_coherence:.2f}); "
            f"found {coherence:.2f}.",
            "Draw the region around the striae alone, or take it as an impressed mark.",
        )
    # 3.
    upright, _ = turned(flat, np.pi / 2 - along)
    rows = np.flatnonzero(upright.valid.any(axis=1))
    if len(rows) < params.least_rows:
        return Unusable(
            METHOD,
            f"expected at least {params.least_rows} lines across the striae; found {len(rows)}.",
            "Take a wider region along the striae.",
        )
    values = np.where(upright.valid, upright.values, np.nan)[rows[0] : rows[-1] + 1]
    # 4.
    values = _straightened(values, params)
    # 5.
    profile, known = _middle(values, params)
    # 6.
    found = _without_gaps(profile, known, upright.spacing, params)
    if isinstance(found, Unusable):
        return found
    # 7.
    agreement = _agreement(values, params)
    if agreement < params.least_agreement:
        return Unusable(
            METHOD,
            f"expected lines that show the same striae (correlation of at least {params.least_agreement:.2f}); "
            f"found {agreement:.2f}.",
            "Take the mark again in raking light from across the striae, or at a higher magnification.",
        )
    return StriatedFeatures(
        METHOD, found.astype(np.float32), upright.spacing, seen.kind, along, coherence, len(values), agreement
    )


def _middle(values: Array, params: DescribeParams) -> tuple[Array, NDArray[np.bool_]]:
    """Return the middle value of each column, and where enough lines are known."""
    count = np.isfinite(values).sum(axis=0)
    known = count >= max(1, params.least_share * count.max(initial=0))
    profile = np.full(values.shape[1], np.nan)
    profile[known] = np.nanmedian(values[:, known], axis=0)
    return profile, known


def _straightened(values: Array, params: DescribeParams) -> Array:
    """Shift strips of lines so that bent striae lie straight: each onto its neighbour, from the middle outwards."""
    reach = int(params.bend * values.shape[1] / 4)
    strips = np.array_split(np.arange(len(values)), min(16, len(values) // params.least_rows))
    if reach < 1 or len(strips) < 3:
        return values
    shifted = values.copy()
    middle = len(strips) // 2
    for order in (range(middle + 1, len(strips)), range(middle - 1, -1, -1)):
        offset, before = 0, _strip(values, strips[middle])
        for number in order:
            here = _strip(values, strips[number])
            offset += _offset(before, here, reach)
            before = here
            if offset:
                shifted[strips[number]] = _moved(values[strips[number]], -offset)
    return shifted


def _strip(values: Array, rows: NDArray[np.int64]) -> Array:
    part = values[rows]
    count = np.isfinite(part).sum(axis=0)
    total = np.where(count > 0, np.nansum(part, axis=0) / np.maximum(count, 1), np.nan)
    known = np.isfinite(total)
    if known.sum() < 8:
        return np.zeros(values.shape[1])
    filled = np.interp(np.arange(len(total)), np.flatnonzero(known), total[known])
    return np.where(known, filters.band(filled, 3, max(16.0, len(filled) / 8)), 0.0)


def _offset(before: Array, here: Array, reach: int) -> int:
    """Return by how many columns a strip lies to the right of the one before it."""
    found = [float(before[max(0, -by) : len(before) - max(0, by)] @ here[max(0, by) : len(here) - max(0, -by)])
             for by in range(-reach, reach + 1)]  # fmt: skip
    return int(np.argmax(found)) - reach if max(found) > 0 else 0


def _moved(values: Array, by: int) -> Array:
    moved = np.full_like(values, np.nan)
    if by > 0:
        moved[:, by:] = values[:, :-by]
    else:
        moved[:, :by] = values[:, -by:]
    return moved


def _without_gaps(profile: Array, known: NDArray[np.bool_], spacing: float, params: DescribeParams) -> Array | Unusable:
    """Cut a profile at gaps that are too long to be closed, and keep the longest part."""
    places = np.flatnonzero(known)
    longest = np.zeros(0)
    if len(places):
        most = max(1.0, params.most_gap * (places[-1] - places[0]))
        cuts = np.flatnonzero(np.diff(places) > most) + 1
        part = max(np.split(places, cuts), key=lambda run: run[-1] - run[0])
        longest = np.interp(np.arange(part[0], part[-1] + 1), part, profile[part])
    length = max(0, len(longest) - 1) * spacing
    if len(longest) < params.least_values or length < params.least_length:
        return Unusable(
            METHOD,
            f"expected at least {params.least_values} values over {1e3 * params.least_length:.2f} mm across the "
            f"striae; found {len(longest)} over {1e3 * length:.2f} mm.",
            "Take more of the mark, or scan it at a finer spacing.",
        )
    if float(np.ptp(longest)) == 0:
        return Unusable(METHOD, "expected striae; found a flat line.", "Draw the region where the tool left its trace.")
    return longest


def _agreement(values: Array, params: DescribeParams) -> float:
    """Return the correlation of the profiles of every second line and of the others, waves of form and noise aside."""
    halves = []
    for start in (0, 1):
        profile, known = _middle(values[start::2], params)
        halves.append((profile, known))
    both = halves[0][1] & halves[1][1]
    places = np.flatnonzero(both)
    if len(places) < params.least_values:
        return 0.0
    filled = [np.interp(np.arange(places[0], places[-1] + 1), places, half[0][places]) for half in halves]
    one, other = (filters.band(half, 4, max(32.0, len(half) / 6)) for half in filled)
    return float(np.corrcoef(one, other)[0, 1]) if one.std() > 0 and other.std() > 0 else 0.0
