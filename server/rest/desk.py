"""``/api/v1/desk``: what a teller sees between two customers."""

from fastapi import APIRouter

from common.wire.desk import DeskView
from server.rest.common import Teller
from server.services.bundle import Services


def router(services: Services) -> APIRouter:
    """The desk."""
    routes = APIRouter(prefix="/desk", tags=["desk"])

    @routes.get("")
    def desk(who: Teller) -> DeskView:
        return services.desks.teller(who)

    return routes
