"""What the memory refuses, in words."""

from __future__ import annotations

from uuid import UUID


class NotFound(LookupError):
    """No record of this kind has this key.

    Parameters
    ----------
    kind : str
        What was looked for, such as ``"photograph"``.
    key : UUID or str
        The key that nothing answers to.
    """

    code = "not_found"

    def __init__(self, kind: str, key: UUID | str) -> None:
        super().__init__(
            f"expected the key of a {kind}; found none with {key}. It may have been deleted: look it up anew."
        )
        self.kind = kind
        self.key = key

    def __reduce__(self) -> tuple[type[NotFound], tuple[str, UUID | str]]:
        return type(self), (self.kind, self.key)


class Refused(ValueError):
    """A change that the memory does not make.

    Parameters
    ----------
    code : str
        A short stable name of the reason; programs branch on it.
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
