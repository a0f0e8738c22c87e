"""Whether two marks of one design were left by the same tool: compared once, when somebody first looks, then kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from forensics.logo.tool import METHOD
from indexer import comparison_detail, photographs, regions, review
from indexer.tool_task import Pair, compare

if TYPE_CHECKING:
    from indexer.memory import Memory


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What the comparison of two tools gave.

    Attributes
    ----------
    method : str
        The method and its version.
    score : float or None
        From 0 (as marks of two tools are) to 1 (as marks of one tool are), see
        :class:`forensics.logo.tool.ToolComparison`; None where it could not be told.
    verdict : str
        ``"same"``, ``"other"`` or ``"undecided"``; empty where there is no score.
    measurements : dict of str to float
        What the score was made of.
    reason, hint : str
        Why there is no score, and what would help; else empty.
    structure : bytes
        A PNG with what is in both, in the query only and in the reference only as red, green and blue; else empty.
    to_reference : ndarray of shape (3, 3), float64
        Takes pixels of that picture to pixels of the reference photograph.
    """

    method: str
    score: float | None
    verdict: str
    measurements: dict[str, float]
    reason: str
    hint: str
    structure: bytes
    to_reference: NDArray[np.float64]


def compare_tools(memory: Memory, comparison_id: UUID) -> ToolAnswer:
    """Compare the tools of two marks that were found to be of one design.

    Stages: 1. what was answered before by this method is the answer; 2. both originals are read, laid over each other
    and compared in a worker process; 3. the answer is kept with the comparison.

    Parameters
    ----------
    memory : Memory
        The installation.
    comparison_id : UUID
        Which comparison.

    Returns
    -------
    ToolAnswer
        With a score, or with the reason why there is none.

    Raises
    ------
    NotFound
        There is no such comparison.
    OriginalDamaged
        An original is not what it was.
    WorkerFailed
        Comparing crashed or took too long.
    """
    # 1.
    with memory.reading() as session:
        row = review.get(session, comparison_id)
        before = row.detail
        detail = comparison_detail.unpack(before)
        if detail.tool:
            answer = unpack(detail.tool)
            if answer.method == METHOD:
                return answer
        marks = [regions.get(session, key) for key in (row.query_mark_id, row.reference_mark_id)]
        files = [photographs.get(session, mark.photograph_id).sha256 for mark in marks]
    # 2.
    query, reference = (memory.originals.read(sha256) for sha256 in files)
    pair = Pair(
        query,
        reference,
        [(float(x), float(y)) for x, y in marks[0].polygon],
        [(float(x), float(y)) for x, y in marks[1].polygon],
        detail.query_points,
        detail.reference_points,
        detail.transform,
    )
    made = memory.workers.run(partial(compare, pair), seconds=memory.params.describe_seconds, urgent=True)
    # 3.
    with memory.writing() as session:
        row = review.get(session, comparison_id)
        if row.detail == before:
            # Else the two were compared anew meanwhile, and the next look compares the tools by that.
            row.detail = comparison_detail.with_tool(before, made)
            session.add(row)
    return unpack(made)


def unpack(data: bytes) -> ToolAnswer:
    """Return the answer that is kept in :class:`indexer.comparison_detail.Detail`, whichever method made it."""
    length = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + length])
    return ToolAnswer(
        header["method"],
        header["score"],
        header["verdict"],
        header["measurements"],
        header["reason"],
        header["hint"],
        data[4 + length :],
        np.array(header["to_reference"], np.float64).reshape(3, 3),
    )
