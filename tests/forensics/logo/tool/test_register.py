from __future__ import annotations

import re

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


@pytest.mark.parametrize(("degrees", "scale"), [(0.0, 1.0), (25.0, 0.9), (180.0, 0.8)])
def test_a_rough_alignment_becomes_an_exact_one(degrees: float, scale: float) -> None:
    reference = mark(tool(1), 1)
    query, back = turned(reference, degrees=degrees, scale=scale)
    rough = np.array([[1.012, 0.008, 3.0], [-0.01, 0.99, -4.0], [0, 0, 1.0]]) @ back
    laid = register(query, reference, alignment(rough))
    assert isinstance(laid, Registered)
    assert error(laid) < 3, "grey levels: a pixel off, it would be many times that"
    median = np.median(np.hypot(*laid.shifts[laid.weights > 0].T))
    assert median < 0.3, "cells of one and the same picture lie in place"


def test_cells_say_where_a_mark_is_bent() -> None:
    reference = mark(tool(1), 1)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    # The middle of the mark is moved by four pixels, its rim is not: no plane does that.
    bump = 4 * np.exp(-((x - SIDE / 2) ** 2 + (y - SIDE / 2) ** 2) / (2 * (SIDE / 9) ** 2)).astype(np.float32)
    moved = cv2.remap(reference.pixels, x - bump, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    flat, bent = (register(one, reference, alignment(np.eye(3))) for one in (reference, photo(moved)))
    assert isinstance(flat, Registered)
    assert isinstance(bent, Registered)
    most = [float(np.max(np.hypot(*laid.shifts[laid.weights > 0].T))) for laid in (flat, bent)]
    assert most[0] < 1 < most[1]
    assert error(bent) < 6, "what bends smoothly is taken out for what is compared next"


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
