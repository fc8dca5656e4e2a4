"""``/api/v1/replenishments``: tasks of the two persons who carry cash; ``/suspense``: what two persons explain."""

from fastapi import APIRouter

from common.wire import cash as wire
from server.rest.common import AtTheMachine, Authoriser, Engineer, Key, Staff
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
        return services.suspense.items(who, machine)

    @routes.post("/{task_id}/join")
    def join(task_id: str, who: Engineer, key: Key) -> wire.HandoverCode:
        return tasks.join(key, who, task_id)

    @routes.post("/{task_id}/open")
    def open_safe(task_id: str, body: wire.OpenReplenishment, who: Engineer, key: Key) -> wire.ReplenishmentView:
        return tasks.open(key, who, task_id, body)

    @routes.post("/{task_id}/progress")
    def progress(
        task_id: str, body: wire.ReplenishmentProgress, who: Engineer, key: Key
    ) -> wire.ReplenishmentView:  # fmt: skip
        return tasks.progress(key, who, task_id, body)

    @routes.post("/{task_id}/take-over")
    def take_over(task_id: str, who: Engineer, key: Key) -> wire.ReplenishmentView:
        return tasks.one(tasks.take_over(key, who, task_id))

    @routes.post("/{task_id}/complete")
    def complete(
        task_id: str, body: wire.CompleteReplenishment, who: Engineer, key: Key
    ) -> wire.ReplenishmentView:  # fmt: skip
        return tasks.one(tasks.complete(key, who, task_id, body))

    @routes.post("/{task_id}/cancel")
    def cancel(task_id: str, who: AtTheMachine, key: Key) -> wire.ReplenishmentView:
        return tasks.one(tasks.cancel(key, who, task_id))

    return routes


def suspense_router(services: Services) -> APIRouter:
    """Cash in suspense: the list, proposals, decisions."""
    routes = APIRouter(prefix="/suspense", tags=["suspense"])
    work = services.suspense

    @routes.get("")
    def items(who: Staff) -> list[wire.SuspenseView]:
        return work.items(who)

    @routes.get("/differences")
    def differences(who: Staff) -> list[wire.DifferenceView]:
        return work.differences(who)

    @routes.post("/differences/{account}/closings", status_code=201)
    def propose_difference(
        account: str, body: wire.ProposeDifference, who: Staff, key: Key
    ) -> wire.ClosingView:  # fmt: skip
        return work.closing(work.propose_difference(key, who, account, body))

    @routes.post("/{movement_id}/closings", status_code=201)
    def propose(movement_id: str, body: wire.ProposeClosing, who: Staff, key: Key) -> wire.ClosingView:
        return work.closing(work.propose(key, who, movement_id, body))

    @routes.post("/closings/{closing_id}/decision")
    def decide(closing_id: str, body: wire.DecideClosing, who: Authoriser, key: Key) -> wire.ClosingView:
        return work.closing(work.decide(key, who, closing_id, body))

    return routes
