"""The words on every generated picture, in its pixels and in its EXIF."""

from __future__ import annotations

import io
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reference_samples.generator.noise import as_share, blur
from reference_samples.generator.pen import lettering

CAPTION = "GENERATED PRACTICE IMAGE - Cachet"
SOFTWARE = "Cachet practice generator"
_ORIENTATION, _DESCRIPTION, _SOFTWARE, _MAKE, _MODEL, _DATE = 0x0112, 0x010E, 0x0131, 0x010F, 0x0110, 0x0132
_EXIF_BLOCK, _TAKEN, _COMMENT = 0x8769, 0x9003, 0x9286


def burn_in(pixels: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Write the caption along an edge, in place: plain to a reader, and nothing to a matcher.

    The words are the same on every picture, so letters with edges in brightness would match between all of them,
    however faint: local features are blind to contrast. These letters differ from their strip in colour
    alone, amber on slate blue of one luma (ITU-R BT.601, the luma of JPEG and of every usual grey conversion).
    """
    height, width = pixels.shape[:2]
    tall = max(8.0, 0.0105 * max(height, width))
    strip_height = max(12, round(1.7 * tall))
    y0 = 0 if rng.random() < 0.25 else height - strip_height
    strip = pixels[y0 : y0 + strip_height]
    # The strip keeps a breath of the picture's own brightness, far too smooth to hold a feature.
    luma = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY).astype(np.float32).mean(0, keepdims=True)
    smooth = cv2.GaussianBlur(luma, (0, 0), sigmaX=max(width / 12, 1.0), sigmaY=1e-3)
    level = 0.1 * smooth + 102 + 1.2 * rng.standard_normal(strip.shape[:2], dtype=np.float32)
    letters = _letters(width, strip_height, tall, rng)
    red = 110 + letters * (186 - 110)
    blue = 152 + letters * (70 - 152)
    coded = cv2.merge([np.asarray(plane, np.float32) / 255 for plane in (level, red, blue)])
    drawn = np.asarray(cv2.cvtColor(coded, cv2.COLOR_YCrCb2RGB), np.float32) * 255
    pixels[y0 : y0 + strip_height] = np.clip(np.rint(drawn), 0, 255).astype(np.uint8)


def _letters(width: int, height: int, tall: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Lay the caption somewhere along a strip; coverage in [0, 1]."""
    words = as_share(lettering(CAPTION, "sans", 600))
    scale = min(tall / words.shape[0], (width - 2 * tall) / words.shape[1])
    room = width - scale * words.shape[1] - 2 * tall
    left, top = tall + room * float(rng.random()), (height - scale * words.shape[0]) / 2
    matrix = np.array([[scale, 0, left], [0, scale, top]])
    fine = blur(words, 0.45 / scale)
    return np.asarray(cv2.warpAffine(fine, matrix, (width, height), flags=cv2.INTER_LINEAR), np.float32)


def encode(
    pixels: NDArray[np.uint8], *, quality: int, description: str, taken_at: datetime, quarter_turns: int = 0
) -> bytes:
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
