from __future__ import annotations

import hashlib
import importlib
import io
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from forensics.errors import PhotoRefused
from forensics.photo import Camera, DecodeParams, Photo, decode, jpeg
from forensics.photo.exif import read_exif
from tests.heic_writer import heic
from tests.hostile import hostile_files, picture, whole_files


def jpeg_of(exif: Image.Exif | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    block = {} if exif is None else {"exif": exif.tobytes()}
    Image.fromarray(picture()).save(out, "JPEG", quality=92, **block, **options)
    return out.getvalue()


def exif_with(details: dict[int, Any], main: dict[int, Any] | None = None) -> Image.Exif:
    exif = Image.Exif()
    for tag, value in (main or {}).items():
        exif[tag] = value
    exif.get_ifd(0x8769).update(details)
    return exif


def test_a_photo_carries_its_papers() -> None:
    data = jpeg_of(
        exif_with(
            {0x9003: "2026:03:04 05:06:07", 0x9291: "250", 0x9011: "+02:00", 0xA434: "50 mm"},
            {0x010F: "Maker", 0x0110: "Model"},
        )
    )
    photo = decode(data)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert photo.media_type == "image/jpeg"
    assert photo.bit_depth == 8
    assert photo.camera == Camera(make="Maker", model="Model", lens="50 mm")
    assert photo.taken_at == datetime(2026, 3, 4, 5, 6, 7, 250_000, tzinfo=timezone(timedelta(hours=2)))
    assert photo.metres_per_pixel is None
    assert photo.remarks == ()
    assert (photo.width, photo.height) == (96, 64)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("jpeg.jpg", "image/jpeg"),
        ("png.png", "image/png"),
        ("tiff.tif", "image/tiff"),
        ("webp-exif.webp", "image/webp"),
        ("heic.heic", "image/heic"),
    ],
)
def test_the_kind_is_read_from_the_bytes(name: str, media_type: str) -> None:
    assert decode(whole_files()[name]).media_type == media_type


def test_pixels_can_be_trusted_by_who_holds_them() -> None:
    for name, data in whole_files().items():
        photo = decode(data)
        assert photo.pixels.flags.c_contiguous, name
        assert not photo.pixels.flags.writeable, name
        assert photo.pixels.dtype == np.uint8, name


def test_samples_of_a_heic_outlive_its_decoder() -> None:
    data = heic(picture())
    first = decode(data).pixels.copy()
    for _ in range(5):
        np.testing.assert_array_equal(decode(data).pixels, first)


def test_the_fast_way_through_a_jpeg_gives_what_pillow_gives() -> None:
    for options in (
        {"subsampling": 0},
        {"subsampling": 1},
        {"subsampling": 2},
        {"quality": 30},
        {"restart_marker_rows": 1},
    ):
        out = io.BytesIO()
        Image.fromarray(picture()).save(out, "JPEG", **options)
        header = jpeg.read_header(out.getvalue(), most_scans=10)
        assert header.sequential
        with JpegImagePlugin.JpegImageFile(io.BytesIO(out.getvalue())) as image:
            np.testing.assert_array_equal(jpeg.read_raster(header).samples, np.asarray(image))


@pytest.mark.parametrize(
    ("bits", "name"), [(16, "png-rgb-16.png"), (16, "tiff-rgb-16-big-endian.tif"), (1, "png-grey-1-bit.png")]
)
def test_the_depth_of_the_original_is_told(bits: int, name: str) -> None:
    file = next(file for file in hostile_files() if file.name == name)
    assert decode(file.data).bit_depth == bits


def test_time_without_a_zone_stays_without() -> None:
    photo = decode(jpeg_of(exif_with({0x9003: "2026:03:04 05:06:07"})))
    assert photo.taken_at == datetime(2026, 3, 4, 5, 6, 7)  # noqa: DTZ001 - the camera named no zone


def test_the_time_of_the_last_edit_is_not_the_time_of_the_photograph() -> None:
    assert decode(jpeg_of(exif_with({}, {0x0132: "2026:03:04 05:06:07"}))).taken_at is None


@pytest.mark.parametrize(
    "text", ["0000:00:00 00:00:00", "2026:13:04 05:06:07", "    :  :     :  :  ", "yesterday", "2026:03:04"]
)
def test_a_clock_that_was_never_set_gives_no_time(text: str) -> None:
    assert decode(jpeg_of(exif_with({0x9003: text}))).taken_at is None


