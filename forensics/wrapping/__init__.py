"""What is measured of packages themselves: tablets' sizes and colours, torn and cut ends of tape and film."""

from forensics.wrapping.ends import End, EndFit, EndParams, compare_ends, describe_end
from forensics.wrapping.tablet import Colour, Length, ScoreLine, Tablet, TabletParams, measure_tablets

__all__ = [
    "Colour",
    "End",
    "EndFit",
    "EndParams",
    "Length",
    "ScoreLine",
    "Tablet",
    "TabletParams",
    "compare_ends",
    "describe_end",
    "measure_tablets",
]
