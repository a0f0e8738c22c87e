"""Where one impression lies on another as a whole: every turn and every shift looked at, on coarse reliefs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from forensics.toolmark.field import Field, turned

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RegisterParams:
    """Which placings are looked at.

    Attributes
    ----------
    turns : int
        How many, evenly over ``range``. Default 60, every 6 degrees: half of that smears 0.1 mm at the border of a mark
        of 3.4 mm, two coarse pixels. Bounds: 1 to 1,000.
    range : float
        Radians to either side of the marks' own directions. Default pi, all. Bounds: 0 to pi.
    least_overlap : float
        Part of the smaller mark's known pixels. Default 0.3. Bounds: 0.01 to 1.
    kept : int
        Best placings that are looked at closely. Default 5. Bounds: 1 to 100.
    """

    turns: int = 60
    range: float = float(np.pi)
    least_overlap: float = 0.3
    kept: int = 5

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {"turns": (1, 1000), "range": (0, np.pi), "least_overlap": (0.01, 1), "kept": (1, 100)}
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")

    @property
    def angles(self) -> Array:
        """The turns, in radians."""
        return np.linspace(-self.range, self.range, self.turns, endpoint=self.range < np.pi)


@dataclass(frozen=True, slots=True)
class Placing:
    """One way to lay a query on a reference.

    Attributes
    ----------
    angle : float
        Radians that the query is turned by, from x towards y.
    matrix : ndarray of shape (2, 3), float64
        Takes pixels of the query's coarse relief to pixels of the reference's.
    correlation : float
        Of what overlaps, by the root of the part that overlaps.
    """

    angle: float
    matrix: Array
    correlation: float


class Turned:
    """A query's coarse relief in all turns, transformed once for many references."""

    def __init__(self, relief: Field, *, params: RegisterParams) -> None:
        self.params = params
        self.known = int(relief.valid.sum())
        found = [turned(relief, float(angle)) for angle in params.angles]
        self.fields = [field for field, _ in found]
        self.matrices = [matrix for _, matrix in found]
        self.side = max(max(field.values.shape) for field in self.fields)
        self._transforms: dict[int, NDArray[np.complex64]] = {}

    def transforms(self, side: int) -> NDArray[np.complex64]:
        """Return transforms of values, squares and masks; shape (turns, 3, side, side // 2 + 1)."""
        if side not in self._transforms:
            self._transforms = {side: np.stack([_transforms(field, side) for field in self.fields])}
        return self._transforms[side]


def register(query: Turned, reference: Field) -> list[Placing]:
    """Find the best placings of a query on a reference.

    Stages: 1. the masked correlation at every shift of every turn, by transforms; 2. its peaks, best first, no two of
    which are nearly the same.

    Parameters
    ----------
    query : Turned
        The one, turned.
    reference : Field
        The other's coarse relief.

    Returns
    -------
    list of Placing
        At most ``kept``; none where the two cannot overlap enough.
    """
    params = query.params
    side = int(fft.next_fast_len(query.side + max(reference.values.shape), real=True))
    ours, theirs = query.transforms(side), _transforms(reference, side)
    smaller = min(query.known, int(reference.valid.sum()))
    found: list[tuple[float, int, int, int]] = []
    for number in range(len(ours)):
        # 1.
        values, squares, known = np.conj(ours[number])
        stack = np.stack([values * theirs[0], squares * theirs[2], known * theirs[1], known * theirs[2]])
        shared, mine, other, count = fft.irfft2(stack, (side, side), axes=(1, 2))
        high = count >= max(params.least_overlap * smaller, 16)
        raised = np.sqrt(np.maximum(count, 0) / smaller)
        score = np.where(high, shared / np.sqrt(np.maximum(mine * other, 1e-3)) * raised, -np.inf)
        # 2.
        for _ in range(2):
            at = int(score.argmax())
            row, column = divmod(at, side)
            if not np.isfinite(score[row, column]):
                break
            found.append((float(score[row, column]), number, row, column))
            rows, columns = np.arange(row - 4, row + 5) % side, np.arange(column - 4, column + 5) % side
            score[np.ix_(rows, columns)] = -np.inf
    placings: list[Placing] = []
    middle = np.array([*reference.values.shape[::-1], 2.0]) / 2
    for score_at, number, row, column in sorted(found, reverse=True):
        shift = np.array([column, row], float)
        shift -= side * (shift > max(reference.values.shape))
        matrix = query.matrices[number].copy()
        matrix[:, 2] += shift
        angle = float(params.angles[number])
        if all(_apart(angle, matrix, other, middle) for other in placings):
            placings.append(Placing(angle, matrix, score_at))
        if len(placings) == params.kept:
            break
    return placings


def _apart(angle: float, matrix: Array, other: Placing, middle: Array) -> bool:
    """Whether a placing is another one: turned by 15 degrees, or shifted by four coarse pixels in the middle."""
    turn = abs((angle - other.angle + np.pi) % (2 * np.pi) - np.pi)
    # Compared where the reference's middle comes from.
    back = np.linalg.solve(matrix[:, :2], middle[:2] - matrix[:, 2])
    return bool(turn > np.deg2rad(15) or np.abs(other.matrix @ [*back, 1.0] - middle[:2]).max() > 4)


def _transforms(field: Field, side: int) -> NDArray[np.complex64]:
    values = np.where(field.valid, field.values, 0.0).astype(np.float32)
    stack = np.stack([values, values**2, field.valid.astype(np.float32)])
    return np.asarray(fft.rfft2(stack, (side, side), axes=(1, 2)), np.complex64)
