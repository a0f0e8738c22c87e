"""A press, stamp, punch or printing plate: a design as it was cut into one tool, with that tool's defects and wear."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from reference_samples.generator.design import MASK_SIZE, Design
from reference_samples.generator.noise import Field, as_share, blur, clouds, smooth_warp, smoothstep

ToolKind: TypeAlias = Literal["press", "stamp", "punch", "plate"]
DefectKind: TypeAlias = Literal["nick", "burr", "scratch", "pit", "missing"]


WEAR_STEP = 25
"""Uses between two states of a face that are told apart."""


@dataclass(frozen=True, slots=True)
class ToolParams:
    """How tools of one design differ, and how they wear.

    Attributes
    ----------
    cut_bend : float
        Largest smooth error of cutting, as a share of the face's side. Bounds 0 to 0.01; 0.0016 is a tenth of a
        millimetre on a 60 mm die: a careful hand, well under a redrawn design.
    cut_line : float
        Largest error of a line's edge, same unit. Bounds 0 to 0.01.
    defects : tuple of two ints
        Fewest and most defects that a tool has after its life. Bounds 3 to 60: fewer cannot tell tools apart.
    defect_size : tuple of two floats
        Smallest and largest defect, as a share of the side. Bounds 0.004 to 0.1: below, no camera sees it.
    wear_blur : float
        How far edges are rounded by a full life, as a share of the side. Bounds 0 to 0.02.
    wear_loss : float
        Share of the relief that a full life takes away. Bounds 0 to 0.6.
    """

    cut_bend: float = 0.0016
    cut_line: float = 0.003
    defects: tuple[int, int] = (9, 17)
    defect_size: tuple[float, float] = (0.012, 0.038)
    wear_blur: float = 0.0075
    wear_loss: float = 0.35

    def __post_init__(self) -> None:
        """Hold the bounds."""
        low, high = self.defects
        small, large = self.defect_size
        within = (
            0 <= self.cut_bend <= 0.01 and 0 <= self.cut_line <= 0.01 and 3 <= low <= high <= 60
            and 0.004 <= small <= large <= 0.1 and 0 <= self.wear_blur <= 0.02 and 0 <= self.wear_loss <= 0.6
        )  # fmt: skip
        if not within:
            raise ValueError(
                f"expected tool parameters within their bounds; found {self}. See ToolParams for the bounds."
            )


@dataclass(frozen=True, slots=True)
class Defect:
    """One individual defect of a tool.

    Attributes
    ----------
    kind : str
        ``nick`` (a bite out of an edge), ``burr`` (a tooth on an edge), ``scratch``, ``pit`` or ``missing`` (a lost
        piece).
    x, y : float
        Where, in the unit square of the design's mask.
    size : float
        Its size when fully grown, as a share of the side; a scratch's length is twelve times that.
    angle : float
        Its direction in radians.
    since : int
        The use at which it appears; 0 for one that came with the cutting.
    """

    kind: DefectKind
    x: float
    y: float
    size: float
    angle: float
    since: int


@dataclass(frozen=True, slots=True)
class Tool:
    """One physical tool.

    Attributes
    ----------
    tool_id : str
        Its name.
    kind : str
        ``press`` (brick), ``stamp`` (ink), ``punch`` (tablet) or ``plate`` (sticker).
    design : Design
        What is cut into it.
    seed : int
        Seeds its cutting errors and its defects.
    size : float
        Longer side of the design on the tool, in metres.
    raised : bool
        Whether the design stands out of the product (else it is sunk into it). Ink and print ignore it.
    life : int
        Uses after which wear has taken 63 % of what it can take.
    params : ToolParams
        How much tools differ.
    """

    tool_id: str
    kind: ToolKind
    design: Design
    seed: int
    size: float
    raised: bool = False
    life: int = 4000
    params: ToolParams = ToolParams()

    def wear(self, uses: int) -> float:
        """Wear in [0, 1) after a number of uses."""
        return 1 - math.exp(-uses / self.life)

    def defects(self) -> tuple[Defect, ...]:
        """Every defect the tool gets in its life."""
        return _defects(self)

    def defects_at(self, uses: int) -> tuple[Defect, ...]:
        """List the defects that are there at a use."""
        return tuple(defect for defect in _defects(self) if defect.since <= uses)

    def face(self, uses: int) -> Field:
        """Relief of the tool's face at a use, in steps of ``WEAR_STEP`` uses: no camera sees less.

        Returns
        -------
        ndarray of shape (MASK_SIZE, MASK_SIZE), float32
            About 0 where the face does not touch, about 1 where the design does; read-only. Pixel for pixel over
            the mask of the design, so that two tools of one design register without a search.
        """
        return _face(self, uses - uses % WEAR_STEP)


def make_tool(
    tool_id: str,
    kind: ToolKind,
    design: Design,
    *,
    seed: int,
    size: float,
    raised: bool = False,
    params: ToolParams | None = None,
) -> Tool:
    """Cut a design into a new tool.

    Parameters
    ----------
    tool_id : str
        Its name.
    kind : str
        ``press``, ``stamp``, ``punch`` or ``plate``.
    design : Design
        What to cut.
    seed : int
        Another seed is another tool of the same design.
    size : float
        Longer side in metres; the tool comes out up to 1.5 % larger or smaller.
    raised : bool
        Whether the design is to stand out of the product.
    params : ToolParams, optional
        How much tools differ.
    """
    rng = np.random.default_rng([seed, 0x7001])
    life = {"press": 4000, "stamp": 2500, "punch": 60_000, "plate": 20_000}[kind]
    return Tool(
        tool_id, kind, design, seed, size * float(rng.uniform(0.985, 1.015)),
        raised=raised, life=life, params=params or ToolParams(),
    )  # fmt: skip


@lru_cache(maxsize=12)
def _cut(tool: Tool) -> Field:
    """Mask of the tool as cut: the design with the tool's own errors of shape and line."""
    rng = np.random.default_rng([tool.seed, 0xC07])
    params = tool.params
    mask = smooth_warp(np.asarray(tool.design.mask()), params.cut_bend * MASK_SIZE, rng, cells=5)
    shift = rng.uniform(-1, 1) * params.cut_line * MASK_SIZE
    uneven = clouds(mask.shape, MASK_SIZE / 5, rng, octaves=2) * params.cut_line * MASK_SIZE * 0.4
    rounded = blur(mask, rng.uniform(1.0, 2.4))
    return smoothstep(_distance(rounded) + shift + uneven, -0.8, 0.8)


