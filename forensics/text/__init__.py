"""What is written on a package: read, compare."""

from forensics.text.compare import Shared, WordParams, compare, shared_words
from forensics.text.fold import fold, plain
from forensics.text.read import ReadParams, read
from forensics.text.text import METHOD, Text, covered

__all__ = [
    "METHOD",
    "ReadParams",
    "Shared",
    "Text",
    "WordParams",
    "compare",
    "covered",
    "fold",
    "plain",
    "read",
    "shared_words",
]
