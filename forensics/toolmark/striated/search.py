"""Finding striated marks among very many: windows of their profiles as vectors, and a vote for one offset.

The inner product of two windows that are centred and of unit length is their correlation, so that any index of vectors
finds windows that correlate. Marks of different levels are kept apart: windows compare with windows of their level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.toolmark.striated.features import StriatedFeatures
from forensics.toolmark.striated.signals import SignalParams, half_step_profile, height_signal

Array = NDArray[np.float32]

ROW_BITS = 12
"""An id in the index is ``mark << ROW_BITS | window``."""


@dataclass(frozen=True, slots=True)
class WindowParams:
    """How profiles are cut, and votes counted. Lengths are in values at the mark's level.

    Attributes
    ----------
    length : int
        Of a window. Default 96, 1.3 mm at level 0: with 64, up to 7 of 100 exhaustive firsts fell out of a
        shortlist of 100 among 100,000 marks, with 96 none. Bounds: 16 to 1,024, even.
    stride : int
        Between windows that are stored. Default 16. Bounds: 1 to 1,024.
    query_stride : int
        Between windows that are asked with. Default 4: one of them lies within 2 values of any stored one, a tenth of
        the waves that count. Bounds: 1 to 1,024.
    least : float
        Correlation from which a window votes, with what it has above. Default 0.5. Bounds: 0 to 0.99.
    spread : int
        Values by which offsets of one vote may differ. Default 12: a stretch of 3 % over a mark. Bounds: 1 to 256.
    """

    length: int = 96
    stride: int = 16
    query_stride: int = 4
    least: float = 0.5
    spread: int = 12

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {
            "length": (16, 1024),
            "stride": (1, 1024),
            "query_stride": (1, 1024),
            "least": (0, 0.99),
            "spread": (1, 256),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")
        if self.length % 2:
            raise ValueError(f"expected an even length; found {self.length}")

    @property
    def dimension(self) -> int:
        """Values of a vector: every two are made one."""
        return self.length // 2


_DEFAULT = WindowParams()


def searched(mark: StriatedFeatures, *, params: SignalParams | None = None) -> Array:
    """Return the signal of a mark that is cut into windows: its heights in the middle band, at its own level."""
    params = params or SignalParams()
    level = max(params.level(mark), params.coarsest(mark))
    return height_signal(half_step_profile(mark, level=level, params=params), params=params).astype(np.float32)


def stored_windows(signal: Array, *, params: WindowParams = _DEFAULT) -> Array:
    """Cut a signal into the vectors that an index stores, at most ``2 ** ROW_BITS``.

    Parameters
    ----------
    signal : ndarray of shape (..., N), float32
        Of :func:`searched`; several of one length at once.
    params : WindowParams
        How it is cut.

    Returns
    -------
    ndarray of shape (..., M, dimension), float32
        Of unit length; M is 0 for a signal shorter than a window.
    """
    return _cut(signal, params.stride, params)[..., : 2**ROW_BITS, :]


def asked_windows(signal: Array, *, params: WindowParams = _DEFAULT) -> Array:
    """Cut a signal into the vectors that an index is asked with; shape (M, dimension)."""
    return _cut(signal, params.query_stride, params)


def vote(values: Array, ids: NDArray[np.int64], *, params: WindowParams = _DEFAULT) -> tuple[NDArray[np.int64], Array]:
    """Count for every mark how much of the query agrees on one offset.

    Parameters
    ----------
    values : ndarray of shape (M, k), float32
        Inner products of the windows asked with, in their order, with what the index found.
    ids : ndarray of shape (M, k), int64
        What it found; -1 where there was nothing.
    params : WindowParams
        How both were cut.

    Returns
    -------
    marks : ndarray of shape (R,), int64
        Best first.
    votes : ndarray of shape (R,), float32
        What their windows have above ``least`` at the best offset, added up; of neighbouring windows that found the
        same one, the best alone counts.
    """
    start = np.broadcast_to(np.arange(len(ids))[:, None] * params.query_stride, ids.shape)
    good = (ids >= 0) & (values > params.least)
    found, height, start = ids[good], values[good] - np.float32(params.least), start[good]
    mark, row = found >> ROW_BITS, found & (2**ROW_BITS - 1)
    offset = row * params.stride - start
    # Two ways of cutting offsets into bins, half a bin apart, so that no offset lies at a border of both.
    keys, weights = [], []
    for shift in (0, params.spread):
        place = (offset + shift + 2**20) // (2 * params.spread)
        # The best of each stored window within a bin.
        key = (mark << 44) | (place.astype(np.int64) << ROW_BITS) | row
        order = np.lexsort((-height, key))
        first = np.ones(len(order), bool)
        first[1:] = key[order][1:] != key[order][:-1]
        kept = order[first]
        bins, inverse = np.unique(key[kept] >> ROW_BITS, return_inverse=True)
        keys.append(bins >> (44 - ROW_BITS))
        weights.append(np.bincount(inverse, height[kept], len(bins)))
    marks, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    best = np.zeros(len(marks), np.float32)
    np.maximum.at(best, inverse, np.concatenate(weights).astype(np.float32))
    order = np.argsort(-best, kind="stable")
    return marks[order], best[order]


def _cut(signal: Array, stride: int, params: WindowParams) -> Array:
    if signal.shape[-1] < params.length:
        return np.zeros((*signal.shape[:-1], 0, params.dimension), np.float32)
    every = np.lib.stride_tricks.sliding_window_view(signal, params.length, axis=-1)[..., ::stride, :]
    halved = every.reshape(*every.shape[:-1], params.dimension, 2).mean(axis=-1)
    centred = halved - halved.mean(axis=-1, keepdims=True)
    size = np.linalg.norm(centred, axis=-1, keepdims=True)
    return np.asarray(centred / np.maximum(size, 1e-6), np.float32)