def _distance(mask: NDArray[np.floating]) -> Field:
    """Signed distance to the design's edge in pixels, positive inside."""
    inside = (mask > 0.5).astype(np.uint8)
    out = cv2.distanceTransform(inside, cv2.DIST_L2, 5) - cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    # The exact mask says where between two pixels the edge runs; the transform alone is a staircase there.
    near = np.abs(out) < 1.5
    return np.where(near, (mask - 0.5) * 2, out - np.sign(out) * 0.5).astype(np.float32)


@lru_cache(maxsize=256)
def _defects(tool: Tool) -> tuple[Defect, ...]:
    rng = np.random.default_rng([tool.seed, 0xDEF])
    params = tool.params
    mask = (_cut(tool) > 0.5).astype(np.uint8)
    edge_y, edge_x = np.nonzero(cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    body_y, body_x = np.nonzero(mask)
    found: list[Defect] = []
    small, large = params.defect_size
    kinds: list[DefectKind] = ["nick", "burr", "scratch", "pit", "missing"]
    for k in range(int(rng.integers(params.defects[0], params.defects[1] + 1))):
        kind = kinds[int(rng.choice(5, p=[0.4, 0.2, 0.14, 0.16, 0.1]))]
        at_edge = kind in ("nick", "burr")
        ys, xs = (edge_y, edge_x) if at_edge else (body_y, body_x)
        pick = int(rng.integers(len(ys)))
        size = small * (large / small) ** float(rng.random())
        if kind == "missing":
            size *= 1.3
        elif kind == "pit":
            size *= 0.7
        # The first third came with the cutting; the rest come with use, most of them early.
        since = 0 if k < 4 else int(tool.life * rng.random() ** 1.5 * 1.2)
        found.append(Defect(kind, float(xs[pick] / MASK_SIZE), float(ys[pick] / MASK_SIZE), size,
                            float(rng.uniform(0, 2 * math.pi)), since))  # fmt: skip
    return tuple(found)


def _ragged(defect: Defect, size: float, rng: np.random.Generator) -> NDArray[np.int32]:
    """Draw the broken outline of a defect, in pixels times 16."""
    corners = int(rng.integers(5, 9))
    a = np.sort(rng.uniform(0, 2 * math.pi, corners))
    r = size * MASK_SIZE * rng.uniform(0.45, 1.0, corners)
    squash = rng.uniform(0.5, 1.0)
    local = np.column_stack([r * np.cos(a), squash * r * np.sin(a)])
    c, s = math.cos(defect.angle), math.sin(defect.angle)
    at = local @ np.array([[c, s], [-s, c]]) + np.array([defect.x, defect.y]) * MASK_SIZE
    return np.asarray(np.rint(at * 16), np.int32).reshape(-1, 1, 2)


@lru_cache(maxsize=12)
def _face(tool: Tool, uses: int) -> Field:
    wear = tool.wear(uses)
    canvas = np.rint(_cut(tool) * 255).astype(np.uint8)
    lines = np.zeros_like(canvas)
    for k, defect in enumerate(_defects(tool)):
        rng = np.random.default_rng([tool.seed, k, 0x4A6])
        grown = 0.6 + 0.4 * min(1.0, max(0, uses - defect.since) / (0.5 * tool.life))
        outline = _ragged(defect, defect.size * grown / 1.6, rng)
        if defect.since > uses:
            continue
        if defect.kind in ("nick", "missing", "pit"):
            cv2.fillPoly(canvas, [outline], (0,), cv2.LINE_AA, 4)
        elif defect.kind == "burr":
            cv2.fillPoly(canvas, [outline], (255,), cv2.LINE_AA, 4)
        else:
            reach = 6 * defect.size * MASK_SIZE
            t = np.linspace(-1, 1, 9)
            bow = rng.normal(0, 0.06) * reach * t**2
            local = np.column_stack([t * reach, bow])
            c, s = math.cos(defect.angle), math.sin(defect.angle)
            at = local @ np.array([[c, s], [-s, c]]) + np.array([defect.x, defect.y]) * MASK_SIZE
            path = np.rint(at * 16).astype(np.int32).reshape(-1, 1, 2)
            width = max(1, round(MASK_SIZE * 0.0035 * (1 + grown)))
            cv2.polylines(lines, [path], False, (255,), width, cv2.LINE_AA, 4)
    rng = np.random.default_rng([tool.seed, 0x3EA4])
    rounding = MASK_SIZE * (0.0016 + tool.params.wear_blur * wear)
    relief = blur(as_share(canvas), rounding)
    low = smoothstep(clouds(relief.shape, MASK_SIZE / 3, rng, octaves=3), 0.2, 1.4)
    relief = relief * (1 - tool.params.wear_loss * wear * (0.35 + 0.65 * low))
    scratch = blur(as_share(lines), 0.8)
    relief = np.asarray(np.clip(relief + np.where(relief > 0.3, -0.8, 0.12) * scratch, 0, 1), np.float32)
    relief.setflags(write=False)
    return relief
