"""Labels with invented words, laid on photographs: what a reader is measured with, for the truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from reference_samples.generator.pen import lettering

CONSONANTS, VOWELS, DIGITS = "BCDFGKLMNPRSTVXZ", "AEIOU", "0123456789"
FACES = ("sans", "italic", "uni", "narrow")


@dataclass(frozen=True, slots=True)
class Label:
    """One line of words on a photograph.

    Attributes
    ----------
    words : str
        What it says.
    polygon : ndarray of shape (4, 2), float32
        Around its letters, in pixels.
    """

    words: str
    polygon: NDArray[np.float32]


def invent(rng: np.random.Generator) -> str:
    """Make up a word of two to four syllables; every other one with a number, as batches and weights are marked."""
    syllables = [
        rng.choice(list(CONSONANTS))
        + rng.choice(list(VOWELS))
        + (rng.choice(list("LNRSX")) if rng.random() < 0.3 else "")
        for _ in range(int(rng.integers(2, 5)))
    ]
    word = "".join(syllables)
    word = word if rng.random() < 0.7 else word.capitalize()
    number = "".join(rng.choice(list(DIGITS), int(rng.integers(1, 4)))) if rng.random() < 0.5 else ""
    return f"{word} {number}".strip()


def lay(
    pixels: NDArray[np.uint8], rng: np.random.Generator, *, labels: int = 3
) -> tuple[NDArray[np.uint8], list[Label]]:
    """Lay labels on a photograph: any angle, 14 to 60 pixels high, curved, unevenly lit, blurred.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        RGB.
    rng : Generator
        Chance.
    labels : int
        How many, each in its own strip of the picture.

    Returns
    -------
    picture : ndarray of shape (H, W, 3), uint8
        With the labels.
    labels : list of Label
        What they say and where.
    """
    picture = pixels.astype(np.float32)
    height, width = pixels.shape[:2]
    laid = []
    for strip in range(labels):
        words = invent(rng)
        face = FACES[int(rng.integers(len(FACES)))]
        ink = _ink(words, face)
        h, w = ink.shape
        tall = float(np.exp(rng.uniform(np.log(14), np.log(60))))
        scale, angle = (
            min(tall / h, 0.9 * min(width / labels, height) / np.hypot(w, h)),
            float(rng.uniform(0, 2 * np.pi)),
        )
        reach = scale * np.hypot(w, h) / 2
        left = width * strip / labels
        x = float(rng.uniform(left + reach, max(left + reach + 1, left + width / labels - reach)))
        y = float(rng.uniform(reach, max(reach + 1, 0.94 * height - reach)))
        cos, sin = np.cos(angle), np.sin(angle)
        turn = np.array([[cos, -sin], [sin, cos]]) @ np.diag([scale, scale * rng.uniform(0.8, 1.0)])
        matrix = np.column_stack([turn, np.array([x, y]) - turn @ [w / 2, h / 2]])
        bent = _bent(ink, rng)
        margin = int(0.5 * h)
        paper = np.full((h + 2 * margin, w + 2 * margin), 255, np.uint8)
        under = matrix.copy()
        under[:, 2] -= turn @ [margin, margin]
        soft = max(0.4, float(rng.uniform(0.3, 0.9)))
        cover = _placed(bent, matrix, scale, (width, height), soft)
        if rng.random() < 0.6:
            ground, colour = rng.uniform(170, 250, 3), rng.uniform(10, 110, 3)
            sheet = _placed(paper, under, scale, (width, height), soft)
            picture = _over(picture, sheet, ground)
        else:
            # Printed on the thing itself: dark on what is light there, and the other way round.
            at = picture[int(np.clip(y, 0, height - 1)), int(np.clip(x, 0, width - 1))].mean()
            colour = rng.uniform(10, 70, 3) if at > 120 else rng.uniform(200, 250, 3)
        picture = _over(picture, cover, colour)
        corners = np.array([[0, 0], [w, 0], [w, h], [0, h]]) @ matrix[:, :2].T + matrix[:, 2]
        laid.append(Label(words, corners.astype(np.float32)))
    light = 1 + rng.uniform(-0.25, 0.25) * np.linspace(-1, 1, width)[None, :, None]
    noisy = picture * light + rng.normal(0, 3, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8), laid


def _ink(words: str, face: str) -> NDArray[np.uint8]:
    if face != "narrow":
        return lettering(words, "sans" if face == "sans" else "italic" if face == "italic" else "uni", 500)
    font = ImageFont.load_default(160)
    left, top, right, bottom = font.getbbox(words)
    image = Image.new("L", (int(right - left), int(bottom - top)))
    ImageDraw.Draw(image).text((-left, -top), words, fill=255, font=font)
    return np.asarray(image, np.uint8)


def _over(picture: NDArray[np.float32], cover: NDArray[np.float32], colour: NDArray[np.float64]) -> NDArray[np.float32]:
    share = cover[:, :, None]
    return np.asarray(picture * (1 - share) + colour.astype(np.float32) * share, np.float32)


def _bent(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Bend a line as film bends: a slow wave up and down."""
    h, w = ink.shape
    xs, ys = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
    wave = np.sin(xs / w * 2 * np.pi * rng.uniform(0.3, 1.2) + rng.uniform(0, 6)) * h * rng.uniform(0, 0.08)
    return np.asarray(cv2.remap(ink, xs, (ys + wave).astype(np.float32), cv2.INTER_LINEAR), np.uint8)


def _placed(
    mask: NDArray[np.uint8], matrix: NDArray[np.float64], scale: float, size: tuple[int, int], soft: float
) -> NDArray[np.float32]:
    fine = cv2.GaussianBlur(mask, (0, 0), max(0.5, soft / scale))
    return np.asarray(cv2.warpAffine(fine, matrix, size, flags=cv2.INTER_LINEAR) / 255, np.float32)
