"""The customer's own part, from the customer's own machine: confirm, PIN, sign."""

import json
from typing import Literal, cast

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import EvidenceKind
from server.services.access import require_kiosk
from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.unit import Unit
from teller.cases import consent
from teller.cases.forms import pin_owner, pin_reference
from teller.cases.model import Case, EvidenceRef
from teller.pin import Pin, PinState

SIGNATURE_TYPE = "application/vnd.guitai.strokes+json"


def strokes_document(body: wire.Signature) -> bytes:
    """The handwriting as it is stored: points [x, y, t, pressure], bound to the summary's digest."""
    tree = {
        "summary": body.digest,
        "width": body.width,
        "height": body.height,
        "strokes": [[[p.x, p.y, p.t, p.p] for p in stroke] for stroke in body.strokes],
    }
    return json.dumps(tree, sort_keys=True, separators=(",", ":")).encode()


class ConfirmationService:
    """Nobody but the customer's machine can send these."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts = parts
        self._work = work

    def confirm(self, key: str, who: Principal, case_id: str, body: wire.Confirmation) -> str:
        """The tap on the summary, or the line that is wrong."""

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            if body.accepted:
                return consent.confirmed(case, body.digest, now)
            return consent.disputed(case, body.digest, body.disputed_line, now)

        return self._work.command(key, who, "case.confirmation", case_id, body, require_kiosk, act)

    def pin(self, key: str, who: Principal, case_id: str, body: wire.PinEntry) -> str:
        """One entry. A wrong PIN is no refusal: the case says how many tries are left, or that the card is kept.

        Raises:
            UserError: ``step.not_now``, ``pin.bad_block``.
        """
        with self._parts.database.read() as unit:
            before = unit.cases.get(case_id)
            require_kiosk(before, who)
        if before.pin_mode == "set":
            return self._set_pin(key, who, before, body)
        right = self._verified(who, case_id, body)

        def act(unit: Unit, case: Case) -> Case:
            assert case.card is not None, "a PIN is asked only for a card"
            card = unit.customers.card(case.card.number, lock=True)
            assert card is not None, "a card that was read is known"
            pin = Pin(case.pin.state, card.tries_left).tried(right and card.status == "active")
            unit.customers.card_tried(card.number, pin.tries_left, blocked=pin.state is PinState.BLOCKED)
            return consent.pin_tried(case, pin, self._parts.clock.now())

        return self._work.command(key, who, "case.pin", case_id, body, require_kiosk, act)

    def _set_pin(self, key: str, who: Principal, before: Case, body: wire.PinEntry) -> str:
        """A new PIN, entered twice. Hashed outside the transaction, like the comparison.

        Raises:
            UserError: ``pin.six_digits``, ``pin.weak``, ``step.not_now``, ``pin.bad_block``.
        """
        pin_format = cast(Literal["iso0", "iso4"], body.format)
        asked = (who.number, body.pin_block, pin_format, pin_reference(before), pin_owner(before))
        first = before.pin.state is not PinState.AGAIN
        pins = self._parts.pins
        if first:
            made, state = pins.new_pin(*asked), PinState.AGAIN
        elif pins.same_pin(*asked, before.pin_hash):
            made, state = before.pin_hash, PinState.OK
        else:
            made, state = "", PinState.DIFFERS

        def act(unit: Unit, case: Case) -> Case:
            if case.pin.state is not before.pin.state:
                raise UserError("step.not_now", step="pin")
            return consent.pin_set(case, state, made, self._parts.clock.now())

        return self._work.command(key, who, "case.pin", before.id, body, require_kiosk, act)

    def _verified(self, who: Principal, case_id: str, body: wire.PinEntry) -> bool:
        """Compared outside the transaction: hashing is slow on purpose and must not hold the books up."""
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
            require_kiosk(case, who)
            card = None if case.card is None else unit.customers.card(case.card.number)
        if card is None:
            raise UserError("card.missing")
        if case.pin.state in (PinState.BLOCKED, PinState.OK):
            return False  # a replay, or a step that is over: the command itself decides
        pin_format = cast(Literal["iso0", "iso4"], body.format)
        return self._parts.pins.verify(who.number, body.pin_block, pin_format, card.number, card.pin_hash)

    def sign(self, key: str, who: Principal, case_id: str, body: wire.Signature) -> str:
        """The strokes, stored as evidence and bound to the summary.

        Raises:
            UserError: ``step.not_now``, ``summary.changed``, ``signature.empty``.
        """
        if sum(len(stroke) for stroke in body.strokes) < 2:
            raise UserError("signature.empty")
        document = strokes_document(body)
        digest = self._parts.vault.put(document, SIGNATURE_TYPE)

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            kind = EvidenceKind.SIGNATURE
            piece = EvidenceRef(digest, kind, SIGNATURE_TYPE, len(document), now, who.number)
            return consent.signed(case, body.digest, piece, now)

        return self._work.command(key, who, "case.signature", case_id, body, require_kiosk, act)
