"""Striated marks: scrapes, cuts, drawing and extrusion lines."""

from forensics.toolmark.striated.compare import compare
from forensics.toolmark.striated.describe import (
    DescribeParams,
    describe_field,
    describe_photograph,
    describe_profile,
    describe_surface,
)
from forensics.toolmark.striated.features import METHOD, StriatedFeatures
from forensics.toolmark.striated.gallery import Gallery, Measured, StriatedParams
from forensics.toolmark.striated.typical import Cohort, cohort, normalise

__all__ = [
    "METHOD",
    "Cohort",
    "DescribeParams",
    "Gallery",
    "Measured",
    "StriatedFeatures",
    "StriatedParams",
    "cohort",
    "compare",
    "describe_field",
    "describe_photograph",
    "describe_profile",
    "describe_surface",
    "normalise",
]
