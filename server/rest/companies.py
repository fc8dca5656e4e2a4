"""``/api/v1/companies``: what is due with them."""

from fastapi import APIRouter

from common.wire.companies import Agenda
from server.rest.common import Staff
from server.services.bundle import Services


def router(services: Services) -> APIRouter:
    """All routes of companies."""
    routes = APIRouter(prefix="/companies", tags=["companies"])

    @routes.get("/agenda")
    def agenda(who: Staff) -> Agenda:
        return services.agenda.agenda()

    return routes
