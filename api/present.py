"""From the memory's records to what the routes give."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.schemas import photographs as out
from api.schemas.chemistry import AnalyteValue, ChemistryScore, Profile, SimilarProfile
from api.schemas.comparisons import CommonDesign, Comparison, Hit, JointHit, Through, ToolScore, ToolVerdict
from api.schemas.decisions import Decision, Outcome
from api.schemas.marks import Mark
from api.schemas.photographs import Photograph, PhotographSummary, SeizureReference
from api.schemas.seizures import Seizure, SeizureMatch, SeizureSummary
from forensics.comparison import Comparison as Compared
from forensics.comparison import NoComparison
from indexer import chemistry, records, tool_comparison
from indexer.chains import Chain
from indexer.chemistry import SeizureChemistry
from indexer.chemistry import Stored as StoredProfile
from indexer.common_designs import Spread
from indexer.hits import Hit as Found
from indexer.listing import ComparisonView, PhotographRow, SeizureRow
from indexer.matches import Match
from indexer.together import JointHit as FoundJointly
from indexer.tool_comparison import ToolAnswer

Decided = tuple[records.Decision, str]
"""A decision, and the name of who made it."""


def photograph(row: PhotographRow) -> Photograph:
    """Present a photograph with its marks."""
    record = row.record
    camera = (record.camera_make, record.camera_model, record.camera_lens)
    return Photograph.model_validate(
        {
            **record.model_dump(exclude={"quality"}),
            "seizure": row.seizure and SeizureReference.model_validate(row.seizure),
            "camera": out.Camera(make=camera[0], model=camera[1], lens=camera[2]) if any(camera) else None,
            "quality": record.quality or [],
            "marks": [Mark.model_validate(mark) for mark in row.marks],
        }
    )


def seizure_summary(row: SeizureRow) -> SeizureSummary:
    """Present a seizure as lists show it."""
    return SeizureSummary.model_validate(
        {**row.record.model_dump(), "owner": row.owner, "photographs": row.photographs, "cover": row.cover}
    )


def seizure(
    row: SeizureRow,
    photographs: list[PhotographRow],
    profiles: list[Profile],
    matches: list[SeizureMatch],
) -> Seizure:
    """Present a seizure with all that belongs to it."""
    return Seizure.model_validate(
        {
            **row.record.model_dump(),
            "owner": row.owner,
            "cover": row.cover,
            "photographs": [photograph(one) for one in photographs],
            "profiles": profiles,
            "matches": matches,
        }
    )


def seizure_match(match: Match, of_both: ChemistryScore | None, last: Decided | None) -> SeizureMatch:
    """Present another seizure with like marks, and what was last decided on them."""
    return SeizureMatch(
        seizure=seizure_summary(match.seizure),
        comparison_id=match.comparison_id,
        score=match.score,
        status=match.status,
        decision=last and decision(*last),
        comparisons=match.comparisons,
        query_mark=Mark.model_validate(match.own_mark),
        reference_mark=Mark.model_validate(match.other_mark),
        chemistry=of_both,
    )


def hit(
    found: Found,
    of_seizure: SeizureRow | None,
    of_both: ChemistryScore | None,
    spread: Spread | None,
    last: Decided | None,
    chain: Chain | None,
) -> Hit:
    """Present a hit.

    With what was last decided on it, what it was found through, and how common its design is, where that is so common
    that it should be said.
    """
    return Hit(
        **_summary(found.comparison, of_both, spread, last),
        query_mark=Mark.model_validate(found.query_mark),
        reference_mark=Mark.model_validate(found.reference_mark),
        reference_photograph=PhotographSummary.model_validate(found.reference_photograph),
        seizure=seizure_summary(of_seizure) if of_seizure else None,
        standing=found.standing,
        through=Through(
            photograph=PhotographSummary.model_validate(chain.photograph),
            seizure=SeizureReference.model_validate(chain.seizure) if chain.seizure else None,
            query_comparison_id=chain.query_comparison_id,
            reference_comparison_id=chain.reference_comparison_id,
        )
        if chain
        else None,
    )


def joint_hit(found: FoundJointly, of_seizure: SeizureRow | None, pairs: list[Hit]) -> JointHit:
    """Present what several photographs found together, with the pairs behind it."""
    return JointHit(
        reference_photograph=PhotographSummary.model_validate(found.reference_photograph),
        seizure=seizure_summary(of_seizure) if of_seizure else None,
        standing=found.standing,
        dismissed=found.dismissed,
        pairs=pairs,
    )


def _summary(
    record: records.Comparison, of_both: ChemistryScore | None, spread: Spread | None, last: Decided | None
) -> dict[str, Any]:
    return {
        "comparison_id": record.id,
        "score": record.score,
        "method": record.method,
        "measurements": record.measurements,
        "mirrored": record.mirrored,
        "status": record.status,
        "decision": last and decision(*last),
        "chemistry": of_both,
        "common": CommonDesign(seizures=spread.seizures, of=spread.of) if spread and spread.common else None,
    }


def tool_score(answer: ToolAnswer) -> ToolScore:
    """Present whether the same tool left two marks."""
    verdict = ToolVerdict(answer.verdict) if answer.verdict else None
    return ToolScore(
        score=answer.score,
        method=answer.method,
        measurements=answer.measurements,
        verdict=verdict,
        words=_VERDICTS[verdict] if verdict else "",
        reason=answer.reason,
        hint=answer.hint,
    )


_VERDICTS = {
    ToolVerdict.SAME: "What the design does not explain agrees, as it does on generated marks of one tool.",
    ToolVerdict.OTHER: "What the design does not explain differs, as it does on generated marks of two tools.",
    ToolVerdict.UNDECIDED: "What the design does not explain tells neither one tool nor two.",
}


def comparison(
    view: ComparisonView, of_both: SeizureChemistry | NoComparison | None, spread: Spread | None
) -> Comparison:
    """Present a comparison with both sides and its history."""
    points = np.hstack([view.detail.query_points, view.detail.reference_points])
    return Comparison(
        **_summary(view.record, chemistry_score(of_both), spread, view.decisions[-1] if view.decisions else None),
        query_mark=Mark.model_validate(view.query_mark),
        reference_mark=Mark.model_validate(view.reference_mark),
        reference_photograph=PhotographSummary.model_validate(view.reference_photograph),
        seizure=seizure_summary(view.reference_seizure) if view.reference_seizure else None,
        query_photograph=PhotographSummary.model_validate(view.query_photograph),
        query_seizure=seizure_summary(view.query_seizure) if view.query_seizure else None,
        points=points.tolist(),
        transform=None if view.detail.transform is None else view.detail.transform.tolist(),
        tool=tool_score(tool_comparison.unpack(view.detail.tool)) if view.detail.tool else None,
        decisions=[decision(made, name) for made, name in view.decisions],
        chemistry_query=profile(of_both.query) if of_both else None,
        chemistry_reference=profile(of_both.reference) if of_both else None,
    )


def decision(made: records.Decision, decided_by: str) -> Decision:
    """Present a decision."""
    return Decision(
        id=made.id,
        outcome=Outcome(made.outcome.value),
        reason=made.reason,
        decided_by=decided_by,
        decided_at=made.created_at,
    )


def chemistry_score(found: SeizureChemistry | NoComparison | None) -> ChemistryScore | None:
    """Present how alike the chemistry of two seizures is; None where that cannot be told."""
    return _score(found.comparison) if found else None


def profile(stored: StoredProfile) -> Profile:
    """Present a chemical profile."""
    return Profile(
        id=stored.profile_id,
        seizure_id=stored.seizure_id,
        sample=stored.profile.sample,
        method=stored.profile.method,
        unit=stored.profile.unit,
        values=[AnalyteValue(analyte=amount.analyte, value=amount.value) for amount in stored.profile.amounts],
    )


def similar_profile(found: chemistry.SimilarProfile) -> SimilarProfile:
    """Present a profile like the one asked with."""
    return SimilarProfile(
        **dict(_score(found.comparison)),
        profile=profile(found.reference),
        seizure=SeizureReference.model_validate(found.seizure),
    )


def _score(compared: Compared) -> ChemistryScore:
    shared = int(compared.measurements["shared_analytes"])
    return ChemistryScore(score=compared.score, method=compared.method, shared_analytes=shared)
