"""What exhibits lie on: tables, papers, cloths and mats; and the cards that lie beside them."""

from __future__ import annotations

import math

import cv2
import numpy as np

from reference_samples.generator.light import Surface
from reference_samples.generator.noise import blur, clouds, creases, smoothstep, spread, tinted, white
from reference_samples.generator.panel import Canvas, Panel
from reference_samples.generator.pen import box, lettering

TABLES = ("steel", "kraft", "paper", "blue cloth", "green cloth", "grey felt", "mat", "wood", "black mat", "counter")


def table(kind: str, canvas: Canvas, rng: np.random.Generator) -> Surface:
    """Surface of a table.

    Parameters
    ----------
    kind : str
        One of ``TABLES``.
    canvas : Canvas
        The part of it that is seen.
    rng : numpy.random.Generator
        For what is of this table alone.
    """
    shape, scale = canvas.shape, canvas.scale
    fine = white(shape, rng)
    if kind == "steel":
        brushed = np.asarray(cv2.GaussianBlur(fine, (0, 0), sigmaX=26, sigmaY=0.6), np.float32)
        brushed /= max(float(brushed[::9, ::9].std()), 1e-6)
        smear = clouds(shape, 0.12 * scale, rng, octaves=3)
        tone = 0.34 + 0.02 * brushed + 0.03 * smear
        surface = Surface(tinted(tone, (0.97, 1.0, 1.03)), (0.1 * brushed).astype(np.float32))
        surface.gloss, surface.polish = np.full(shape, 0.22, np.float32), 9.0
        return surface
    if kind in ("kraft", "paper"):
        base = (0.44, 0.3, 0.17) if kind == "kraft" else (0.76, 0.75, 0.73)
        fibres = clouds(shape, 3.5, rng, octaves=2, stretch=3)
        tone = 1 + (0.04 if kind == "kraft" else 0.012) * fibres + 0.02 * clouds(shape, 0.1 * scale, rng, octaves=2)
        folds = creases(shape, 0.12 * scale, rng, turn=rng.uniform(0, 3), stretch=3) * (0.0006 * min(scale, 3500))
        height = folds + 0.08 * fine + 0.25 * clouds(shape, 0.06 * scale, rng, octaves=2)
        return Surface(tinted(tone, base), height.astype(np.float32))
    if kind in ("blue cloth", "green cloth", "grey felt"):
        base = {"blue cloth": (0.045, 0.11, 0.26), "green cloth": (0.05, 0.19, 0.11), "grey felt": (0.16, 0.165, 0.17)}[
            kind
        ]
        if kind == "grey felt":
            weave = blur(fine, 1.3) * 2.6
        else:
            pitch = max(0.0011 * scale, 3.2)
            y, x = np.arange(shape[0], dtype=np.float32)[:, None], np.arange(shape[1], dtype=np.float32)[None, :]
            sway = 1.2 * clouds(shape, 0.05 * scale, rng, octaves=2)
            weave = np.cos((x + sway) * (2 * math.pi / pitch)) * np.cos((y + sway) * (2 * math.pi / pitch)) + 0.6 * fine
        drape = clouds(shape, 0.16 * scale, rng, octaves=2) * 0.0016 * scale
        tone = 1 + 0.09 * weave + 0.06 * clouds(shape, 0.07 * scale, rng, octaves=3)
        return Surface(tinted(np.clip(tone, 0.05, 2), base), (0.3 * weave + drape).astype(np.float32))
    if kind in ("mat", "black mat"):
        base = (0.05, 0.14, 0.13) if kind == "mat" else (0.03, 0.031, 0.034)
        tone = 1 + 0.05 * fine + 0.08 * clouds(shape, 0.08 * scale, rng, octaves=4)
        albedo = tinted(tone, base)
        if kind == "mat":
            x, y = canvas.grid()
            pitch = float(rng.choice([0.02, 0.025, 0.03]) if scale < 8000 else rng.choice([0.008, 0.01]))
            px, py = rng.uniform(0, pitch, 2)
            turn = rng.normal(0, 0.06)
            for u in (x * math.cos(turn) + y * math.sin(turn) + px, y * math.cos(turn) - x * math.sin(turn) + py):
                away = np.abs((u + pitch / 2) % pitch - pitch / 2) * scale
                line = np.clip(1.3 - away, 0, 1).astype(np.float32) * np.float32(0.35)
                albedo = np.asarray(albedo * spread(1 - line) + tinted(line, (0.3, 0.4, 0.34)), np.float32)
        cuts = smoothstep(creases(shape, 0.09 * scale, rng, turn=rng.uniform(0, 3), stretch=14), 0.9, 1.0)
        surface = Surface(albedo, (0.22 * fine - 0.6 * cuts).astype(np.float32))
        surface.gloss, surface.polish = np.full(shape, 0.04, np.float32), 8.0
        return surface
    if kind == "wood":
        rings = clouds(shape, 0.014 * scale, rng, octaves=4, gain=0.6, stretch=16)
        lines = 0.5 + 0.5 * np.sin(rings * 7)
        shade_of = float(rng.uniform(0.5, 1.1))
        base = (0.5 * shade_of, 0.32 * shade_of, 0.18 * shade_of)
        tone = 0.8 + 0.26 * lines + 0.05 * clouds(shape, 2.5, rng, octaves=2, stretch=12)
        surface = Surface(tinted(tone, base), (0.12 * lines).astype(np.float32))
        surface.gloss, surface.polish = np.full(shape, 0.12, np.float32), 20.0
        return surface
    # A laminate counter: pale, with fine flecks.
    flecks = smoothstep(clouds(shape, max(0.0016 * scale, 2), rng, octaves=2), 1.0, 1.6)
    tone = 0.58 + 0.03 * clouds(shape, 0.1 * scale, rng, octaves=3) - 0.16 * flecks
    surface = Surface(tinted(tone, (1.0, 0.98, 0.94)), (0.05 * fine).astype(np.float32))
    surface.gloss, surface.polish = np.full(shape, 0.14, np.float32), 40.0
    return surface


