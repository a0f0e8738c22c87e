"""What is cut into a die or drawn on a plate: a design, made from a seed, and its redrawn look-alikes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from reference_samples.generator.emblems import EMBLEMS, Parameters
from reference_samples.generator.noise import as_share, blur, smooth_warp
from reference_samples.generator.pen import Face, Pen, box, circle, lettering, regular, star, turned

MASK_SIZE = 640
"""Side of a design's mask in pixels: a logo fills at most some 900 pixels of a close-up, softened by its own relief."""

WORDS = (
    "NORDO", "ZAVI", "KELTO", "VORAX", "LUMO", "TRIKA", "OMBRA", "SOLVEK", "PRAXO", "DUNA", "RIVO", "KASTEL", "MIRAX",
    "BRISO", "ONDA", "FALKO", "GRIVA", "JUVO", "LYKA", "MORVA", "NIXO", "OPALO", "PELKA", "QUVA",
    "RUMBO", "SABLO", "TORVI",  "VESTO", "WOLKA", "XENO", "YARVO", "ALBO", "BORA", "DRAVO",
    "ELKO", "FIRMA", "GALBO", "HARVO", "IKSO", "KORDA", "LANTO", "MAVRO", "NELBO", "ORKA", "PIVO",
)  # fmt: skip
"""Invented words, so that no design names a brand."""

FRAMES = ("none", "ring", "double ring", "beads", "scallops", "shield", "hexagon", "octagon", "square", "diamond",
          "oval", "burst", "plate", "brackets")  # fmt: skip
LAYOUTS = ("emblem", "emblem", "emblem and word", "emblem and word", "word", "monogram", "seal", "repeat")
FACES: tuple[Face, ...] = ("sans", "italic", "uni")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a design is drawn from.

    Attributes
    ----------
    layout, frame : str
        One of ``LAYOUTS`` and of ``FRAMES``.
    emblem : str
        A name in ``EMBLEMS``.
    parameters : tuple of four floats
        The emblem's free parameters, in [0, 1].
    word, number : str
        Letters and digits; empty where there are none.
    face, weight : str, int
        The lettering.
    line : float
        Width of the frame's lines; 1 is 0.45 of the mask's side.
    inverted : bool
        Whether the emblem is cut out of a filled frame.
    bend : float
        Size of a smooth distortion, as a share of the mask's side; 0 for an original.
    bend_seed : int
        Seeds that distortion.
    """

    layout: str
    frame: str
    emblem: str
    parameters: Parameters
    word: str
    number: str
    face: Face
    weight: int
    line: float
    inverted: bool
    bend: float = 0.0
    bend_seed: int = 0


@dataclass(frozen=True, slots=True)
class Design:
    """A design and its name.

    Attributes
    ----------
    design_id : str
        Such as ``"D012"``; a redrawn one ends in ``"-redrawn"``.
    recipe : Recipe
        What it is drawn from.
    redrawn_from : str or None
        The design it imitates.
    """

    design_id: str
    recipe: Recipe
    redrawn_from: str | None = None

    def mask(self) -> NDArray[np.float32]:
        """Coverage in [0, 1], square, ``MASK_SIZE`` on a side; the design fills it to a small margin."""
        return _mask(self.recipe)

    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the drawn part, in the unit square of the mask."""
        return _extent(self.recipe)


def make_design(seed: int, *, design_id: str | None = None, small: bool = False) -> Design:
    """Draw a design from a seed: an emblem, a frame, letters, and how they are put together.

    Parameters
    ----------
    seed : int
        The same seed gives the same design.
    design_id : str, optional
        Its name; from the seed where not given.
    small : bool
        For a tablet's punch: no long words and no fine frames.
    """
    rng = np.random.default_rng([seed, 0xDE51])
    names = list(EMBLEMS)
    layout = str(rng.choice(["emblem", "emblem", "emblem", "monogram"] if small else LAYOUTS))
    frame = str(rng.choice(["none", "none", "none", "ring", "diamond", "shield"] if small else FRAMES))
    a, b, c, d = (float(v) for v in rng.random(4))
    number = str(
        rng.choice(
            ["", "", f"{rng.integers(2, 100)}", f"{rng.choice(list('ABDEGHKLMNPRTUVXYZ'))}{rng.integers(2, 10)}"]
        )
    )
    recipe = Recipe(
        layout=layout,
        frame=frame,
        emblem=names[int(rng.integers(len(names)))],
        parameters=(a, b, c, d),
        word=str(rng.choice(WORDS)),
        number=number,
        face=FACES[int(rng.integers(len(FACES)))],
        weight=int(rng.choice([500, 700, 900])),
        line=float(rng.uniform(0.05, 0.09)),
        inverted=bool(rng.random() < 0.3) and not small,
    )
    return Design(design_id or f"D{seed:03d}", recipe)


