"""The quality gate: what is wrong with a photograph, and how to take it again. It warns; it never refuses."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.photo.blur import BlurParams, edge_width
from forensics.photo.light import clipped, glare_share, lightness_spread, middle
from forensics.photo.photo import Photo
from forensics.photo.shrink import shrunk


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    code : str
        ``blur``, ``under_exposed``, ``over_exposed``, ``glare``, ``low_contrast`` or ``low_resolution``.
    measured, limit : float
        What was measured, and the value from which it is wrong.
    unit : str
        Of both.
    words, advice : str
        What is wrong, and how to take the photograph again.
    """

    code: str
    measured: float
    limit: float
    unit: str
    words: str
    advice: str


@dataclass(frozen=True, slots=True)
class Quality:
    """What the gate found.

    Attributes
    ----------
    findings : tuple of Finding
        Empty for a good photograph.
    measurements : dict of str to float
        Everything that was measured, by the code of its finding; ``blur`` is missing where there are too few edges.
    """

    findings: tuple[Finding, ...]
    measurements: dict[str, float]

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class QualityParams:
    """Limits of the gate. All but the resolution are measured on a copy of one size, whatever the camera.

    Attributes
    ----------
    working_size : int
        Longer side of that copy, in pixels; a smaller picture is measured as it is. Default 1,024: what is not seen at
        that size is too small to be told apart on most packages. Bounds: 64 to 8,192.
    most_blur : float
        Thousandths of the longer side. Default 2: on a brick of 200 mm that fills the picture, edges are smeared over a
        millimetre (2.35 standard deviations), as wide as the strokes of its mark. Bounds: 0 to 100.
    least_bright : float
        Level that the brightest twentieth of the picture reaches. Default 80 of 255: 8 % of the light that the sensor
        can take, over three and a half stops too little, where noise hides relief. Bounds: 0 to 255.
    most_clipped : float
        Share of the middle of the picture that is white without detail. Default 0.33. Bounds: 0 to 1.
    clip_level : int
        Level from which a channel counts as clipped. Default 254: sensors clip to 255, and JPEG rounds. Bounds: 1 to
        255.
    most_glare : float
        Share of the picture covered by highlights. Default 0.01: a patch of 20 mm on a picture of 200 mm
        hides a stamped mark. Bounds: 0 to 1.
    smallest_patch, largest_patch : float
        Shares of the picture between which a clipped patch is taken for a highlight. Defaults 0.0002 (below are
        sparkles) and 0.1 (above are white things). Bounds: 0 to 1.
    halo, halo_level : float
        A highlight fades: the ring this share of the longer side around it has at least this level. Defaults 0.004 and
        180, half the light of white. Bounds: 0 to 0.1, 0 to 255.
    least_contrast : float
        Spread of CIE lightness in the middle of the picture, L*. Default 10: relief lit from the front spreads over 1
        to 5, from the side over 20 and more; the ratio of the shading of two slopes is cos(80)/cos(90) without limit as
        the light sinks, and 1.03 from above. Bounds: 0 to 100.
    least_side : int
        Shorter side, pixels of the original. Default 600: a brick of 150 mm across is then sampled at 0.25 mm, and
        lines of half a millimetre are the finest that can be told. Bounds: 1 to 32,766.
    edges : BlurParams
        How edges are found and measured.
    """

    working_size: int = 1024
    most_blur: float = 2.0
    least_bright: float = 80.0
    most_clipped: float = 0.33
    clip_level: int = 254
    most_glare: float = 0.01
    smallest_patch: float = 0.0002
    largest_patch: float = 0.1
    halo: float = 0.004
    halo_level: float = 180.0
    least_contrast: float = 10.0
    least_side: int = 600
    edges: BlurParams = field(default_factory=BlurParams)

    def __post_init__(self) -> None:
        """Hold the bounds."""
        bounds = {
            "working_size": (64, 8192),
            "most_blur": (0, 100),
            "least_bright": (0, 255),
            "most_clipped": (0, 1),
            "clip_level": (1, 255),
            "most_glare": (0, 1),
            "smallest_patch": (0, 1),
            "largest_patch": (0, 1),
            "halo": (0, 0.1),
            "halo_level": (0, 255),
            "least_contrast": (0, 100),
            "least_side": (1, 32_766),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"expected {name} between {least} and {most}; found {getattr(self, name)}")


