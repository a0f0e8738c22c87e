"""What routes ask for by type: the running installation, who is signed in, objects by their id."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request
from fastapi.security import APIKeyCookie

from api.background import Background
from api.problems import Refused
from api.settings import Settings
from api.sign_in import sessions
from api.sign_in.guesses import Guesses
from indexer import chemistry, listing
from indexer.chemistry import Stored as StoredProfile
from indexer.listing import ComparisonView, PhotographRow, SeizureRow
from indexer.memory import Memory
from indexer.people import Person
from indexer.records import Mark, Photograph

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PAGE_HEADER = "X-Cachet"

_cookie = APIKeyCookie(
    name=sessions.COOKIE, auto_error=False, description="Set by POST /sign-in; HttpOnly and SameSite=Strict."
)


@dataclass(frozen=True, slots=True)
class Running:
    """What the application holds while it runs."""

    memory: Memory
    settings: Settings
    background: Background
    guesses: Guesses = field(default_factory=Guesses)


def running(request: Request) -> Running:
    """Give what the application holds."""
    held: Running = request.app.state.running
    return held


def _memory(held: Annotated[Running, Depends(running)]) -> Memory:
    return held.memory


def _settings(held: Annotated[Running, Depends(running)]) -> Settings:
    return held.settings


RunningApp = Annotated[Running, Depends(running)]
OpenMemory = Annotated[Memory, Depends(_memory)]
CurrentSettings = Annotated[Settings, Depends(_settings)]
Token = Annotated[str | None, Depends(_cookie)]


def from_own_page(request: Request) -> None:
    """Refuse a change that another site may have sent through the user's browser.

    A form or a picture elsewhere cannot add a header, and a script elsewhere may not.

    Raises
    ------
    Refused
        ``header_missing``.
    """
    if request.method not in SAFE_METHODS and request.headers.get(PAGE_HEADER) != "1":
        raise Refused(
            HTTPStatus.FORBIDDEN,
            "header_missing",
            "The request may come from another site",
            expected=f"the header {PAGE_HEADER}: 1 on every request that changes something",
            found="none",
            hint="Add the header.",
        )


def signed_in(memory: OpenMemory, token: Token) -> Person:
    """Find who is signed in, or refuse."""
    return sessions.who(memory, token)


CurrentPerson = Annotated[Person, Depends(signed_in)]


PhotographId = Annotated[UUID, Path(description="Of the photograph.")]
MarkId = Annotated[UUID, Path(description="Of the mark.")]
SeizureId = Annotated[UUID, Path(description="Of the seizure.")]
ComparisonId = Annotated[UUID, Path(description="Of the comparison.")]
ProfileId = Annotated[UUID, Path(description="Of the profile.")]
JobId = Annotated[UUID, Path(description="Of the job.")]


def _photograph(memory: OpenMemory, photograph_id: PhotographId) -> PhotographRow:
    return listing.get_photograph(memory, photograph_id)


def _mark(memory: OpenMemory, mark_id: MarkId) -> tuple[Mark, Photograph]:
    return listing.get_mark(memory, mark_id)


def _comparison(memory: OpenMemory, comparison_id: ComparisonId) -> ComparisonView:
    return listing.get_comparison(memory, comparison_id)


def _seizure(memory: OpenMemory, seizure_id: SeizureId) -> SeizureRow:
    return listing.get_seizure_row(memory, seizure_id)


def _profile(memory: OpenMemory, profile_id: ProfileId) -> StoredProfile:
    return chemistry.profile_of(memory, profile_id)


PhotographById = Annotated[PhotographRow, Depends(_photograph)]
MarkById = Annotated[tuple[Mark, Photograph], Depends(_mark)]
ComparisonById = Annotated[ComparisonView, Depends(_comparison)]
SeizureById = Annotated[SeizureRow, Depends(_seizure)]
ProfileById = Annotated[StoredProfile, Depends(_profile)]
