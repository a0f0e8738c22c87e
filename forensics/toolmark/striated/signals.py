"""A profile as it is compared: a few band-passed, evened-out versions of it at one step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.toolmark import filters
from forensics.toolmark.striated.features import StriatedFeatures

Array = NDArray[np.float64]

MICRON = 1e-6

MAIN = ("height", "slope", "broad")
BANDS = ((30.0, 100.0), (60.0, 150.0), (100.0, 250.0), (150.0, 400.0), (250.0, 600.0), (600.0, 1200.0))
"""Micrometres at level 0. Tools are told apart by waves of 0.03 to 1.2 mm on marks some 5 mm long; shorter marks, as a
wire's end or the side of a bullet, bear finer ones (see :meth:`SignalParams.level`)."""


@dataclass(frozen=True, slots=True)
class SignalParams:
    """At which step a profile is compared, and what is let through.

    Attributes
    ----------
    step : float
        Metres from one value to the next at level 0. Default 14 micrometres: half of the shortest wave that is looked
        at. Bounds: 1e-7 to 1e-3.
    full_length : float
        Metres. Marks at least this long are compared at level 0; one half as long at level -1, with every wavelength
        and the step halved, so that a short mark is still told by as many striae. Default 4 mm: a screwdriver's blade,
        or a cutter's. Bounds: 1e-4 to 1.
    finest : int
        The lowest level, in half octaves. Default -8, a sixteenth: marks of 0.25 mm. Bounds: -16 to 0.
    floor : float
        Part of a profile's mean roughness that is added where it is evened out. Default 0.1: flat places stay quiet.
        Bounds: 0.001 to 10.
    lags : int
        Lags up to which a profile's correlation with itself is kept. Default 160, the longest wave that is let
        through twice over. Bounds: 8 to 4,096.
    """

    step: float = 14e-6
    full_length: float = 4e-3
    finest: int = -8
    floor: float = 0.1
    lags: int = 160

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {
            "step": (1e-7, 1e-3),
            "full_length": (1e-4, 1.0),
            "finest": (-16, 0),
            "floor": (0.001, 10),
            "lags": (8, 4096),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")

    def level(self, mark: StriatedFeatures) -> int:
        """Return the level that a mark is compared at, in half octaves: 0, or less where it is short.

        A mark sampled too coarsely for its length is compared at the level that its samples allow, which may be above
        0. Of two marks the lower level of their lengths counts, unless one's samples forbid it.
        """
        return self.level_of(mark.length)

    def level_of(self, length: float) -> int:
        """Return the level that a length in metres is compared at, whatever its samples allow."""
        wanted = min(0, round(2 * float(np.log2(max(length, 1e-9) / self.full_length))))
        return int(max(wanted, self.finest))

    def coarsest(self, mark: StriatedFeatures) -> int:
        """Return the lowest level that a mark's samples allow."""
        return int(np.ceil(2 * float(np.log2(mark.spacing / self.step)) - 1e-6))

    def step_at(self, level: int) -> float:
        """Metres between values at a level."""
        return float(self.step * 2 ** (level / 2))


@dataclass(frozen=True, slots=True)
class Signals:
    """A profile at one step.

    Attributes
    ----------
    main : ndarray of shape (len(MAIN), N), float32
        Heights in a middle band, slopes, and heights in a broad band: what a place is searched by.
    bands : ndarray of shape (len(BANDS), N), float32
        Narrow bands, to tell in which of them two marks agree.
    likeness : ndarray of shape (len(MAIN), lags), float32
        Correlation of each main signal with itself, shifted by one value and more.
    """

    main: NDArray[np.float32]
    bands: NDArray[np.float32]
    likeness: NDArray[np.float32]

    @property
    def size(self) -> int:
        """Values in each."""
        return int(self.main.shape[1])

    def reversed(self) -> Signals:
        """Return them as if the mark had been measured from its other end."""
        main = self.main[:, ::-1].copy()
        main[MAIN.index("slope")] *= -1
        return Signals(main, self.bands[:, ::-1], self.likeness)


def signals(mark: StriatedFeatures, *, level: int, params: SignalParams) -> Signals:
    """Prepare a profile for comparing.

    Stages: 1. to half the step, with waves that it cannot hold taken out first; 2. the bands; 3. the roughness evened
    out; 4. to the step.

    Parameters
    ----------
    mark : StriatedFeatures
        The described mark.
    level : int
        See :meth:`SignalParams.level`.
    params : SignalParams
        Step and bands.

    Returns
    -------
    Signals
        At ``params.step_at(level)``.
    """
    # 1.
    profile = half_step_profile(mark, level=level, params=params)
    unit = _unit(params)

    def evened(values: Array, over: float) -> Array:
        return filters.even_out(values, over * unit, floor=params.floor)

    # 2. and 3.
    middle = filters.smooth(profile, 60 * unit)
    main = np.stack(
        [
            evened(_height(profile, unit), 1000),
            evened(np.gradient(middle - filters.smooth(middle, 1000 * unit)), 800),
            evened(middle - filters.smooth(middle, 1200 * unit), 1500),
        ]
    )
    narrow = np.stack([evened(filters.band(profile, low * unit, high * unit), 1000) for low, high in BANDS])
    # 4.
    main, narrow = _halved(main), _halved(narrow)
    return Signals(main.astype(np.float32), narrow.astype(np.float32), _likeness(main, params.lags))


def half_step_profile(mark: StriatedFeatures, *, level: int, params: SignalParams) -> Array:
    """Return a mark's profile at half the step of a level, in its own unit."""
    return resampled(mark.profile.astype(np.float64), mark.spacing / (params.step_at(level) / 2))


def height_signal(profiles: Array, *, params: SignalParams) -> Array:
    """Return the first main signal alone, of many profiles at half the step; shape (..., N) to (..., N // 2)."""
    unit = _unit(params)
    even = filters.even_out(_height(profiles, unit), 1000 * unit, floor=params.floor)
    return _halved(even.reshape(-1, even.shape[-1])).reshape(*even.shape[:-1], -1)


def _unit(params: SignalParams) -> float:
    """Values to a micrometre at level 0, at half the step: a level scales wavelengths together with the step."""
    return MICRON * 2 / params.step


def _height(profiles: Array, unit: float) -> Array:
    return filters.band(profiles, 30 * unit, 600 * unit)


def resampled(profile: Array, ratio: float) -> Array:
    """Return a profile with another distance between its values.

    Parameters
    ----------
    profile : ndarray of shape (N,), float64
        Evenly sampled.
    ratio : float
        The present distance over the wanted one.

    Returns
    -------
    ndarray, float64
        Shorter by the ratio where that is below 1; what could not be held any more is smoothed away first.
    """
    if ratio < 0.75:
        profile = filters.smooth(profile, 2 / ratio)
    count = max(4, int((len(profile) - 1) * ratio + 1e-9) + 1)
    return np.interp(np.arange(count) / ratio, np.arange(len(profile)), profile)


def _halved(values: Array) -> Array:
    count = values.shape[1] // 2
    halved: Array = values[:, : 2 * count].reshape(len(values), count, 2).mean(axis=2)
    return halved


def _likeness(values: Array, lags: int) -> NDArray[np.float32]:
    size = values.shape[1]
    centred = values - values.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(centred, 2 * size, axis=1)) ** 2
    found = np.fft.irfft(power, axis=1)[:, :size]
    found = found / np.maximum(found[:, :1], 1e-12)
    kept = np.zeros((len(values), lags), np.float32)
    kept[:, : min(lags, size - 1)] = found[:, 1 : lags + 1]
    return kept
