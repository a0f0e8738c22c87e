"""Rulers: what laboratories lay beside an exhibit to show its size, true to size themselves."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reference_samples.generator.light import Surface
from reference_samples.generator.noise import clouds, white
from reference_samples.generator.panel import Canvas, Panel
from reference_samples.generator.pen import Face, box, lettering

_INCH = 0.0254
_METRIC = (0, 2, 2, 2, 2, 1, 2, 2, 2, 2)
_SIXTEENTHS = (0, 3, 2, 3, 2, 3, 2, 3, 1, 3, 2, 3, 2, 3, 2, 3)
"""Which of its lengths each tick has, the longest first; then over again."""


@dataclass(frozen=True, slots=True)
class Ruler:
    """A ruler that can be laid into a scene.

    Attributes
    ----------
    panel : Panel
        Its face.
    feet : tuple of two (x, y)
        Where the first and the last metric tick stand, in metres on the panel.
    ticks : int
        Steps between the two.
    """

    panel: Panel
    feet: tuple[tuple[float, float], tuple[float, float]]
    ticks: int


def ruler(length: float, scale: float, style: int, rng: np.random.Generator) -> Ruler:
    """Make a ruler.

    Parameters
    ----------
    length : float
        Metres, a whole number of centimetres.
    scale : float
        Pixels to a metre.
    style : int
        0 black on white, 1 white on black, 2 steel, 3 black on yellow, 4 checkered.
    rng : numpy.random.Generator
        For its make, and for dirt: no two laboratories have the same ruler.
    """
    # Drawn from a source of its own: whatever is added here, the rest of the scene stays as it is.
    rng = np.random.default_rng(int(rng.integers(2**63)))
    width = (0.016 if length > 0.06 else 0.009) * float(rng.uniform(0.85, 1.3))
    outline = box(length + 0.01, width, 0.001)
    canvas = Canvas.over((-length / 2 - 0.005, -width / 2, length / 2 + 0.005, width / 2), scale)
    drawn = np.zeros(canvas.shape, np.uint8)
    pen = _Pen(drawn, canvas, ("sans", "italic", "uni")[int(rng.integers(3))], int(rng.choice([300, 400, 500, 700])),
               float(rng.uniform(0.75, 1.3)), max(1, round(float(rng.uniform(0.00014, 0.0003)) * scale)))  # fmt: skip
    lengths = [
        float(share) * width for share in (rng.uniform(0.36, 0.46), rng.uniform(0.26, 0.36), rng.uniform(0.14, 0.26))
    ]
    figures, lowest = float(rng.uniform(0.2, 0.32)) * width, float(rng.uniform(0.5, 0.64)) * width
    finest = 0.005 if scale <= 2500 or rng.random() < 0.15 else 0.001
    inset = float(rng.choice([0, 0, 0, rng.uniform(0.0003, 0.0012)]))
    left, top = -length / 2, -width / 2 + inset
    two_edges = width > 0.015 and finest < 0.005 and bool(rng.random() < 0.35)
    if two_edges:
        # Both edges are marked: the ticks are shorter, and the figures stand between them.
        lengths, figures, lowest = [0.62 * one for one in lengths], 0.7 * figures, 0.3 * width
    every = round(finest / 0.001)
    for tick in range(0, round(length * 1000) + 1, every):
        pen.stroke(left + tick / 1000, top, lengths[_METRIC[tick % 10]])
    in_millimetres = bool(rng.random() < 0.3)
    for number in range(round(length * 100) + 1):
        pen.write(str(number * 10 if in_millimetres else number), left + number / 100, top + lowest, figures)
    if rng.random() < 0.6:
        middle = left + float(rng.choice([-0.0026, length + 0.0026]))
        pen.write("mm" if in_millimetres else "cm", middle, top + 0.1 * width, 0.6 * figures)
    if rng.random() < 0.2:
        pen.line(left, top, length)
    if two_edges:
        order, step = (_SIXTEENTHS, _INCH / 16) if rng.random() < 0.6 else (_METRIC, 0.001)
        other = [*lengths, 0.7 * lengths[2]]
        for tick in range(int(length / step + 1e-6) + 1):
            pen.stroke(left + tick * step, width / 2 - inset, -other[order[tick % len(order)]])
    if style % 5 == 4 and not two_edges:
        x, y = canvas.grid()
        cell = ((np.floor((x + length / 2) / 0.01) % 2) == 0) & (np.abs(y) < 0.04 * width)
        drawn[np.broadcast_to(cell, drawn.shape)] = 255
    panel = _made(canvas, drawn, style % 5, outline, rng)
    return Ruler(panel, ((left, top), (left + length, top)), round(length / finest))


@dataclass(slots=True)
class _Pen:
    """Draws on a canvas in metres."""

    drawn: np.ndarray
    canvas: Canvas
    face: Face
    weight: int
    stretch: float
    thick: int

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        m = self.canvas.matrix
        return float(m[0, 0] * x + m[0, 2]), float(m[1, 1] * y + m[1, 2])

    def stroke(self, x: float, y: float, down: float) -> None:
        self._between(self._pixel(x, y), self._pixel(x, y + down))

    def line(self, x: float, y: float, along: float) -> None:
        self._between(self._pixel(x, y), self._pixel(x + along, y))

    def _between(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        ends = np.rint(np.array([start, end]) * 16).astype(np.int32)
        cv2.line(self.drawn, ends[0].tolist(), ends[1].tolist(), (255,), self.thick, cv2.LINE_AA, 4)

    def write(self, text: str, x: float, y: float, tall: float) -> None:
        """Write with the upper edge at ``y`` and the middle at ``x``; not where it is too small or past the edge."""
        high = round(tall * self.canvas.scale)
        if high < 6:
            return
        letters = lettering(text, self.face, self.weight)
        wide = max(2, round(self.stretch * high * letters.shape[1] / letters.shape[0]))
        u, v = self._pixel(x, y)
        top, left = round(v), round(u - wide / 2)
        if left < 0 or top < 0 or left + wide > self.canvas.shape[1] or top + high > self.canvas.shape[0]:
            return
        part = self.drawn[top : top + high, left : left + wide]
        np.maximum(part, cv2.resize(letters, (wide, high), interpolation=cv2.INTER_AREA), out=part)


def _made(canvas: Canvas, drawn: np.ndarray, style: int, outline: np.ndarray, rng: np.random.Generator) -> Panel:
    """Print what was drawn on paper, plastic or steel."""
    ground, lines = ((0.8, 0.02), (0.02, 0.75), (0.42, 0.04), (0.8, 0.02), (0.82, 0.02))[style]
    ink = (drawn.astype(np.float32) / 255)[..., None]
    tone = 1 + 0.02 * clouds(canvas.shape, 0.02 * canvas.scale, rng, octaves=3)
    paper = tone[..., None] * np.array([1, 0.82, 0.12] if style == 3 else [1, 1, 1], np.float32) * np.float32(ground)
    albedo = (paper + ink * (np.float32(lines) - paper)).astype(np.float32)
    surface = Surface(albedo, (0.03 * white(canvas.shape, rng)).astype(np.float32))
    if style == 2:
        surface.gloss, surface.polish = np.full(canvas.shape, 0.3, np.float32), 12.0
    return Panel(canvas, surface, np.ones(canvas.shape, np.float32), outline, 0.0012, 0.0, (ground, ground, ground))
