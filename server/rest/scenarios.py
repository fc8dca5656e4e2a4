"""``/api/v1/scenarios``: what can be started, as the text files in force say."""

from fastapi import APIRouter

from common.wire.cases import ScenarioView
from server.rest.common import AtTheCase
from server.services.bundle import Services


def router(services: Services) -> APIRouter:
    """The list."""
    routes = APIRouter(prefix="/scenarios", tags=["scenarios"])

    @routes.get("")
    def scenarios(who: AtTheCase) -> list[ScenarioView]:
        return services.scenarios.all(who)

    return routes
