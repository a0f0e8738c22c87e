"""One vector for the design that a region shows, whatever its rotation, its colours, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from threading import Lock

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from forensics.photo.shrink import shrunk

EMBEDDING = "design/2"
"""Which network it is. Embeddings of different networks do not compare."""

D_DESIGN = 128
"""Numbers of an embedding."""


@dataclass(frozen=True, slots=True)
class EmbeddingParams:
    """What :func:`embed` can be set to.

    Attributes
    ----------
    side : int
        Pixels on a side of the square that the network sees (64 to 256). Time grows with its square; the discriminant
        was fitted at 128.
    margin : float
        A region is seen with this part of its longest side around it (0 to 0.5), so that a mark drawn to its very edge
        keeps its outline.
    turns : int
        How many turns of a region, each by a right angle more, are seen and averaged (1 to 4): time grows with it, and
        less depends on how the mark lies.
    batch : int
        Squares that the network sees at once (1 to 64); it bounds the memory.
    """

    side: int = 128
    margin: float = 0.05
    turns: int = 2
    batch: int = 16


_GREY = 127
"""What a square shows where the photograph ends; some of the views that the discriminant was fitted on have it."""

_lock = Lock()
_sessions: list[onnxruntime.InferenceSession] = []


def embed(
    pixels: NDArray[np.uint8], polygons: Sequence[NDArray[np.float32]], *, params: EmbeddingParams = EmbeddingParams()
) -> NDArray[np.float32]:
    """Embed the designs in regions of one photograph.

    Stages:

    1. The upright box of each region, widened to a square, cut out and brought to one size.
    2. The network, several squares at a time, on one thread.
    3. The mean over the turns of a region, at unit length.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        RGB.
    polygons : sequence of ndarray of shape (N, 2), float32
        Corners in pixels of the photograph (x to the right, y down); parts that lie outside it are grey.
    params : EmbeddingParams
        Settings.

    Returns
    -------
    ndarray of shape (len(polygons), D_DESIGN), float32
        One row a region, of unit length: the inner product of two rows tells how alike their designs are. A row is zero
        where no pixel of the region lies on the photograph. The same input gives the same rows on one machine, alone or
        among others to some 1e-5.

    References
    ----------
    Fitted by ``training/design_embedding``; what it can do is in ``docs/models/design.md``.
    """
    rows = np.zeros((len(polygons), D_DESIGN), np.float32)
    # 1. Squares, each in all its turns.
    squares: list[NDArray[np.uint8]] = []
    places: list[int] = []
    for place, polygon in enumerate(polygons):
        square = _square(pixels, polygon, params)
        if square is not None:
            squares += [np.rot90(square, turn) for turn in range(params.turns)]
            places.append(place)
    # 2. Network.
    seen = [np.stack(squares[first : first + params.batch]) for first in range(0, len(squares), params.batch)]
    embedded = [_session().run(None, {"regions": some})[0] for some in seen]
    # 3. Mean.
    if places:
        means = np.concatenate(embedded).reshape(len(places), params.turns, D_DESIGN).mean(axis=1)
        rows[places] = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return rows


def _square(
    pixels: NDArray[np.uint8], polygon: NDArray[np.float32], params: EmbeddingParams
) -> NDArray[np.uint8] | None:
    """Cut out the square around a region; None where the region lies outside the photograph."""
    height, width = pixels.shape[:2]
    limits = np.array([width, height], np.float32)
    low, high = np.clip(polygon.min(axis=0), 0, limits), np.clip(polygon.max(axis=0), 0, limits)
    if (np.ceil(high) <= np.floor(low)).any():
        return None
    around = params.margin * float((high - low).max())
    low, high = np.clip(low - around, 0, limits), np.clip(high + around, 0, limits)
    side = max(1, round(float((high - low).max())))
    left, top = np.round((low + high - side) / 2).astype(int).tolist()
    inside = pixels[max(top, 0) : top + side, max(left, 0) : left + side]
    scale = params.side / side
    # Resized before it is placed, so that a large photograph is not copied.
    x0, x1 = (round(min(max(x, 0), width) * scale - left * scale) for x in (left, left + side))
    y0, y1 = (round(min(max(y, 0), height) * scale - top * scale) for y in (top, top + side))
    square = np.full((params.side, params.side, 3), _GREY, np.uint8)
    x0, y0 = min(x0, params.side - 1), min(y0, params.side - 1)
    size = (max(x1 - x0, 1), max(y1 - y0, 1))
    fitted = shrunk(inside, size) if scale < 1 else cv2.resize(inside, size, interpolation=cv2.INTER_LINEAR)
    square[y0 : y0 + size[1], x0 : x0 + size[0]] = fitted
    return square


def _session() -> onnxruntime.InferenceSession:
    """Load the network when it is first asked for, once a process."""
    with _lock:
        if not _sessions:
            options = onnxruntime.SessionOptions()
            # One thread: photographs are described side by side, and threads would fight over the cores.
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            with as_file(files("forensics.logo") / "design.onnx") as path:
                _sessions.append(onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]))
        return _sessions[0]
