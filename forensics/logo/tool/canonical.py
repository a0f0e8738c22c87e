"""What two pictures of one mark have in common, whatever lamp or ink made it visible."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.logo.tool.light import Field, blurred


@dataclass(frozen=True, slots=True)
class Canonical:
    """Two pictures in the two directions in which their edges go together best.

    Attributes
    ----------
    query, reference : ndarray of shape (H, W, 2), float32
        How fast each picture changes along its two directions, of about unit variance over the lines of the design.
    together : tuple of two floats
        How well the two go together in each, 0 to 1, best first: both high for ink and print, the second low for a
        relief under two lamps.
    """

    query: Field
    reference: Field
    together: tuple[float, float]


def canonical(query: Field, reference: Field, weight: Field, *, sigma: float) -> Canonical:
    """Derive each picture along the directions in which the two go together best.

    A relief under a low lamp shows its slope along the lamp: the picture is a derivative of the height. Two lamps give
    two derivatives, and what the one picture is when derived along the other's lamp, the other is when derived along
    the one's: both are the same mixed second derivative. Ink and print, which are the same under any lamp, go together
    along every direction. Nobody has to know which it is, or where the lamps stood: canonical correlation of the two
    gradients (Hotelling, Biometrika 1936) finds the directions, and an exchange of light and dark as well.

    Parameters
    ----------
    query, reference : ndarray of shape (H, W), float32
        Levelled pictures, laid over each other.
    weight : ndarray of shape (H, W), float32
        Where the design is.
    sigma : float
        Deviation of the blur before, in pixels.

    Returns
    -------
    Canonical
        Of both pictures' size.
    """
    here, there = (gradient(blurred(field, sigma)) for field in (query, reference))
    mass = float(weight.sum()) + 1e-9
    held = weight[..., None]
    own = [_whitened(np.einsum("yxi,yxj->ij", field * held, field) / mass) for field in (here, there)]
    shared = np.einsum("yxi,yxj->ij", here * held, there) / mass
    left, together, right = np.linalg.svd(own[0] @ shared @ own[1])
    best, second = (float(min(value, 1.0)) for value in together)
    return Canonical(
        np.asarray(here @ (own[0] @ left).astype(np.float32), np.float32),
        np.asarray(there @ (own[1] @ right.T).astype(np.float32), np.float32),
        (best, second),
    )


def gradient(field: Field) -> Field:
    """How fast a picture changes along x and along y, by pixel; shape (H, W, 2)."""
    along = [cv2.Sobel(field, cv2.CV_32F, dx, 1 - dx, ksize=3, scale=1 / 8) for dx in (1, 0)]
    return np.asarray(np.dstack(along), np.float32)


def _whitened(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse square root of a covariance; a direction with nothing in it is not raised to one with."""
    values, vectors = np.linalg.eigh(covariance + (1e-3 * np.trace(covariance) + 1e-12) * np.eye(2))
    return np.asarray(vectors @ np.diag(values**-0.5) @ vectors.T, np.float64)
