"""Commands of identity trust on a case, and what is kept of faces."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from common.wire import identity as wire
from common.wire.cases import CaseView
from server.rest.common import AtTheCase, Key, Kiosk, Staff, Teller
from server.services.bundle import Services

_PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}}}


def add(routes: APIRouter, services: Services) -> None:
    """Register the routes under a case."""

    @routes.post("/{case_id}/face-consent")
    def face_consent(case_id: str, body: wire.FaceConsent, who: AtTheCase, key: Key) -> CaseView:
        return services.seen(who, services.identity.face_consent(key, who, case_id, body))

    @routes.post("/{case_id}/face-keep")
    def face_keep(case_id: str, body: wire.FaceConsent, who: AtTheCase, key: Key) -> CaseView:
        return services.seen(who, services.keeping.answer(key, who, case_id, body))

    @routes.post("/{case_id}/chip")
    def chip(case_id: str, body: wire.ChipReading, who: Kiosk, key: Key) -> CaseView:
        return services.seen(who, services.identity.chip(key, who, case_id, body))

    @routes.post("/{case_id}/person-check")
    def person_check(case_id: str, body: wire.PersonCheck, who: Teller, key: Key) -> CaseView:
        return services.seen(who, services.identity.person_check(key, who, case_id, body))

    @routes.post("/{case_id}/reveal")
    def reveal(case_id: str, body: wire.Reveal, who: Staff) -> wire.Revealed:
        return services.reveals.reveal(who, case_id, body.field)

    @routes.get("/{case_id}/kept-faces/{digest}", response_class=Response, responses=_PICTURE)
    def kept_face(case_id: str, digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], who: Staff) -> Response:
        return Response(services.reveals.kept_face(who, case_id, digest), media_type="image/jpeg")

    @routes.post("/{case_id}/verification")
    def verification(case_id: str, body: wire.VerifyIdentity, who: Teller, key: Key) -> CaseView:
        return services.seen(who, services.verification.verify(key, who, case_id, body))


def router(services: Services) -> APIRouter:
    """``/api/v1/faces``: count and purpose of the faces that are kept."""
    routes = APIRouter(prefix="/faces", tags=["identity"])

    @routes.get("")
    def faces(who: Staff) -> list[wire.FacesKept]:
        return services.identity.faces()

    return routes
