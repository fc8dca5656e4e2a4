"""The HTTP application: routers under ``/api/v1``, problem documents, limits, headers, the signalling socket."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from fastapi import APIRouter, FastAPI

from common.clock import Clock
from common.settings import Settings
from server.edge import admin_routes, http_errors, session_routes, ws
from server.edge.edge import Edge
from server.edge.middleware import HttpEdge
from server.edge.sessions import Sessions
from server.services.ports import GuessStore, QueueService, SessionStore, TaskService, UserDirectory


@dataclass(frozen=True)
class EdgeServices:
    """What the application needs of the rest of the server.

    ``routers`` go under ``/api/v1``, ``public_routers`` at the root. ``hasher`` checks passwords; None: argon2 as its
    authors advise. ``stop`` is awaited before ``close``, which is called last of all.
    """

    users: UserDirectory
    session_store: SessionStore
    guesses: GuessStore
    queue: QueueService
    tasks: TaskService
    check_database: Callable[[], None]
    routers: Sequence[APIRouter] = ()
    public_routers: Sequence[APIRouter] = ()
    hasher: PasswordHasher | None = None
    stop: Callable[[], Awaitable[None]] | None = None
    close: Callable[[], None] = lambda: None


def create_app(services: EdgeServices, settings: Settings, clock: Clock, edge: Edge) -> FastAPI:
    """Build the application; it opens nothing until the server starts it."""
    minutes = settings.server.session_minutes
    around = (services.users, services.session_store, services.guesses)
    sessions = Sessions(*around, clock, minutes=minutes, hasher=services.hasher)
    edge.attach(services.queue, services.tasks, sessions)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await edge.start()
        try:
            yield
        finally:
            await edge.stop()
            if services.stop is not None:
                await services.stop()
            services.close()

    app = FastAPI(title="Guitai", version="1", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.sessions = sessions
    app.state.edge = edge
    http_errors.install(app)
    app.add_middleware(HttpEdge, metrics=edge.metrics)
    _include(app, services, sessions, edge)
    _describe_problems(app)
    return app


def _include(app: FastAPI, services: EdgeServices, sessions: Sessions, edge: Edge) -> None:
    responses = http_errors.openapi_default()
    for router in (session_routes.router(sessions), *services.routers):
        app.include_router(router, prefix="/api/v1", responses=responses)
    admin = admin_routes.router(edge.metrics, services.check_database, lambda: len(edge.hub))
    for router in (admin, *services.public_routers):
        app.include_router(router, responses=responses)
    parts = ws.Signalling(
        hub=edge.hub,
        calls=edge.calls,
        presence=edge.presence,
        sessions=sessions,
        clock=edge.clock,
        timings=edge.timings,
        metrics=edge.metrics,
        on_seat_changed=edge.desk.changed,
    )
    app.include_router(ws.router(parts))


def _describe_problems(app: FastAPI) -> None:
    """Put the problem document's schema, which no route returns by type, into the OpenAPI document."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        document = original()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = http_errors.problem_schema()
        return document

    app.openapi = openapi  # type: ignore[method-assign]
