from __future__ import annotations

import socket
from importlib.metadata import packages_distributions

import cv2
import numpy as np
import pytest

from forensics.errors import RegionRefused
from forensics.logo import Region
from forensics.photo import Photo, decode
from forensics.text import ReadParams, Text, covered, read
from tests.written import Placed, jpeg, written

PLACED: list[Placed] = [
    ("NORDO 57", (180, 90), 0),
    ("Zavi Extra", (540, 240), 90),
    ("KELTO", (150, 400), 180),
    ("LUMA XG", (330, 300), 45),
]


@pytest.fixture(scope="module")
def photo() -> Photo:
    return decode(jpeg(written(PLACED)))


@pytest.fixture(scope="module")
def texts(photo: Photo) -> tuple[Text, ...]:
    return read(photo)


def test_words_are_read_at_any_angle(texts: tuple[Text, ...]) -> None:
    assert {text.words for text in texts} == {words for words, _, _ in PLACED}
    assert all(0.9 < text.confidence <= 1 for text in texts)


def test_a_polygon_lies_on_its_words_and_begins_where_they_do(texts: tuple[Text, ...]) -> None:
    for words, middle, turn in PLACED:
        (text,) = [text for text in texts if text.words == words]
        assert np.abs(text.polygon.mean(axis=0) - middle).max() < 12
        along = text.polygon[1] - text.polygon[0]
        # y runs down, so a turn against the clock as seen is one towards smaller y.
        seen = np.degrees(np.arctan2(-along[1], along[0]))
        assert abs((seen - turn + 180) % 360 - 180) < 8


def test_the_same_photograph_is_read_alike(photo: Photo, texts: tuple[Text, ...]) -> None:
    again = read(photo)
    assert [(text.words, text.confidence) for text in again] == [(text.words, text.confidence) for text in texts]
    assert all(np.array_equal(one.polygon, other.polygon) for one, other in zip(again, texts, strict=True))


def test_a_picture_without_words_gives_none() -> None:
    assert read(decode(jpeg(written([])))) == ()


def test_nothing_is_fetched(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    from forensics.text.engine import engine

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("expected no network; found a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    engine.cache_clear()
    assert len(read(photo)) == len(PLACED)


def test_the_opencv_that_is_loaded_is_the_headless_one() -> None:
    assert packages_distributions()["cv2"] == ["opencv-python-headless"]
    assert "headless" in cv2.getBuildInformation() or "GUI:                           NONE" in cv2.getBuildInformation()


def test_small_words_on_a_large_photograph_are_found_in_tiles() -> None:
    large = np.full((2000, 3000, 3), 190, np.uint8)
    large[900:1100, 1700:2100] = written([("KASTEL 19", (200, 100), 0)], size=(400, 200), height=17)
    photo = decode(jpeg(large))
    params = ReadParams(longest=320)
    assert read(photo, params=ReadParams(longest=320, tiles_from=10)) == ()
    assert [text.words for text in read(photo, params=params)] == ["KASTEL 19"]
    region = Region(np.array([[1700, 900], [2100, 900], [2100, 1100], [1700, 1100]], np.float32))
    closer = read(photo, regions=[region], params=ReadParams(longest=320, tiles_from=10))
    assert [text.words for text in closer] == ["KASTEL 19"]
    assert covered(closer[0].polygon, read(photo, params=params)[0].polygon) > 0.8


def test_a_region_off_the_photograph_is_refused(photo: Photo) -> None:
    with pytest.raises(RegionRefused):
        read(photo, regions=[Region(np.array([[900, 0], [990, 0], [990, 90]], np.float32))])


def test_the_number_of_lines_is_bounded(photo: Photo) -> None:
    assert len(read(photo, params=ReadParams(most_lines=2))) == 2


@pytest.mark.parametrize(
    ("other", "part"),
    [
        ([[0, 0], [10, 0], [10, 10], [0, 10]], 1.0),
        ([[5, 0], [10, 0], [10, 10], [5, 10]], 1.0),
        ([[5, 0], [15, 0], [15, 10], [5, 10]], 0.5),
        ([[20, 0], [30, 0], [30, 10], [20, 10]], 0.0),
    ],
)
def test_which_part_of_the_smaller_is_covered(other: list[list[float]], part: float) -> None:
    one = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], np.float32)
    assert covered(one, np.array(other, np.float32)) == pytest.approx(part)
