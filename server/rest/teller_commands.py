"""Commands of the teller on the case at the own seat; and pictures, which kiosk and teller both bring."""

from typing import Annotated

from fastapi import APIRouter, Body, Query

from common.wire import cases as wire
from common.wire.authorisation import NoteDraft
from common.wire.capture import AskCapture
from common.wire.cases import EvidenceKind
from common.wire.doubts import Doubted
from common.wire.handing import Finish
from server.rest.common import AtTheCase, Key, Teller
from server.services.bundle import Services

Picture = Annotated[bytes, Body(media_type="application/octet-stream", description="JPEG or PNG")]


def add(routes: APIRouter, services: Services) -> None:
    """Register the routes."""
    _seat(routes, services)
    _gathering(routes, services)
    _business(routes, services)
    _decisions(routes, services)


def _seat(routes: APIRouter, services: Services) -> None:
    @routes.post("/{case_id}/answer")
    def answer(case_id: str, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.opening.answer(key, who, case_id))

    @routes.post("/{case_id}/take")
    def take(case_id: str, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.opening.take(key, who, case_id))

    @routes.post("/{case_id}/call")
    def call(case_id: str, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.opening.call_again(key, who, case_id))


def _gathering(routes: APIRouter, services: Services) -> None:
    @routes.post("/{case_id}/evidence", status_code=201)
    def evidence(
        case_id: str, kind: Annotated[EvidenceKind, Query()], data: Picture, who: AtTheCase, key: Key
    ) -> wire.CaseView:
        return services.seen(who, services.forms.evidence(key, who, case_id, kind, data))

    @routes.put("/{case_id}/form")
    def form(case_id: str, body: wire.FormEntry, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.forms.enter(key, who, case_id, body))

    @routes.put("/{case_id}/note")
    def note(case_id: str, body: NoteDraft, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.forms.note(key, who, case_id, body))

    @routes.post("/{case_id}/prompt")
    def prompt(case_id: str, body: wire.Prompt, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.forms.prompt(key, who, case_id, body))

    @routes.post("/{case_id}/capture")
    def capture(case_id: str, body: AskCapture, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.captures.open(key, who, case_id, body))

    @routes.post("/{case_id}/capture/take-back")
    def capture_back(case_id: str, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.captures.take_back(key, who, case_id))

    @routes.post("/{case_id}/doubts")
    def doubts(case_id: str, body: Doubted, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.forms.doubt(key, who, case_id, body))

    @routes.post("/{case_id}/face-match")
    def face_match(case_id: str, body: wire.FaceMatchResult, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.forms.face_match(key, who, case_id, body))


def _business(routes: APIRouter, services: Services) -> None:
    @routes.post("/start", status_code=201)
    def start(body: wire.StartCase, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.scenarios.start(key, who, body))

    @routes.put("/{case_id}/transactions")
    def transactions(case_id: str, body: wire.ChooseTransactions, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.scenarios.choose(key, who, case_id, body))

    @routes.put("/{case_id}/scenario")
    def scenario(case_id: str, body: wire.ChangeScenario, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.scenarios.change(key, who, case_id, body))

    @routes.post("/{case_id}/reverse")
    def reverse(case_id: str, body: wire.ReverseCase, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.reversal.reverse(key, who, case_id, body))


def _decisions(routes: APIRouter, services: Services) -> None:
    @routes.post("/{case_id}/submit")
    def submit(case_id: str, body: wire.Submit, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.submission.submit(key, who, case_id, body))

    @routes.post("/{case_id}/withdraw")
    def withdraw(case_id: str, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.submission.withdraw(key, who, case_id))

    @routes.post("/{case_id}/execute")
    def execute(case_id: str, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.execution.execute(key, who, case_id))

    @routes.post("/{case_id}/resolve")
    def resolve(case_id: str, body: wire.Resolve, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.execution.resolve(key, who, case_id, body))

    @routes.post("/{case_id}/cancel")
    def cancel(case_id: str, body: wire.Cancel, who: Teller, key: Key) -> wire.CaseView:
        return services.seen(who, services.closing.cancel(key, who, case_id, body))

    @routes.post("/{case_id}/finish")
    def finish(case_id: str, who: Teller, key: Key, body: Finish | None = None) -> wire.CaseView:
        return services.seen(who, services.closing.finish(key, who, case_id, body))
