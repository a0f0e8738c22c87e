from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from forensics.comparison import NoComparison
from forensics.logo.tool import METHOD, ToolComparison, compare_tools, weights
from forensics.logo.tool.agreement import agreement
from forensics.logo.tool.light import directions, levelled
from forensics.logo.tool.score import values
from tests.forensics.logo.tool.marks import alignment, mark, photo, tool, turned


@pytest.fixture(scope="module")
def answers() -> dict[str, ToolComparison]:
    """One print against another of the same plate, of another plate, and of a worn state of the same."""
    reference = mark(tool(1), 1)
    queries = {"same": mark(tool(1), 2), "other": mark(tool(2), 2), "later": mark(tool(1), 3, uses=6000)}
    answers = {}
    for name, query in queries.items():
        answer = compare_tools(query, reference, alignment(np.eye(3)))
        assert isinstance(answer, ToolComparison), answer
        answers[name] = answer
    return answers


def test_one_tool_scores_above_two_of_the_same_design(answers: dict[str, ToolComparison]) -> None:
    assert answers["same"].score > answers["later"].score - 0.2 > answers["other"].score - 0.2
    assert answers["same"].verdict != "other"


def test_another_tool_is_less_rigid_over_the_first(answers: dict[str, ToolComparison]) -> None:
    same, other = (answers[name].measurements for name in ("same", "other"))
    assert same["shift"] < other["shift"]
    assert same["bright_fine_low"] > other["bright_fine_low"]


def test_the_map_shows_a_scratch_where_it_is() -> None:
    reference = mark(tool(1), 1)
    scratched = reference.pixels.copy()
    middle = reference.width // 2
    cv2.line(scratched, (middle - 40, middle - 40), (middle + 40, middle + 40), (255, 255, 255), 3)
    answer = compare_tools(photo(scratched), reference, alignment(np.eye(3)))
    assert isinstance(answer, ToolComparison)
    at = np.linalg.inv(answer.to_reference) @ [middle, middle, 1.0]
    x, y = (round(value) for value in at[:2])
    around = answer.structure[y - 6 : y + 7, x - 6 : x + 7].reshape(-1, 3).max(axis=0)
    assert around[1] > 60 > around[2], "a line in the query only"
    assert answer.structure[..., 0].max() > 200, "and the design in both"


def test_an_inverted_print_is_told_by_its_polarity() -> None:
    reference = mark(tool(1), 1)
    answer = compare_tools(photo(255 - reference.pixels), reference, alignment(np.eye(3)))
    assert isinstance(answer, ToolComparison)
    assert answer.measurements["polarity"] < -0.9
    assert answer.measurements["edges_fine"] > 0.9, "edges run alike, whichever side is the brighter"


def test_a_small_mark_is_not_compared() -> None:
    reference = mark(tool(1), 1)
    query, back = turned(reference, degrees=10, scale=0.3)
    answer = compare_tools(query, reference, alignment(back))
    assert isinstance(answer, NoComparison)
    assert "px" in answer.reason
    assert answer.method == METHOD


def test_agreement_is_one_for_the_same_and_follows_small_shifts() -> None:
    picture = directions(levelled(mark(tool(1), 1).pixels[..., 0].astype(np.float32), 20), 1.0)
    same = agreement(picture, picture, sigma=5, reach=0)
    assert same.alike.min() > 0.99
    shifted = np.roll(picture, 2, axis=1)
    assert agreement(shifted, picture, sigma=5, reach=0).alike.mean() < 0.9
    assert agreement(shifted, picture, sigma=5, reach=2).alike[15:-15, 15:-15].min() > 0.97


def test_the_weights_say_how_they_were_made() -> None:
    learnt = weights()
    assert len(learnt.names) == len(learnt.weight) == len(learnt.mean) == len(learnt.deviation)
    assert values({"span": 1.0, "sure": 7.0}, ("sure", "span")).tolist() == pytest.approx([7.0, np.log(1.05)])
    assert 0 < learnt.other < learnt.same <= 1
    assert METHOD in learnt.made
    assert "generated designs" in learnt.made
    middle = dict.fromkeys(learnt.names, 1.0)
    shift = values(middle, learnt.names)
    plain = replace(learnt, mean=tuple(shift.tolist()))
    assert plain.score(middle) == pytest.approx(1 / (1 + np.exp(-learnt.offset)))
