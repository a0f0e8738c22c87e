"""Chemical profiles of seizures: store, read, compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session, col, select

from forensics.chemistry import Amount, Profile, compare
from forensics.comparison import Comparison, NoComparison
from indexer import seizures
from indexer.errors import NotFound
from indexer.records import AnalyteValue, ChemicalProfile, Sample, Seizure

if TYPE_CHECKING:
    from indexer.memory import Memory


@dataclass(frozen=True, slots=True)
class Stored:
    """A profile with its place in the records."""

    profile_id: UUID
    seizure_id: UUID
    profile: Profile


@dataclass(frozen=True, slots=True)
class SeizureChemistry:
    """The two most alike profiles of two seizures, and how alike they are.

    Attributes
    ----------
    comparison : Comparison
        Score, method, measurements.
    query, reference : Stored
        The profile of each seizure.
    """

    comparison: Comparison
    query: Stored
    reference: Stored


@dataclass(frozen=True, slots=True)
class SimilarProfile:
    """A profile like the one asked with."""

    comparison: Comparison
    reference: Stored
    seizure: Seizure


def store(memory: Memory, seizure_id: UUID, profile: Profile) -> ChemicalProfile:
    """Store a profile of a sample of a seizure. The same profile again is stored once.

    Parameters
    ----------
    memory : Memory
        The installation.
    seizure_id : UUID
        The seizure that the sample is of.
    profile : Profile
        What was measured.

    Returns
    -------
    ChemicalProfile
        The record: the one that was there, where everything in it is the same.

    Raises
    ------
    NotFound
        There is no such seizure.
    """
    with memory.writing() as session:
        seizures.get(session, seizure_id)
        for known in _of_seizures(session, [seizure_id]):
            if known.profile == profile:
                return _get(session, known.profile_id)
        sample = session.exec(
            select(Sample).where(Sample.seizure_id == seizure_id, Sample.name == profile.sample)
        ).first()
        if sample is None:
            sample = Sample(seizure_id=seizure_id, name=profile.sample)
            session.add(sample)
            session.flush()
        record = ChemicalProfile(sample_id=sample.id, method=profile.method, unit=profile.unit)
        session.add(record)
        session.flush()
        session.add_all(
            AnalyteValue(profile_id=record.id, position=position, analyte=amount.analyte, value=amount.value)
            for position, amount in enumerate(profile.amounts)
        )
    return record


def profile_of(memory: Memory, profile_id: UUID) -> Stored:
    """Return a profile.

    Raises
    ------
    NotFound
        There is no such profile.
    """
    with memory.reading() as session:
        record = _get(session, profile_id)
        sample = session.get_one(Sample, record.sample_id)
        return _read(session, [(record, sample)])[0]


def profiles(memory: Memory, seizure_id: UUID) -> list[Stored]:
    """Return the profiles of a seizure, oldest first."""
    with memory.reading() as session:
        return _of_seizures(session, [seizure_id])


def remove(memory: Memory, profile_id: UUID) -> None:
    """Remove a profile, and its sample where that has no other.

    Raises
    ------
    NotFound
        There is no such profile.
    """
    with memory.writing() as session:
        record = _get(session, profile_id)
        sample = session.get_one(Sample, record.sample_id)
        session.delete(record)
        session.flush()
        if session.exec(select(ChemicalProfile.id).where(ChemicalProfile.sample_id == sample.id)).first() is None:
            session.delete(sample)


def compare_seizures(memory: Memory, query_id: UUID, reference_id: UUID) -> SeizureChemistry | NoComparison:
    """Compare two seizures by the two most alike of their profiles.

    Parameters
    ----------
    memory : Memory
        The installation.
    query_id, reference_id : UUID
        The seizures.

    Returns
    -------
    SeizureChemistry or NoComparison
        NoComparison, with its reason, where one has no profile, or no two can be compared.
    """
    with memory.reading() as session:
        query, reference = _of_seizures(session, [query_id]), _of_seizures(session, [reference_id])
    if not query or not reference:
        missing = "neither seizure has" if not query and not reference else "one of the seizures does not have"
        return NoComparison("chemistry", f"{missing} a chemical profile", "Enter or import one.")
    best: SeizureChemistry | None = None
    reason = NoComparison("chemistry", "no two of their profiles can be compared", "Measure both by one method.")
    for one in query:
        for other in reference:
            comparison = compare(one.profile, other.profile)
            if isinstance(comparison, NoComparison):
                reason = comparison
            elif best is None or comparison.score > best.comparison.score:
                best = SeizureChemistry(comparison, one, other)
    return best or reason


def similar(memory: Memory, profile_id: UUID, *, limit: int = 20) -> list[SimilarProfile]:
    """Return the profiles of other seizures that are most like one, by comparing it with all.

    Raises
    ------
    NotFound
        There is no such profile.
    """
    asked = profile_of(memory, profile_id)
    with memory.reading() as session:
        others = _of_seizures(session, None)
    found = []
    for other in others:
        if other.seizure_id == asked.seizure_id:
            continue
        comparison = compare(asked.profile, other.profile)
        if not isinstance(comparison, NoComparison):
            found.append((comparison, other))
    found.sort(key=lambda pair: -pair[0].score)
    found = found[:limit]
    with memory.reading() as session:
        owners = {other.seizure_id for _, other in found}
        records = {row.id: row for row in session.exec(select(Seizure).where(col(Seizure.id).in_(owners))).all()}
    return [
        SimilarProfile(comparison, other, records[other.seizure_id])
        for comparison, other in found
        if other.seizure_id in records
    ]


def _get(session: Session, profile_id: UUID) -> ChemicalProfile:
    record = session.get(ChemicalProfile, profile_id)
    if record is None:
        raise NotFound("profile", profile_id)
    return record


def _of_seizures(session: Session, seizure_ids: Sequence[UUID] | None) -> list[Stored]:
    query = (
        select(ChemicalProfile, Sample)
        .join(Sample, col(ChemicalProfile.sample_id) == col(Sample.id))
        .order_by(col(ChemicalProfile.id))
    )
    if seizure_ids is not None:
        query = query.where(col(Sample.seizure_id).in_(seizure_ids))
    return _read(session, session.exec(query).all(), everything=seizure_ids is None)


def _read(
    session: Session, rows: Sequence[tuple[ChemicalProfile, Sample]], *, everything: bool = False
) -> list[Stored]:
    query = select(AnalyteValue).order_by(col(AnalyteValue.profile_id), col(AnalyteValue.position))
    if not everything:
        query = query.where(col(AnalyteValue.profile_id).in_([record.id for record, _ in rows]))
    amounts: dict[UUID, list[Amount]] = {}
    for value in session.exec(query).all():
        amounts.setdefault(value.profile_id, []).append(Amount(value.analyte, value.value))
    return [
        Stored(
            record.id,
            sample.seizure_id,
            Profile(sample.name, record.method, record.unit, tuple(amounts.get(record.id, ()))),
        )
        for record, sample in rows
    ]
