"""``/api/v1/replenishments``: tasks of the two persons who carry cash; ``/suspense``: what a person has to explain."""

from fastapi import APIRouter

from common.wire import cash as wire
from server.rest.common import AtTheMachine, Engineer, Key
from server.services.bundle import Services


def router(services: Services) -> APIRouter:
    """All routes of replenishment."""
    routes = APIRouter(prefix="/replenishments", tags=["replenishments"])
    tasks = services.replenishments

    @routes.get("")
    def newest(who: AtTheMachine) -> list[wire.ReplenishmentView]:
        return tasks.newest()

    @routes.post("", status_code=201)
    def raise_by_hand(body: wire.RaiseReplenishment, who: AtTheMachine, key: Key) -> wire.ReplenishmentView:
        return tasks.one(
            tasks.raise_by_hand(key, who, body, lambda unit: services.machines.cash_units(unit, body.machine))
        )

    @routes.get("/suspense/{machine}")
    def suspense(machine: str, who: AtTheMachine) -> list[wire.SuspenseView]:
        return tasks.suspense(machine)

    @routes.post("/{task_id}/join")
    def join(task_id: str, who: Engineer, key: Key) -> wire.HandoverCode:
        return tasks.join(key, who, task_id)

    @routes.post("/{task_id}/open")
    def open_safe(task_id: str, body: wire.OpenReplenishment, who: Engineer, key: Key) -> wire.ReplenishmentView:
        return tasks.open(key, who, task_id, body)

    @routes.post("/{task_id}/complete")
    def complete(
        task_id: str, body: wire.CompleteReplenishment, who: Engineer, key: Key
    ) -> wire.ReplenishmentView:  # fmt: skip
        return tasks.one(tasks.complete(key, who, task_id, body))

    @routes.post("/{task_id}/cancel")
    def cancel(task_id: str, who: AtTheMachine, key: Key) -> wire.ReplenishmentView:
        return tasks.one(tasks.cancel(key, who, task_id))

    return routes
