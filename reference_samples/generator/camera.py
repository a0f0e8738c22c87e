"""The camera: where it stands, and what it does to the light: blur, noise, colour, vignette."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from reference_samples.generator.impression import Matrix
from reference_samples.generator.light import Colour
from reference_samples.generator.noise import blur, spread, white


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole above the table.

    Attributes
    ----------
    width, height : int
        Of the picture in pixels.
    view : float
        Metres of the table across the longer side of the picture.
    distance : float
        From the middle of the table, in units of ``view``.
    tilt : float
        From square on, in radians.
    tilt_towards : float
        The direction it leans to, in radians.
    """

    width: int
    height: int
    view: float
    distance: float = 1.5
    tilt: float = 0.0
    tilt_towards: float = 0.0

    @property
    def scale(self) -> float:
        """Pixels to a metre in the middle of the picture."""
        return max(self.width, self.height) / self.view

    @property
    def half(self) -> tuple[float, float]:
        """Half the seen width and height in metres, with room for the tilt."""
        room = 1.07 + 0.75 * math.sin(self.tilt)
        return room * self.width / self.scale / 2, room * self.height / self.scale / 2

    @property
    def projection(self) -> NDArray[np.float64]:
        """Takes homogeneous world metres (x right, y down, z up) to pixels; shape (3, 4)."""
        away = self.distance * self.view
        focal = self.scale * away
        cx, cy = (self.width - 1) / 2, (self.height - 1) / 2
        pinhole = np.array([[focal, 0, -cx, cx * away], [0, focal, -cy, cy * away], [0, 0, -1, away]])
        c, s = math.cos(self.tilt_towards), math.sin(self.tilt_towards)
        ct, st = math.cos(self.tilt), math.sin(self.tilt)
        spin = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1.0]])
        lean = np.array([[ct, 0, -st], [0, 1, 0], [st, 0, ct]])
        turn = np.eye(4)
        turn[:3, :3] = spin.T @ lean @ spin
        return np.asarray(pinhole @ turn, np.float64)

    def plane(self, z: float) -> Matrix:
        """Take homogeneous metres on the plane at height ``z`` to pixels."""
        p = self.projection
        return np.column_stack([p[:, 0], p[:, 1], p[:, 2] * z + p[:, 3]])


@dataclass(frozen=True, slots=True)
class Exposure:
    """How one shot was taken.

    Attributes
    ----------
    blur : float
        Deviation of the lens's blur in pixels of a 1,600 pixel picture.
    smear, smear_angle : float
        Length of the motion in the same pixels, and its direction in radians.
    noise : float
        Deviation in the middle tones; 1 is white.
    gain : float
        Over the exposure that brings the picture's bright parts to 0.8.
    balance : tuple of three floats
        Gains of red, green and blue.
    vignette : float
        Loss of light in the corners.
    sharpen : float
        What the camera's own sharpening adds.
    quality : int
        Of the JPEG.
    """

    blur: float = 0.6
    smear: float = 0.0
    smear_angle: float = 0.0
    noise: float = 0.008
    gain: float = 1.0
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    vignette: float = 0.12
    sharpen: float = 0.35
    quality: int = 88


def take(
    light: Colour, exposure: Exposure, rng: np.random.Generator, *, reference: float | None = None
) -> NDArray[np.uint8]:
    """Turn linear light into the picture that the camera stores, RGB.

    1. Lens: blur and motion. 2. Exposure: the brightest twentieth near white, white balance, vignette. 3. Tone curve.
    4. Sharpening. 5. Noise, more of it in the dark.

    Parameters
    ----------
    light : ndarray of shape (H, W, 3), float32
        Linear; overwritten.
    exposure : Exposure
        The shot.
    rng : numpy.random.Generator
        For the noise.
    reference : float, optional
        The light that is to become 0.8, where several shots share one exposure.
    """
    height, width = light.shape[:2]
    zoom = max(height, width) / 1600
    # 1.
    if exposure.blur * zoom > 0.3:
        light = blur(light, exposure.blur * zoom)
    if exposure.smear * zoom > 1.5:
        reach = math.ceil(exposure.smear * zoom) | 1
        kernel = np.zeros((reach, reach), np.float32)
        middle = reach // 2
        end = (middle * math.cos(exposure.smear_angle), middle * math.sin(exposure.smear_angle))
        cv2.line(
            kernel,
            (round(middle - end[0]), round(middle - end[1])),
            (round(middle + end[0]), round(middle + end[1])),
            (1.0,),
        )
        light = np.asarray(cv2.filter2D(light, -1, kernel / kernel.sum()), np.float32)
    # 2.
    if reference is None:
        reference = bright(light)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    fall = np.float32(exposure.gain * 0.62 / reference) * (1 - np.float32(exposure.vignette / 2) * (x * x + y * y))
    light *= cv2.merge([fall * np.float32(gain) for gain in exposure.balance])
    # 3. A square root is close to sRGB, and a soft shoulder keeps highlights from clipping at once.
    np.clip(light, 0, 4, out=light)
    shoulder = light * light
    shoulder *= shoulder
    shoulder += 1
    light /= np.sqrt(np.sqrt(shoulder))
    picture = np.sqrt(light)
    # 4.
    if exposure.sharpen:
        soft = blur(picture, 1.2)
        picture = cv2.addWeighted(picture, 1 + exposure.sharpen, soft, -exposure.sharpen, 0)
    # 5.
    grain = _grain((height, width), rng)
    picture = cv2.addWeighted(picture, 255, grain, 255 * 0.75 * exposure.noise, 0.5)
    np.clip(picture, 0, 255, out=picture)
    return np.asarray(picture.astype(np.uint8))


def _grain(shape: tuple[int, int], rng: np.random.Generator) -> Colour:
    """Noise of a sensor: fine in brightness, coarser in colour. One tile of it serves a whole picture."""
    side = 704
    coarse = rng.standard_normal((side // 2, side // 2, 3), dtype=np.float32)
    tile = np.asarray(cv2.resize(coarse, (side, side)), np.float32) + spread(white((side, side), rng))
    rows, columns = -(-shape[0] // side), -(-shape[1] // side)
    return np.ascontiguousarray(np.tile(tile, (rows, columns, 1))[: shape[0], : shape[1]])


def bright(light: Colour) -> float:
    """Find the light by which a picture is exposed: its brighter parts, but a dark thing may stay dark."""
    thin = light[::8, ::8]
    return float(max(float(np.percentile(thin.max(2), 93)), 0.02) ** 0.7 * 0.4**0.3)
