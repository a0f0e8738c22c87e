"""RootSIFT, and its projection to a few bytes.

SIFT: Lowe, IJCV 2004. The square root: Arandjelovic and Zisserman, CVPR 2012.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def _mirrored_order() -> NDArray[np.intp]:
    """Order that turns the descriptor of a patch into that of the patch mirrored across its orientation."""
    row, column, angle = np.meshgrid(np.arange(4), np.arange(4), np.arange(8), indexing="ij")
    return np.asarray(((3 - row) * 4 + column) * 8 + (-angle) % 8).ravel()


MIRRORED = _mirrored_order()
"""``descriptors[:, MIRRORED]`` are the SIFT descriptors of the mirrored picture."""


def _inverted_order() -> NDArray[np.intp]:
    """Order that turns the descriptor of a patch into that of its negative, whose orientation is the opposite."""
    row, column, angle = np.meshgrid(np.arange(4), np.arange(4), np.arange(8), indexing="ij")
    return np.asarray(((3 - row) * 4 + (3 - column)) * 8 + angle).ravel()


INVERTED = _inverted_order()
"""``descriptors[:, INVERTED]`` are the SIFT descriptors of the picture with light and dark exchanged."""


def rootsift(descriptors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take SIFT descriptors to RootSIFT: sum to one, square root, so that Euclidean is the Hellinger distance."""
    total = np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(np.sqrt(np.maximum(descriptors, 0) / total), np.float32)


@cache
def _projection() -> dict[str, NDArray[np.float32]]:
    with np.load(Path(__file__).with_name("projection.npz"), allow_pickle=False) as fitted:
        return {name: fitted[name] for name in fitted.files}


def compact(descriptors: NDArray[np.float32], *, gain: float) -> NDArray[np.uint8]:
    """Project RootSIFT descriptors onto the fixed axes and round them to bytes.

    Parameters
    ----------
    descriptors : ndarray of shape (N, 128), float32
        RootSIFT.
    gain : float
        Steps of a byte for a distance of 1 along the longest axis.

    Returns
    -------
    ndarray of shape (N, D_LOCAL), uint8
        Each axis is divided by the root of its spread, so that a few strong ones do not decide alone (half way to
        whitening).
    """
    fitted = _projection()
    values = (descriptors - fitted["mean"]) @ fitted["axes"].T * np.sqrt(fitted["spread"][0] / fitted["spread"])
    return np.asarray(np.clip(np.rint(values * gain + 128), 0, 255), np.uint8)


def mirrored(local: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take compact descriptors to those of the mirrored picture, to within one step of a byte."""
    signs = _projection()["mirror"]
    return np.asarray(np.clip((local.astype(np.float32) - 128) * signs + 128, 0, 255), np.uint8)
