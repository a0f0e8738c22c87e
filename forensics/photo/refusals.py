"""The refusals that the readers of the several formats share, each worded in one place."""

from __future__ import annotations

from forensics.errors import PhotoRefused

TAKEN = "a photograph as JPEG, PNG, TIFF, WebP or HEIC"
CONVERT = "Convert it to one of these with the program that made it, without shrinking it, and upload that file."
AGAIN = "Copy the file again from the camera or the sender and upload that copy."
ONE = "Save the one picture that matters as a file of its own and upload that."


def truncated(kind: str, found: str) -> PhotoRefused:
    """Refuse a file that ends before its picture does."""
    return PhotoRefused("truncated", expected=f"a whole {kind} file", found=found, hint=AGAIN)


def damaged(kind: str, found: str) -> PhotoRefused:
    """Refuse a file whose parts contradict each other or cannot be read."""
    return PhotoRefused("damaged", expected=f"an undamaged {kind} file", found=found, hint=AGAIN)


def unsupported(found: str, *, hint: str = CONVERT) -> PhotoRefused:
    """Refuse a picture of a kind that is not taken."""
    return PhotoRefused("unsupported_format", expected=TAKEN, found=found, hint=hint)


def animated(kind: str, found: str) -> PhotoRefused:
    """Refuse a file that holds several pictures of which none is the one."""
    return PhotoRefused("animated", expected=f"a {kind} file with one picture", found=found, hint=ONE)
