"""Problem details (RFC 9457): one shape for everything that is refused, and one table from exceptions to statuses."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """What went wrong, what was expected, what was found, and what to do next."""

    type: str = Field(default="about:blank", description="A stable name of the kind of problem, as a URI.")
    title: str = Field(examples=["The photograph was refused"])
    status: int = Field(ge=400, le=599, examples=[422])
    detail: str = Field(description="In one or two sentences, for a person.")
    code: str = Field(description="A short stable name; programs branch on it.", examples=["truncated"])
    expected: str = ""
    found: str = ""
    hint: str = Field(default="", description="What to do next.")
