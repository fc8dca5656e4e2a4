"""Commands of the customer's machine on its own case."""

from fastapi import APIRouter

from common.wire import cases as wire
from common.wire.cash import CashGivenBack, SuspectNotes
from common.wire.handing import HandedOver, HandingJob
from common.wire.passbook import PassbookJob, PassbookLeft, PassbookPrinted, PassbookRead
from common.wire.vouchers import SheetsPrinted
from server.rest.common import Key, Kiosk
from server.services.bundle import Services


def add(routes: APIRouter, services: Services) -> None:
    """Register the routes."""
    _visit(routes, services)
    _consent(routes, services)
    _cash(routes, services)
    _passbook(routes, services)
    _handing(routes, services)
    _voucher(routes, services)


def _visit(routes: APIRouter, services: Services) -> None:
    @routes.post("", status_code=201)
    def open_case(body: wire.OpenCase, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.opening.open(key, who, body))

    @routes.post("/{case_id}/card")
    def card(case_id: str, body: wire.ReadCard, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.opening.read_card(key, who, case_id, body))

    @routes.post("/{case_id}/card/state")
    def card_state(case_id: str, body: wire.CardMoved, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.opening.card_moved(key, who, case_id, body))

    @routes.post("/{case_id}/receipt")
    def receipt_result(case_id: str, body: wire.ReceiptResult, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.closing.receipt(key, who, case_id, body))

    @routes.post("/{case_id}/rating")
    def rating(case_id: str, body: wire.Rating, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.closing.rating(key, who, case_id, body))

    @routes.post("/{case_id}/leave")
    def leave(case_id: str, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.closing.leave(key, who, case_id))


def _consent(routes: APIRouter, services: Services) -> None:
    @routes.post("/{case_id}/confirmation")
    def confirmation(case_id: str, body: wire.Confirmation, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.confirmation.confirm(key, who, case_id, body))

    @routes.post("/{case_id}/pin")
    def pin(case_id: str, body: wire.PinEntry, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.confirmation.pin(key, who, case_id, body))

    @routes.post("/{case_id}/signature")
    def signature(case_id: str, body: wire.Signature, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.confirmation.sign(key, who, case_id, body))


def _cash(routes: APIRouter, services: Services) -> None:
    @routes.post("/{case_id}/suspect-notes")
    def suspect_notes(case_id: str, body: SuspectNotes, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.suspects.report(key, who, case_id, body))

    @routes.post("/{case_id}/cash/counted")
    def counted(case_id: str, body: wire.CashCounted, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.cash.counted(key, who, case_id, body))

    @routes.post("/{case_id}/cash/given-back")
    def given_back(case_id: str, body: CashGivenBack, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.cash.given_back(key, who, case_id, body))

    @routes.post("/{case_id}/cash/moving")
    def moving(case_id: str, body: wire.CashMoving, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.cash.moving(key, who, case_id, body))

    @routes.post("/{case_id}/cash/outcome")
    def outcome(case_id: str, body: wire.CashOutcome, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.cash.outcome(key, who, case_id, body))


def _handing(routes: APIRouter, services: Services) -> None:
    @routes.get("/{case_id}/handing")
    def handing_job(case_id: str, who: Kiosk) -> HandingJob | None:
        return services.handing.job(who, case_id)

    @routes.post("/{case_id}/handed")
    def handed_over(case_id: str, body: HandedOver, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.handing.handed(key, who, case_id, body))


def _passbook(routes: APIRouter, services: Services) -> None:
    @routes.get("/{case_id}/passbook")
    def passbook_left(case_id: str, who: Kiosk) -> PassbookLeft:
        return services.passbooks.left(who, case_id)

    @routes.post("/{case_id}/passbook/read")
    def passbook_read(case_id: str, body: PassbookRead, who: Kiosk) -> PassbookJob:
        return services.passbooks.read(who, case_id, body)

    @routes.post("/{case_id}/passbook/printed")
    def passbook_printed(case_id: str, body: PassbookPrinted, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.passbooks.printed(key, who, case_id, body))


def _voucher(routes: APIRouter, services: Services) -> None:
    @routes.post("/{case_id}/voucher/wanted")
    def voucher_wanted(case_id: str, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.sheets.wanted(key, who, case_id))

    @routes.post("/{case_id}/voucher/printing")
    def voucher_printing(case_id: str, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.sheets.begun(key, who, case_id))

    @routes.post("/{case_id}/voucher/printed")
    def voucher_printed(case_id: str, body: SheetsPrinted, who: Kiosk, key: Key) -> wire.CaseView:
        return services.seen(who, services.sheets.printed(key, who, case_id, body))
