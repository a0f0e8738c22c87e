from __future__ import annotations

import numpy as np
import pytest

from forensics.toolmark.striated import METHOD, StriatedFeatures
from forensics.toolmark.striated.search import (
    ROW_BITS,
    WindowParams,
    asked_windows,
    searched,
    stored_windows,
    vote,
)
from forensics.toolmark.striated.signals import SignalParams, signals
from tests.forensics.toolmark.marks import STEP, trace

PARAMS = WindowParams()


def mark(tool: int, **how: float) -> StriatedFeatures:
    return StriatedFeatures(METHOD, trace(tool, **how).astype(np.float32), STEP, "height")  # type: ignore[arg-type]


def nearest(asked: np.ndarray, stored: dict[int, np.ndarray], k: int) -> tuple[np.ndarray, np.ndarray]:
    ids = np.concatenate([(number << ROW_BITS) | np.arange(len(rows)) for number, rows in stored.items()])
    products = asked @ np.concatenate(list(stored.values())).T
    order = np.argsort(-products, axis=1)[:, :k]
    return np.take_along_axis(products, order, axis=1), ids[order]


def test_what_is_searched_is_the_first_signal_that_is_compared() -> None:
    expected = signals(mark(1), level=0, params=SignalParams()).main[0]
    np.testing.assert_allclose(searched(mark(1)), expected, atol=1e-6)


def test_an_inner_product_is_the_correlation_of_two_windows() -> None:
    signal = searched(mark(1))
    vectors = stored_windows(signal)
    assert vectors.shape == ((len(signal) - PARAMS.length) // PARAMS.stride + 1, PARAMS.dimension)
    halved = [signal[at : at + PARAMS.length].reshape(-1, 2).mean(axis=1) for at in (0, 5 * PARAMS.stride)]
    assert vectors[0] @ vectors[5] == pytest.approx(np.corrcoef(*halved)[0, 1], abs=1e-5)
    np.testing.assert_allclose(stored_windows(np.stack([signal, signal]))[1], vectors)
    assert stored_windows(signal[: PARAMS.length - 1]).shape == (0, PARAMS.dimension)


def test_the_mark_of_the_same_tool_gets_most_votes() -> None:
    stored = {number: stored_windows(searched(mark(number, take=1, noise=0.2))) for number in range(30)}
    for tool in (3, 17):
        asked = asked_windows(searched(mark(tool, take=2, shift=70, noise=0.2)))
        marks, votes = vote(*nearest(asked, stored, 60))
        assert marks[0] == tool
        assert votes[0] > 1.5 * votes[1]
        assert np.all(np.diff(votes) <= 0)
        assert len(np.unique(marks)) == len(marks)


def test_votes_for_many_offsets_do_not_add_up() -> None:
    windows = 20
    along = np.array([[(1 << ROW_BITS) | row] for row in range(windows)])
    mixed = np.array([[(2 << ROW_BITS) | (7 * row % windows)] for row in range(windows)])
    params = WindowParams(stride=16, query_stride=16)
    values = np.full((windows, 2), 0.9, np.float32)
    marks, votes = vote(values, np.concatenate([along, mixed], axis=1), params=params)
    assert marks.tolist() == [1, 2]
    assert votes[0] == pytest.approx(windows * 0.4, rel=1e-4)
    assert votes[1] < 0.4 * votes[0]


def test_a_stored_window_votes_once_and_nothing_found_votes_never() -> None:
    ids = np.full((5, 2), (3 << ROW_BITS) | 2)
    ids[:, 1] = -1
    marks, votes = vote(np.full((5, 2), 0.8, np.float32), ids)
    assert marks.tolist() == [3]
    assert votes[0] == pytest.approx(0.3, abs=1e-5)
    assert len(vote(np.full((5, 2), 0.2, np.float32), ids)[0]) == 0
