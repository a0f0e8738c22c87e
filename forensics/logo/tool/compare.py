"""The same design, or the same tool? Two marks of one design compared in what the design does not explain."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.comparison import NoComparison
from forensics.logo.tool.agreement import agreement
from forensics.logo.tool.light import Field, band, directions, levelled
from forensics.logo.tool.register import METHOD, Alignment, Registered, RegisterParams, register
from forensics.logo.tool.score import weights
from forensics.photo import Photo


@dataclass(frozen=True, slots=True)
class ToolParams:
    """What :func:`compare_tools` can be set to.

    Attributes
    ----------
    register : RegisterParams
        How the marks are laid over each other.
    least : float
        Shifts and noise under this many pixels are not told from none (0.01 to 0.2): two photographs of one mark are
        not laid over each other better.
    light : float
        Part of the span over which light and contrast may change (0.03 to 0.3).
    cell : float
        Deviation of the cells that are compared, as a part of the span (0.01 to 0.05): about a defect's size.
    middle, fine : float
        Finest line that is looked at in two bands, as parts of the span (0.002 to 0.02); never under 0.6 pixels.
    reach : int
        How many pixels a cell may still be shifted by (0 to 3): powder breaks and ink runs.
    near : float
        How far from the lines of the design a defect may lie, as a part of the span (0.01 to 0.1).
    """

    register: RegisterParams = field(default_factory=RegisterParams)
    least: float = 0.03
    light: float = 0.083
    cell: float = 0.022
    middle: float = 0.0083
    fine: float = 0.004
    reach: int = 1
    near: float = 0.025


@dataclass(frozen=True, slots=True)
class ToolComparison:
    """Two marks of one design, compared in what is individual to the tool.

    Attributes
    ----------
    method : str
        The method and its version.
    score : float
        0 (as generated marks of two tools are) to 1 (as those of one tool are). A rank, not a probability.
    verdict : str
        ``"same"``, ``"other"`` or ``"undecided"``: what such a score spoke for among generated marks.
    measurements : dict of str to float
        What the score was made of; see :func:`compare_tools`.
    structure : ndarray of shape (H, W, 3), uint8
        How strong lines are that are in both, in the query only, and in the reference only.
    to_reference : ndarray of shape (3, 3), float64
        Takes pixels of ``structure`` to pixels of the reference photograph.
    """

    method: str
    score: float
    verdict: Literal["same", "other", "undecided"]
    measurements: dict[str, float]
    structure: NDArray[np.uint8]
    to_reference: NDArray[np.float64]


def compare_tools(
    query: Photo, reference: Photo, alignment: Alignment, *, params: ToolParams = ToolParams()
) -> ToolComparison | NoComparison:
    """Compare the tools that left two marks of one design.

    A die is rigid, and what was broken out of it is missing from every mark that it leaves. Another die of the same
    design is cut a little otherwise and broken elsewhere; a design that was drawn anew differs more.

    Stages:

    1. Lay the query over the reference: a plane, then what bends smoothly; see
       :func:`forensics.logo.tool.register.register`.
    2. Residual geometry: how far the design lies from where a rigid tool puts it, and whether that is more than noise.
    3. Detail: how alike the two are around every pixel of the design, in brightness and in the direction of edges
       (which a lamp on the other side does not change), in two bands; noise of the ground is allowed for.
    4. The score: a logistic regression of these, trained on generated marks only.

    Parameters
    ----------
    query, reference : Photo
        The photographs.
    alignment : Alignment
        Where the design was found on both.
    params : ToolParams
        Settings.

    Returns
    -------
    ToolComparison or NoComparison
        NoComparison, with its reason, where there is too little to see. The measurements: ``span`` (pixels that the
        mark spans), ``shift`` and ``shift_80`` (median and 80th percentile of how far the design is out of place, in
        thousandths of the span, as far as it moves smoothly), ``stray`` and ``stray_80`` (the same of what small cells
        move beside that), ``bend`` (root of the mean square of the smooth part, less what chance makes), ``noise``
        (what chance makes), ``sure`` (logarithm of how many times the smooth part is what chance makes, squared),
        ``together`` and ``lamps`` (how well the edges go together along the best two directions, see
        :class:`forensics.logo.tool.canonical.Canonical`: the second is low for a relief under two lamps), ``polarity``
        (1 where light and dark agree, -1 where they are exchanged), and of each of ``edges_middle``, ``edges_fine``,
        ``bright_middle`` and ``bright_fine`` the mean likeness and, with ``_low``, that of the least alike tenth.
    """
    # 1. to 3.
    measured = measure(query, reference, alignment, params=params)
    if isinstance(measured, NoComparison):
        return measured
    # 4.
    learnt = weights()
    score = learnt.score(measured.measurements)
    verdict: Literal["same", "other", "undecided"] = (
        "same" if score >= learnt.same else "other" if score <= learnt.other else "undecided"
    )
    return ToolComparison(METHOD, score, verdict, measured.measurements, measured.structure, measured.to_reference)


@dataclass(frozen=True, slots=True)
class Measured:
    """A :class:`ToolComparison` before it is scored."""

    measurements: dict[str, float]
    structure: NDArray[np.uint8]
    to_reference: NDArray[np.float64]


def measure(
    query: Photo, reference: Photo, alignment: Alignment, *, params: ToolParams = ToolParams()
) -> Measured | NoComparison:
    """Measure what :func:`compare_tools` scores: its stages 1 to 3, for those who train the score."""
    # 1.
    laid = register(query, reference, alignment, params=params.register)
    if isinstance(laid, NoComparison):
        return laid
    # 2. and 3.
    detail, structure = _detail(laid, params)
    return Measured(_geometry(laid, params) | detail, structure, laid.to_reference)


def _geometry(laid: Registered, params: ToolParams) -> dict[str, float]:
    bent = laid.bend
    some = bent.weight[::2, ::2].ravel()
    size = np.hypot(*cv2.split(bent.shift[::2, ::2])).ravel()
    stray = bent.stray[::2, ::2].ravel()
    square = float((some * size**2).sum() / some.sum())
    thousandth = laid.span / 1000
    return {
        "span": laid.span,
        "shift": _quantile(size, some, 0.5) / thousandth,
        "shift_80": _quantile(size, some, 0.8) / thousandth,
        "stray": _quantile(stray, some, 0.5) / thousandth,
        "stray_80": _quantile(stray, some, 0.8) / thousandth,
        "bend": math.sqrt(max(square - bent.noise, 0.0)) / thousandth,
        "noise": math.sqrt(bent.noise) / thousandth,
        "sure": math.log((square + params.least**2) / (bent.noise + params.least**2)),
        "lamps": bent.together[1],
        "together": bent.together[0],
    }


def _detail(laid: Registered, params: ToolParams) -> tuple[dict[str, float], NDArray[np.uint8]]:
    one, other = (levelled(picture, params.light * laid.span) for picture in (laid.query, laid.reference))
    drawn = laid.design > 0
    wide = 2 * round(params.near * laid.span) + 1
    near = np.asarray(cv2.dilate(laid.design, np.ones((wide, wide), np.uint8)), np.float32)
    ground = laid.known & (near < 0.02)
    both = float((one * other * laid.design).sum())
    alone = float(np.sqrt((one**2 * laid.design).sum() * (other**2 * laid.design).sum()))
    measured = {"polarity": both / max(alone, 1e-9)}
    structure = np.zeros((*near.shape, 3), np.uint8)
    for name, part in (("middle", params.middle), ("fine", params.fine)):
        sigma = max(0.6, part * laid.span)
        for kind, channels in (("edges", directions), ("bright", band)):
            found = agreement(
                channels(one, sigma), channels(other, sigma), sigma=params.cell * laid.span, reach=params.reach
            )
            strong = [_beyond_ground(energy, ground, drawn) for energy in (found.query, found.reference)]
            some = np.clip(np.maximum(*strong) - 0.3, 0, 1) * np.minimum(2 * near, 1) * laid.known
            weight = np.asarray(some if some.any() else laid.design, np.float32)
            alike, mass = found.alike[weight > 0], weight[weight > 0]
            measured[f"{kind}_{name}"] = float((alike * mass).sum() / max(float(mass.sum()), 1e-9))
            measured[f"{kind}_{name}_low"] = _quantile(alike, mass, 0.1)
            if (kind, name) == ("edges", "middle"):
                lines = [np.linalg.norm(channels(picture, sigma), axis=2) for picture in (one, other)]
                structure = _structure(
                    found.alike, lines[0], lines[1], drawn, np.asarray(near * laid.known, np.float32)
                )
    return measured, structure


def _beyond_ground(energy: Field, ground: NDArray[np.bool_], drawn: NDArray[np.bool_]) -> Field:
    """How much more a picture shows than its ground does, 1 for a strong line of the design."""
    noise = float(np.median(energy[ground])) if ground.any() else float(np.percentile(energy, 10))
    more = np.clip(energy - noise, 0, None)
    line = float(np.percentile(more[drawn], 80)) if drawn.any() else 0.0
    return np.asarray(more / max(line, 1e-9), np.float32)


def _structure(
    alike: Field, query: Field, reference: Field, drawn: NDArray[np.bool_], seen: Field
) -> NDArray[np.uint8]:
    """Deal every line out to both, to the query alone, and to the reference alone."""
    here, there = (
        np.clip(1.5 * lines / (np.percentile(lines[drawn], 85) + 1e-6) - 0.35, 0, 1) for lines in (query, reference)
    )
    # A line that is a pixel beside its fellow is one line, where all around it agrees.
    wide = np.ones((5, 5), np.uint8)
    shared = np.minimum(np.maximum(here, there), np.minimum(cv2.dilate(here, wide), cv2.dilate(there, wide)))
    shared = shared * np.clip(2.5 * alike - 0.75, 0, 1)
    layers = np.dstack([shared, here - shared, there - shared])
    return np.asarray(np.rint(255 * np.clip(layers * np.minimum(2 * seen, 1)[..., None], 0, 1)), np.uint8)


def _quantile(values: NDArray[np.floating], weight: NDArray[np.floating], share: float) -> float:
    """Return the value below which this share of the weight lies."""
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weight[order])
    place = int(np.searchsorted(mass, share * mass[-1])) if mass[-1] > 0 else 0
    return float(values[order[min(place, len(order) - 1)]])
