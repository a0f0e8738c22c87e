"""The words on every generated picture, in its pixels and in its EXIF."""

from __future__ import annotations

import io
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reference_samples.generator.pen import lettering

CAPTION = "GENERATED PRACTICE IMAGE - Cachet"
SOFTWARE = "Cachet practice generator"
_ORIENTATION, _DESCRIPTION, _SOFTWARE, _MAKE, _MODEL, _DATE = 0x0112, 0x010E, 0x0131, 0x010F, 0x0110, 0x0132
_EXIF_BLOCK, _TAKEN, _COMMENT = 0x8769, 0x9003, 0x9286


def burn_in(pixels: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Write the caption along an edge, in place: plain to a reader, next to nothing to a matcher.

    The words are the same on every picture, so sharp letters would match between all of them. They are therefore
    low in contrast and soft, and each letter stands a little aside, turned and spaced by chance: the few
    local features that remain do not agree on one geometry.
    """
    height, width = pixels.shape[:2]
    tall = max(7.0, 0.0095 * max(height, width) * float(rng.uniform(0.94, 1.08)))
    strip_height = max(12, round(1.9 * tall))
    at_top = rng.random() < 0.25
    y0 = 0 if at_top else height - strip_height
    strip = pixels[y0 : y0 + strip_height].astype(np.float32)
    ground = float(cv2.GaussianBlur(strip.mean(2), (0, 0), 30).mean())
    letters = _letters(width, strip_height, tall, rng)
    calm = cv2.GaussianBlur(strip, (0, 0), 0.6 * strip_height)
    dark = 0.42 * calm + 0.58 * 26
    fade = np.clip(np.minimum(np.arange(strip_height) + 1, 3) / 3, 0, 1).astype(np.float32)
    share = (fade if not at_top else fade[::-1])[:, None, None] * np.float32(0.85)
    lettered = dark + letters[..., None] * np.float32(34 + 0.08 * ground)
    grain = rng.standard_normal(strip.shape[:2], dtype=np.float32)[..., None] * np.float32(1.6)
    mixed = strip + share * (lettered + grain - strip)
    pixels[y0 : y0 + strip_height] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def _letters(width: int, height: int, tall: float, rng: np.random.Generator) -> NDArray[np.float32]:
    weight = int(rng.choice([400, 500, 600]))
    drawn = np.zeros((height, width), np.float32)
    spacing = tall * float(rng.uniform(0.16, 0.3))
    glyphs = []
    for letter in CAPTION:
        if letter == " ":
            glyphs.append(None)
            continue
        glyph = lettering(letter, "sans", weight).astype(np.float32) / 255
        high = tall * (0.12 if letter == "-" else 0.78 if letter.islower() and letter not in "ht" else 1.0)
        wide = high * glyph.shape[1] / glyph.shape[0]
        glyphs.append((glyph, wide, high))
    total = sum(tall * 0.45 if glyph is None else glyph[1] + spacing for glyph in glyphs)
    squeeze = min(1.0, (width - 2 * tall) / total)
    room = width - total * squeeze - 2 * tall
    x = tall + (room * float(rng.random()))
    for glyph in glyphs:
        if glyph is None:
            x += tall * 0.45 * squeeze
            continue
        picture, wide, high = glyph
        turn = float(rng.normal(0, 0.06))
        scale = np.array([wide * squeeze / picture.shape[1], high / picture.shape[0]])
        base = height / 2 + tall / 2 - high + rng.normal(0, 0.05) * tall - (tall * 0.4 if high < 0.3 * tall else 0)
        c, s = np.cos(turn), np.sin(turn)
        matrix = np.array([[c * scale[0], -s * scale[1], x], [s * scale[0], c * scale[1], base]])
        small = cv2.GaussianBlur(picture, (0, 0), 0.5 / min(scale))
        np.maximum(drawn, cv2.warpAffine(small, matrix, (width, height), flags=cv2.INTER_LINEAR), out=drawn)
        x += (wide + spacing) * squeeze + rng.normal(0, 0.05) * tall
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), max(0.055 * tall, 0.5)), np.float32)


def encode(pixels: NDArray[np.uint8], *, quality: int, description: str, taken_at: datetime, quarter_turns: int = 0) -> bytes:
    """Encode a picture as JPEG that says in its EXIF that it is generated.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        RGB, upright.
    quality : int
        Of the JPEG.
    description : str
        What it shows; the caption is put before it.
    taken_at : datetime
        What the camera's clock is said to have shown.
    quarter_turns : int
        Store the picture turned, with the orientation tag that sets it upright again: 0 or 1.
    """
    image = Image.fromarray(pixels)
    exif = Image.Exif()
    exif[_DESCRIPTION] = f"{CAPTION}. {description}".encode("ascii", "replace").decode()
    exif[_SOFTWARE] = SOFTWARE
    exif[_MAKE], exif[_MODEL] = "Cachet", "Practice generator"
    stamp = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    exif[_DATE] = stamp
    block = exif.get_ifd(_EXIF_BLOCK)
    block[_TAKEN] = stamp
    block[_COMMENT] = b"ASCII\0\0\0" + f"{CAPTION}: no real case, place or person.".encode("ascii")
    if quarter_turns:
        image = image.transpose(Image.Transpose.ROTATE_90)
        exif[_ORIENTATION] = 6
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, exif=exif.tobytes())
    return file.getvalue()
