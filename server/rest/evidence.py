"""``/api/v1/evidence``: pictures by digest, for staff; every look is registered."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from server.rest.common import Staff
from server.services.bundle import Services


def router(services: Services) -> APIRouter:
    """The one route of evidence."""
    routes = APIRouter(prefix="/evidence", tags=["evidence"])

    @routes.get("/{digest}", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
    def evidence(digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], who: Staff) -> Response:
        data, media_type = services.lookup.evidence(who, digest)
        return Response(data, media_type=media_type, headers={"ETag": f'"{digest}"'})

    return routes
