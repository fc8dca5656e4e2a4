"""``/api/v1/machines``: reports in, books against counters out, the PIN working key."""

from fastapi import APIRouter, Response

from common.wire.desk import MachineCash, MachineReport, MachineView
from common.wire.machine import GiveOrder, MachineDetail, OrderOutcome, OrderView, OwnMachine
from server.rest.common import AtTheMachine, Key, Kiosk, Teller
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

    _orders(routes, services)

    @routes.get("/{number}/cash")
    def cash(number: str, who: Teller) -> MachineCash:
        return services.machines.cash(number)

    @routes.get("/{number}")
    def detail(number: str, who: AtTheMachine) -> MachineDetail:
        return services.orders.detail(who, number)

    @routes.post("/{number}/orders", status_code=201)
    def give(number: str, body: GiveOrder, who: AtTheMachine, key: Key) -> OrderView:
        return services.orders.one(who, services.orders.give(key, who, number, body))

    return routes


def _orders(routes: APIRouter, services: Services) -> None:
    """What the kiosk is to do, and what came of it."""

    @routes.get("/me")
    def own(who: Kiosk) -> OwnMachine:
        return services.orders.own(who)

    @routes.post("/me/orders/{order_id}/begin")
    def begin(order_id: str, who: Kiosk, key: Key) -> OrderView:
        return services.orders.begin(key, who, order_id)

    @routes.post("/me/orders/{order_id}/outcome")
    def outcome(order_id: str, body: OrderOutcome, who: Kiosk, key: Key) -> OrderView:
        return services.orders.outcome(key, who, order_id, body)
