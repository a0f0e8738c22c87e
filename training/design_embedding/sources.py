"""What designs are made of: icons, letters and photographs, from packages with free licences, split by package."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import resvg_py
import skimage
import sklearn
from numpy.typing import NDArray
from PIL import ImageFont

from reference_samples.generator import make_design

SIDE = 160
"""Side in pixels at which an icon is drawn, once."""

Part = Literal["train", "held out"]

ICONS: dict[Part, tuple[str, ...]] = {
    "train": ("game-icons", "tabler", "ph", "lucide", "noto", "twemoji", "maki", "circle-flags"),
    "held out": ("healthicons", "icon-park-solid", "fa6-solid", "fxemoji", "fluent-emoji-flat"),
}
"""Icon packs by part: no drawing is in both."""

HELD_OUT_FONTS = frozenset(
    {"bangers", "cinzel", "exo-2", "lobster", "merriweather", "righteous", "rubik", "special-elite", "yellowtail"}
)
"""Fonts that no design for training is set in."""

GENERATED: dict[Part, range] = {"train": range(100_000, 100_100), "held out": range(900_000, 900_100)}
"""Seeds of the project's own designs."""

_BRANDS = re.compile(
    r"^brand-|-logo\b|^(chrome|codepen|codesandbox|dribbble|facebook|figma|framer|github|gitlab|instagram|linkedin"
    r"|pocket|slack|trello|twitch|twitter|youtube)$|opencv"
)
_REPEATS = re.compile(r"skin-tone|-(medium|light|dark)$|-medium-|-(thin|light|duotone|bold)$|^flag-|-24px$")
"""The same drawing with another skin or line: it would count as a different design."""


@dataclass(frozen=True, slots=True)
class Icon:
    """A drawing: its shape, and its colours where it has several.

    Attributes
    ----------
    name : str
        Package and icon.
    mask : ndarray of shape (SIDE, SIDE), uint8
        Coverage.
    colours : ndarray of shape (SIDE, SIDE, 3), uint8, or None
        RGB; None for a drawing of one colour.
    """

    name: str
    mask: NDArray[np.uint8]
    colours: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that one part of the split may use."""

    icons: list[Icon]
    fonts: list[ImageFont.FreeTypeFont]
    photographs: list[NDArray[np.uint8]]


def load(packages: Path, pictures: Path, part: Part, *, most: int) -> Sources:
    """Read the icons, fonts and photographs of one part.

    Parameters
    ----------
    packages : Path
        The ``node_modules`` folder that ``npm install`` made here.
    pictures : Path
        The unpacked ``opencv-doc`` package, searched for photographs.
    part : str
        ``"train"`` or ``"held out"``.
    most : int
        The most icons taken of one pack, evenly spaced through its names.
    """
    icons = [icon for pack in ICONS[part] for icon in _pack(packages / "@iconify-json" / pack, most)]
    icons += [_generated(seed) for seed in GENERATED[part]]
    fonts = [
        ImageFont.truetype(str(path), 64)
        for folder in sorted((packages / "@fontsource").iterdir())
        if (folder.name in HELD_OUT_FONTS) == (part == "held out")
        for path in [*sorted(folder.glob("files/*-latin-[47]00-normal.woff"))][-1:]
    ]
    return Sources(icons, fonts, _photographs(pictures, part))


def _pack(folder: Path, most: int) -> list[Icon]:
    pack = json.loads((folder / "icons.json").read_text())
    names = [
        name
        for name, icon in pack["icons"].items()
        if not icon.get("hidden") and not _BRANDS.search(name) and not _REPEATS.search(name)
    ]
    icons = []
    for name in names[:: max(1, -(-len(names) // most))]:
        icon = pack["icons"][name]
        width, height = (icon.get(side, pack.get(side, 16)) for side in ("width", "height"))
        left, top = icon.get("left", 0), icon.get("top", 0)
        drawing = (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{SIDE}" '
            f'height="{SIDE}" viewBox="{left} {top} {width} {height}" color="black">{icon["body"]}</svg>'
        )
        encoded = np.frombuffer(bytes(resvg_py.svg_to_bytes(svg_string=drawing)), np.uint8)
        picture = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)
        if picture is None or picture.ndim != 3 or picture.shape[2] != 4 or picture[..., 3].max() < 128:
            continue
        mask = np.ascontiguousarray(picture[..., 3])
        colours = np.ascontiguousarray(picture[..., 2::-1])
        icons.append(Icon(f"{folder.name}/{name}", mask, colours if colours[mask > 127].max() > 40 else None))
    return icons


def _generated(seed: int) -> Icon:
    mask = cv2.resize(make_design(seed).mask(), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return Icon(f"generator/{seed}", np.round(255 * np.clip(mask, 0, 1)).astype(np.uint8), None)


def _photographs(pictures: Path, part: Part) -> list[NDArray[np.uint8]]:
    paths = [
        *(Path(skimage.__file__).parent / "data").glob("*.*"),
        *(Path(sklearn.__file__).parent / "datasets" / "images").glob("*.jpg"),
        *pictures.rglob("*.jpg"),
    ]
    photographs = []
    for path in sorted(paths, key=lambda path: path.name):
        # A fifth of the names, whatever else is installed.
        held_out = zlib.crc32(path.name.encode()) % 5 == 0
        if path.suffix not in (".jpg", ".png") or _BRANDS.search(path.name) or held_out == (part == "train"):
            continue
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None or min(picture.shape[:2]) < 100:
            continue
        factor = min(1.0, 260 / min(picture.shape[:2]))
        small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        photographs.append(np.ascontiguousarray(small[..., ::-1]))
    return photographs
