"""How one mark lies bent over another, beyond what the camera's place explains."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from forensics.logo.tool.canonical import canonical, gradient
from forensics.logo.tool.light import Field, blurred, levelled


@dataclass(frozen=True, slots=True)
class BendParams:
    """How a bend is found.

    Attributes
    ----------
    light : float
        Part of the span over which light and contrast may change (0.03 to 0.3).
    steps : tuple of (float, float)
        Coarse to fine: the blur before, and the deviation of the cells that move as one, as parts of the span. A cell
        is an eighth of the mark at last: smaller ones hold too few edges to fix a place to a tenth of a pixel.
    least_blur : float
        The blur before, in pixels, is never less (0.7 to 2): a camera's noise.
    stiff : float
        Share of the mean edge that holds a cell in place (0.001 to 0.2): where there is no edge there is no bend.
    most : float
        Largest move of one step, as a part of the span (0.005 to 0.05).
    faint, clear : float
        Edges under this share of a strong one fix nothing (0 to 0.5), those over that share all count alike (0.3 to 1):
        else the rim of a label would outweigh all that is printed on it.
    small : float
        Deviation of the cells that are looked at for what moved by itself, as a part of the span (0.01 to 0.05).
    patch : float
        Side of the fields of the chessboard that the noise is told by, as a part of the span (0.02 to 0.1): two
        halves of the edges, each by itself.
    """

    light: float = 0.083
    steps: tuple[tuple[float, float], ...] = (
        (0.012, 0.3), (0.010, 0.2), (0.006, 0.15), (0.006, 0.12), (0.004, 0.12), (0.004, 0.12),
    )  # fmt: skip
    least_blur: float = 1.0
    stiff: float = 0.02
    most: float = 0.02
    faint: float = 0.25
    clear: float = 0.6
    small: float = 0.022
    patch: float = 0.04


@dataclass(frozen=True, slots=True)
class Bend:
    """How a query lies over a reference.

    Attributes
    ----------
    flow : ndarray of shape (H, W, 2), float32
        Where the fellow of every pixel of the reference lies in the query, from that pixel, in pixels.
    shift : ndarray of shape (H, W, 2), float32
        The flow without what a camera in another place explains: bent paper, bent film, a lens, or another drawing.
    stray : ndarray of shape (H, W), float32
        How far what lies in a small cell is from where the flow puts it, in pixels: an edge cut elsewhere, a nick.
    weight : ndarray of shape (H, W), float32
        How much is known of them there.
    noise : float
        Mean square of the shift that chance alone would make, in square pixels.
    together : tuple of two floats
        See :class:`forensics.logo.tool.canonical.Canonical`.
    """

    flow: Field
    shift: Field
    stray: Field
    weight: Field
    noise: float
    together: tuple[float, float]


def bend(query: Field, reference: Field, where: Field, *, span: float, params: BendParams = BendParams()) -> Bend:
    """Find how a query lies over a reference, to a tenth of a pixel or less.

    Stages:

    1. The edges that both have, each in the two directions in which they go together.
    2. Coarse to fine: the least-squares move of every cell (Lucas and Kanade, IJCAI 1981), where what does not fit, a
       defect or a flake of light, counts less (Geman and McClure's weight).
    3. The last step again from either half of a chessboard: as far as the two halves differ, the shift is noise. And
       once more in small cells, for what moved by itself.
    4. The moves of a camera are taken out: the eight terms of a homography near the identity.

    Parameters
    ----------
    query, reference : ndarray of shape (H, W), float32
        Grey levels, laid over each other to a few pixels.
    where : ndarray of shape (H, W), float32
        Where the design may be, 0 to 1.
    span : float
        The longer side of the mark, in pixels.
    params : BendParams
        Settings.

    Returns
    -------
    Bend
        Of both pictures' size.
    """
    one, other = (levelled(field, params.light * span) for field in (query, reference))
    y, x = np.mgrid[: one.shape[0], : one.shape[1]].astype(np.float32)
    flow = np.zeros((*one.shape, 2), np.float32)
    halves = ((y // (params.patch * span) + x // (params.patch * span)) % 2).astype(np.float32)
    weight, apart, stray, together = np.zeros_like(one), flow, flow, (0.0, 0.0)
    for step, (blur, cell) in enumerate(params.steps):
        # 1.
        moved = cv2.remap(one, x + flow[..., 0], y + flow[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        weight = _common(np.asarray(moved, np.float32), other, where, span, params)
        sigma = max(params.least_blur, blur * span)
        pair = canonical(np.asarray(moved, np.float32), other, weight, sigma=sigma)
        together = pair.together
        # 2.
        sure = np.array([value**2 / (1.02 - value**2) for value in together], np.float32)
        gap = pair.reference - pair.query
        off = (gap**2 * sure).sum(axis=2)
        typical = float((off * weight).sum() / max(float(weight.sum()), 1e-9))
        counts = weight / (1 + off / (2 * typical + 1e-9))
        slopes = [gradient(np.asarray(field, np.float32)) for field in cv2.split((pair.query + pair.reference) / 2)]
        terms = _Terms.of(gap, slopes, sure, counts)
        limit = params.most * span
        flow = flow + np.clip(terms.move(cell * span, params.stiff), -limit, limit)
        # 3.
        if step == len(params.steps) - 1:
            first, second = (terms.times(half).move(cell * span, params.stiff) for half in (halves, 1 - halves))
            apart = first - second
            # Here what does not fit is what is asked for.
            stray = _Terms.of(gap, slopes, sure, weight).move(params.small * span, 5 * params.stiff)
    # 4.
    known = blurred(weight, 0.03 * span) + np.float32(1e-4)
    shift = np.asarray(flow - _camera(flow, known, x, y, span), np.float32)
    # The mean of two halves has half the deviation of their difference.
    noise = float((known * (apart**2).sum(axis=2)).sum() / known.sum()) / 4
    return Bend(flow, shift, np.hypot(*cv2.split(stray)), known, noise, together)


@dataclass(frozen=True, slots=True)
class _Terms:
    """Normal equations of a move, by pixel: xx, xy and yy of the slopes, and each slope times the gap; (5, H, W)."""

    sums: Field

    @classmethod
    def of(cls, gap: Field, slopes: list[Field], sure: Field, counts: Field) -> _Terms:
        """Sum up the channels."""
        total = np.zeros((5, *counts.shape), np.float32)
        for channel, slope in enumerate(slopes):
            x, y, e = slope[..., 0], slope[..., 1], gap[..., channel]
            total += counts * sure[channel] * np.stack([x * x, x * y, y * y, x * e, y * e])
        return cls(total)

    def times(self, share: Field) -> _Terms:
        """Weigh every pixel."""
        return _Terms(self.sums * share)

    def move(self, sigma: float, stiff: float) -> Field:
        """Solve for the move of the cell around every pixel; shape (H, W, 2)."""
        hold = np.float32(stiff * float((self.sums[0] + self.sums[2]).mean()) + 1e-12)
        xx, xy, yy, ex, ey = (blurred(term, sigma) for term in self.sums)
        xx, yy = xx + hold, yy + hold
        both = xx * yy - xy * xy
        return np.asarray(np.dstack([(yy * ex - xy * ey) / both, (xx * ey - xy * ex) / both]), np.float32)


def _common(query: Field, reference: Field, where: Field, span: float, params: BendParams) -> Field:
    """Where both have edges, 0 to 1."""
    sigma = max(params.least_blur, 0.004 * span)
    edges = [np.hypot(*cv2.split(gradient(blurred(field, sigma)))) for field in (query, reference)]
    strength = np.sqrt(blurred(np.asarray(np.minimum(*edges) ** 2, np.float32), span / 60))
    inside = strength[where > 0.5]
    strong = float(np.percentile(inside if inside.size else strength, 90)) + 1e-9
    low, high = params.faint, params.clear
    return np.asarray(np.clip((strength / strong - low) / (high - low), 0, 1) * where, np.float32)


def _camera(flow: Field, weight: Field, x: Field, y: Field, span: float) -> Field:
    """Return the part of a flow that a homography near the identity makes."""
    u, v = (x - x.mean()) / span, (y - y.mean()) / span
    one, none = np.ones_like(u), np.zeros_like(u)
    terms = np.stack(
        [
            np.dstack([one, u, v, none, none, none, u * u, u * v]),
            np.dstack([none, none, none, one, u, v, u * v, v * v]),
        ]
    )
    # Every fourth pixel: a flow is smooth over many more.
    held = np.sqrt(weight[::4, ::4])[..., None]
    rows = [(part[::4, ::4] * held).reshape(-1, 8) for part in terms]
    wanted = [(flow[::4, ::4, axis] * held[..., 0]).ravel() for axis in (0, 1)]
    solved = np.linalg.lstsq(np.vstack(rows).astype(np.float64), np.concatenate(wanted).astype(np.float64), rcond=None)
    return np.asarray(np.dstack([part @ solved[0] for part in terms]), np.float32)
