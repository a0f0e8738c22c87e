"""Bricks, wrapped parcels, tablets: built as panels with their marks on them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from reference_samples.generator.impression import Pressure, emboss, ink, print_on
from reference_samples.generator.light import Colour, Surface
from reference_samples.generator.noise import (
    Field,
    as_share,
    blobs,
    blur,
    clouds,
    creases,
    smoothstep,
    spread,
    tinted,
    white,
)
from reference_samples.generator.panel import Canvas, Panel, PlacedMark, Pose, apply, placing
from reference_samples.generator.pen import box, circle, regular, smooth
from reference_samples.generator.tool import Tool

RGB = tuple[float, float, float]

POWDERS: dict[str, tuple[RGB, float]] = {
    "white": ((0.82, 0.81, 0.77), 1.0),
    "ivory": ((0.78, 0.73, 0.6), 1.0),
    "beige": ((0.6, 0.47, 0.31), 1.1),
    "brown": ((0.28, 0.17, 0.09), 1.2),
    "resin": ((0.085, 0.05, 0.028), 0.8),
}
"""Linear colour and coarseness of what bricks are made of."""

WRAPS: dict[str, tuple[RGB, float, float]] = {
    "brown tape": ((0.42, 0.24, 0.1), 0.3, 60.0),
    "tan tape": ((0.58, 0.42, 0.24), 0.3, 60.0),
    "yellow tape": ((0.72, 0.5, 0.05), 0.28, 60.0),
    "red tape": ((0.45, 0.03, 0.03), 0.28, 60.0),
    "blue tape": ((0.04, 0.1, 0.36), 0.28, 60.0),
    "green tape": ((0.05, 0.24, 0.1), 0.28, 60.0),
    "silver tape": ((0.4, 0.4, 0.41), 0.34, 26.0),
    "black film": ((0.018, 0.018, 0.02), 0.5, 110.0),
    "white film": ((0.74, 0.74, 0.74), 0.32, 110.0),
    "kraft paper": ((0.5, 0.34, 0.19), 0.0, 20.0),
    "white paper": ((0.74, 0.73, 0.7), 0.0, 20.0),
    "rubber": ((0.5, 0.09, 0.05), 0.16, 34.0),
}
"""Linear colour, gloss and polish of what parcels are wrapped in."""

INKS: tuple[RGB, ...] = (
    (0.02, 0.03, 0.2),
    (0.015, 0.015, 0.015),
    (0.35, 0.02, 0.03),
    (0.02, 0.15, 0.06),
    (0.16, 0.02, 0.2),
)

PRINTS: tuple[tuple[RGB, RGB], ...] = (
    ((0.03, 0.04, 0.25), (0.8, 0.62, 0.08)),
    ((0.5, 0.02, 0.03), (0.8, 0.72, 0.5)),
    ((0.02, 0.02, 0.02), (0.55, 0.08, 0.04)),
    ((0.02, 0.2, 0.08), (0.72, 0.75, 0.6)),
    ((0.02, 0.02, 0.02), (0.62, 0.62, 0.62)),
    ((0.6, 0.35, 0.03), (0.05, 0.05, 0.07)),
    ((0.75, 0.75, 0.75), (0.45, 0.02, 0.06)),
    ((0.02, 0.12, 0.35), (0.6, 0.7, 0.8)),
)
"""Linear colours of a sticker's design and ground."""

PILLS: tuple[RGB, ...] = (
    (0.78, 0.35, 0.42), (0.3, 0.5, 0.75), (0.8, 0.66, 0.16), (0.35, 0.62, 0.34), (0.82, 0.42, 0.14), (0.55, 0.36, 0.68),
    (0.8, 0.79, 0.74), (0.66, 0.6, 0.5), (0.75, 0.18, 0.16), (0.2, 0.58, 0.58),
)  # fmt: skip
"""Linear colours of tablets."""

PILL_SHAPES = ("round", "oval", "rectangle", "hexagon", "shield", "heart", "diamond")


