"""Who is at the desk."""

from __future__ import annotations

from pydantic import Field, SecretStr

from api.schemas.shared import Form, Schema


class SignInForm(Form):
    """A user's name and password."""

    user_name: str = Field(min_length=1, max_length=200, examples=["administrator"])
    password: SecretStr = Field(min_length=1, max_length=1024)


class Me(Schema):
    """The user who is signed in."""

    user_name: str
    display_name: str
    organisation: str = Field(description="The name of the organisation that owns what this user records.")
