"""``/api/v1/documents``: what to put right in a picture of a document before it is taken. Nothing is stored."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from common.wire.identity import GuidanceView
from server.guidance import GuidanceDesk
from server.rest.common import AtTheCase

_PICTURE = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("image/jpeg", "image/png")},
    }
}


def router(desk: GuidanceDesk) -> APIRouter:
    """The one route."""
    routes = APIRouter(prefix="/documents", tags=["documents"])

    @routes.post("/look", openapi_extra=_PICTURE)
    async def look(
        request: Request, who: AtTheCase, expected: Annotated[Literal["id_front", "id_back"] | None, Query()] = None
    ) -> GuidanceView:
        desk.admit(who.number)
        return await desk.look(await request.body(), expected)

    return routes
