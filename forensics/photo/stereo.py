"""Several photographs of one mark under lamps from different sides: its relief (photometric stereo)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn

from forensics.photo.align import Alignment, AlignParams, align
from forensics.photo.photo import Photo
from forensics.photo.srgb import levels, linear


@dataclass(frozen=True, slots=True)
class StereoParams:
    """What :func:`find_relief` can be set to.

    Attributes
    ----------
    encoding : str
        ``"srgb"`` as cameras write, or ``"linear"`` where levels are proportional to light.
    strengths : str
        How strong each lamp is: ``"given"``, all alike; ``"flat"``, as light as makes a surface that is flat on the
        whole equally light under each, which also evens out the exposures of a camera; ``"fitted"`` to all pixels,
        for six lamps or more: with fewer, a stronger lamp cannot be told from a tilted surface.
    shadow : float
        An observation darker than this part of the pixel's lightest is a shadow (0.01 to 0.3).
    saturated : int
        Level of 0 to 255 from which an observation is clipped (240 to 255).
    tolerance : float
        Deviation from the matt surface, as a part of the pixel's lightest, that counts half (0.02 to 0.5): highlights,
        half shadows and light thrown back from beside are larger. Set on two objects of the benchmark, not reported on.
    rounds : int
        Rounds of weighing (1 to 40).
    least_lamp : float
        Part of the light of an average direction that the weakest direction of the lamps must hold (0.001 to 0.1):
        lamps on one line do not tell the slope across it.
    steepest : float
        Slopes are cut there (1 to 20): next to a shadow's edge they have no bound.
    align : AlignParams
        See there.
    """

    encoding: Literal["srgb", "linear"] = "srgb"
    strengths: Literal["given", "flat", "fitted"] = "flat"
    shadow: float = 0.05
    saturated: int = 252
    tolerance: float = 0.05
    rounds: int = 8
    least_lamp: float = 0.01
    steepest: float = 6.0
    align: AlignParams = field(default_factory=AlignParams)


@dataclass(frozen=True, slots=True)
class Relief:
    """The surface of a mark.

    Attributes
    ----------
    normals : ndarray of shape (H, W, 3), float32
        Unit vectors: x to the right, y down, z to the camera. Straight up where nothing is known.
    albedo : ndarray of shape (H, W), float32
        How light the matter is, 1 for what looks white under a lamp from above; 0 where nothing is known.
    height : ndarray of shape (H, W), float32
        Towards the camera, in pixels; times ``metres_per_pixel`` it is metres. Its mean is 0. Fine structure is
        trustworthy, a slow slope over the whole picture is not.
    known : ndarray of shape (H, W), bool
        Where at least three lamps tell.
    lamps : ndarray of shape (N, 3), float64
        Directions to the lamps, times their strengths.
    alignments : tuple of Alignment
        How each photograph was moved onto the first.
    weights : ndarray of shape (N, H, W), float32
        How much each observation counted, 0 to 1: low in shadows and highlights.
    residual : float
        Root mean square difference between light seen and light of the matt surface, by the root mean square of the
        light seen; over all observations.
    residual_kept : float
        The same over observations that count half or more.
    metres_per_pixel : float or None
        As the first photograph has it.
    """

    normals: NDArray[np.float32]
    albedo: NDArray[np.float32]
    height: NDArray[np.float32]
    known: NDArray[np.bool_]
    lamps: NDArray[np.float64]
    alignments: tuple[Alignment, ...]
    weights: NDArray[np.float32]
    residual: float
    residual_kept: float
    metres_per_pixel: float | None = None

    def lit(self, lamp: NDArray[np.float64], *, ambient: float = 0.0, plain: bool = False) -> NDArray[np.uint8]:
        """Show the mark under a lamp that was not there.

        Parameters
        ----------
        lamp : ndarray of shape (3,)
            Direction to it, times its strength; see :func:`towards`.
        ambient : float
            Light from all sides, of the same kind (0 to 1).
        plain : bool
            As if all were of one grey: the relief alone.

        Returns
        -------
        ndarray of shape (H, W), uint8
            sRGB grey levels.
        """
        shade = np.maximum(self.normals @ np.asarray(lamp, np.float32), 0) + np.float32(ambient)
        matter = 0.7 * self.known if plain else self.albedo
        return levels(np.asarray(matter * shade, np.float64))


@dataclass(frozen=True, slots=True)
class NoRelief:
    """A relief that cannot be had. Falsy, and says why."""

    reason: str
    hint: str

    def __bool__(self) -> Literal[False]:
        """Read as "no result" in a condition."""
        return False


def towards(azimuth: float, elevation: float) -> NDArray[np.float64]:
    """Point to a lamp.

    Parameters
    ----------
    azimuth : float
        Where it stands, in radians: 0 is the right of the picture, a quarter turn its top.
    elevation : float
        Its height above the surface, in radians; raking light is at some 0.17 to 0.45.

    Returns
    -------
    ndarray of shape (3,)
        A unit vector: x to the right, y down, z to the camera.
    """
    flat = math.cos(elevation)
    return np.array([flat * math.cos(azimuth), -flat * math.sin(azimuth), math.sin(elevation)])


def find_relief(
    photos: Sequence[Photo],
    lamps: NDArray[np.float64],
    *,
    within: NDArray[np.bool_] | None = None,
    params: StereoParams = StereoParams(),
) -> Relief | NoRelief:
    """Find the relief of a mark from photographs under known lamps (Woodham, Optical Engineering 1980).

    Stages:

    1. The photographs laid onto the first; light, not levels.
    2. How strong the lamps are.
    3. Per pixel, the matt surface that agrees with the lamps; shadows and clipped levels do not count, and what
       deviates counts the less, the further it does (iteratively reweighted least squares, Cauchy's weight).
    4. Heights whose slopes are nearest to the surface's (Frankot and Chellappa, PAMI 1988, with cosines for the edges).

    Parameters
    ----------
    photos : sequence of Photo
        Three or more of one size, the camera at rest.
    lamps : ndarray of shape (N, 3)
        Directions to the lamps; see :func:`towards`.
    within : ndarray of shape (H, W), bool, or None
        What is looked at; everything where None.
    params : StereoParams
        See there.

    Returns
    -------
    Relief or NoRelief
        The latter for too few photographs, sizes that differ, or lamps that stand on one line.
    """
    given = np.asarray(lamps, np.float64)
    if (refused := _refused(photos, given, params)) is not None:
        return refused
    given = given / np.linalg.norm(given, axis=1, keepdims=True)
    # 1.
    alignments = align([photo.pixels for photo in photos], params=params.align)
    moved = [alignment.moved(photo.pixels) for alignment, photo in zip(alignments, photos, strict=True)]
    shape = moved[0].shape[:2]
    known = np.ones(shape, bool) if within is None else np.asarray(within, bool).copy()
    for alignment in alignments:
        known &= alignment.inside(shape)
    light = np.array([_light(pixels, params)[known] for pixels in moved])
    clipped = np.array([pixels.max(axis=2)[known] >= params.saturated for pixels in moved])
    lightest = light.max(axis=0)
    usable = ~clipped & (light > params.shadow * lightest)
    # 2. and 3.
    strengths = _flat_strengths(light, given) if params.strengths == "flat" else np.ones(len(given))
    weight = usable.astype(np.float32)
    surface = _matt(light, given * strengths[:, None], weight)
    for _ in range(params.rounds):
        off = light - np.maximum((given * strengths[:, None]) @ surface, 0)
        allowed = params.tolerance * np.maximum(lightest, 1e-6)
        weight = (usable / (1 + (off / allowed) ** 2)).astype(np.float32)
        surface = _matt(light, given * strengths[:, None], weight)
        if params.strengths == "fitted":
            shade = np.maximum(given @ surface, 0)
            strengths = (weight * light * shade).sum(axis=1) / np.maximum((weight * shade**2).sum(axis=1), 1e-12)
            strengths = strengths / strengths.mean()
    strong = given * strengths[:, None]
    off = light - np.maximum(strong @ surface, 0)
    kept = weight >= 0.5
    told = (usable.sum(axis=0) >= 3) & (lightest > 0)
    albedo = np.linalg.norm(surface, axis=0)
    told &= albedo > 0
    normals = np.zeros((*shape, 3), np.float32)
    normals[..., 2] = 1
    light_albedo = np.zeros(shape, np.float32)
    weights = np.zeros((len(photos), *shape), np.float32)
    weights[:, known] = weight
    places = np.flatnonzero(known.ravel())[told]
    normals.reshape(-1, 3)[places] = (surface[:, told] / albedo[told]).T
    light_albedo.ravel()[places] = albedo[told]
    certain = np.zeros(shape, bool)
    certain.ravel()[places] = True
    return Relief(
        normals=normals,
        albedo=light_albedo,
        height=_height(normals, params),
        known=certain,
        lamps=strong,
        alignments=alignments,
        weights=weights,
        residual=_relative(off, light, np.ones_like(kept)),
        residual_kept=_relative(off, light, kept),
        metres_per_pixel=photos[0].metres_per_pixel,
    )


def _refused(photos: Sequence[Photo], lamps: NDArray[np.float64], params: StereoParams) -> NoRelief | None:
    if len(photos) < 3 or lamps.shape != (len(photos), 3):
        return NoRelief(
            f"{len(photos)} photographs and {len(lamps)} lamps; three or more are needed, and a lamp for each.",
            "Photograph the mark with the lamp at the right, the top, the left and the bottom.",
        )
    if len({photo.pixels.shape for photo in photos}) > 1:
        return NoRelief(
            "The photographs differ in size.",
            "Leave camera and lens as they are; move the lamp alone, and do not crop.",
        )
    if not np.isfinite(lamps).all() or (np.linalg.norm(lamps, axis=1) == 0).any():
        return NoRelief("A lamp has no direction.", "Give azimuth and elevation of each lamp.")
    spread = np.linalg.svd(lamps / np.linalg.norm(lamps, axis=1, keepdims=True), compute_uv=False) ** 2
    if spread[-1] < params.least_lamp * spread.mean():
        return NoRelief(
            "The lamps stand on one line, or almost.", "Add a photograph with the lamp a quarter turn further."
        )
    if params.strengths == "fitted" and len(photos) < 6:
        return NoRelief(
            f"{len(photos)} lamps; to fit how strong each is, six are needed.", 'Set strengths to "flat" or "given".'
        )
    return None


def _light(pixels: NDArray[np.uint8], params: StereoParams) -> NDArray[np.float32]:
    light = linear(pixels) if params.encoding == "srgb" else pixels / 255.0
    return np.asarray(light.mean(axis=2), np.float32)


def _flat_strengths(light: NDArray[np.float32], lamps: NDArray[np.float64]) -> NDArray[np.float64]:
    """2. A flat surface gives back what falls on it: the sine of the elevation."""
    strengths = np.median(light, axis=1) / np.maximum(lamps[:, 2], 0.05)
    strengths = np.maximum(strengths, 1e-3 * max(float(strengths.max()), 1e-6))
    return np.asarray(strengths / strengths.mean(), np.float64)


def _matt(light: NDArray[np.float32], lamps: NDArray[np.float64], weight: NDArray[np.float32]) -> NDArray[np.float64]:
    """3. Weighted least squares per pixel; shape (3, pixels)."""
    pairs = (lamps[:, :, None] * lamps[:, None, :]).reshape(len(lamps), 9)
    normal = (weight.T.astype(np.float64) @ pairs).reshape(-1, 3, 3)
    # A trace of all lamps alike keeps pixels that only two lamps reach from running away.
    normal += 1e-4 * (pairs.sum(axis=0).reshape(3, 3) + 1e-9 * np.eye(3))
    right = (weight * light).T.astype(np.float64) @ lamps
    return np.asarray(np.linalg.solve(normal, right[..., None])[..., 0].T, np.float64)


def _height(normals: NDArray[np.float32], params: StereoParams) -> NDArray[np.float32]:
    """4."""
    up = np.maximum(normals[..., 2], 1 / params.steepest)
    across = np.clip(-normals[..., 0] / up, -params.steepest, params.steepest)
    down = np.clip(-normals[..., 1] / up, -params.steepest, params.steepest)
    # Steps from each pixel to the next one; their divergence, with no step across the edge.
    right = (across[:, 1:] + across[:, :-1]) / 2
    below = (down[1:] + down[:-1]) / 2
    spread = np.zeros(across.shape, np.float32)
    spread[:, :-1] += right
    spread[:, 1:] -= right
    spread[:-1] += below
    spread[1:] -= below
    rows, columns = across.shape[0], across.shape[1]
    waves = (2 * np.cos(np.pi * np.arange(rows) / rows) - 2)[:, None] + (
        2 * np.cos(np.pi * np.arange(columns) / columns) - 2
    )[None]
    waves[0, 0] = 1
    height = dctn(spread, norm="ortho") / waves
    height[0, 0] = 0
    return np.asarray(idctn(height, norm="ortho"), np.float32)


def _relative(off: NDArray[np.float64], light: NDArray[np.float32], where: NDArray[np.bool_]) -> float:
    seen = float((light[where].astype(np.float64) ** 2).sum())
    return math.sqrt(float((off[where] ** 2).sum()) / seen) if seen > 0 else 0.0
