"""Fit the fixed projection of the local descriptors: ``python -m forensics.logo.fit_projection``.

Fitted on the sample pictures that the scikit-image package carries, never on a real data set of logos. Stages:

1. Take RootSIFT descriptors of every picture, upright and mirrored.
2. Principal axes of their covariance. Because the mirrored ones are in, every axis is either kept or turned over by
   mirroring, and so a descriptor is mirrored by changing the sign of some of its values.
3. Write mean, axes, spread and the signs to ``projection.npz``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

from forensics.logo.features import D_LOCAL
from forensics.logo.rootsift import MIRRORED, rootsift

SAMPLES = (
    *("astronaut", "brick", "camera", "cat", "clock", "coffee", "coins", "grass", "gravel", "logo", "moon", "page"),
    *("rocket", "text", "immunohistochemistry", "hubble_deep_field", "colorwheel"),
)


def fit(pictures: Iterable[NDArray[np.uint8]]) -> dict[str, NDArray[np.float32]]:
    """Fit the projection on grey pictures.

    Parameters
    ----------
    pictures : iterable of ndarray of shape (H, W), uint8
        Grey pictures of anything with texture and edges.

    Returns
    -------
    dict of str to ndarray, float32
        ``mean`` of shape (128,), ``axes`` of shape (D_LOCAL, 128), ``spread`` of shape (D_LOCAL,) and ``mirror`` of
        shape (D_LOCAL,), each of them 1 or -1.
    """
    sift = cv2.SIFT.create(nfeatures=4000, contrastThreshold=0.01)
    descriptors = [rootsift(np.asarray(sift.detectAndCompute(grey, None)[1], np.float32)) for grey in pictures]
    upright = np.concatenate(descriptors).astype(np.float64)
    both = np.concatenate([upright, upright[:, MIRRORED]])
    mean = both.mean(axis=0)
    covariance = np.cov(both.T)
    flip = np.eye(len(mean))[MIRRORED]
    # Even and odd axes are solved apart, so that two axes of nearly equal spread cannot mix.
    axes, spread, signs = [], [], []
    for sign in (1.0, -1.0):
        projector = (np.eye(len(mean)) + sign * flip) / 2
        values, vectors = np.linalg.eigh(projector @ covariance @ projector)
        keep = values > 1e-9 * values.max()
        axes.append(vectors.T[keep])
        spread.append(np.sqrt(values[keep]))
        signs.append(np.full(int(keep.sum()), sign))
    order = np.argsort(-np.concatenate(spread), kind="stable")[:D_LOCAL]
    return {
        "mean": mean.astype(np.float32),
        "axes": np.concatenate(axes)[order].astype(np.float32),
        "spread": np.concatenate(spread)[order].astype(np.float32),
        "mirror": np.concatenate(signs)[order].astype(np.float32),
    }


def samples() -> list[NDArray[np.uint8]]:
    """Load the sample pictures of scikit-image as grey pictures."""
    pictures = []
    for name in SAMPLES:
        picture = np.asarray(getattr(skimage.data, name)(), np.uint8)
        grey = cv2.cvtColor(picture[..., :3], cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture
        pictures.append(np.asarray(grey, np.uint8))
    return pictures


if __name__ == "__main__":
    fitted = fit(samples())
    np.savez(
        Path(__file__).with_name("projection.npz"),
        mean=fitted["mean"],
        axes=fitted["axes"],
        spread=fitted["spread"],
        mirror=fitted["mirror"],
    )
