"""What partners contribute, and the generator of practice sets."""

from reference_samples.generator import PracticeParams, PracticeSet, make_practice_set, read_truth
from reference_samples.metadata import (
    Metadata,
    MetadataRefused,
    PhotographRow,
    Problem,
    SeizureRow,
    read_metadata,
)

__all__ = [
    "Metadata",
    "MetadataRefused",
    "PhotographRow",
    "PracticeParams",
    "PracticeSet",
    "Problem",
    "SeizureRow",
    "make_practice_set",
    "read_metadata",
    "read_truth",
]
