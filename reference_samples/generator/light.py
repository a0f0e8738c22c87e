"""Lamps, and how a surface answers them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from reference_samples.generator.noise import Field, spread

Colour = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Light:
    """One lamp and the light of the room.

    Attributes
    ----------
    azimuth : float
        Where the lamp stands, in radians in the plane of the picture: 0 is the right, a quarter turn is the top.
    elevation : float
        Its height above the surface, in radians; 0.17 to 0.45 is raking light.
    diffuse : float
        Share of the light that comes from everywhere, in [0, 1].
    """

    azimuth: float = 2.2
    elevation: float = 0.9
    diffuse: float = 0.45

    @property
    def raking(self) -> bool:
        """Whether it is a shallow, directed light."""
        return self.elevation < math.radians(30) and self.diffuse < 0.5

    def direction(self, turn: float = 0.0) -> tuple[float, float, float]:
        """Point to the lamp by a unit vector (x right, y down, z to the camera), in axes turned by ``turn`` radians."""
        flat = math.cos(self.elevation)
        x, y = flat * math.cos(self.azimuth), -flat * math.sin(self.azimuth)
        c, s = math.cos(turn), math.sin(turn)
        return c * x + s * y, -s * x + c * y, math.sin(self.elevation)


DIFFUSE = Light(azimuth=math.pi / 2, elevation=math.radians(75), diffuse=0.92)
"""Even light from all sides: what is only relief all but disappears in it."""


def raking(azimuth_degrees: float, *, elevation_degrees: float = 18.0) -> Light:
    """Put a raking lamp in a dark room."""
    return Light(math.radians(azimuth_degrees), math.radians(elevation_degrees), 0.12)


RAKING_SERIES: tuple[Light, ...] = (raking(0), raking(90), raking(180), raking(270), DIFFUSE)
"""The accepted set for a mark: four raking directions and one diffuse."""


@dataclass(slots=True)
class Surface:
    """A patch of matter seen from above.

    Attributes
    ----------
    albedo : ndarray of shape (H, W, 3), float32
        Linear reflectance in [0, 1].
    height : ndarray of shape (H, W), float32
        In pixels of this patch.
    skin : ndarray of shape (H, W), float32, or None
        Height of the glossy skin (film, tape, varnish) in pixels; the matter's own where None.
    gloss : ndarray of shape (H, W), float32, or None
        Strength of the skin's mirror; None is matt.
    haze : ndarray of shape (H, W), float32, or None
        Share of a milky film's own white in [0, 1].
    polish : float
        Sharpness of the mirror: 20 is waxed, 200 is new film.
    """

    albedo: Colour
    height: Field
    skin: Field | None = None
    gloss: Field | None = None
    haze: Field | None = None
    polish: float = 60.0


def _slopes(height: Field) -> tuple[Field, Field]:
    along_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=1, scale=0.5)
    along_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=1, scale=0.5)
    return np.asarray(along_x, np.float32), np.asarray(along_y, np.float32)


def cast_shadow(height: Field, direction: tuple[float, float, float], *, steps: int = 9, soft: float = 0.6) -> Field:
    """Share of the lamp that reaches each pixel past the relief around it, 1 where nothing stands in the way."""
    x, y, z = direction
    flat = math.hypot(x, y)
    rise = z / max(flat, 1e-6)
    tallest = float(np.percentile(height[::4, ::4], 99.5) - np.percentile(height[::4, ::4], 0.5))
    reach = min(tallest / max(rise, 0.05), 60.0)
    if reach < 1 or flat < 1e-3:
        return np.ones_like(height)
    horizon = np.full_like(height, -1e3)
    for distance in np.unique(np.rint(np.geomspace(1, max(reach, 2), steps)).astype(int)):
        move = np.array([[1, 0, -distance * x / flat], [0, 1, -distance * y / flat]])
        towards = cv2.warpAffine(
            height, move, height.shape[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        towards -= distance * rise
        np.maximum(horizon, towards, out=horizon)
    horizon -= height
    horizon /= soft
    np.clip(horizon, 0, 1, out=horizon)
    return np.asarray(1 - horizon, np.float32)


def crevices(height: Field, *, reach: float = 9.0, depth: float = 7.0, strength: float = 0.5) -> Field:
    """Share of the room's light that hollows lose to the rims around them.

    Parameters
    ----------
    height : ndarray of shape (H, W), float32
        In pixels.
    reach : float
        How far a rim shades, in pixels.
    depth : float
        How deep a hollow loses all that it can lose, in pixels.
    strength : float
        What it can lose.
    """
    small = cv2.resize(height, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    rim = cv2.resize(cv2.GaussianBlur(small, (0, 0), reach / 4), height.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip((rim - height) / depth, 0, 1) * strength, np.float32)


def shade(surface: Surface, light: Light, *, turn: float = 0.0, shadows: bool = True, lamp: float = 1.0) -> Colour:
    """Light a surface.

    1. Diffuse: the lamp by Lambert's law where the relief lets it through, and the room's light.
    2. Haze of a milky film.
    3. Mirror of the skin: the lamp, and a faint reflection of the room.

    Parameters
    ----------
    surface : Surface
        What is lit.
    light : Light
        The lamp, in the axes of the picture.
    turn : float
        How far the surface's axes are turned in the picture, in radians.
    shadows : bool
        Whether the relief casts shadows.
    lamp : float
        Strength of the lamp.

    Returns
    -------
    ndarray of shape (H, W, 3), float32
        Linear light; a white surface under the room's light alone gives ``light.diffuse``.
    """
    lx, ly, lz = light.direction(turn)
    # 1.
    gx, gy = _slopes(surface.height)
    steep = 1 / np.sqrt(1 + gx * gx + gy * gy)
    direct = np.maximum((lz - lx * gx - ly * gy) * steep, 0)
    if shadows and light.diffuse < 0.8:
        direct *= cast_shadow(surface.height, (lx, ly, lz))
    room_light = np.float32(light.diffuse) * (0.35 + 0.65 * steep)
    if shadows:
        room_light *= 1 - crevices(surface.height)
    # A low lamp is brought closer, so that a raking picture is not simply dark.
    power = lamp * (1 - light.diffuse) / max(lz, 0.25) ** 0.8
    irradiance = np.asarray(np.float32(power) * direct + room_light, np.float32)
    # 2.
    if surface.haze is not None:
        keep = 1 - surface.haze
        out = surface.albedo * spread(irradiance * keep)
        out += spread(surface.haze * np.float32(0.4 * light.diffuse + 0.35 * power * lz))
    else:
        out = surface.albedo * spread(irradiance)
    # 3.
    if surface.gloss is not None:
        if surface.skin is not None:
            gx, gy = _slopes(surface.skin)
            steep = 1 / np.sqrt(1 + gx * gx + gy * gy)
        hx, hy, hz = lx, ly, lz + 1
        size = math.sqrt(hx * hx + hy * hy + hz * hz)
        facing = np.clip((hz - hx * gx - hy * gy) * steep / size, 0, 1)
        mirror = power * 0.9 * np.exp((facing - 1) * surface.polish)
        # The room: bright above, dark at the sides; what makes film look like film under a diffuse lamp.
        room = 0.05 * light.diffuse * np.clip(1.2 - 1.6 * (1 - steep) * 4 + 0.8 * gy, 0, 2)
        out += spread(surface.gloss * (mirror + room))
    return np.asarray(out, np.float32)