def crumple(
    canvas: Canvas, base: Surface, rng: np.random.Generator, *, colour: tuple[float, float, float] | None
) -> None:
    """Lay the opened wrapper under the exhibit: a crumpled sheet, clear film where no colour is given."""
    x, y = canvas.grid()
    a = np.arctan2(y, x)
    reach = min(canvas.shape) / canvas.scale * 0.43
    ragged = reach * (1 + 0.1 * np.cos(3 * a + rng.uniform(0, 6)) + 0.07 * np.cos(5 * a + rng.uniform(0, 6)))
    ragged = ragged + 0.006 * clouds(canvas.shape, 0.02 * canvas.scale, rng, octaves=3)
    inside = smoothstep((ragged - np.maximum(np.abs(x) * 0.72, np.abs(y))) * canvas.scale, -0.8, 0.8)
    folds = creases(canvas.shape, 0.04 * canvas.scale, rng, turn=rng.uniform(0, 3), stretch=2)
    folds += 0.6 * creases(canvas.shape, 0.02 * canvas.scale, rng, turn=rng.uniform(0, 3), stretch=3)
    facets = np.abs(clouds(canvas.shape, 0.05 * canvas.scale, rng, octaves=3))
    relief = inside * (folds * 0.0011 + facets * 0.0022) * canvas.scale
    base.skin = (base.height + relief).astype(np.float32)
    gloss = base.gloss if base.gloss is not None else np.zeros(canvas.shape, np.float32)
    base.gloss = np.asarray(gloss + inside * (0.42 - gloss), np.float32)
    base.polish = 70.0
    if colour is None:
        base.haze = np.asarray(inside * (0.08 + 0.1 * folds), np.float32)
    else:
        base.albedo = np.asarray(
            base.albedo + inside[..., None] * (np.array(colour, np.float32) - base.albedo), np.float32
        )
        base.height = (base.height + 0.8 * relief).astype(np.float32)


def card(text: str, scale: float, rng: np.random.Generator) -> Panel:
    """Make a small exhibit card with one letter, in yellow or white."""
    side = 0.028
    outline = box(side, side, 0.001)
    canvas = Canvas.over((-side / 2, -side / 2, side / 2, side / 2), scale)
    base = np.array([0.82, 0.62, 0.06] if rng.random() < 0.6 else [0.8, 0.79, 0.77], np.float32)
    glyph = lettering(text, "sans", 600)
    high = round(0.5 * canvas.shape[0])
    wide = min(round(high * glyph.shape[1] / glyph.shape[0]), round(0.8 * canvas.shape[1]))
    small = cv2.resize(glyph, (max(2, wide), max(2, high)), interpolation=cv2.INTER_AREA)
    drawn = np.zeros(canvas.shape, np.uint8)
    top, left = (canvas.shape[0] - small.shape[0]) // 2, (canvas.shape[1] - small.shape[1]) // 2
    drawn[top : top + small.shape[0], left : left + small.shape[1]] = small
    albedo = base + (drawn.astype(np.float32) / 255)[..., None] * (np.float32(0.02) - base)
    height = 0.1 * clouds(canvas.shape, 0.01 * scale, rng, octaves=2)
    colour = (float(base[0]), float(base[1]), float(base[2]))
    whole = np.ones(canvas.shape, np.float32)
    return Panel(canvas, Surface(albedo.astype(np.float32), height), whole, outline, 0.0006, 0.0, colour)
