"""Printed, inked, stuck or embossed designs: find, describe, compare."""

from forensics.logo.compare import CompareParams, compare, turned_over
from forensics.logo.describe import LogoParams, describe, describe_all
from forensics.logo.features import D_GLOBAL, D_LOCAL, METHOD, LogoFeatures
from forensics.logo.find import FindParams, find_regions
from forensics.logo.region import Region, whole
from forensics.logo.typical import Typical, TypicalParams

__all__ = [
    "D_GLOBAL",
    "D_LOCAL",
    "METHOD",
    "CompareParams",
    "FindParams",
    "LogoFeatures",
    "LogoParams",
    "Region",
    "Typical",
    "TypicalParams",
    "compare",
    "describe",
    "describe_all",
    "find_regions",
    "turned_over",
    "whole",
]