def redraw(design: Design, seed: int) -> Design:
    """Imitate a design by hand: the same idea with other proportions, lettering and line, a little bent.

    A die is rigid, so the same design cut twice differs far less than one redrawn.
    """
    rng = np.random.default_rng([seed, 0x4ED4])
    old = design.recipe
    a, b, c, d = (float(np.clip(v + rng.choice([-1, 1]) * rng.uniform(0.06, 0.16), 0, 1)) for v in old.parameters)
    others: list[Face] = [face for face in FACES if face != old.face]
    recipe = replace(
        old,
        parameters=(a, b, c, d),
        face=others[int(rng.integers(len(others)))],
        line=old.line * float(rng.choice([0.7, 1.35])),
        bend=float(rng.uniform(0.005, 0.009)),
        bend_seed=seed,
    )
    return Design(f"{design.design_id}-redrawn", recipe, redrawn_from=design.design_id)


@lru_cache(maxsize=4096)
def _extent(recipe: Recipe) -> tuple[float, float, float, float]:
    ys, xs = np.nonzero(_mask(recipe) > 0.5)
    low_x, high_x, low_y, high_y = (float(v) / MASK_SIZE for v in (xs.min(), xs.max() + 1, ys.min(), ys.max() + 1))
    return low_x, low_y, high_x, high_y


@lru_cache(maxsize=16)
def _mask(recipe: Recipe) -> NDArray[np.float32]:
    pen = Pen(2 * MASK_SIZE)
    _draw(pen, recipe)
    ink = pen.coverage
    if recipe.bend:
        ink = smooth_warp(ink, recipe.bend * ink.shape[0], np.random.default_rng([recipe.bend_seed, 0xBE4D]))
    mask = _fit(ink)
    mask.setflags(write=False)
    return mask


def _fit(ink: NDArray[np.uint8], margin: float = 0.03) -> NDArray[np.float32]:
    """Scale and centre what is drawn so that its longer side fills the mask but for the margin."""
    ys, xs = np.nonzero(ink > 127)
    x0, x1, y0, y1 = xs.min(), xs.max() + 1, ys.min(), ys.max() + 1
    scale = MASK_SIZE * (1 - 2 * margin) / max(x1 - x0, y1 - y0)
    smoothed = blur(as_share(ink), 0.55 / scale)
    matrix = np.array([
        [scale, 0, MASK_SIZE / 2 - scale * (x0 + x1) / 2],
        [0, scale, MASK_SIZE / 2 - scale * (y0 + y1) / 2],
    ])  # fmt: skip
    return np.asarray(cv2.warpAffine(smoothed, matrix, (MASK_SIZE, MASK_SIZE), flags=cv2.INTER_LINEAR), np.float32)


def _picture(recipe: Recipe, size: int) -> NDArray[np.uint8]:
    """Draw the emblem, or the monogram, alone."""
    pen = Pen(size)
    if recipe.layout == "monogram":
        text = recipe.number or recipe.word[:2]
        pen.letters(text, 0, 0, 1.5, width=1.9, face=recipe.face, weight=recipe.weight)
    else:
        EMBLEMS[recipe.emblem](pen, recipe.parameters)
    return pen.coverage


