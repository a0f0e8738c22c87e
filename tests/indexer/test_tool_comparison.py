"""Two tools are compared once, when somebody looks; the answer is kept with the comparison."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import cv2
import numpy as np
import pytest

from indexer import Memory, comparison_detail, hits, review
from indexer.errors import NotFound
from indexer.tool_comparison import compare_tools
from tests.indexer.conftest import Take


@pytest.fixture
def comparison(memory: Memory, take_in: Take) -> UUID:
    """Two photographs of one design, large enough for the tool to show, and the comparison of the two."""
    take_in(1, 0, zoom=2.0)
    found = hits.search_photograph(memory, take_in(1, 1, zoom=2.0))
    return found[0].comparison.id


def test_one_print_has_a_score_and_a_map(memory: Memory, comparison: UUID) -> None:
    answer = compare_tools(memory, comparison)
    assert answer.score is not None, answer.reason
    assert 0 <= answer.score <= 1
    assert answer.verdict in ("same", "undecided", "other")
    assert answer.measurements["edges_fine"] > 0.7
    picture = cv2.imdecode(np.frombuffer(answer.structure, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.max() > 100


def test_it_is_made_once(memory: Memory, comparison: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    first = compare_tools(memory, comparison)

    def refuse(task: Callable[[], object], **_: object) -> object:
        raise AssertionError(f"asked for again: {task}")

    monkeypatch.setattr(memory.workers, "run", refuse)
    again = compare_tools(memory, comparison)
    assert (again.score, again.measurements, again.structure) == (first.score, first.measurements, first.structure)


def test_points_and_transform_stay(memory: Memory, comparison: UUID) -> None:
    def detail() -> comparison_detail.Detail:
        with memory.reading() as session:
            return comparison_detail.unpack(review.get(session, comparison).detail)

    before = detail()
    compare_tools(memory, comparison)
    after = detail()
    assert not before.tool
    assert after.tool
    np.testing.assert_array_equal(after.query_points, before.query_points)
    np.testing.assert_array_equal(after.transform, before.transform)


def test_another_method_is_made_anew(memory: Memory, comparison: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    compare_tools(memory, comparison)
    asked = []
    run = memory.workers.run
    monkeypatch.setattr("indexer.tool_comparison.METHOD", "tool/0")
    monkeypatch.setattr(memory.workers, "run", lambda task, **rest: asked.append(task) or run(task, **rest))
    compare_tools(memory, comparison)
    assert len(asked) == 1


def test_without_a_geometry_the_reason_is_kept(memory: Memory, comparison: UUID) -> None:
    with memory.writing() as session:
        row = review.get(session, comparison)
        row.detail = b""
        session.add(row)
    answer = compare_tools(memory, comparison)
    assert answer.score is None
    assert "laid over" in answer.reason
    assert answer.structure == b""


def test_an_unknown_comparison_is_not_found(memory: Memory) -> None:
    with pytest.raises(NotFound):
        compare_tools(memory, UUID(int=9))
