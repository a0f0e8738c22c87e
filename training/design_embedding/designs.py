"""Designs put together from icons, letters and frames, and their look-alikes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.design_embedding.sources import Icon, Sources

CANVAS = 160
"""Side of a design in pixels."""

LAYOUTS = ("icon", "icon and word", "word", "badge", "seal", "label")
LAYOUT_SHARES = (0.24, 0.24, 0.16, 0.16, 0.07, 0.13)
FRAMES = ("disc", "ring", "shield", "hexagon", "square", "rounded", "burst", "diamond", "oval", "banner")

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a design is drawn from; numbers point into the :class:`Sources`."""

    layout: str
    icon: int
    other_icon: int
    words: tuple[str, str, str]
    font: int
    other_font: int
    frame: str
    hollow: bool
    lines: bool
    palette: int
    mirrored: bool = False
    photograph: int = -1


@dataclass(frozen=True, slots=True)
class Layer:
    """One colour of a design, or a part with its own colours; a later layer lies over an earlier one."""

    mask: Mask
    colours: NDArray[np.uint8] | None = None
    role: int = 0


@dataclass(frozen=True, slots=True)
class Design:
    """A drawn design.

    Attributes
    ----------
    recipe : Recipe
        What it was drawn from.
    layers : tuple of Layer
        From the bottom up, ``CANVAS`` on a side.
    box : tuple of float
        Left, top, right and bottom of what is drawn.
    """

    recipe: Recipe
    layers: tuple[Layer, ...]
    box: tuple[float, float, float, float]


def word(rng: np.random.Generator) -> str:
    """Invent a word, or a number, so that no design names a brand."""
    if rng.random() < 0.12:
        return str(rng.integers(2, 10_000))
    vowels, consonants = "AEIOUAEIOY", "BCDFGHKLMNPRSTVWXZ"
    letters = [str(rng.choice(list(consonants))) + str(rng.choice(list(vowels))) for _ in range(rng.integers(1, 5))]
    text = "".join(letters) + (str(rng.choice(list("NRSLKXT"))) if rng.random() < 0.5 else "")
    text = text[1:] if rng.random() < 0.3 and len(text) > 3 else text
    return text if rng.random() < 0.6 else text.capitalize() if rng.random() < 0.6 else text.lower()


def draw_recipe(sources: Sources, rng: np.random.Generator) -> Recipe:
    """Choose what a new design is made of."""
    icons, fonts = len(sources.icons), len(sources.fonts)
    return Recipe(
        layout=str(rng.choice(LAYOUTS, p=LAYOUT_SHARES)),
        icon=int(rng.integers(icons)),
        other_icon=int(rng.integers(icons)),
        words=(word(rng), word(rng), word(rng)),
        font=int(rng.integers(fonts)),
        other_font=int(rng.integers(fonts)),
        frame=str(rng.choice(FRAMES)),
        hollow=bool(rng.random() < 0.4),
        lines=bool(rng.random() < 0.3),
        palette=int(rng.integers(1 << 30)),
        photograph=int(rng.integers(len(sources.photographs))) if rng.random() < 0.3 else -1,
    )


def look_alike(recipe: Recipe, sources: Sources, rng: np.random.Generator) -> Recipe:
    """Change one thing: another word with the same icon and frame, another icon with the same word, or a mirror."""
    fresh = draw_recipe(sources, rng)
    choices = {
        "icon": ("icon",),
        "icon and word": ("words", "icon", "mirror"),
        "word": ("words", "mirror", "font"),
        "badge": ("icon", "words"),
        "seal": ("words", "icon"),
        "label": ("words", "icon", "mirror"),
    }[recipe.layout]
    change = str(rng.choice(choices))
    if change == "words":
        return replace(recipe, words=fresh.words)
    if change == "icon":
        return replace(recipe, icon=fresh.icon)
    if change == "font":
        return replace(recipe, font=fresh.font, words=fresh.words)
    return replace(recipe, mirrored=not recipe.mirrored)


def draw(recipe: Recipe, sources: Sources) -> Design:
    """Draw a design from its recipe."""
    pen = _Pen(sources, recipe)
    {
        "icon": _icon, "icon and word": _icon_and_word, "word": _word, "badge": _badge, "seal": _seal, "label": _label,
    }[recipe.layout](pen, recipe)  # fmt: skip
    layers = tuple(pen.layers)
    if recipe.mirrored:
        layers = tuple(
            Layer(
                layer.mask[:, ::-1].copy(), None if layer.colours is None else layer.colours[:, ::-1].copy(), layer.role
            )
            for layer in layers
        )
    union = layers[0].mask if len(layers) == 1 else np.maximum.reduce([layer.mask for layer in layers])
    xs, ys = np.flatnonzero(union.max(axis=0) > 127), np.flatnonzero(union.max(axis=1) > 127)
    if len(xs) < 2 or len(ys) < 2:
        return Design(recipe, layers, (0, 0, CANVAS, CANVAS))
    return Design(recipe, layers, (float(xs[0]), float(ys[0]), float(xs[-1] + 1), float(ys[-1] + 1)))


