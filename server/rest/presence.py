"""Commands of presence on a case: liveness checks and looks at who is there."""

from typing import Annotated

from fastapi import APIRouter, Body, Query

from common.challenge import MOST_FRAMES
from common.wire import liveness as wire
from common.wire.cases import CaseView
from server.rest.common import Key, Kiosk, Teller
from server.services.bundle import Services

Film = Annotated[bytes, Body(media_type="application/octet-stream", description="as `common.challenge` packs it")]
After = Annotated[int, Query(ge=0, le=MOST_FRAMES, description="how many pictures of the film came before these")]
More = Annotated[bool, Query(description="the film goes on: these are looked at meanwhile")]


def add(routes: APIRouter, services: Services) -> None:
    """Register the routes under a case."""

    @routes.post("/{case_id}/liveness")
    def liveness(case_id: str, body: wire.LivenessResult, who: Teller, key: Key) -> CaseView:
        return services.seen(who, services.presence.liveness(key, who, case_id, body))

    @routes.post("/{case_id}/liveness-challenge")
    def challenge(case_id: str, body: wire.DrawChallenge, who: Teller, key: Key) -> CaseView:
        return services.seen(who, services.films.draw(key, who, case_id, body))

    @routes.post("/{case_id}/liveness-film")
    def film(
        case_id: str, data: Film, who: Kiosk, key: Key, after: After = 0, more: More = False
    ) -> CaseView:  # fmt: skip
        if more:
            return services.seen(who, services.films.part(who, case_id, data, after))
        return services.seen(who, services.films.take(key, who, case_id, data, after))

    @routes.post("/{case_id}/look")
    def look(case_id: str, body: wire.LookByPerson, who: Teller, key: Key) -> CaseView:
        return services.seen(who, services.presence.person(key, who, case_id, body))

    @routes.post("/{case_id}/continuity")
    def continuity(case_id: str, body: wire.ContinuityResult, who: Teller, key: Key) -> CaseView:
        return services.seen(who, services.presence.look(key, who, case_id, body))
