from __future__ import annotations

import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from forensics.comparison import NoComparison
from forensics.logo.tool.register import Alignment, Registered, RegisterParams, register
from tests.forensics.logo.tool.marks import SIDE, alignment, mark, photo, tool, turned


def error(laid: Registered) -> float:
    """Mean gap in grey levels over what is known, the rim apart, where warps differ."""
    inside = cv2.erode(laid.known.astype(np.uint8), np.ones((25, 25))) > 0
    return float(np.abs(laid.query - laid.reference)[inside].mean())


def displaced(laid: Registered) -> float:
    """How far the mark is from where a plane puts it: the root of the mean square, in pixels."""
    square = (laid.bend.shift**2).sum(axis=2)
    return float(np.sqrt((laid.bend.weight * square).sum() / laid.bend.weight.sum()))


@pytest.mark.parametrize(("degrees", "scale"), [(0.0, 1.0), (25.0, 0.9), (180.0, 0.8)])
def test_a_rough_alignment_becomes_an_exact_one(degrees: float, scale: float) -> None:
    reference = mark(tool(1), 1)
    query, back = turned(reference, degrees=degrees, scale=scale)
    rough = np.array([[1.012, 0.008, 3.0], [-0.01, 0.99, -4.0], [0, 0, 1.0]]) @ back
    laid = register(query, reference, alignment(rough))
    assert isinstance(laid, Registered)
    assert error(laid) < 3, "grey levels: a pixel off, it would be many times that"
    assert displaced(laid) < 0.2, "one and the same picture lies in place"


def test_it_says_how_far_a_mark_is_bent() -> None:
    reference = mark(tool(1), 1)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    # The middle of the mark is moved by four pixels, its rim is not: no plane does that.
    bump = 4 * np.exp(-((x - SIDE / 2) ** 2 + (y - SIDE / 2) ** 2) / (2 * (SIDE / 9) ** 2)).astype(np.float32)
    moved = cv2.remap(reference.pixels, x - bump, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    flat, bent = (register(one, reference, alignment(np.eye(3))) for one in (reference, photo(moved)))
    assert isinstance(flat, Registered)
    assert isinstance(bent, Registered)
    assert displaced(flat) < 0.05
    assert displaced(bent) > 0.25
    assert error(bent) < 6, "what bends smoothly is taken out for what is compared next"


def test_a_frame_that_agrees_with_itself_turned_round_misleads_nobody() -> None:
    reference = mark(tool(1), 1)
    query, back = turned(reference, degrees=180)
    wrong = np.array([[-1, 0, SIDE], [0, -1, SIDE], [0, 0, 1.0]]) @ back
    laid = register(query, reference, alignment(wrong))
    assert isinstance(laid, Registered)
    assert error(laid) < 3


def test_the_window_leaves_out_what_agrees_far_from_the_mark() -> None:
    reference = mark(tool(1), 1)
    wide = cv2.copyMakeBorder(reference.pixels, 300, 300, 300, 300, cv2.BORDER_REPLICATE)
    cv2.rectangle(wide, (20, 20), (60, 120), (0, 0, 0), -1)
    given = alignment(np.eye(3), side=wide.shape[0])
    inside = given.reference_points / wide.shape[0] * SIDE + 300
    points = np.vstack([inside, inside, [[40, 60]]]).astype(np.float32)
    found = replace(given, query_points=points, reference_points=points)
    laid = register(photo(wide), photo(wide), found)
    assert isinstance(laid, Registered)
    assert laid.span < SIDE, "the mark, not the photograph"


@pytest.mark.parametrize(
    ("given", "params", "reason"),
    [
        (alignment(None), RegisterParams(), "could not be laid"),
        (alignment(np.eye(3)), RegisterParams(least_span=400), "spans 3.. px; 400 or more needed"),
    ],
)
def test_too_little_is_no_comparison(given: Alignment, params: RegisterParams, reason: str) -> None:
    same = mark(tool(1), 1)
    answer = register(same, same, given, params=params)
    assert isinstance(answer, NoComparison)
    assert re.search(reason, answer.reason)


def test_an_empty_photograph_has_no_parts_to_tell() -> None:
    empty = photo(np.full((SIDE, SIDE, 3), 128, np.uint8))
    answer = register(empty, mark(tool(1), 1), alignment(np.eye(3)))
    assert isinstance(answer, NoComparison)
    assert answer.hint
