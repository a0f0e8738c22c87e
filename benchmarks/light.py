"""Reliefs from photographs under lamps from different sides, held against a plain Lambert fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench import Result, Rows, data_folder
from forensics.photo import Photo
from forensics.photo.stereo import Relief, StereoParams, find_relief

DEVELOPMENT = ("gray", "buddha")
"""Looked at while settings were chosen."""

REPORT = ("cat", "horse", "owl", "rock")
"""The others; the mirror ball of the set is how its lamps were measured, and is no matt surface."""

_PARAMS = StereoParams(encoding="linear", strengths="fitted")
_LIT = 0.05
"""Observations lighter than this part of the pixel's lightest are asked for when a lamp is left out."""

_STEP = 3
"""Every third pixel, when each lamp is left out in turn."""


def run() -> Result:
    """Measure residuals, and how well a lamp that was left out is foretold."""
    file = data_folder("toolmarks", "photometric_uw") / "uw_psm.npz"
    with np.load(file) as data:
        # Theirs points up, ours down.
        lamps = data["light_dirs_file"] * [1, -1, 1]
        rows = {name: _measured(data[name], data[f"{name}_mask"], lamps) for name in (*DEVELOPMENT, *REPORT)}
        angles = _ball(data["gray"], data["gray_mask"], lamps)
    report = np.array([rows[name] for name in REPORT])
    # Root mean squares of objects of one weight each.
    means = np.sqrt((report**2).mean(axis=0))
    means[-1] = report[:, -1].mean()
    tables = (
        Rows(
            "photometric_uw, 12 lamps: differences relative to the root mean square of the light",
            ("object", "plain, all", "robust, all", "robust, kept", "lamp left out: plain", "robust", "part kept"),
            [
                *(_line(f"{name} (development)", rows[name]) for name in DEVELOPMENT),
                *(_line(name, rows[name]) for name in REPORT),
                _line(f"the {len(REPORT)} for the report", tuple(means.tolist())),
            ],
        ),
        Rows(
            "the matt ball (development): mean angle between its normals and a sphere's, degrees",
            ("plain", "robust"),
            [tuple(f"{angle:.2f}" for angle in angles)],
        ),
    )
    figures = {
        "light.residual": float(means[2]),
        "light.residual_all": float(means[1]),
        "light.residual_plain": float(means[0]),
        "light.left_out": float(means[4]),
        "light.left_out_plain": float(means[3]),
        "light.kept": float(means[5]),
    }
    return Result(
        "light",
        f"photometric_uw: {len(rows)} objects under 12 known lamps; the figures are of {', '.join(REPORT)}",
        f"settings were chosen on {' and '.join(DEVELOPMENT)}; a plain fit has the least difference over all "
        "observations there can be without lamps' strengths, shadows and highlights included, and a robust one leaves "
        "them out: the lamp left out is what compares the two, by the median over lit observations",
        tables,
        figures,
    )


def _line(name: str, row: tuple[float, ...]) -> tuple[str, ...]:
    return (name, *(f"{value:.4f}" for value in row[:-1]), f"{row[-1]:.3f}")


def _measured(pictures: NDArray[np.uint8], mask: NDArray[np.bool_], lamps: NDArray[np.float64]) -> tuple[float, ...]:
    """Plain and robust residual, over all and over what was kept; the same for lamps left out; the part kept."""
    light = pictures[:, mask].mean(axis=2) / 255
    plain = light - lamps @ _plain(light, lamps)
    found = _relief(pictures, lamps, mask)
    thin = np.zeros_like(mask)
    thin.ravel()[np.flatnonzero(mask.ravel())[::_STEP]] = True
    off_plain: list[float] = []
    off_robust: list[float] = []
    size = float(np.sqrt((light**2).mean()))
    for out in range(len(lamps)):
        others = np.arange(len(lamps)) != out
        relief = _relief(pictures[others], lamps[others], thin)
        told = relief.known[thin]
        seen = pictures[out][thin].mean(axis=1) / 255
        lit = told & (seen > _LIT * (pictures[:, thin].mean(axis=2) / 255).max(axis=0))
        foretold = np.maximum(relief.normals[thin] @ lamps[out], 0) * relief.albedo[thin]
        ordinary = _plain(pictures[others][:, thin].mean(axis=2) / 255, lamps[others]).T @ lamps[out]
        # The strength of a lamp that was not seen is not known: both are given the one that suits them.
        for foretell, off in ((foretold, off_robust), (np.maximum(ordinary, 0), off_plain)):
            strength = float(np.median(seen[lit] / np.maximum(foretell[lit], 1e-3)))
            off.append(float(np.median(np.abs(seen[lit] - strength * foretell[lit]))))
    kept = float((found.weights[:, found.known] >= 0.5).mean())
    return (
        float(np.sqrt((plain**2).mean())) / size,
        found.residual,
        found.residual_kept,
        float(np.mean(off_plain)) / size,
        float(np.mean(off_robust)) / size,
        kept,
    )


def _plain(light: NDArray[np.float64], lamps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.lstsq(lamps, light, rcond=None)[0], np.float64)


def _relief(pictures: NDArray[np.uint8], lamps: NDArray[np.float64], mask: NDArray[np.bool_]) -> Relief:
    found = find_relief(
        [Photo(np.ascontiguousarray(one), "", "image/png") for one in pictures], lamps, within=mask, params=_PARAMS
    )
    assert found
    return found


def _ball(pictures: NDArray[np.uint8], mask: NDArray[np.bool_], lamps: NDArray[np.float64]) -> tuple[float, float]:
    """Mean angle in degrees, plain and robust, where the ball is not steep."""
    y, x = np.nonzero(mask)
    radius = np.sqrt(mask.sum() / np.pi)
    across, down = (x - x.mean()) / radius, (y - y.mean()) / radius
    inner = across**2 + down**2 < 0.8
    truth = np.stack([across, down, np.sqrt(np.maximum(1 - across**2 - down**2, 0))], axis=1)[inner]
    plain = _plain(pictures[:, mask].mean(axis=2) / 255, lamps).T[inner]
    robust = _relief(pictures, lamps, mask).normals[mask][inner]
    plain /= np.linalg.norm(plain, axis=1, keepdims=True)
    cosines = [np.clip((truth * normals).sum(axis=1), -1, 1) for normals in (plain, robust)]
    first, second = (float(np.degrees(np.arccos(cosine)).mean()) for cosine in cosines)
    return first, second
