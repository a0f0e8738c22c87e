"""Scale cards as they are printed, laid on a table."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from forensics.scale.layout import LAYOUTS, CardName, marker_bits

FINE = 16
"""Pixels of a millimetre of the drawn card."""


@cache
def card(name: CardName) -> np.ndarray:
    """The chessboard and the patches of a card, on white."""
    layout = LAYOUTS[name]
    drawn = np.full((round(layout.height * FINE), round(layout.width * FINE), 3), 255, np.uint8)

    def fill(box, colour) -> None:
        x, y, wide, tall = box
        drawn[round(y * FINE) : round((y + tall) * FINE), round(x * FINE) : round((x + wide) * FINE)] = colour

    for black in layout.squares(black=True):
        fill(black, 0)
    for number, (x, y, side, _) in layout.markers().items():
        fill((x, y, side, side), 0)
        module = side / 6
        for row, column in np.argwhere(marker_bits(number) > 0):
            fill((x + column * module, y + row * module, module, module), 255)
    for patch in layout.patches:
        fill(patch.box, patch.srgb)
    return drawn


def photographed(
    name: CardName, *, pixels: float, turn: float = 0.0, mirrored: bool = False, slant: float = 0.0, size=(900, 1200)
) -> tuple[np.ndarray, np.ndarray]:
    """A card on a grey table, ``pixels`` a millimetre in its middle; and what takes its millimetres to the picture."""
    layout = LAYOUTS[name]
    height, width = size
    a = np.deg2rad(turn)
    flip = -1.0 if mirrored else 1.0
    to_middle = np.array([[1, 0, -layout.width / 2], [0, 1, -layout.height / 2], [0, 0, 1]])
    far = np.array([[1, 0, 0], [0, 1, 0], [slant / layout.width, 0, 1.0]])
    turned = np.array(
        [
            [flip * pixels * np.cos(a), -pixels * np.sin(a), width / 2],
            [flip * pixels * np.sin(a), pixels * np.cos(a), height / 2],
            [0, 0, 1],
        ]
    )
    matrix = turned @ far @ to_middle
    rng = np.random.default_rng(3)
    table = np.clip(120 + rng.normal(0, 5, (height, width, 1)), 0, 255).repeat(3, axis=2).astype(np.uint8)
    # Pixel k of the drawing is the square from k to k + 1.
    drawn = matrix @ np.array([[1 / FINE, 0, 0.5 / FINE], [0, 1 / FINE, 0.5 / FINE], [0, 0, 1]])
    soft = cv2.GaussianBlur(card(name), (0, 0), 0.4 * FINE / pixels)
    seen = cv2.warpPerspective(soft, drawn, (width, height), dst=table, borderMode=cv2.BORDER_TRANSPARENT)
    return cv2.GaussianBlur(seen, (0, 0), 0.5), matrix
