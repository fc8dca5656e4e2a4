"""``/api/v1/sessions``: sign on, refresh, sign off."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from common.wire.sessions import SessionView, SignOn, UserView
from server.edge.auth import current_session
from server.edge.sessions import Session, Sessions
from server.services.ports import Principal

Current = Annotated[Session, Depends(current_session)]


def user_view(who: Principal) -> UserView:
    """A principal as the client sees itself."""
    return UserView(
        id=who.id,
        number=who.number,
        name=who.name,
        role=who.role,
        branch=who.branch,
        seat=who.seat,
        limit=who.limit,
        place=who.place,
    )


def _view(token: str, session: Session) -> SessionView:
    return SessionView(token=token, expires_at=session.record.expires_at, user=user_view(session.principal))


def router(sessions: Sessions) -> APIRouter:
    """The three routes; signing on is the only command without a session and without an idempotency key."""
    routes = APIRouter(prefix="/sessions", tags=["sessions"])

    @routes.post("", status_code=201)
    def sign_on(body: SignOn) -> SessionView:
        return _view(*sessions.sign_on(body.login, body.password.get_secret_value()))

    @routes.post("/refresh")
    def refresh(session: Current) -> SessionView:
        return _view(*sessions.refresh(session))

    @routes.delete("/current", status_code=204)
    def sign_off(session: Current) -> Response:
        sessions.revoke(session)
        return Response(status_code=204)

    return routes
