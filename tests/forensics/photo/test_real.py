"""The decoder and the gate on photographs that nobody here made."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from forensics.photo import assess, decode

DATA = Path(os.environ.get("CACHET_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
SETS = ("logos/flickr_logos_27/images", "logos/bottle_caps", "toolmarks/tablets_nih")

pytestmark = pytest.mark.real


def pictures(part: str) -> list[Path]:
    folder = DATA / part
    if not folder.is_dir():
        pytest.skip(f"expected real photographs in {folder}; found none. Set CACHET_DATA to the folder that holds them")
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"})


@pytest.mark.parametrize("part", SETS)
def test_every_real_picture_is_decoded_as_pillow_decodes_it(part: str) -> None:
    paths = pictures(part)
    assert paths
    for number, path in enumerate(paths):
        photo = decode(path.read_bytes())
        if number % 20 == 0 and not photo.remarks:
            with Image.open(path) as image:
                if "icc_profile" not in image.info:
                    upright = ImageOps.exif_transpose(image).convert("RGB")
                    np.testing.assert_array_equal(photo.pixels, np.asarray(upright), err_msg=path.name)


@pytest.mark.parametrize("part", SETS)
def test_every_real_jpeg_that_is_cut_short_is_refused(part: str) -> None:
    from forensics.errors import PhotoRefused

    for path in pictures(part)[::25]:
        data = path.read_bytes()
        if not data.startswith(b"\xff\xd8"):
            continue
        for share in (0.05, 0.3, 0.6, 0.95):
            cut = data[: int(len(data) * share)]
            for damaged in (cut, cut.rstrip(b"\xff") + b"\xff\xd9"):
                with pytest.raises(PhotoRefused) as refusal:
                    decode(damaged)
                assert refusal.value.code in {"truncated", "damaged"}, path.name


def test_studio_photographs_are_rarely_warned_about() -> None:
    paths = pictures("toolmarks/tablets_nih")
    found: Counter[str] = Counter()
    for path in paths:
        found.update(finding.code for finding in assess(decode(path.read_bytes())).findings)
    # Some were scanned small, which is true of them; the rest was lit and focused by people who do it for a living.
    del found["low_resolution"]
    assert sum(found.values()) <= 0.05 * len(paths), found
