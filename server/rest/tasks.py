"""``/api/v1/tasks``: the authoriser's desk and tasks."""

from fastapi import APIRouter

from common.wire.authorisation import Accepting, AlteredEvidence, AuthoriserDesk, DecideTask, TaskView
from server.rest.common import Authoriser, Key
from server.services.bundle import Services


def router(services: Services) -> APIRouter:
    """All routes of authorisation."""
    routes = APIRouter(prefix="/tasks", tags=["tasks"])

    @routes.get("/desk")
    def desk(who: Authoriser) -> AuthoriserDesk:
        return services.desks.authoriser(who)

    @routes.put("/accepting")
    def accepting(body: Accepting, who: Authoriser) -> AuthoriserDesk:
        return services.desks.accepting(who, body.accepting)

    @routes.get("/{task_id}")
    def task(task_id: str, who: Authoriser) -> TaskView:
        return services.review.task(who, task_id)

    @routes.post("/{task_id}/open")
    def open_task(task_id: str, who: Authoriser, key: Key) -> TaskView:
        return services.review.task(who, services.review.open(key, who, task_id))

    @routes.post("/{task_id}/altered")
    def altered(task_id: str, body: AlteredEvidence, who: Authoriser, key: Key) -> TaskView:
        return services.review.task(who, services.review.report_altered(key, who, task_id, body))

    @routes.post("/{task_id}/decision")
    def decision(task_id: str, body: DecideTask, who: Authoriser, key: Key) -> TaskView:
        return services.review.task(who, services.review.decide(key, who, task_id, body))

    return routes
