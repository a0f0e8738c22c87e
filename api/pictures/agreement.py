"""The map of what two marks share and what only one of them shows, in colours that everybody can tell apart."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from api.pictures.aligned import frame
from api.pictures.screen import Picture, width_for
from indexer.tool_comparison import ToolAnswer

RGB = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class AgreementParams:
    """How the map is coloured.

    Attributes
    ----------
    both, query, reference : RGB
        Of lines in both, in the query only, in the reference only: white, and the sky blue and orange that Okabe and
        Ito chose so that people with any colour vision tell them apart.
    strength : float
        How much a line covers what lies under it, per its own strength (over 0): faint lines are to be seen too.
    """

    both: RGB = (255, 255, 255)
    query: RGB = (86, 180, 233)
    reference: RGB = (230, 159, 0)
    strength: float = 1.6


def agreement(
    answer: ToolAnswer,
    *,
    reference_polygon: Sequence[Sequence[float]],
    reference_size: tuple[int, int],
    wanted: int,
    params: AgreementParams = AgreementParams(),
) -> Picture:
    """Colour the map and lay it over the aligned pictures of the same width.

    Parameters
    ----------
    answer : ToolAnswer
        Of the comparison; with no map, the picture is transparent.
    reference_polygon : sequence of (x, y)
        The reference mark, in pixels of its photograph.
    reference_size : tuple of int
        Width and height of the reference photograph, in pixels.
    wanted : int
        The width, in pixels.
    params : AgreementParams
        How it is coloured.

    Returns
    -------
    Picture
        A PNG, transparent where neither shows a line of the design, or where nothing is known.
    """
    window = frame(reference_polygon, photograph=reference_size, width=width_for(wanted))
    size = (window.width, window.height)
    layers = np.zeros((window.height, window.width, 3), np.float32)
    if answer.structure:
        stored = cv2.imdecode(np.frombuffer(answer.structure, np.uint8), cv2.IMREAD_COLOR_RGB)
        if stored is None:
            raise ValueError(
                "expected a map of the comparison; found bytes that are none. Compare the two marks again."
            )
        layers = np.asarray(
            cv2.warpPerspective(stored.astype(np.float32) / 255, window.to_window @ answer.to_reference, size),
            np.float32,
        )
    total = layers.sum(axis=2, keepdims=True)
    palette = np.array([params.both, params.query, params.reference], np.float32)
    colour = layers @ palette / np.maximum(total, 1e-6)
    cover = np.clip(params.strength * layers.max(axis=2, keepdims=True), 0, 1) * 255
    buffer = io.BytesIO()
    pixels = np.rint(np.dstack([colour, cover])).astype(np.uint8)
    Image.fromarray(pixels, "RGBA").save(buffer, "PNG", compress_level=6)
    data = buffer.getvalue()
    return Picture(data, f"agreement-{hashlib.sha256(data).hexdigest()[:24]}")