_DEFAULT = QualityParams()


def assess(photo: Photo, *, params: QualityParams = _DEFAULT) -> Quality:
    """Measure a photograph and say what to take again, and how.

    Stages: 1. a copy of the working size; 2. blur, as the width of its edges; 3. exposure, from its brightest part and
    from the white without detail in its middle; 4. glare, from highlights; 5. contrast, from the spread of lightness in
    its middle; 6. resolution, of the original.

    Parameters
    ----------
    photo : Photo
        Decoded.
    params : QualityParams
        Limits.

    Returns
    -------
    Quality
        Findings in words with advice, and all measurements.
    """
    # 1.
    rgb = _working_copy(photo.pixels, params.working_size)
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    measured: dict[str, float] = {}
    # 2.
    width = edge_width(grey, params.edges)
    if width is not None:
        measured["blur"] = width * 1000 / max(grey.shape)
    # 3.
    white = clipped(rgb, params.clip_level)
    measured["under_exposed"] = float(np.percentile(grey[::2, ::2], 95))
    measured["over_exposed"] = float(middle(white).mean())
    # 4.
    measured["glare"] = glare_share(
        white,
        grey,
        smallest=params.smallest_patch,
        largest=params.largest_patch,
        halo=params.halo,
        halo_level=params.halo_level,
    )
    # 5.
    measured["low_contrast"] = lightness_spread(middle(rgb))
    # 6.
    measured["low_resolution"] = float(min(photo.width, photo.height))
    findings = (_finding(code, value, params) for code, value in measured.items())
    return Quality(tuple(found for found in findings if found is not None), measured)


def _working_copy(pixels: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    factor = min(1.0, longest / max(pixels.shape))
    return shrunk(pixels, (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor))))


def _finding(code: str, value: float, params: QualityParams) -> Finding | None:
    """Put a measurement into words where it is beyond its limit."""
    match code:
        case "blur" if value > params.most_blur:
            return Finding(
                code,
                value,
                params.most_blur,
                "thousandths of the longer side",
                "The picture is not sharp.",
                "Rest the camera on a stand or the table and release it with the timer. Touch the mark on the screen "
                "to focus on it, and step back if the camera is too near to focus.",
            )
        case "under_exposed" if value < params.least_bright:
            return Finding(
                code,
                value,
                params.least_bright,
                "level of 255",
                "The picture is too dark: noise hides what is in the shadows.",
                "Bring the lamp nearer or expose longer from a stand, and switch off other lights rather than raising "
                "the sensitivity.",
            )
        case "over_exposed" if value > params.most_clipped:
            return Finding(
                code,
                value,
                params.most_clipped,
                "share of the middle of the picture",
                "The picture is too bright: much of its middle is white without detail.",
                "Lower the exposure by one to two stops or move the lamp away, until the mark shows shades.",
            )
        case "glare" if value > params.most_glare:
            return Finding(
                code,
                value,
                params.most_glare,
                "share of the picture",
                "The lamp is mirrored in the surface: nothing can be seen in the bright patches.",
                "Turn the lamp or the package until the bright patch leaves the mark; switch off the flash, and cover "
                "the lamp with white paper or use a polarising filter on shiny film.",
            )
        case "low_contrast" if value < params.least_contrast:
            return Finding(
                code,
                value,
                params.least_contrast,
                "L*",
                "The middle of the picture is nearly of one shade: a pressed mark cannot be told from its ground.",
                "Light from the side, 10 to 20 degrees above the surface, in a darkened room, and take one picture "
                "from each of four sides.",
            )
        case "low_resolution" if value < params.least_side:
            return Finding(
                code,
                value,
                params.least_side,
                "pixels of the shorter side",
                "The picture is small: fine defects of a stamp or press cannot be seen in it.",
                "Upload the file as the camera wrote it, not one that was sent by a messenger or cut from a report. "
                "Fill the frame with the mark and its scale.",
            )
    return None
