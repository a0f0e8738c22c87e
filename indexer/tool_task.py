"""What a worker process does to compare two tools: a pure function over bytes, as those of :mod:`indexer.tasks`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.comparison import NoComparison
from forensics.logo import Region
from forensics.logo.tool import Alignment, compare_tools
from forensics.photo import decode


@dataclass(frozen=True, slots=True)
class Pair:
    """Two originals, the marks on them, and how the designs were found to lie over each other."""

    query: bytes
    reference: bytes
    query_polygon: list[tuple[float, float]]
    reference_polygon: list[tuple[float, float]]
    query_points: NDArray[np.float32]
    reference_points: NDArray[np.float32]
    transform: NDArray[np.float64] | None


def compare(pair: Pair) -> bytes:
    """Compare the tools of two marks.

    Parameters
    ----------
    pair : Pair
        The two.

    Returns
    -------
    bytes
        The length of a header, the header as JSON, and a PNG of where the two agree; for :mod:`indexer.tool_comparison`
        to read.

    Raises
    ------
    PhotoRefused
        An original cannot be decoded.
    """
    alignment = Alignment(
        pair.query_points,
        pair.reference_points,
        pair.transform,
        Region(np.array(pair.query_polygon, np.float32)),
        Region(np.array(pair.reference_polygon, np.float32)),
    )
    result = compare_tools(decode(pair.query), decode(pair.reference), alignment)
    picture = b""
    header: dict[str, Any] = {"method": result.method}
    if isinstance(result, NoComparison):
        header |= {"score": None, "verdict": "", "measurements": {}, "reason": result.reason, "hint": result.hint}
        header["to_reference"] = np.eye(3).tolist()
    else:
        header |= {"score": result.score, "verdict": result.verdict, "measurements": result.measurements}
        header |= {"reason": "", "hint": "", "to_reference": result.to_reference.tolist()}
        picture = cv2.imencode(".png", cv2.cvtColor(result.structure, cv2.COLOR_RGB2BGR))[1].tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(4, "little") + text + picture
