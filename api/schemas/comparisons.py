"""Comparisons of two marks: what agrees, where, and what the examiner said."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from api.schemas.chemistry import ChemistryScore, Profile
from api.schemas.decisions import Decision
from api.schemas.marks import Mark
from api.schemas.photographs import Photograph, PhotographSummary, Refusal, SeizureReference
from api.schemas.seizures import SeizureSummary
from api.schemas.shared import Schema
from indexer.records import Status


class ToolVerdict(StrEnum):
    """What the score of two tools speaks for, where generated marks are a guide."""

    SAME = "same"
    UNDECIDED = "undecided"
    OTHER = "other"


class CommonDesign(Schema):
    """On how many seizures a design was found, beside those that the mark is confirmed to be linked to."""

    seizures: int = Field(description="Other seizures with a mark like it; none counted that was confirmed or refuted.")
    of: int = Field(description="Other seizures with photographs.")


class ToolScore(Schema):
    """Whether the same tool left both marks: a question of its own, apart from whether they show the same design."""

    score: float | None = Field(
        description="0 (as generated marks of two tools are) to 1 (as those of one tool are); a rank, not a "
        "probability. null where it could not be told."
    )
    method: str = Field(examples=["tool/1"])
    measurements: dict[str, float] = Field(description="What the score was made of, each under its name.")
    verdict: ToolVerdict | None = Field(description="The score in words; null where there is none.")
    words: str = Field(description="What the verdict means, in a sentence.")
    reason: str = Field(description="Why there is no score; else empty.")
    hint: str = Field(description="What would help where there is none; else empty.")


class ComparisonSummary(Schema):
    """Two marks compared, as lists show it."""

    comparison_id: UUID
    score: float = Field(
        description="Higher is more alike: learnt from generated pairs, 0 where they were as often a match as none. A "
        "rank within the method, not a likelihood ratio."
    )
    method: str = Field(examples=["logo/1"])
    measurements: dict[str, float] = Field(description="What the score was made of, each under its name.")
    mirrored: bool = Field(description="Whether the two agree only when one is turned over.")
    status: Status = Field(description="Only an examiner takes it past `candidate`.")
    decision: Decision | None = Field(
        description="The last one on this pair of marks, from whichever side it was looked at; null where nobody has."
    )
    query_mark: Mark
    reference_mark: Mark
    reference_photograph: PhotographSummary
    seizure: SeizureSummary | None = Field(description="The seizure of the reference mark.")
    chemistry: ChemistryScore | None = Field(
        description="Of the two seizures, where both have profiles of one method. Kept apart from the score."
    )
    common: CommonDesign | None = Field(
        description="Where the design is on so many unrelated seizures that it says little alone; else null."
    )


class Through(Schema):
    """A photograph that a hit was found through: both the query and the hit agree with it."""

    photograph: PhotographSummary
    seizure: SeizureReference | None
    query_comparison_id: UUID = Field(description="Its best comparison with the query.")
    reference_comparison_id: UUID = Field(description="Its best comparison with the hit.")


class Hit(ComparisonSummary):
    """A mark of the memory that agrees with the one asked with."""

    standing: float = Field(
        description="What hits are ranked by: the score, and what the photograph is linked with that is found too."
    )
    through: Through | None = Field(
        description="Where the standing rests on another photograph more than on the two marks; else null."
    )


class HitList(Schema):
    """The hits of a photograph or a mark: best first, refuted ones last."""

    query: Photograph
    items: list[Hit]


class JointHit(Schema):
    """A photograph of the memory, and what each photograph asked with has in common with it."""

    reference_photograph: PhotographSummary
    seizure: SeizureSummary | None
    standing: float = Field(
        description="The standings of the pairs weighed together, as if right or wrong independently; what is refuted "
        "does not count."
    )
    dismissed: bool = Field(description="Whether every pair was refuted.")
    pairs: list[Hit] = Field(description="One for each photograph that finds it: best first, refuted ones last.")


class JointHitList(Schema):
    """What several photographs of one mark find together: best first, dismissed ones last."""

    queries: list[Photograph] = Field(description="In the order in which they were sent or asked for.")
    refused: list[Refusal] = Field(description="Files that could not be searched with; the others were.")
    items: list[JointHit]


class Comparison(ComparisonSummary):
    """A comparison with where the two agree, and its history."""

    query_photograph: PhotographSummary
    query_seizure: SeizureSummary | None
    points: list[tuple[float, float, float, float]] = Field(
        description="What agrees: [query x, query y, reference x, reference y], in pixels of each upright photograph."
    )
    transform: list[list[float]] | None = Field(
        description="3 by 3, row by row: takes homogeneous query pixels to reference pixels; null where none was found."
    )
    tool: ToolScore | None = Field(
        description="As it was last compared; null where nobody has looked yet: see the route `tool`."
    )
    decisions: list[Decision] = Field(description="Oldest first.")
    chemistry_query: Profile | None = Field(description="The query seizure's profile that `chemistry` is about.")
    chemistry_reference: Profile | None