def _draw(pen: Pen, recipe: Recipe) -> None:
    if recipe.layout == "word":
        _draw_word(pen, recipe)
        return
    if recipe.layout == "repeat":
        _draw_repeat(pen, recipe)
        return
    filled = recipe.inverted and recipe.frame in ("ring", "shield", "hexagon", "octagon", "square", "oval", "diamond")
    room = _draw_frame(pen, recipe, filled=filled)
    picture = _picture(recipe, pen.size // 2)
    value = 0 if filled else 255
    side = 2 * room / 0.9
    if recipe.layout == "emblem and word":
        pen.stamp(picture, 0, -0.3 * room, 0.66 * side, 0.66 * side, value=value)
        wide = 1.5 * room if recipe.frame != "none" else 2.0
        pen.letters(
            recipe.word, 0, 0.62 * room, 0.36 * room, width=wide, face=recipe.face, weight=recipe.weight, value=value
        )
    elif recipe.layout == "seal" and recipe.frame in ("none", "ring", "double ring", "beads", "scallops", "burst"):
        pen.stamp(picture, 0, 0, 0.58 * side, 0.58 * side, value=value)
        text = f"{recipe.word} {recipe.number or 'EXTRA'} "
        _ring_text(pen, recipe, text * (2 if len(text) < 10 else 1), 0.8 * room, value)
    else:
        pen.stamp(picture, 0, 0, side, side, value=value)
        if recipe.number and recipe.layout == "emblem" and recipe.frame == "none":
            pen.letters(recipe.number, 0, 1.28, 0.34, width=1.2, face=recipe.face, weight=recipe.weight)


def _draw_frame(pen: Pen, recipe: Recipe, *, filled: bool) -> float:
    """Draw the frame; return the radius of the room left inside it."""
    w = recipe.line
    shield = np.vstack([[(-0.9, -0.95), (0.9, -0.95)], _shield_side()])
    outlines = {
        "ring": (circle(0, 0, 0.98, steps=160), 0.78), "shield": (shield, 0.68), "hexagon": (regular(6, 1.02), 0.72),
        "octagon": (regular(8, 1.0, turn=math.pi / 8), 0.76), "square": (box(1.9, 1.9, 0.2), 0.8),
        "diamond": (regular(4, 1.08), 0.6), "oval": (circle(0, 0, 1.05, squash=0.86, steps=160), 0.7),
    }  # fmt: skip
    if recipe.frame in outlines:
        outline, room = outlines[recipe.frame]
        if filled:
            pen.fill(outline)
            pen.stroke(outline * (1 - 2.2 * w), w * 0.6, closed=True, value=0)
        else:
            pen.stroke(outline, w, closed=True)
        return room
    if recipe.frame == "double ring":
        pen.stroke(circle(0, 0, 0.98, steps=160), w, closed=True)
        pen.stroke(circle(0, 0, 0.98 - 2.2 * w, steps=160), w * 0.55, closed=True)
        return 0.7
    if recipe.frame in ("beads", "scallops"):
        n = 28 if recipe.frame == "beads" else 16
        r = 0.95
        for x, y in regular(n, r):
            pen.disc(float(x), float(y), 0.055 if recipe.frame == "beads" else 0.2)
        if recipe.frame == "scallops":
            pen.disc(0, 0, 0.97, 0)
        return 0.76 if recipe.frame == "beads" else 0.84
    if recipe.frame == "burst":
        pen.fill(star(24, 1.08, 0.94))
        pen.disc(0, 0, 0.86, 0)
        return 0.72
    if recipe.frame == "plate":
        pen.stroke(box(1.9, 1.9, 0.08), w, closed=True)
        for x in (-0.8, 0.8):
            for y in (-0.8, 0.8):
                pen.disc(x, y, 0.07)
        return 0.72
    if recipe.frame == "brackets":
        for quarter in range(4):
            pen.stroke(turned([(-0.95, -0.5), (-0.95, -0.95), (-0.5, -0.95)], quarter * math.pi / 2), w * 1.4)
        return 0.8
    return 0.95


def _shield_side() -> NDArray[np.float64]:
    t = np.linspace(0, 1, 30)[:, None]
    corner, belly, tip = np.array([0.9, -0.95]), np.array([0.98, 0.62]), np.array([0.0, 1.05])
    right = (1 - t) ** 2 * corner + 2 * t * (1 - t) * belly + t**2 * tip
    return np.vstack([right, right[::-1] * [-1, 1]])


def _draw_word(pen: Pen, recipe: Recipe) -> None:
    oval = recipe.frame in ("ring", "double ring", "oval", "beads", "burst") and not recipe.inverted
    tall = 0.62 if len(recipe.word) > 5 else 0.8
    pen.letters(
        recipe.word,
        0,
        0,
        0.72 * tall if oval else tall,
        width=1.45 if oval else 1.75,
        face=recipe.face,
        weight=recipe.weight,
    )
    ys, xs = np.nonzero(pen.coverage)
    wide, high = (np.ptp(xs) / pen.unit, np.ptp(ys) / pen.unit)
    if recipe.inverted:
        word = pen.coverage.copy()
        pen.fill(box(wide + 0.34, high + 0.34, 0.12))
        np.minimum(pen.coverage, 255 - word, out=pen.coverage)
    elif recipe.frame in ("none", "brackets"):
        pen.fill(box(wide, recipe.line, y=high / 2 + 0.16))
        pen.fill(box(wide, recipe.line, y=-high / 2 - 0.16))
    elif oval:
        pen.stroke(circle(0, 0, wide / 2 + 0.26, squash=0.62, steps=160), recipe.line, closed=True)
    else:
        pen.stroke(box(wide + 0.3, high + 0.3, 0.1), recipe.line, closed=True)
    if recipe.number and not oval:
        pen.letters(recipe.number, 0, high / 2 + 0.46, 0.26, width=0.9, face=recipe.face, weight=recipe.weight)


def _draw_repeat(pen: Pen, recipe: Recipe) -> None:
    """Three small emblems over a word, as on a banner."""
    picture = _picture(recipe, pen.size // 3)
    for k in (-1, 0, 1):
        size = 0.78 if k == 0 else 0.6
        pen.stamp(picture, 0.66 * k, -0.3 - (0.08 if k == 0 else 0), size, size)
    pen.letters(recipe.word, 0, 0.4, 0.4, width=1.9, face=recipe.face, weight=recipe.weight)
    pen.stroke([(-0.95, 0.74), (0.95, 0.74)], recipe.line)


def _ring_text(pen: Pen, recipe: Recipe, text: str, radius: float, value: int) -> None:
    for k, letter in enumerate(text):
        if letter == " ":
            continue
        a = 2 * math.pi * k / len(text)
        shape = lettering(letter, recipe.face, recipe.weight)
        high = 0.3 * radius / 0.8
        wide = min(high * shape.shape[1] / shape.shape[0], 5.0 * radius / len(text))
        pen.stamp(shape, radius * math.sin(a), -radius * math.cos(a), wide, high, turn=a, value=value)
