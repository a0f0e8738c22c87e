"""The few exceptions of the science. Each says what was expected, what was found, and what to do next."""

from __future__ import annotations


class ForensicsError(ValueError):
    """Input that the science cannot use.

    Parameters
    ----------
    code : str
        A short stable name of the fault, such as ``"truncated"``; programs branch on it.
    expected, found : str
        What the function takes, and what it was given.
    hint : str
        What the person should do next.
    """

    def __init__(self, code: str, *, expected: str, found: str, hint: str) -> None:
        super().__init__(f"expected {expected}; found {found}. {hint}")
        self.code = code
        self.expected = expected
        self.found = found
        self.hint = hint

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Survive the way back from a worker process."""
        return _rebuild, (type(self), self.code, self.expected, self.found, self.hint)


def _rebuild(kind: type[ForensicsError], code: str, expected: str, found: str, hint: str) -> ForensicsError:
    return kind(code, expected=expected, found=found, hint=hint)


class PhotoRefused(ForensicsError):
    """Bytes that are not a photograph that can be kept as one."""


class RegionRefused(ForensicsError):
    """A region that does not lie on its photograph, or holds nothing."""


class ProfileRefused(ForensicsError):
    """A table or a set of values that is not a chemical profile."""


class SurfaceRefused(ForensicsError):
    """Bytes that are not a surface scan that can be compared."""


class EvidenceRefused(ForensicsError):
    """Known pairs that cannot be a calibration set."""
