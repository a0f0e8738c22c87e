"""From what is stored of texts to what the routes give."""

from __future__ import annotations

from api.schemas.photographs import PhotographSummary, SeizureReference
from api.schemas.texts import MatchedLine, Reading, ReadingState, SharedWord, TextComparison, TextHit, TextLine
from forensics.comparison import NoComparison
from indexer import records, texts


def text_line(row: records.TextLine) -> TextLine:
    """Present a line of text."""
    return TextLine.model_validate({**row.model_dump(), "id": row.number, "by_person": row.method == texts.PERSON})


def reading(photograph: records.Photograph, lines: list[records.TextLine]) -> Reading:
    """Present what is written on a photograph."""
    state = ReadingState.READ if photograph.read_by else ReadingState.WAITING
    return Reading(
        state=ReadingState.FAILED if photograph.reading_failure else state,
        failure=photograph.reading_failure,
        method=photograph.read_by,
        items=[text_line(row) for row in lines],
    )


def text_hit(found: texts.TextHit) -> TextHit:
    """Present a photograph that a search for words found."""
    return TextHit(
        photograph=PhotographSummary.model_validate(found.photograph),
        seizure=SeizureReference.model_validate(found.seizure) if found.seizure else None,
        similarity=found.similarity,
        lines=[
            MatchedLine(line=text_line(match.line), similarity=match.similarity, spans=list(match.spans))
            for match in found.lines
        ],
    )


def text_comparison(agreed: texts.TextAgreement) -> TextComparison:
    """Present what two photographs both say."""
    compared = agreed.comparison
    return TextComparison(
        score=compared.score if compared else None,
        method=compared.method,
        reason=compared.reason if isinstance(compared, NoComparison) else None,
        shared=[SharedWord.model_validate(pair) for pair in agreed.shared],
        query=[text_line(row) for row in agreed.query],
        reference=[text_line(row) for row in agreed.reference],
    )
