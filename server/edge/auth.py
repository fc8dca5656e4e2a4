"""Who may call a route: the FastAPI dependency ``require(*roles)``."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from common.errors import UserError
from common.wire.sessions import Role
from server.edge.sessions import Session, Sessions
from server.services.ports import Principal

_bearer = HTTPBearer(auto_error=False, description="Token of POST /api/v1/sessions")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def current_session(request: Request, credentials: Bearer) -> Session:
    """Dependency: the session behind the request, whatever its role.

    Raises:
        UserError: ``auth.required`` | ``auth.expired``.
    """
    if credentials is None:
        raise UserError("auth.required")
    sessions: Sessions = request.app.state.sessions
    return sessions.find(credentials.credentials)


def require(*roles: Role) -> Callable[..., Principal]:
    """Dependency: the person behind the request, who must have one of the roles.

    Use: ``who: Annotated[Principal, Depends(require(Role.TELLER))]``.

    Raises (when called by FastAPI):
        UserError: ``auth.required`` | ``auth.expired`` (401) | ``auth.forbidden`` (403).
    """
    allowed = frozenset(roles)

    def principal(session: Annotated[Session, Depends(current_session)]) -> Principal:
        if session.principal.role not in allowed:
            raise UserError("auth.forbidden")
        return session.principal

    return principal
