"""Pieces that several schemas are made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Schema(BaseModel):
    """The base of what goes out: read from any object whose attributes carry the same names."""

    model_config = ConfigDict(from_attributes=True)


class Form(BaseModel):
    """The base of what comes in: an unknown field is a mistake, not a wish to be ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, from_attributes=True)


def _as_pairs(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


Finite = Annotated[float, Field(allow_inf_nan=False)]
Point = tuple[Finite, Finite]
"""x to the right and y down, in pixels of the upright photograph."""

Polygon = Annotated[
    list[Point],
    BeforeValidator(_as_pairs),
    Field(
        min_length=3,
        max_length=400,
        description="Corners in order, as [x, y] in pixels of the upright photograph; x to the right, y down.",
        examples=[[[120.0, 80.0], [420.0, 84.0], [416.0, 300.0], [118.0, 296.0]]],
    ),
]

Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=20_000)]
