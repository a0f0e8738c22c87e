"""The tables and their migrations."""

from indexer.records.base import Record, new_key, utc_now
from indexer.records.chemistry import AnalyteValue, ChemicalProfile, Sample
from indexer.records.comparisons import Comparison, Decision, Status
from indexer.records.index import Change, IndexChange, IndexFile
from indexer.records.jobs import Job, JobKind, JobState
from indexer.records.marks import FoundBy, Mark, MarkFeatures, MarkKind
from indexer.records.organisations import Organisation, Role, SignIn, User
from indexer.records.photographs import Photograph, PhotographState, Purpose
from indexer.records.seizures import Level, Package, Seizure, SeizureCreate, SeizureUpdate
from indexer.records.texts import TextLine

__all__ = [
    "AnalyteValue",
    "Change",
    "ChemicalProfile",
    "Comparison",
    "Decision",
    "FoundBy",
    "IndexChange",
    "IndexFile",
    "Job",
    "JobKind",
    "JobState",
    "Level",
    "Mark",
    "MarkFeatures",
    "MarkKind",
    "Organisation",
    "Package",
    "Photograph",
    "PhotographState",
    "Purpose",
    "Record",
    "Role",
    "Sample",
    "Seizure",
    "SeizureCreate",
    "SeizureUpdate",
    "SignIn",
    "Status",
    "TextLine",
    "User",
    "new_key",
    "utc_now",
]
