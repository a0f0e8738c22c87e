"""How unsharp a picture's edges are.

The width of an edge is told from how much a known further blur weakens it (Zhuo and Sim, "Defocus map estimation from a
single image", Pattern Recognition 44 (2011) 1852-1858): a sharp edge loses much of its slope, a soft one hardly any.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class BlurParams:
    """How edges are found and measured.

    Attributes
    ----------
    first_sigma, second_sigma : float
        The two blurs whose slopes are compared, in pixels of the working picture. Defaults 1 and 2: one pixel quiets
        sensor noise, and twice that is far enough for a ratio that does not drown in it. Bounds: 0 < first < second.
    pixel_sigma : float
        The blur of an edge that is as sharp as pixels can show it, in pixels; it is taken off in quadrature, so that a
        small picture is not called unsharp for being small. Default 0.7, as smooth resampling leaves it. Bounds: 0 to
        first_sigma.
    least_slope : float
        Levels a pixel; weaker edges are noise. Default 2. Bounds: 0 to 255.
    relative_slope : float
        Share of the steepest slopes of a direction; weaker edges are texture and shade. Default 0.2. Bounds: 0 to 1.
    fewest_edges : int
        With fewer edge points nothing is said. Default 100. Bounds: 1 and up.
    most_edges : int
        Of more, evenly many are left out, to save time. Default 20,000. Bounds: 1 and up.
    directions : int
        Directions of edges that are told apart: a shaken camera blurs those across its way only. Default 4. Bounds: 1
        to 16.
    least_share : float
        A direction that holds fewer of the edges has no say. Default 0.1. Bounds: 0 to 1.
    quantile : float
        The width that is taken of a direction's edges. Default 0.5: a camera that shook draws some edges double and
        sharp, and half of them soft. Bounds: 0 to 1.
    """

    first_sigma: float = 1.0
    second_sigma: float = 2.0
    pixel_sigma: float = 0.7
    least_slope: float = 2.0
    relative_slope: float = 0.2
    fewest_edges: int = 100
    most_edges: int = 20_000
    directions: int = 4
    least_share: float = 0.1
    quantile: float = 0.5

    def __post_init__(self) -> None:
        """Hold the bounds."""
        if not 0 < self.first_sigma < self.second_sigma:
            raise ValueError(f"expected 0 < first_sigma < second_sigma; found {self.first_sigma}, {self.second_sigma}")
        bounds: dict[str, tuple[float, float]] = {
            "pixel_sigma": (0, self.first_sigma),
            "least_slope": (0, 255),
            "relative_slope": (0, 1),
            "fewest_edges": (1, float("inf")),
            "most_edges": (1, float("inf")),
            "directions": (1, 16),
            "least_share": (0, 1),
            "quantile": (0, 1),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")


def edge_width(grey: NDArray[np.uint8], params: BlurParams) -> float | None:
    """Measure the blur of the edges.

    Stages: 1. slopes after each of two blurs; 2. edge points, where the slope is at its highest across the edge;
    3. from the ratio of the two slopes, each point's own blur; 4. the median of each direction of edges, and of
    these the softest direction; 5. less what the pixels themselves blur.

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8
        The picture at its working size.
    params : BlurParams
        Settings.

    Returns
    -------
    float or None
        Standard deviation of a Gaussian that would blur an ideal edge as much, in pixels; None where there are too few
        edges to tell.
    """
    # 1.
    first, along_x, along_y = _slope(grey, params.first_sigma)
    second, _, _ = _slope(grey, params.second_sigma)
    # 2.
    upright = np.abs(along_x) >= np.abs(along_y)
    across = (upright & _peaks(first, axis=1)) | (~upright & _peaks(first, axis=0))
    peak = np.flatnonzero(across & (first > params.least_slope))
    if peak.size < params.fewest_edges:
        return None
    peak = peak[:: -(-peak.size // params.most_edges)]
    strong, weak = first.ravel()[peak], second.ravel()[peak]
    # 3.
    near, far = params.first_sigma**2, params.second_sigma**2
    ratio = np.clip((strong / np.maximum(weak, 1e-6)) ** 2, 1.04, far / near)
    widths = np.sqrt((far - ratio * near) / (ratio - 1))
    # 4.
    angle = np.arctan2(along_y.ravel()[peak], along_x.ravel()[peak]) % np.pi
    direction = np.round(angle / np.pi * params.directions).astype(np.int64) % params.directions
    found = []
    for number in range(params.directions):
        group = direction == number
        if np.count_nonzero(group) >= max(params.fewest_edges / 4, params.least_share * peak.size):
            least = params.relative_slope * float(np.quantile(strong[group], 0.99))
            found.append(float(np.quantile(widths[group & (strong >= least)], params.quantile)))
    if not found:
        return None
    # 5.
    return float(np.sqrt(max(0.0, max(found) ** 2 - params.pixel_sigma**2)))


def _slope(grey: NDArray[np.uint8], sigma: float) -> tuple[NDArray[np.float32], ...]:
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), sigma)
    along_x = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8), np.float32)
    along_y = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8), np.float32)
    return np.asarray(cv2.magnitude(along_x, along_y), np.float32), along_x, along_y


def _peaks(slope: NDArray[np.float32], *, axis: int) -> NDArray[np.bool_]:
    """Mark the points that are steeper than their neighbours along an axis; the border is none."""
    higher = np.zeros(slope.shape, np.bool_)
    inner = [slice(1, -1), slice(1, -1)]
    before, after = inner.copy(), inner.copy()
    before[axis], after[axis] = slice(0, -2), slice(2, None)
    middle = slope[tuple(inner)]
    higher[tuple(inner)] = (middle >= slope[tuple(before)]) & (middle > slope[tuple(after)])
    return higher