class _Pen:
    """Collects the layers of a design; places are shares of the canvas."""

    def __init__(self, sources: Sources, recipe: Recipe) -> None:
        self.sources, self.recipe, self.layers = sources, recipe, list[Layer]()

    def icon(self, number: int, x: float, y: float, side: float, role: int) -> None:
        """Place an icon, centred."""
        icon: Icon = self.sources.icons[number]
        mask = np.zeros((CANVAS, CANVAS), np.uint8)
        colours = None if icon.colours is None else np.zeros((CANVAS, CANVAS, 3), np.uint8)
        size = max(8, round(side * CANVAS))
        left, top = round(x * CANVAS - size / 2), round(y * CANVAS - size / 2)
        inside = (slice(max(top, 0), min(top + size, CANVAS)), slice(max(left, 0), min(left + size, CANVAS)))
        part = tuple(slice(s.start - o, s.stop - o) for s, o in zip(inside, (top, left), strict=True))
        mask[inside] = cv2.resize(icon.mask, (size, size), interpolation=cv2.INTER_AREA)[part]
        if colours is not None and icon.colours is not None:
            colours[inside] = cv2.resize(icon.colours, (size, size), interpolation=cv2.INTER_LINEAR)[part]
        self.layers.append(Layer(mask, colours, role))

    def text(self, text: str, font: int, x: float, y: float, wide: float, high: float, role: int) -> None:
        """Fit a line of text into a box, centred."""
        letters = _letters(text, self.sources, font)
        factor = min(wide * CANVAS / letters.shape[1], high * CANVAS / letters.shape[0])
        size = (max(2, round(letters.shape[1] * factor)), max(2, round(letters.shape[0] * factor)))
        small = cv2.resize(letters, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
        left, top = round(x * CANVAS - size[0] / 2), round(y * CANVAS - size[1] / 2)
        left, top = max(0, min(left, CANVAS - size[0])), max(0, min(top, CANVAS - size[1]))
        mask = np.zeros((CANVAS, CANVAS), np.uint8)
        room = mask[top : top + size[1], left : left + size[0]]
        room[:] = small[: room.shape[0], : room.shape[1]]
        self.layers.append(Layer(mask, None, role))

    def shape(self, frame: str, x: float, y: float, wide: float, high: float, role: int, *, line: float = 0) -> None:
        """Fill a frame, or draw its outline where a width is given."""
        mask = np.zeros((CANVAS, CANVAS), np.uint8)
        outline = _outline(frame) * (wide / 2, high / 2) + (x, y)
        points = [np.round(outline * CANVAS * 16).astype(np.int32)]
        if line:
            cv2.polylines(mask, points, True, 255, max(1, round(line * CANVAS)), cv2.LINE_AA, 4)
        else:
            cv2.fillPoly(mask, points, 255, cv2.LINE_AA, 4)
        self.layers.append(Layer(mask, None, role))

    def picture(self, number: int, x: float, y: float, wide: float, high: float) -> None:
        """Place a part of a photograph."""
        photograph = self.sources.photographs[number]
        side = min(photograph.shape[:2]) // 2
        left = self.recipe.palette % (photograph.shape[1] - side)
        top = self.recipe.palette // 1000 % (photograph.shape[0] - side)
        mask, colours = np.zeros((CANVAS, CANVAS), np.uint8), np.zeros((CANVAS, CANVAS, 3), np.uint8)
        x0, y0, x1, y1 = (round(v * CANVAS) for v in (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
        mask[y0:y1, x0:x1] = 255
        part = photograph[top : top + side, left : left + side]
        colours[y0:y1, x0:x1] = cv2.resize(part, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
        self.layers.append(Layer(mask, colours, 0))


def _letters(text: str, sources: Sources, font: int) -> Mask:
    face = sources.fonts[font]
    left, top, right, bottom = (int(v) for v in face.getbbox(text))
    picture = Image.new("L", (max(right - left, 1), max(bottom - top, 1)))
    ImageDraw.Draw(picture).text((-left, -top), text, fill=255, font=face)
    return np.asarray(picture)


def _outline(frame: str) -> NDArray[np.float64]:
    """Corners of a frame in [-1, 1]."""
    t = np.linspace(0, 2 * math.pi, 49)[:-1, None]
    circle = np.hstack([np.cos(t), np.sin(t)])
    if frame in ("disc", "ring", "oval"):
        return circle * ((1, 0.72) if frame == "oval" else (1, 1))
    if frame == "burst":
        return circle * np.where(np.arange(48) % 2, 0.86, 1.0)[:, None]
    if frame == "rounded":
        return np.sign(circle) * np.abs(circle) ** 0.35
    if frame in ("hexagon", "diamond"):
        n = 6 if frame == "hexagon" else 4
        a = np.arange(n)[:, None] * 2 * math.pi / n
        return np.hstack([np.cos(a), np.sin(a)])
    if frame == "shield":
        s = np.linspace(0, 1, 12)[:, None]
        side = (1 - s) ** 2 * (1, -1) + 2 * s * (1 - s) * np.array([1, 0.55]) + s**2 * (0, 1)
        return np.vstack([side, side[::-1] * (-1, 1)])
    if frame == "banner":
        return np.array([(-1, -0.5), (1, -0.5), (0.85, 0), (1, 0.5), (-1, 0.5), (-0.85, 0)])
    return np.array([(-1.0, -1), (1, -1), (1, 1), (-1, 1)])


def _icon(pen: _Pen, recipe: Recipe) -> None:
    pen.icon(recipe.icon, 0.5, 0.5, 0.96, 1)


def _icon_and_word(pen: _Pen, recipe: Recipe) -> None:
    first, second, _ = recipe.words
    way = recipe.palette % 4
    if way == 0:
        pen.icon(recipe.icon, 0.21, 0.5, 0.4, 1)
        pen.text(first, recipe.font, 0.7, 0.5, 0.54, 0.3, 2)
    elif way == 1:
        pen.text(first, recipe.font, 0.5, 0.18, 0.9, 0.24, 2)
        pen.icon(recipe.icon, 0.5, 0.65, 0.62, 1)
    else:
        pen.icon(recipe.icon, 0.5, 0.36, 0.66, 1)
        pen.text(first, recipe.font, 0.5, 0.82, 0.92, 0.2, 2)
        if way == 3:
            pen.text(second, recipe.other_font, 0.5, 0.97, 0.6, 0.07, 2)


def _word(pen: _Pen, recipe: Recipe) -> None:
    first, second, _ = recipe.words
    if recipe.hollow:
        pen.shape(recipe.frame, 0.5, 0.5, 0.98, 0.62, 0)
        pen.text(first, recipe.font, 0.5, 0.5, 0.7, 0.28, 1)
        return
    pen.text(first, recipe.font, 0.5, 0.45, 0.96, 0.5, 1)
    if recipe.lines:
        pen.shape("square", 0.5, 0.76, 0.9, 0.03, 2)
    if recipe.palette % 3 == 0:
        pen.text(second, recipe.other_font, 0.5, 0.86, 0.7, 0.13, 2)


def _badge(pen: _Pen, recipe: Recipe) -> None:
    frame = "oval" if recipe.frame == "banner" else recipe.frame
    if recipe.hollow or frame == "ring":
        pen.shape(frame, 0.5, 0.5, 0.94, 0.94, 1, line=0.05)
    else:
        pen.shape(frame, 0.5, 0.5, 0.98, 0.98, 0)
        if recipe.lines:
            pen.shape(frame, 0.5, 0.5, 0.88, 0.88, 1, line=0.02)
    if recipe.palette % 3:
        pen.icon(recipe.icon, 0.5, 0.41, 0.4, 1)
        pen.text(recipe.words[0], recipe.font, 0.5, 0.71, 0.5, 0.15, 2)
    else:
        pen.icon(recipe.icon, 0.5, 0.5, 0.56, 1)


def _seal(pen: _Pen, recipe: Recipe) -> None:
    """Words around a disc, an icon in its middle."""
    if not recipe.hollow:
        pen.shape("disc", 0.5, 0.5, 0.98, 0.98, 0)
    if recipe.lines or recipe.hollow:
        pen.shape("disc", 0.5, 0.5, 0.95, 0.95, 1, line=0.025)
    strip = _letters(f"{recipe.words[0]} {recipe.words[1]}", pen.sources, recipe.font)
    # The strip is bent round: each pixel of the ring looks up its angle and its distance from the middle.
    y, x = (np.mgrid[:CANVAS, :CANVAS].astype(np.float32) + 0.5) / CANVAS - 0.5
    share = (np.arctan2(x, -y) / (2 * math.pi) + 0.5).astype(np.float32)
    outer, inner = 0.43, 0.31
    map_x = (share - 0.04) / 0.92 * strip.shape[1]
    map_y = (outer - np.hypot(x, y)) / (outer - inner) * strip.shape[0]
    bent = cv2.remap(strip, map_x, map_y.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)
    pen.layers.append(Layer(np.asarray(bent, np.uint8), None, 1))
    pen.icon(recipe.icon, 0.5, 0.5, 0.4, 2)


def _label(pen: _Pen, recipe: Recipe) -> None:
    """Print a label: a ground, stripes, a picture, lines of text."""
    wide = 0.6 + 0.38 * (recipe.palette % 7) / 6
    pen.shape("rounded" if recipe.hollow else "square", 0.5, 0.5, wide, 0.98, 0)
    if recipe.photograph >= 0:
        pen.picture(recipe.photograph, 0.5, 0.5, 0.8 * wide, 0.5)
    if recipe.lines:
        pen.shape("square", 0.5, 0.22, wide, 0.22, 3)
        pen.shape("square", 0.5, 0.9, wide, 0.04, 3)
    pen.text(recipe.words[0], recipe.font, 0.5, 0.22, 0.88 * wide, 0.18, 1)
    pen.icon(recipe.icon, 0.5, 0.52, 0.36, 2)
    pen.text(recipe.words[1], recipe.other_font, 0.5, 0.77, 0.8 * wide, 0.1, 1)
    pen.text(recipe.words[2], recipe.other_font, 0.5, 0.88, 0.6 * wide, 0.06, 2)
