"""``/api/v1/cases``: put together from the kiosk's commands, the teller's, and queries."""

from fastapi import APIRouter

from server.rest import case_queries, identity, kiosk_commands, papers, presence, teller_commands
from server.services.bundle import Services


def router(services: Services) -> APIRouter:
    """All routes of a case."""
    routes = APIRouter(prefix="/cases", tags=["cases"])
    case_queries.add(routes, services)
    kiosk_commands.add(routes, services)
    teller_commands.add(routes, services)
    identity.add(routes, services)
    presence.add(routes, services)
    papers.add(routes, services)
    return routes
