"""What a tool leaves: relief in powder, relief in a tablet, ink on paper, print on a sticker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from reference_samples.generator.design import MASK_SIZE
from reference_samples.generator.light import RAKING_SERIES, Colour, Light, Surface, shade
from reference_samples.generator.noise import Field, blobs, blur, clouds, smoothstep, spread, tinted, white
from reference_samples.generator.tool import Tool

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pressure:
    """How one impression was made.

    Attributes
    ----------
    seed : int
        Seeds what is of this impression alone.
    uses : int
        How often the tool was used before.
    force : float
        1 is a full impression; 0.6 is faint.
    tilt : float
        How much weaker the weak side is, in [0, 1].
    """

    seed: int
    uses: int
    force: float = 1.0
    tilt: float = 0.15


@dataclass(frozen=True, slots=True)
class ImpressionPicture:
    """An impression alone, seen square on, with where it came from.

    Attributes
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        RGB in sRGB.
    light : Light
        The lamp.
    design_to_picture : ndarray of shape (3, 3), float64
        Takes the unit square of the design's mask to pixels.
    polygon : ndarray of shape (4, 2), float32
        Around the drawn part, in pixels.
    metres_per_pixel : float
        Its scale.
    """

    pixels: NDArray[np.uint8]
    light: Light
    design_to_picture: Matrix
    polygon: NDArray[np.float32]
    metres_per_pixel: float


def laid(tool: Tool, pressure: Pressure, design_to_canvas: Matrix, shape: tuple[int, int]) -> Field:
    """Move the tool's face onto a canvas, with this impression's force and tilt."""
    return _laid(tool.face(pressure.uses), pressure, design_to_canvas, shape)


def _laid(face: Field, pressure: Pressure, design_to_canvas: Matrix, shape: tuple[int, int]) -> Field:
    rng = np.random.default_rng([pressure.seed, 0x1A1D])
    a = rng.uniform(0, 2 * math.pi)
    across = np.linspace(-1, 1, MASK_SIZE, dtype=np.float32)
    weak = 0.5 * (1 + np.cos(a) * across[None, :] * 0.7 + np.sin(a) * across[:, None] * 0.7)
    pressed = face * np.asarray(pressure.force * (1 - pressure.tilt * weak), np.float32)
    matrix = (design_to_canvas @ np.diag([1 / MASK_SIZE, 1 / MASK_SIZE, 1.0]))[:2]
    scale = math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))
    if scale < 0.8:  # what would alias is taken out first
        pressed = blur(pressed, 0.45 / scale)
    return np.asarray(cv2.warpAffine(pressed, matrix, shape[::-1], flags=cv2.INTER_LINEAR), np.float32)


def emboss(tool: Tool, pressure: Pressure, design_to_canvas: Matrix, shape: tuple[int, int], *, depth: float) -> Field:
    """Relief that a press or a punch leaves in compressed powder.

    Parameters
    ----------
    tool, pressure : Tool, Pressure
        What pressed, and how.
    design_to_canvas : ndarray of shape (3, 3)
        Takes the unit square of the design to the canvas.
    shape : tuple of int
        Of the canvas.
    depth : float
        Of a full impression, in pixels of the canvas.

    Returns
    -------
    ndarray of the canvas's shape, float32
        To be added to the height: negative where the design is sunk.
    """
    rng = np.random.default_rng([pressure.seed, 0xE3B0])
    face = laid(tool, pressure, design_to_canvas, shape)
    side = math.sqrt(abs(float(np.linalg.det(design_to_canvas[:2, :2]))))
    filled = 1 - 0.3 * smoothstep(clouds(shape, max(side / 6, 2), rng, octaves=3), 0.3, 1.6)
    # Powder breaks along the steep edges of the relief.
    edge = 3 * np.abs(blur(face, max(side / 60, 1.0)) - blur(face, max(side / 200, 0.5)))
    broken = smoothstep(clouds(shape, max(side / 45, 1.5), rng, octaves=2), 0.75, 1.5) * np.clip(edge, 0, 1)
    relief = face * filled * (1 - (0.4 if tool.kind == "press" else 0.2) * broken)
    soft = blur(relief, max(side / 260, 0.5))
    return np.asarray((1 if tool.raised else -1) * depth * soft, np.float32)


def ink(tool: Tool, pressure: Pressure, design_to_canvas: Matrix, shape: tuple[int, int]) -> Field:
    """Coverage in [0, 1] of an inked stamp: spread, squeezed rim, dry spots, and the grain it was pressed on."""
    rng = np.random.default_rng([pressure.seed, 0x14C])
    face = laid(tool, pressure, design_to_canvas, shape)
    side = math.sqrt(abs(float(np.linalg.det(design_to_canvas[:2, :2]))))
    wet = blur(face, max(side / 260, 0.5))
    feather = clouds(shape, max(side / 70, 1.5), rng, octaves=3)
    threshold = 0.42 - 0.1 * (pressure.force - 0.8)
    body = smoothstep(wet + 0.06 * feather, threshold - 0.13, threshold + 0.13)
    rim = np.clip(body - smoothstep(blur(face, max(side / 90, 0.8)), 0.45, 0.95), 0, 1)
    dry = smoothstep(clouds(shape, max(side / 9, 2), rng, octaves=5, gain=0.65), 0.9 * pressure.force + 0.2, 2.4)
    speckle = smoothstep(white(shape, rng) * 0.6 + feather * 0.5, 0.9, 1.8)
    film = 0.78 + 0.12 * clouds(shape, max(side / 14, 2), rng, octaves=2) + 0.3 * rim
    return np.asarray(np.clip(body * film * (1 - 0.9 * dry) * (1 - 0.4 * speckle), 0, 1), np.float32)


def print_on(
    tool: Tool, pressure: Pressure, design_to_canvas: Matrix, shape: tuple[int, int], *,
    colours: tuple[tuple[float, float, float], tuple[float, float, float]],
) -> Colour:  # fmt: skip
    """Linear reflectance of a printed sticker: solid design over a halftoned ground, with the plate's faults.

    Parameters
    ----------
    tool, pressure : Tool, Pressure
        The plate and this print of it.
    design_to_canvas : ndarray of shape (3, 3)
        Takes the unit square of the design to the canvas.
    shape : tuple of int
        Of the canvas.
    colours : pair of linear RGB
        Of the design and of the ground.
    """
    rng = np.random.default_rng([pressure.seed, 0x9417])
    own = np.random.default_rng([tool.seed, 0x9418])
    front, ground = colours
    side = math.sqrt(abs(float(np.linalg.det(design_to_canvas[:2, :2]))))
    shift = np.eye(3)
    shift[:2, 2] = own.normal(0, side / 350, 2) + rng.normal(0, side / 700, 2)  # register of the second colour
    face = laid(tool, pressure, shift @ design_to_canvas, shape)
    solid = smoothstep(face, 0.16, 0.46)
    y, x = np.arange(shape[0], dtype=np.float32)[:, None], np.arange(shape[1], dtype=np.float32)[None, :]
    inverse = np.linalg.inv(design_to_canvas)
    v = np.asarray(inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2], np.float32)
    # Halftone: dots at 45 degrees whose size follows a tint that runs down the sticker.
    pitch = max(side / 62, 2.6)
    step = np.float32(math.pi / pitch / math.sqrt(2))
    tint = 0.55 + 0.3 * np.cos(math.pi * v)
    halftoned = sum(ground) > 0.6  # a dark ground is printed solid
    dots = (
        np.ones(shape, np.float32)
        if not halftoned
        else smoothstep(0.25 * (np.cos(2 * step * x) + np.cos(2 * step * y)) + 0.5 + tint - 1.05, -0.14, 0.14)
    )
    paper = np.float32(0.82)
    out = paper + tinted(dots, (ground[0] - 0.82, ground[1] - 0.82, ground[2] - 0.82))
    out = out * spread(1 - solid) + tinted(solid, front)
    # Fine lines the print head leaves out: the plate's own, at the same place on every print.
    for at in own.uniform(0, 1, int(own.integers(0, 3))):
        gap = np.asarray(np.exp(-(((v - at) * side / 1.1) ** 2)) * 0.7, np.float32)
        out = out + spread(gap) * (paper - out)
    tone = 1 + 0.03 * blobs(shape, max(side / 5, 4), rng)
    return np.asarray(np.clip(out * spread(tone), 0.01, 0.95), np.float32)


def render_impression(
    tool: Tool, pressure: Pressure, *, light: Light = RAKING_SERIES[0], size: int = 512, turn: float = 0.0,
    noise: float = 0.006, margin: float = 0.12,
) -> ImpressionPicture:  # fmt: skip
    """Picture of one impression with no scene around it: same place, same pixels, whatever the light.

    Two calls that differ only in ``light`` show the same impression under another lamp, registered.

    Parameters
    ----------
    tool, pressure : Tool, Pressure
        The tool, and how this impression was made.
    light : Light
        The lamp.
    size : int
        Side of the picture in pixels, 64 or more.
    turn : float
        Turns the design in the picture, in radians.
    noise : float
        Deviation of the camera's noise; 1 is white.
    margin : float
        Empty border as a share of the side.

    Raises
    ------
    ValueError
        Where ``size`` is under 64.
    """
    if size < 64:
        raise ValueError(f"expected a picture of 64 pixels or more a side; found {size}. Ask for a larger one.")
    rng = np.random.default_rng([pressure.seed, 0x4E4D])
    shape = (size, size)
    scale = size * (1 - 2 * margin)
    c, s = math.cos(turn) * scale, math.sin(turn) * scale
    matrix = np.array([[c, -s, size / 2 - (c - s) / 2], [s, c, size / 2 - (c + s) / 2], [0, 0, 1.0]])
    pixels_per_metre = scale / tool.size
    surface = _bare_surface(tool, pressure, matrix, shape, pixels_per_metre, rng)
    lit = shade(surface, light)
    grain = np.random.default_rng([pressure.seed, round(light.azimuth * 1e4), round(light.elevation * 1e4), 0x401])
    lit *= 0.62 / max(float(np.percentile(lit, 90)), 1e-3)
    encoded = np.sqrt(np.clip(lit, 0, 1)) + noise * white(shape, grain)[..., None]
    pixels = np.rint(np.clip(encoded, 0, 1) * 255).astype(np.uint8)
    return ImpressionPicture(pixels, light, matrix, corners(tool, matrix), 1 / pixels_per_metre)


def render_series(
    tool: Tool, pressure: Pressure, *, lights: Sequence[Light] = RAKING_SERIES, size: int = 512, turn: float = 0.0
) -> tuple[ImpressionPicture, ...]:
    """One impression under several lights, registered pixel for pixel."""
    return tuple(render_impression(tool, pressure, light=light, size=size, turn=turn) for light in lights)


def corners(tool: Tool, design_to_canvas: Matrix, *, margin: float = 0.02) -> NDArray[np.float32]:
    """Find the four corners around what the tool's design draws, taken through a 3 x 3 transform."""
    left, top, right, bottom = tool.design.extent()
    box = np.array([
        [left - margin, top - margin, 1], [right + margin, top - margin, 1],
        [right + margin, bottom + margin, 1], [left - margin, bottom + margin, 1],
    ])  # fmt: skip
    moved = box @ design_to_canvas.T
    return (moved[:, :2] / moved[:, 2:]).astype(np.float32)


