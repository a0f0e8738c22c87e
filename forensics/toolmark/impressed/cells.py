"""Congruent matching cells: how many small parts of one impression find their place on the other under one geometry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from forensics.toolmark.field import Field, turned

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CellParams:
    """How cells are cut, searched and counted. Lengths are in fine pixels: 25 micrometres at level 0.

    Attributes
    ----------
    side : int
        Of a cell. Default 16, 0.4 mm at level 0: the grain of a milled or filed face shows some ten times. Bounds: 6 to
        256.
    least_known : float
        Part of a cell that must be known, and of that the part that must lie on something known. Default 0.5. Bounds:
        0.1 to 1.
    search : int
        By which a cell may lie off where the whole puts it. Default 10. Bounds: 1 to 128.
    turn : float
        Radians by which it may be turned off the whole. Default 6 degrees. Bounds: 0 to 1.
    turn_step : float
        Radians between the turns that are tried. Default 2 degrees. Bounds: 0.001 to 1.
    least_correlation : float
        Of a cell that counts. Default 0.55, of the range of 0.5 to 0.6 that is published. Bounds: 0 to 1.
    shift_tolerance : float
        By which a congruent cell may lie off the common geometry. Default 3. Bounds: 0.5 to 50.
    turn_tolerance : float
        Radians by which it may be turned off it. Default 3 degrees. Bounds: 0 to 1.
    """

    side: int = 16
    least_known: float = 0.5
    search: int = 10
    turn: float = float(np.deg2rad(6))
    turn_step: float = float(np.deg2rad(2))
    least_correlation: float = 0.55
    shift_tolerance: float = 3.0
    turn_tolerance: float = float(np.deg2rad(3))

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {
            "side": (6, 256),
            "least_known": (0.1, 1),
            "search": (1, 128),
            "turn": (0, 1),
            "turn_step": (0.001, 1),
            "least_correlation": (0, 1),
            "shift_tolerance": (0.5, 50),
            "turn_tolerance": (0, 1),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")

    @property
    def turns(self) -> Array:
        """The turns that are tried about the whole's, in radians."""
        steps = int(self.turn / self.turn_step + 1e-9)
        return np.asarray(np.arange(-steps, steps + 1) * self.turn_step, np.float64)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a query under one placing, and which of them agree.

    Attributes
    ----------
    query, reference : ndarray of shape (N, 2), float64
        Middles of the cells, in fine pixels of the query; and the best place of each on the reference.
    turn, correlation : ndarray of shape (N,), float64
        How far each is turned off the placing there, in radians; and how well it correlates.
    congruent : ndarray of shape (N,), bool
        Which agree on one geometry.
    matrix : ndarray of shape (2, 3), float64
        That geometry: takes fine pixels of the query to fine pixels of the reference.
    """

    query: Array
    reference: Array
    turn: Array
    correlation: Array
    congruent: NDArray[np.bool_]
    matrix: Array

    @property
    def count(self) -> int:
        """Congruent matching cells."""
        return int(self.congruent.sum())


def match_cells(query: Field, reference: Field, angle: float, matrix: Array, *, params: CellParams) -> Cells:
    """Find the best place of each cell, and the geometry that most of them share.

    Stages: 1. cells on a grid, where the query is known; 2. for each turn about the placing's, the masked correlation
    of each cell at every shift about where the placing puts it; 3. the best turn and shift of each; 4. the vote.

    Parameters
    ----------
    query, reference : Field
        Fine reliefs.
    angle : float
        Of the placing, in radians.
    matrix : ndarray of shape (2, 3)
        Of the placing, in fine pixels.
    params : CellParams
        How cells are cut, searched and counted.

    Returns
    -------
    Cells
        One row a cell; none where the query has no cell that lies on the reference.
    """
    # 1.
    middles = _middles(query, params)
    placed = middles @ matrix[:, :2].T + matrix[:, 2]
    window = params.side + 2 * params.search
    low = np.round(placed - (window - 1) / 2).astype(int)
    theirs, theirs_known = (_cut(part, low, window) for part in (reference.values, reference.valid))
    enough = theirs_known.mean(axis=(1, 2)) >= 0.25 * params.least_known
    middles, low, theirs, theirs_known = middles[enough], low[enough], theirs[enough], theirs_known[enough]
    if not len(middles):
        return Cells(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros(0, bool), matrix)
    best = np.full(len(middles), -1.0)
    turn, place = np.zeros(len(middles)), np.zeros((len(middles), 2))
    around = _transforms(theirs, theirs_known, window)
    for change in params.turns:
        # 2.
        field, to_turned = turned(query, angle + float(change))
        at = np.round(middles @ to_turned[:, :2].T + to_turned[:, 2] - (params.side - 1) / 2).astype(int)
        off = middles @ to_turned[:, :2].T + to_turned[:, 2] - (params.side - 1) / 2 - at
        ours, ours_known = (_cut(part, at, params.side) for part in (field.values, field.valid))
        found = _correlations(ours, ours_known, around, window, params)
        # 3.
        flat = found.reshape(len(found), -1)
        peak = flat.argmax(axis=1)
        height = flat[np.arange(len(flat)), peak]
        rows, columns = np.divmod(peak, found.shape[2])
        better = height > best
        best[better], turn[better] = height[better], change
        # Where the cell's true middle comes to lie: its patch was cut at whole pixels.
        here = low + np.column_stack([columns, rows]) + (params.side - 1) / 2 + off
        place[better] = here[better]
    # 4.
    congruent, shared = _vote(middles, place, turn, best, angle, params)
    return Cells(middles, place, turn, best, congruent, shared if congruent.any() else matrix)


def _middles(field: Field, params: CellParams) -> Array:
    """Return the middles of cells on a grid, shape (N, 2), of which enough is known."""
    side = params.side
    height, width = field.valid.shape
    rows, columns = (np.arange(0, max(1, size - side // 2), side) for size in (height, width))
    corners = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    known = _cut(field.valid, corners, side).mean(axis=(1, 2))
    return np.asarray(corners[known >= params.least_known] + (side - 1) / 2, np.float64)


def _cut(image: NDArray[np.generic], corners: NDArray[np.int64], side: int) -> NDArray[np.float32]:
    """Cut squares, zero beyond the image; shape (N, side, side)."""
    reach = side
    padded = np.pad(image.astype(np.float32), reach)
    at = np.clip(corners + reach, 0, np.array(padded.shape[::-1]) - side)
    index = np.arange(side)
    cut: NDArray[np.float32] = padded[at[:, 1, None, None] + index[None, :, None], at[:, 0, None, None] + index]
    return cut


def _transforms(values: NDArray[np.float32], known: NDArray[np.float32], side: int) -> NDArray[np.complex64]:
    values = values * known
    return np.asarray(fft.rfft2(np.stack([values, values**2, known], axis=1), (side, side), axes=(2, 3)), np.complex64)


def _correlations(
    values: NDArray[np.float32],
    known: NDArray[np.float32],
    around: NDArray[np.complex64],
    window: int,
    params: CellParams,
) -> NDArray[np.float32]:
    """Return the masked correlation of each cell at every shift; shape (N, shifts, shifts)."""
    ours = np.conj(_transforms(values, known, window))
    kept = window - params.side + 1
    value, square, mask = (ours[:, part] for part in range(3))
    their_value, their_square, their_mask = (around[:, part] for part in range(3))
    pairs = (
        value * their_value, value * their_mask, mask * their_value, square * their_mask, mask * their_square,
        mask * their_mask,
    )  # fmt: skip
    shared, mine, theirs, my_square, their_squares, count = (
        fft.irfft2(pair, (window, window), axes=(1, 2))[:, :kept, :kept] for pair in pairs
    )
    used = np.maximum(count, 1.0)
    spread = np.maximum(my_square - mine**2 / used, 1e-3) * np.maximum(their_squares - theirs**2 / used, 1e-3)
    found = (shared - mine * theirs / used) / np.sqrt(spread)
    least = params.least_known * known.sum(axis=(1, 2))[:, None, None]
    return np.where(count >= np.maximum(least, 9.0), found, -1.0).astype(np.float32)


def _vote(
    middles: Array, place: Array, turn: Array, correlation: Array, angle: float, params: CellParams
) -> tuple[NDArray[np.bool_], Array]:
    """Return which cells agree on the geometry that most weight is on, and that geometry.

    Every cell that correlates proposes the geometry that it has itself; those that agree with it vote, and the winner
    is fitted anew to its voters (the convergence of Chen, Song and others, 2017).
    """
    good = correlation >= params.least_correlation
    congruent, matrix = np.zeros(len(middles), bool), np.zeros((2, 3))
    weight = 0.0
    for number in np.flatnonzero(good):
        rigid = _rigid(angle + turn[number], middles[number], place[number])
        voters = good & _agree(rigid, angle + turn[number], middles, place, turn + angle, params)
        for _ in range(2):
            rigid, at = _fitted(middles[voters], place[voters], angle + turn[voters])
            voters = good & _agree(rigid, at, middles, place, turn + angle, params)
            if not voters.any():
                break
        total = float(correlation[voters].sum())
        if total > weight:
            congruent, matrix, weight = voters, rigid, total
    return congruent, matrix


def _rigid(angle: float, middle: Array, place: Array) -> Array:
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, place - turn @ middle])


def _agree(
    rigid: Array, angle: float, middles: Array, place: Array, turns: Array, params: CellParams
) -> NDArray[np.bool_]:
    off = place - (middles @ rigid[:, :2].T + rigid[:, 2])
    turned_off = np.abs(turns - angle)
    near = np.abs(off).max(axis=1) <= params.shift_tolerance
    return np.asarray(near & (turned_off <= params.turn_tolerance))


def _fitted(middles: Array, place: Array, turns: Array) -> tuple[Array, float]:
    """Fit a turn and a shift to cells: the mean of their own turns for a few, least squares for more."""
    centre, there = middles.mean(axis=0), place.mean(axis=0)
    if len(middles) < 3:
        angle = float(turns.mean())
    else:
        ours, theirs = middles - centre, place - there
        cross = float((ours[:, 0] * theirs[:, 1] - ours[:, 1] * theirs[:, 0]).sum())
        angle = float(np.arctan2(cross, float((ours * theirs).sum())))
        # A full turn apart is the same.
        angle += float(np.round((turns.mean() - angle) / (2 * np.pi)) * 2 * np.pi)
    return _rigid(angle, centre, there), angle
