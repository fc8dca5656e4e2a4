"""``GET /healthz`` for watchers, ``GET /metrics`` for an administrator on the machine itself."""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from common.errors import UserError
from common.wire.sessions import Role
from server.edge.auth import require
from server.edge.metrics import Metrics
from server.services.ports import Principal

Admin = Annotated[Principal, Depends(require(Role.ADMIN))]


def _local(request: Request) -> bool:
    host = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def router(metrics: Metrics, check_database: Callable[[], None], connections: Callable[[], int]) -> APIRouter:
    """``check_database`` raises when the database does not answer."""
    routes = APIRouter(tags=["operation"])

    @routes.get("/healthz")
    def health() -> Mapping[str, str]:
        check_database()
        return {"status": "ok", "database": "ok"}

    @routes.get("/metrics")
    def figures(request: Request, _who: Admin) -> Mapping[str, Mapping[str, object]]:
        if not _local(request):
            raise UserError("auth.forbidden")
        return {**metrics.snapshot(), "gauges": {"connections": connections()}}

    return routes