def _bare_surface(
    tool: Tool,
    pressure: Pressure,
    matrix: Matrix,
    shape: tuple[int, int],
    pixels_per_metre: float,
    rng: np.random.Generator,
) -> Surface:
    grain = white(shape, rng)
    if tool.kind in ("press", "punch"):
        depth = (1.3e-3 if tool.kind == "press" else 0.28e-3) * pixels_per_metre
        height = emboss(tool, pressure, matrix, shape, depth=depth)
        height += 0.28 * blur(grain, 0.8) + 0.5 * clouds(shape, shape[0] / 8, rng)
        tone = 0.78 + 0.03 * clouds(shape, shape[0] / 5, rng)
        return Surface(np.repeat(tone[..., None], 3, 2).astype(np.float32), height.astype(np.float32))
    base = np.repeat((0.7 + 0.02 * grain)[..., None], 3, 2).astype(np.float32)
    if tool.kind == "stamp":
        covered = ink(tool, pressure, matrix, shape)[..., None]
        base = base + covered * (np.array([0.03, 0.04, 0.2], np.float32) - base)
    else:
        base = print_on(tool, pressure, matrix, shape, colours=((0.05, 0.06, 0.3), (0.75, 0.6, 0.1)))
    return Surface(base.astype(np.float32), 0.15 * blur(grain, 0.9))
