"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.dependencies import CurrentPerson, CurrentSettings, OpenMemory, RunningApp, Token
from api.problems import declared
from api.schemas.sign_in import Me, SignInForm
from api.settings import Settings
from api.sign_in import sessions

before = APIRouter(tags=["session"])
router = APIRouter(tags=["session"])


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """Give the browser the session's token, for this site only and out of reach of scripts."""
    response.set_cookie(
        sessions.COOKIE,
        token,
        max_age=round(settings.session_hours * 3600),
        httponly=True,
        samesite="strict",
        secure=settings.secure_cookie,
    )


@before.post("/sign-in", summary="Sign in", responses=declared(401, 429))
def sign_in(
    form: SignInForm, running: RunningApp, address: Annotated[str, Depends(_address)], response: Response
) -> Me:
    """Check a user name and its password, and set the session's cookie.

    An unknown user and a wrong password are answered alike. After ten failures in five minutes a user name or an
    address waits.
    """
    settings = running.settings
    token, person = sessions.sign_in(
        running.memory,
        settings,
        running.guesses,
        user_name=form.user_name,
        password=form.password.get_secret_value(),
        address=address,
    )
    set_cookie(response, settings, token)
    return Me.model_validate(person)


@router.post("/sign-out", summary="Sign out", status_code=204)
def sign_out(memory: OpenMemory, settings: CurrentSettings, token: Token, response: Response) -> None:
    """End the session on the server, and take the cookie back."""
    sessions.sign_out(memory, token)
    response.delete_cookie(sessions.COOKIE, httponly=True, samesite="strict", secure=settings.secure_cookie)


@router.get("/me", summary="Who is signed in")
def me(person: CurrentPerson) -> Me:
    """Give the names of the user who is signed in."""
    return Me.model_validate(person)
