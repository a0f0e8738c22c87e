"""Strokes side by side at equal distances, with one end of each on one line: combs, the ticks of a ruler."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from forensics.scale.strokes import Floats, Strokes

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Comb:
    """Ticks, numbered along their line.

    Attributes
    ----------
    number : ndarray of shape (N,), int64
        Which tick each is, rising; a number may be missing where a tick was not seen.
    foot : ndarray of shape (N, 2), float64
        The end of each that lies on the common line, in pixels.
    inward : ndarray of shape (2,), float64
        Unit vector from the feet along the ticks.
    length : ndarray of shape (N,), float64
        Pixels.
    dark : bool
        Ticks darker than their ground.
    residual : float
        Deviation of the feet from equal (or slowly changing) distances, as a part of the distance.
    """

    number: Integers
    foot: Floats
    inward: Floats
    length: Floats
    dark: bool
    residual: float

    @property
    def pitch(self) -> float:
        """Mean distance of two neighbours in pixels."""
        span = float(np.linalg.norm(self.foot[-1] - self.foot[0]))
        return span / float(self.number[-1] - self.number[0])

    def between(self, first: int, last: int) -> Comb:
        """Give the part from one number to another, which becomes a comb of its own."""
        keep = (self.number >= first) & (self.number <= last)
        number, foot = self.number[keep], self.foot[keep]
        return _comb(number - number[0], foot, self.inward, self.length[keep], self.dark)


@dataclass(frozen=True, slots=True)
class CombParams:
    """What :func:`find_combs` can be set to.

    Attributes
    ----------
    least_pitch : float
        Pixels between two ticks (2.5 to 10).
    most_pitch : float
        The same in lengths of a tick (3 to 20): ticks as far apart as that are not seen as one row.
    turn : float
        Radians by which two neighbours may differ in direction (0.02 to 0.4).
    slope : float
        How far the line of the feet may lean from square to the ticks (0.05 to 0.5): the photograph may be oblique.
    uneven : float
        Part of the distance by which neighbours may differ from it (0.05 to 0.3).
    rough : float
        Pixels by which an end is misplaced at most (0.3 to 3).
    missing : int
        Ticks in a row that may be unseen (0 to 10).
    least_ticks : int
        The fewest of a comb (4 to 20).
    seeds : int
        The most chains of ticks that are looked at (10 to 500): bounds the time.
    """

    least_pitch: float = 3.0
    most_pitch: float = 9.0
    turn: float = 0.16
    slope: float = 0.3
    uneven: float = 0.18
    rough: float = 0.9
    missing: int = 4
    least_ticks: int = 6
    seeds: int = 60


def find_combs(strokes: Strokes, *, params: CombParams = CombParams()) -> list[Comb]:
    """Find combs among strokes.

    Stages:

    1. Both ends of every stroke, with the direction from there inward.
    2. The nearest end on either side, square to the stroke; chains of such neighbours at even distances.
    3. The longest chains first: grown in both directions over ticks that were not seen, every end used once.

    Parameters
    ----------
    strokes : Strokes
        What was seen.
    params : CombParams
        See there.

    Returns
    -------
    list of Comb
        Most ticks first.
    """
    combs: list[Comb] = []
    for dark in (True, False):
        of_kind = strokes.dark == dark
        if int(of_kind.sum()) < params.least_ticks:
            continue
        # 1.
        half = 0.5 * strokes.length[of_kind, None] * strokes.direction[of_kind]
        centre = strokes.centre[of_kind]
        feet = np.concatenate([centre - half, centre + half])
        inward = np.concatenate([strokes.direction[of_kind], -strokes.direction[of_kind]])
        length = np.tile(strokes.length[of_kind], 2)
        # 2.
        right = _neighbours(feet, inward, length, params)
        chains = _chains(right, feet)
        # 3.
        free = np.ones(len(feet), bool)
        for chain in chains[: params.seeds]:
            if not free[chain].all():
                continue
            comb, members = _grow(chain, free, feet, inward, length, dark, params)
            if comb is not None:
                free[members] = False
                combs.append(comb)
    combs.sort(key=lambda comb: (-len(comb.number), comb.residual))
    return combs


def _neighbours(feet: Floats, inward: Floats, length: Floats, params: CombParams) -> Integers:
    """Index of the neighbour to the right of each end, or -1; only where both say so of each other."""
    # Direction as two further coordinates: an end that points elsewhere is far away.
    count = len(feet)
    reach = np.minimum(params.most_pitch * length, 400.0)
    weight = float(np.median(length)) / params.turn
    tree = cKDTree(np.column_stack([feet, weight * inward]))
    near = np.asarray(tree.query(tree.data, k=min(14, count))[1], np.int64)[:, 1:]
    step = feet[near] - feet[:, None]
    side = np.column_stack([-inward[:, 1], inward[:, 0]])
    along = np.einsum("nkd,nd->nk", step, side)
    deep = np.einsum("nkd,nd->nk", step, inward)
    alike = np.einsum("nkd,nd->nk", inward[near], inward) > np.cos(params.turn)
    ratio = length[near] / length[:, None]
    fits = alike & (np.abs(deep) < params.slope * np.abs(along) + params.rough)
    fits &= (np.abs(along) >= params.least_pitch) & (np.abs(along) < reach[:, None]) & (ratio < 5) & (ratio > 0.2)
    right = np.full(count, -1, np.int64)
    left = np.full(count, -1, np.int64)
    for sign, out in ((1.0, right), (-1.0, left)):
        distance = np.where(fits & (sign * along > 0), np.abs(along) + 2 * np.abs(deep), np.inf)
        best = distance.argmin(axis=1)
        has = np.isfinite(distance[np.arange(count), best])
        out[has] = near[np.arange(count), best][has]
    known = np.flatnonzero(right >= 0)
    mutual = left[right[known]] == known
    right[known[~mutual]] = -1
    return right


def _chains(right: Integers, feet: Floats) -> list[Integers]:
    """Follow links of even length; the longest runs first, of four ends at least."""
    has = right >= 0
    gap = np.zeros(len(right))
    gap[has] = np.linalg.norm(feet[right[has]] - feet[has], axis=1)
    follows = np.zeros(len(right), bool)
    after = np.flatnonzero(has & has[right])
    one, two = gap[after], gap[right[after]]
    follows[after] = np.abs(one - two) < 0.15 * np.minimum(one, two) + 0.8
    # ``follows[i]``: i, right[i] and the next one are evenly spaced.
    led = np.zeros(len(right), bool)
    led[right[np.flatnonzero(follows)]] = True
    chains = []
    for start in np.flatnonzero(follows & ~led):
        chain = [int(start), int(right[start])]
        at = int(start)
        while follows[at] and len(chain) < 2000:
            at = int(right[at])
            chain.append(int(right[at]))
        if len(chain) >= 4:
            chains.append(np.array(chain))
    chains.sort(key=len, reverse=True)
    return chains


def _grow(
    chain: Integers, free: NDArray[np.bool_], feet: Floats, inward: Floats, length: Floats, dark: bool,
    params: CombParams,
) -> tuple[Comb | None, Integers]:  # fmt: skip
    """3."""
    span = feet[chain[-1]] - feet[chain[0]]
    pitch = float(np.linalg.norm(span)) / (len(chain) - 1)
    axis = span / np.linalg.norm(span)
    into = inward[chain].mean(axis=0)
    into /= np.linalg.norm(into)
    apart = feet - feet[chain[0]]
    u, v = apart @ axis, apart @ np.array([-axis[1], axis[0]])
    near = free & (inward @ into > np.cos(2 * params.turn))
    near &= np.abs(v) < params.rough + 0.12 * pitch + 0.03 * np.abs(u)
    order = np.flatnonzero(near)
    order = order[np.argsort(u[order])]
    taken = {int(end): number for number, end in enumerate(chain.tolist())}
    for sign in (1, -1):
        _extend(taken, order[::sign], sign, u, v, pitch, params)
    ids = np.array(list(taken))
    number = np.array(list(taken.values()))
    ids, number = ids[np.argsort(number)], np.sort(number)
    if len(ids) < params.least_ticks:
        return None, ids
    return _comb(number - number[0], feet[ids], into, length[ids], dark), ids


def _comb(number: Integers, foot: Floats, inward: Floats, length: Floats, dark: bool) -> Comb:
    """Measure how evenly the feet stand along their line."""
    span = foot[-1] - foot[0]
    far = float(np.linalg.norm(span))
    along = (foot - foot[0]) @ span / far
    k = number.astype(float)
    left = along - np.polynomial.Polynomial.fit(k, along, 1 if len(k) < 8 else 2)(k)
    residual = 1.4826 * float(np.median(np.abs(left - np.median(left)))) * float(number[-1]) / far
    return Comb(number, foot, inward, length, dark, residual)


def _extend(
    taken: dict[int, int], order: Integers, sign: int, u: Floats, v: Floats, pitch: float, params: CombParams
) -> None:
    """Add the ends that follow a chain in one direction, each at a whole number of steps from the last."""
    ranked = sorted(taken.items(), key=lambda item: -sign * item[1])
    last, number = ranked[0]
    # The distance and the lean of the line near this end: they change along a ruler that is seen obliquely.
    recent = [(k, float(u[end]), float(v[end])) for end, k in ranked[:12]]
    local, lean, level = _local(recent, pitch)
    best: tuple[float, int, int] | None = None
    for end in order.tolist():
        ahead = sign * (u[end] - u[last])
        if ahead < 0.5 * local:
            continue
        steps = round(ahead / local)
        if best is not None and steps > best[1]:
            number, last = number + sign * best[1], best[2]
            taken[last] = number
            recent = [(number, float(u[last]), float(v[last])), *recent[:11]]
            local, lean, level = _local(recent, pitch)
            best = None
            ahead = sign * (u[end] - u[last])
            steps = round(ahead / local)
        if steps < 1:
            continue
        if steps > params.missing + 1:
            break
        off, deep = abs(ahead - steps * local), abs(v[end] - level - lean * u[end])
        if off > 0.7 * params.uneven * local + params.rough or deep > params.rough + 0.08 * local:
            continue
        if best is None or off + deep < best[0]:
            best = (off + deep, steps, end)
    if best is not None:
        taken[best[2]] = number + sign * best[1]


def _local(recent: list[tuple[int, float, float]], pitch: float) -> tuple[float, float, float]:
    """Distance of neighbours, lean and level of the line near one end of a chain."""
    k = np.array([r[0] for r in recent], float)
    u, v = np.array([r[1] for r in recent]), np.array([r[2] for r in recent])
    if len(recent) < 3:
        return pitch, 0.0, float(v.mean())
    kk = k - k.mean()
    local = abs(float(kk @ u / (kk @ kk)))
    uu = u - u.mean()
    lean = float(uu @ v / (uu @ uu))
    return local, lean, float(v.mean() - lean * u.mean())
