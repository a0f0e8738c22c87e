"""Marks that tools leave: striated and impressed, from surface scans and from photographs."""

from forensics.toolmark.surface import Surface
from forensics.toolmark.unusable import Unusable
from forensics.toolmark.x3p import X3pParams, read_x3p

__all__ = ["Surface", "Unusable", "X3pParams", "read_x3p"]
