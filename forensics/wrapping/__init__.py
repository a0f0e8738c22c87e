"""What is measured of packages themselves: tablets' sizes and colours, torn and cut ends of tape and film."""

from forensics.wrapping.tablet import Colour, Length, ScoreLine, Tablet, TabletParams, measure_tablets

__all__ = ["Colour", "Length", "ScoreLine", "Tablet", "TabletParams", "measure_tablets"]