@pytest.mark.parametrize(("zone", "hours"), [("+14:00", 14), ("-03:00", -3), ("+00:00", 0)])
def test_zones(zone: str, hours: int) -> None:
    photo = decode(jpeg_of(exif_with({0x9003: "2026:03:04 05:06:07", 0x9011: zone})))
    assert photo.taken_at is not None
    assert photo.taken_at.astimezone(UTC) == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC) - timedelta(hours=hours)


@pytest.mark.parametrize("zone", ["+99:00", "local", "Z", "   :  "])
def test_a_zone_that_is_none_is_left_out(zone: str) -> None:
    photo = decode(jpeg_of(exif_with({0x9003: "2026:03:04 05:06:07", 0x9011: zone})))
    assert photo.taken_at is not None
    assert photo.taken_at.tzinfo is None


def test_names_of_cameras_lose_what_cannot_be_printed() -> None:
    photo = decode(jpeg_of(exif_with({}, {0x010F: "\x1b[31mMaker\x07 "})))
    assert photo.camera is not None
    assert photo.camera.make == "[31mMaker"


def test_a_broken_exif_block_is_said() -> None:
    assert not read_exif(b"no block at all").readable
    files = {file.name: file for file in hostile_files()}
    assert "EXIF" in decode(files["jpeg-exif-noise.jpg"].data).remarks[0]


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff", "heic"])
def test_a_broken_colour_profile_is_said_and_a_good_one_is_not(kind: str) -> None:
    files = {file.name: file for file in hostile_files()}
    assert "profile" in decode(files[f"{kind}-profile-noise.bin"].data).remarks[0]
    assert decode(files[f"{kind}-profile-srgb.bin"].data).remarks == ()
    assert decode(files[f"{kind}-profile-swapped.bin"].data).remarks == ()


def test_bytes_are_counted_before_anything_else() -> None:
    data = whole_files()["jpeg.jpg"]
    assert decode(data, params=DecodeParams(most_bytes=len(data))).width == 96
    with pytest.raises(PhotoRefused) as refusal:
        decode(data, params=DecodeParams(most_bytes=len(data) - 1))
    assert refusal.value.code == "too_many_bytes"


@pytest.mark.parametrize("name", ["jpeg.jpg", "png.png", "tiff.tif", "webp-lossy.webp", "heic.heic"])
def test_pixels_are_counted_before_any_is_decoded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = whole_files()[name]
    assert decode(data, params=DecodeParams(most_pixels=96 * 64)).width == 96

    def fail(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(importlib.import_module("forensics.photo.decode"), "_read_raster", fail)
    for params in (DecodeParams(most_pixels=96 * 64 - 1), DecodeParams(longest_side=95)):
        with pytest.raises(PhotoRefused) as refusal:
            decode(data, params=params)
        assert refusal.value.code == "too_many_pixels"
        assert "96 x 64" in refusal.value.found


@pytest.mark.parametrize(
    ("fault", "code"),
    [(MemoryError(), "too_many_pixels"), (RuntimeError("odd"), "damaged"), (RecursionError(), "damaged")],
)
def test_whatever_a_decoder_throws_is_a_refusal(fault: Exception, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr("forensics.photo.jpeg.read_raster", fail)
    with pytest.raises(PhotoRefused) as refusal:
        decode(whole_files()["jpeg.jpg"])
    assert refusal.value.code == code
    assert refusal.value.__cause__ is fault


def test_a_refusal_survives_the_way_from_another_process() -> None:
    with pytest.raises(PhotoRefused) as refusal:
        decode(b"GIF89a")
    copy = pickle.loads(pickle.dumps(refusal.value))  # noqa: S301 - made one line above
    assert (copy.code, str(copy)) == ("unsupported_format", str(refusal.value))
    assert "found GIF" in str(copy)


@pytest.mark.parametrize("field", ["most_bytes", "most_pixels", "longest_side", "most_scans", "most_profile_bytes"])
def test_limits_have_bounds(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        DecodeParams(**{field: 0})


def test_resized_shrinks_and_never_enlarges() -> None:
    photo = Photo(picture(), "", "image/png", metres_per_pixel=1e-4)
    half = photo.resized(48)
    assert (half.width, half.height) == (48, 32)
    assert half.metres_per_pixel == pytest.approx(2e-4)
    assert not half.pixels.flags.writeable
    assert photo.resized(96) is photo
    assert photo.resized(1000) is photo
    assert photo.resized(1).pixels.shape == (1, 1, 3)
