"""Signing on: ``POST /api/v1/sessions``, ``POST /api/v1/sessions/refresh``, ``DELETE /api/v1/sessions/current``."""

from enum import StrEnum

from pydantic import Field, SecretStr

from common.wire.base import Amount, Body, Moment, View


class Role(StrEnum):
    """What a session may do (least right: one role a user)."""

    TELLER = "teller"
    AUTHORISER = "authoriser"
    KIOSK = "kiosk"
    ENGINEER = "engineer"
    ADMIN = "admin"


class SignOn(Body):
    """Staff sign on with their number, a kiosk with its machine number and device secret."""

    login: str = Field(min_length=1, max_length=64)
    password: SecretStr = Field(min_length=1, max_length=256)


class UserView(View):
    """Who signed on. ``number`` is what others see: T-03, A-07, K-02."""

    id: str
    number: str
    name: str
    role: Role
    branch: str
    seat: str | None = None
    limit: Amount | None = Field(None, description="teller: above this a second person must agree")
    place: str | None = Field(None, description="kiosk: where it stands")


class SessionView(View):
    """A short-lived token, sent as ``Authorization: Bearer …``; refresh it before ``expires_at``."""

    token: str
    expires_at: Moment
    user: UserView
