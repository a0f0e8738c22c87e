"""Chemical profiles and how they compare."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from api.schemas.photographs import SeizureReference
from api.schemas.shared import Form, Line, Schema


class AnalyteValue(Form):
    """One analyte that the laboratory looked for."""

    analyte: Line = Field(min_length=1, examples=["levamisole"])
    value: float | None = Field(
        ge=0, allow_inf_nan=False, description="In the profile's unit; null: looked for and not detected."
    )


class ProfileForm(Form):
    """A chemical profile as the laboratory gives it."""

    sample: Line = Field(min_length=1, description="The laboratory's name of the sample.", examples=["A1"])
    method: Line = Field(min_length=1, description="Only profiles of one method are compared.", examples=["GC-MS"])
    unit: Line = Field(min_length=1, description="Of every value.", examples=["peak area"])
    values: list[AnalyteValue] = Field(min_length=1, max_length=5000)


class Profile(Schema):
    """A chemical profile of a sample of a seizure."""

    id: UUID
    seizure_id: UUID
    sample: str
    method: str
    unit: str
    values: list[AnalyteValue]


class ProfileList(Schema):
    """The profiles of a seizure."""

    items: list[Profile]


class ProfileImport(Schema):
    """What became of a table: the whole of it is stored, or nothing of it."""

    items: list[Profile]


class ChemistryScore(Schema):
    """How alike two profiles are. A rank, not a probability."""

    score: float = Field(description="Higher is more alike; the scale is the method's.")
    method: str = Field(description="The comparing method and its version.", examples=["pearson-fourth-root/1"])
    shared_analytes: int = Field(ge=0)


class SimilarProfile(ChemistryScore):
    """A profile of the memory that is like the one asked with."""

    profile: Profile
    seizure: SeizureReference


class SimilarProfiles(Schema):
    """The most alike profiles, best first; only those of the same method."""

    query: Profile
    items: list[SimilarProfile]
