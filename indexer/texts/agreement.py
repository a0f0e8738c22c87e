"""What two photographs of the memory both say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING
from uuid import UUID

from forensics import text
from forensics.comparison import Comparison, NoComparison
from indexer.records import TextLine
from indexer.texts import lines
from indexer.texts.search import part_with

if TYPE_CHECKING:
    from indexer.memory import Memory


@dataclass(frozen=True, slots=True)
class TextAgreement:
    """Two photographs, compared by what is written on them.

    Attributes
    ----------
    comparison : Comparison or NoComparison
        The score: rare words count more. It is a line of its own, and changes no rank of a hit.
    shared : tuple of Shared
        The words on both, the weightiest first.
    query, reference : tuple of TextLine
        All lines of each, from top to bottom.
    """

    comparison: Comparison | NoComparison
    shared: tuple[text.Shared, ...]
    query: tuple[TextLine, ...]
    reference: tuple[TextLine, ...]


def compare(memory: Memory, query_id: UUID, reference_id: UUID) -> TextAgreement:
    """Compare what is written on two photographs; how common a word is, the memory itself tells.

    Parameters
    ----------
    memory : Memory
        The installation.
    query_id, reference_id : UUID
        The photographs.

    Returns
    -------
    TextAgreement
        What both say.

    Raises
    ------
    NotFound
        One of them is not there.
    """
    of_both = lines.of_photographs(memory, [query_id, reference_id])
    query, reference = of_both[query_id], of_both[reference_id]
    ours, theirs = [lines.text_of(row) for row in query], [lines.text_of(row) for row in reference]
    with memory.reading() as session:
        common = cache(partial(part_with, memory, session))
        return TextAgreement(
            text.compare(ours, theirs, part_with=common),
            text.shared_words(ours, theirs, part_with=common),
            tuple(query),
            tuple(reference),
        )
