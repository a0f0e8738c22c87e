"""How the installation is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.schemas.shared import Schema


class Health(Schema):
    """That the server answers."""

    status: Literal["ok"] = "ok"


class IndexState(Schema):
    """Whether the index is whole. It is derived: while it is rebuilt a search finds what is already in it."""

    state: Literal["ready", "rebuilding", "failed"]
    progress: float = Field(ge=0, le=1, description="The part that is done, 0 to 1; 1 when ready.")


class Status(Schema):
    """The size of the memory and the work that waits."""

    version: str = Field(description="The program's version.", examples=["0.1.0"])
    seizures: int = Field(ge=0)
    photographs: int = Field(ge=0, description="Exhibits; photographs that were only searched with are not counted.")
    marks: int = Field(ge=0)
    index: IndexState
    waiting: int = Field(ge=0, description="Photographs that are queued or being described.")
