"""Whether two marks of one design were left by the same tool."""

from forensics.logo.tool.compare import ToolComparison, ToolParams, compare_tools
from forensics.logo.tool.register import METHOD, Alignment, RegisterParams
from forensics.logo.tool.score import Weights, weights

__all__ = [
    "METHOD",
    "Alignment",
    "RegisterParams",
    "ToolComparison",
    "ToolParams",
    "Weights",
    "compare_tools",
    "weights",
]
