"""``/api/v1/machines``: reports in, books against counters out, the PIN working key."""

from fastapi import APIRouter, Response

from common.wire.desk import MachineCash, MachineReport, MachineView
from server.rest.common import Kiosk, Teller
from server.services.bundle import Services


def router(services: Services) -> APIRouter:
    """All routes of machines."""
    routes = APIRouter(prefix="/machines", tags=["machines"])

    @routes.get("")
    def machines(who: Teller) -> list[MachineView]:
        return services.machines.all()

    @routes.put("/me/report", status_code=204)
    def report(body: MachineReport, who: Kiosk) -> Response:
        services.machines.report(who, body)
        return Response(status_code=204)

    @routes.get("/me/pin-key", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    def pin_key(who: Kiosk) -> Response:
        return Response(services.machines.pin_key(who), media_type="text/plain")

    @routes.get("/{number}/cash")
    def cash(number: str, who: Teller) -> MachineCash:
        return services.machines.cash(number)

    return routes