@dataclass(frozen=True, slots=True)
class Look:
    """What one kind of exhibit of a batch looks like: the same for all that were packed together.

    Attributes
    ----------
    form : str
        ``brick``, ``parcel`` or ``tablet``.
    matter : str
        A name in ``POWDERS`` or ``WRAPS``, or for a tablet one of ``PILL_SHAPES``.
    size : tuple of three floats
        Length, width and thickness in metres.
    colour : int
        Which ink, print or tablet colour.
    filmed : bool
        Whether clear film is wrapped around it.
    scored : bool
        Whether a tablet has a score line on its back.
    """

    form: str
    matter: str
    size: tuple[float, float, float]
    colour: int
    filmed: bool
    scored: bool


def _blend(base: Colour, other: Colour | RGB, share: Field) -> Colour:
    if isinstance(other, tuple):
        return np.asarray(base * spread(1 - share) + tinted(share, other), np.float32)
    return np.asarray(base + spread(share) * (other - base), np.float32)


def _filtered(base: Colour, tint: RGB) -> Colour:
    """Look at a colour through a tint."""
    channels = [channel * np.float32(part) for channel, part in zip(cv2.split(base), tint, strict=True)]
    return np.asarray(cv2.merge(channels), np.float32)


def _wobbly(outline: NDArray[np.float64], amount: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Push an outline in and out a little, as nothing pressed by hand is straight."""
    n = len(outline)
    t = np.arange(n) / n * 2 * math.pi
    push = sum(rng.normal(0, amount / k) * np.cos(k * t + rng.uniform(0, 6.3)) for k in range(1, 9))
    centred = outline - outline.mean(0)
    outwards = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    return np.asarray(outline + outwards * np.reshape(push, (n, 1)), np.float64)


def _dense(outline: NDArray[np.float64], count: int = 160) -> NDArray[np.float64]:
    """Give the same outline by evenly spaced points."""
    closed = np.vstack([outline, outline[:1]])
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    at = np.linspace(0, along[-1], count, endpoint=False)
    return np.column_stack([np.interp(at, along, closed[:, k]) for k in (0, 1)])


def _edge(depth: Field, radius: float, scale: float) -> Field:
    """Height in pixels of a rounded edge: 0 on top, falling by the radius at the rim."""
    t = np.clip(depth / radius, 0, 1)
    return np.asarray(radius * scale * (np.sqrt(np.maximum(1 - (1 - t) ** 2, 0)) - 1), np.float32)


def _film(surface: Surface, scale: float, rng: np.random.Generator, *, strength: float = 1.0) -> None:
    """Wrap clear film over a surface: creases that catch the lamp, a milky veil."""
    shape = surface.height.shape
    cell = 0.011 * scale
    folds = creases(shape, cell, rng, turn=rng.uniform(-0.5, 0.5), stretch=rng.uniform(3, 7))
    folds += 0.7 * creases(shape, cell * 0.55, rng, turn=rng.uniform(1.0, 2.2), stretch=rng.uniform(2, 6))
    slack = smoothstep(clouds(shape, 0.05 * scale, rng, octaves=2), -0.6, 1.2)
    relief = (folds * (0.25 + 0.75 * slack)) * (0.55e-3 * scale) * strength
    surface.skin = 0.5 * blur(surface.height, max(0.8e-3 * scale, 0.8)) + relief.astype(np.float32)
    surface.gloss = np.full(shape, 0.5 * rng.uniform(0.7, 1.2), np.float32)
    surface.haze = np.clip(0.03 + 0.16 * folds**2 * slack, 0, 0.4).astype(np.float32)
    surface.polish = float(rng.uniform(70, 160))


def _tape_folds(canvas: Canvas, turn: float, rng: np.random.Generator) -> Field:
    """Creases that tape gets along its length, where it lies thin."""
    folds = creases(canvas.shape, 0.008 * canvas.scale, rng, turn=turn + rng.uniform(-0.3, 0.3), stretch=7)
    return folds * smoothstep(clouds(canvas.shape, 0.03 * canvas.scale, rng, octaves=2), 0.2, 1.2)


def _band(
    surface: Surface, canvas: Canvas, *, centre: float, width: float, turn: float, colour: RGB | None,
    rng: np.random.Generator, folds: Field | None = None,
) -> None:  # fmt: skip
    """Lay a band of tape across: clear where no colour is given. Bands of one roll may share their ``folds``."""
    x, y = canvas.grid()
    across = -math.sin(turn) * x + math.cos(turn) * y - centre
    wave = 0.0004 * blobs(canvas.shape, 0.02 * canvas.scale, rng)
    inside = smoothstep((width / 2 - np.abs(across) + wave) * canvas.scale, -0.7, 0.7)
    if surface.skin is None:
        surface.skin = surface.height.copy()
    if surface.gloss is None:
        surface.gloss = np.zeros(canvas.shape, np.float32)
    if folds is None:
        folds = _tape_folds(canvas, turn, rng)
    relief = inside * np.float32(canvas.scale) * (np.float32(0.09e-3) + np.float32(0.3e-3) * folds)
    surface.skin = (surface.skin + relief).astype(np.float32)
    if colour is None:
        surface.albedo = _blend(surface.albedo, _filtered(surface.albedo, (0.93, 0.9, 0.8)), inside)
        surface.gloss = np.maximum(surface.gloss, inside * np.float32(0.42))
    else:
        see_through = np.float32(rng.uniform(0.72, 0.95))
        tone = 1 + 0.05 * clouds(canvas.shape, 0.02 * canvas.scale, rng, octaves=3)
        surface.albedo = _blend(surface.albedo, tinted(tone, colour), inside * see_through)
        surface.height = (surface.height + 0.6 * relief).astype(np.float32)
        surface.gloss = np.maximum(surface.gloss * (1 - inside), inside * np.float32(0.3))
    # The edge of a tape gathers dirt and casts a hair of shade.
    rim = np.asarray(np.exp(-(((np.abs(across) - width / 2) * canvas.scale / 1.1) ** 2)) * 0.22, np.float32)
    surface.albedo = np.asarray(surface.albedo * spread(1 - rim), np.float32)


def brick(
    look: Look, marks: list[tuple[Tool, Pressure, tuple[float, float, float]]], pose: Pose, view: tuple[float, float],
    scale: float, rng: np.random.Generator,
) -> Panel:  # fmt: skip
    """Make a block of pressed powder, with the press's mark in its face.

    Parameters
    ----------
    look : Look
        Its matter and size.
    marks : list of (tool, pressure, (x, y, turn))
        What is pressed into it, in its own metres and radians.
    pose : Pose
        Where it lies.
    view : tuple of two floats
        Half the view's width and height in metres: nothing outside is built.
    scale : float
        Pixels to a metre.
    rng : numpy.random.Generator
        For what is of this brick alone.
    """
    length, width, thickness = look.size
    colour, coarse = POWDERS[look.matter]
    outline = _wobbly(_dense(box(length, width, 0.009)), 0.00035, rng)
    canvas = Canvas.over(pose.window(*view, outline, pad=0.004), scale)
    shape = canvas.shape
    depth = canvas.depth(outline)
    depth += 0.0007 * coarse * clouds(shape, 0.006 * scale, rng, octaves=3)
    # Corners and rims crumble.
    crumble = smoothstep(clouds(shape, 0.012 * scale, rng, octaves=3), 1.0, 1.9) * np.clip(1 - depth / 0.008, 0, 1)
    height = _edge(depth, 0.0045, scale) - 0.0035 * scale * crumble
    lumps = clouds(shape, 0.03 * scale, rng, octaves=3) * 0.25e-3 * scale
    grain = blur(white(shape, rng), max(0.75, 0.00022 * scale * coarse))
    grain *= 0.26 / max(float(grain[::7, ::7].std()), 1e-6) * min(1.0, 0.6 + scale / 20_000)
    pits = smoothstep(clouds(shape, 0.0035 * scale, rng, octaves=2), 1.7, 2.3) * (0.5e-3 * scale)
    height += lumps + grain * coarse - pits - _cracks(canvas, look.size, rng)
    settled = np.zeros(shape, np.float32)
    placed: list[PlacedMark] = []
    for tool, pressure, (x, y, turn) in marks:
        local = placing(tool, x, y, turn)
        to_canvas = canvas.matrix @ local
        pressed = emboss(tool, pressure, to_canvas, shape, depth=scale)
        # What the press touched is denser: smoother, and a little darker where dust settles.
        touched = np.clip(np.abs(pressed) / scale, 0, 1)
        height -= 0.55 * touched * grain * coarse
        height += float(rng.uniform(1.1e-3, 1.7e-3)) * pressed
        settled += np.float32(0.14) * touched
        placed.append(PlacedMark(tool, pressure, "embossed", local))
    tone = 1 + 0.035 * clouds(shape, 0.04 * scale, rng, octaves=4) + 0.012 * white(shape, rng) * coarse - settled
    albedo = tinted(tone, colour)
    stain = smoothstep(clouds(shape, 0.05 * scale, rng, octaves=3), 0.9, 2.2) * np.float32(0.18)
    albedo = _blend(albedo, _filtered(albedo, (0.9, 0.78, 0.6)), stain)
    surface = Surface(np.clip(albedo, 0.005, 0.95), height.astype(np.float32))
    if look.matter == "resin":
        surface.gloss = np.full(shape, 0.05, np.float32)
        surface.polish = 18.0
    if look.filmed:
        _film(surface, scale, rng, strength=0.8)
        if rng.random() < 0.5:
            turn = float(rng.choice([0, math.pi / 2])) + rng.normal(0, 0.05)
            _band(
                surface,
                canvas,
                centre=float(rng.uniform(-0.3, 0.3) * width),
                width=0.025,
                turn=turn,
                colour=None,
                rng=rng,
            )
    alpha = smoothstep(depth * scale, -0.8, 0.8)
    return Panel(canvas, surface, alpha, outline, thickness, 0.004, colour, placed)


def _cracks(canvas: Canvas, size: tuple[float, float, float], rng: np.random.Generator) -> Field:
    """Depth in pixels of a few hair cracks that run in from the rim."""
    lines = np.zeros(canvas.shape, np.uint8)
    for _ in range(int(rng.integers(0, 4))):
        side = int(rng.integers(4))
        start = np.array([rng.uniform(-0.5, 0.5) * size[0], math.copysign(0.5, side - 1.5) * size[1]])
        heading = rng.normal(-math.pi / 2 * np.sign(start[1]), 0.5)
        steps = np.cumsum(rng.normal(0, 0.25, 40)) + heading
        path = start + np.cumsum(np.column_stack([np.cos(steps), np.sin(steps)]) * 0.0011, 0)
        at = np.asarray(np.rint(apply(canvas.matrix, path) * 16), np.int32).reshape(-1, 1, 2)
        cv2.polylines(lines, [at], False, (255,), max(1, round(0.0003 * canvas.scale)), cv2.LINE_AA, 4)
    return as_share(lines) * np.float32(max(0.5e-3 * canvas.scale, 0.8))


def parcel(
    look: Look, marks: list[tuple[Tool, Pressure, tuple[float, float, float]]], pose: Pose, view: tuple[float, float],
    scale: float, rng: np.random.Generator,
) -> Panel:  # fmt: skip
    """Make a wrapped package: tape bands, film or folded paper, with a stamp or a sticker on it.

    Parameters as of ``brick``.
    """
    length, width, thickness = look.size
    colour, gloss, polish = WRAPS[look.matter]
    colour = tuple(float(np.clip(c * rng.uniform(0.92, 1.08), 0.01, 0.9)) for c in colour)  # type: ignore[assignment]
    outline = _wobbly(_dense(box(length, width, 0.016)), 0.001, rng)
    canvas = Canvas.over(pose.window(*view, outline, pad=0.005), scale)
    shape = canvas.shape
    depth = canvas.depth(outline) + 0.0008 * clouds(shape, 0.015 * scale, rng, octaves=2)
    height = _edge(depth, 0.011, scale) + clouds(shape, 0.06 * scale, rng, octaves=2) * 0.5e-3 * scale
    grain = 0.1 * blur(white(shape, rng), 0.9)
    height = (height + grain).astype(np.float32)
    tone = 1 + 0.05 * clouds(shape, 0.05 * scale, rng, octaves=4)
    surface = Surface(np.clip(tinted(tone, colour), 0.005, 0.95), height, polish=polish)
    if "tape" in look.matter:
        _taped(surface, canvas, look, colour, rng)
    elif "paper" in look.matter:
        _folded(surface, canvas, look, rng)
    else:
        cell = 0.014 * scale
        folds = creases(shape, cell, rng, turn=rng.uniform(-0.6, 0.6), stretch=rng.uniform(2, 6))
        folds += 0.6 * creases(shape, cell / 2, rng, turn=rng.uniform(0.8, 2.4), stretch=4)
        calm = 0.35 + 0.65 * smoothstep(clouds(shape, 0.05 * scale, rng, octaves=2), -0.5, 1.0)
        bumps = folds * calm * (0.0005 if look.matter != "rubber" else 0.0003) * scale
        surface.height = (surface.height + 0.7 * bumps).astype(np.float32)
        surface.skin = (height + bumps).astype(np.float32)
        surface.gloss = np.full(shape, gloss, np.float32)
    placed: list[PlacedMark] = []
    for tool, pressure, (x, y, turn) in marks:
        local = placing(tool, x, y, turn)
        to_canvas = canvas.matrix @ local
        if tool.kind == "stamp":
            covered = ink(tool, pressure, to_canvas, shape)
            # Ink skips the bottoms of folds.
            dip = surface.height - blur(surface.height, max(0.0012 * scale, 1.0))
            covered = covered * (1 - 0.75 * smoothstep(-dip, 0.15, 0.9))
            surface.albedo = _blend(surface.albedo, INKS[look.colour % len(INKS)], covered * np.float32(0.93))
            placed.append(PlacedMark(tool, pressure, "ink", local))
        else:
            _stick(surface, canvas, look, tool, pressure, (x, y, turn), rng)
            placed.append(PlacedMark(tool, pressure, "sticker", local))
    if look.filmed:
        _film(surface, scale, rng, strength=1.0)
    if rng.random() < 0.35:
        at = float(rng.choice([-1, 1]) * rng.uniform(0.28, 0.42) * length)
        clear = all(abs(x - at) > 0.6 * tool.size + 0.024 for tool, _, (x, _, _) in marks)  # paper tape hides a mark
        strip: RGB | None = (0.5, 0.36, 0.2) if clear and rng.random() < 0.5 else None
        across = math.pi / 2 + rng.normal(0, 0.04)
        _band(surface, canvas, centre=-at, width=float(rng.choice([0.025, 0.048])), turn=across, colour=strip, rng=rng)
    alpha = smoothstep(depth * scale, -0.8, 0.8)
    return Panel(canvas, surface, alpha, outline, thickness, 0.009, colour, placed)


def _taped(surface: Surface, canvas: Canvas, look: Look, colour: RGB, rng: np.random.Generator) -> None:
    """Overlapping bands of one tape around the whole parcel."""
    length, width, _ = look.size
    lengthwise = rng.random() < 0.4
    span, turn = (width, 0.0) if lengthwise else (length, math.pi / 2)
    at = -span / 2 - rng.uniform(0, 0.02)
    folds = _tape_folds(canvas, turn, rng)
    while at < span / 2 + 0.03:
        _band(surface, canvas, centre=float(at if lengthwise else -at), width=0.048, turn=turn + rng.normal(0, 0.03),
              colour=colour, rng=rng, folds=np.roll(folds, int(rng.integers(folds.shape[1])), 1))  # fmt: skip
        at += rng.uniform(0.03, 0.044)
    if rng.random() < 0.6:
        _band(surface, canvas, centre=float(rng.uniform(-0.15, 0.15) * width), width=0.048,
              turn=(math.pi / 2 - turn) + rng.normal(0, 0.03), colour=colour, rng=rng)  # fmt: skip


def _folded(surface: Surface, canvas: Canvas, look: Look, rng: np.random.Generator) -> None:
    """Paper folded around: flaps meeting in the face, creases, fibres."""
    x, y = canvas.grid()
    fibres = 0.03 * clouds(canvas.shape, 4, rng, octaves=2, stretch=5)
    surface.albedo = np.asarray(surface.albedo * spread(1 + fibres), np.float32)
    folds = creases(canvas.shape, 0.03 * canvas.scale, rng, turn=rng.uniform(0, 3), stretch=2.5)
    surface.height = (surface.height + folds * 0.35e-3 * canvas.scale).astype(np.float32)
    seam = float(rng.uniform(0.3, 0.45) * rng.choice([-1, 1]) * look.size[1])
    lift = smoothstep((y - seam + 0.02 * x) * canvas.scale, -0.8, 0.8) * (0.4e-3 * canvas.scale)
    surface.height = (surface.height + lift).astype(np.float32)


def _stick(
    surface: Surface, canvas: Canvas, look: Look, tool: Tool, pressure: Pressure, at: tuple[float, float, float],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Put a printed sticker on a surface."""
    x, y, turn = at
    local = placing(tool, x, y, turn)
    left, top, right, bottom = tool.design.extent()
    pad = 0.09
    cx, cy = (left + right) / 2, (top + bottom) / 2
    wide, high = (right - left + 2 * pad), (bottom - top + 2 * pad)
    if look.colour % 3 == 0 and abs(wide - high) < 0.2:
        unit = circle(cx, cy, max(wide, high) / 2 * 1.02, steps=120)
    else:
        unit = box(wide, high, 0.06, x=cx, y=cy)
    at_local = np.column_stack([unit, np.ones(len(unit))]) @ local.T
    depth = canvas.depth(at_local[:, :2])
    inside = smoothstep(depth * canvas.scale, -0.7, 0.7)
    paper = print_on(tool, pressure, canvas.matrix @ local, canvas.shape, colours=PRINTS[look.colour % len(PRINTS)])
    border = smoothstep((depth - 0.0012) * canvas.scale, -0.7, 0.7)
    paper = np.asarray(0.8 + spread(border) * (paper - 0.8), np.float32)
    # Scuffs let the white of the paper through.
    scuff = smoothstep(clouds(canvas.shape, 0.006 * canvas.scale, rng, octaves=4, gain=0.7, stretch=3), 1.5, 2.2)
    paper = _blend(paper, (0.75, 0.75, 0.75), 0.8 * scuff)
    surface.albedo = _blend(surface.albedo, paper, inside)
    flatter = blur(surface.height, max(0.0012 * canvas.scale, 1.0))
    surface.height = np.asarray(
        surface.height + inside * (flatter - surface.height + 0.12e-3 * canvas.scale), np.float32
    )
    if surface.skin is None:
        surface.skin = surface.height.copy()
    else:
        surface.skin = np.asarray(surface.skin + inside * (flatter - surface.skin + 0.12e-3 * canvas.scale), np.float32)
    gloss = surface.gloss if surface.gloss is not None else np.zeros(canvas.shape, np.float32)
    surface.gloss = np.asarray(gloss + inside * (0.12 - gloss), np.float32)


def pill_outline(shape: str, length: float, width: float) -> NDArray[np.float64]:
    """Outline of a tablet in metres."""
    if shape == "oval":
        unit = np.column_stack([np.cos(t := np.linspace(0, 2 * math.pi, 120, endpoint=False)), np.sin(t)])
        unit = np.sign(unit) * np.abs(unit) ** 0.85
    elif shape == "rectangle":
        unit = box(2, 2, 0.35)
    elif shape == "hexagon":
        unit = smooth(_dense(regular(6, 1.04), 36), steps=4)
    elif shape == "diamond":
        unit = smooth(_dense(regular(4, 1.1), 32), steps=4)
    elif shape == "shield":
        t = np.linspace(0, 1, 40)[:, None]
        right = (1 - t) ** 2 * [0.95, -0.85] + 2 * t * (1 - t) * [1.1, 0.55] + t**2 * [0.0, 1.0]
        unit = smooth(_dense(np.vstack([right, right[::-1] * [-1, 1]]), 60), steps=3)
    elif shape == "heart":
        t = np.linspace(0, 2 * math.pi, 120, endpoint=False)
        unit = np.column_stack(
            [16 * np.sin(t) ** 3, -13 * np.cos(t) + 5 * np.cos(2 * t) + 2 * np.cos(3 * t) + np.cos(4 * t)]
        )
        unit = (unit - np.array([0, 2.5])) / [16, 14.5]
    else:
        unit = circle(0, 0, 1, steps=120)
    return _dense(unit * [length / 2, width / 2], 120)


def tablet(
    look: Look, mark: tuple[Tool, Pressure] | None, pose: Pose, view: tuple[float, float], scale: float,
    rng: np.random.Generator,
) -> Panel:  # fmt: skip
    """Make a tablet, punched face up where a mark is given, else with its back (and its score line) up.

    Parameters as of ``brick``.
    """
    length, width, thickness = look.size
    colour = PILLS[look.colour % len(PILLS)]
    outline = _wobbly(pill_outline(look.matter, length, width), 0.00002, rng)
    canvas = Canvas.over(pose.window(*view, outline, pad=0.0004), scale)
    shape = canvas.shape
    depth = canvas.depth(outline)
    depth += 0.00004 * clouds(shape, 0.0008 * scale, rng, octaves=2)
    chip = smoothstep(clouds(shape, 0.0014 * scale, rng, octaves=2), 1.3, 1.9) * np.clip(1 - depth / 0.0009, 0, 1)
    x, y = canvas.grid()
    dome = -0.0005 * scale * np.minimum((2 * x / length) ** 2 + (2 * y / width) ** 2, 2)
    height = _edge(depth, 0.0004, scale) + dome - 0.0004 * scale * chip
    grain = blur(white(shape, rng), max(0.7, 0.00005 * scale))
    grain *= 0.22 / max(float(grain.std()), 1e-6) * min(1.0, 0.35 + scale / 60_000)
    height += grain + clouds(shape, 0.001 * scale, rng, octaves=2) * 0.02e-3 * scale
    placed: list[PlacedMark] = []
    if mark is not None:
        tool, pressure = mark
        local = placing(tool, 0.0, 0.0, float(rng.normal(0, 0.03)))
        height += emboss(
            tool, pressure, canvas.matrix @ local, shape, depth=float(rng.uniform(0.28e-3, 0.4e-3)) * scale
        )
        placed.append(PlacedMark(tool, pressure, "punch", local))
    elif look.scored:
        groove = np.clip(1 - np.abs(y) / 0.00055, 0, 1)
        height -= (groove * 0.45e-3 * scale).astype(np.float32)
    speck = white(shape, rng)
    mottle = 0.05 * clouds(shape, 0.0005 * scale, rng, octaves=3) + 0.02 * speck
    albedo = tinted(1 + mottle, colour)
    spots = smoothstep(clouds(shape, 0.00022 * scale, rng, octaves=2), 1.5, 2.0) * np.float32(0.45)
    darker = float(rng.choice([0.55, 1.3]))
    albedo = np.clip(_blend(albedo, (colour[0] * darker, colour[1] * darker, colour[2] * darker), spots), 0.01, 0.92)
    surface = Surface(albedo.astype(np.float32), height.astype(np.float32))
    surface.gloss, surface.polish = np.full(shape, 0.05, np.float32), 14.0
    alpha = smoothstep(depth * scale, -0.8, 0.8)
    return Panel(canvas, surface, alpha, outline, thickness, 0.0005, colour, placed)
