"""The customer's own part: confirm on the own screen, PIN, signature. Nobody else can do these."""

from datetime import datetime

from common.errors import UserError
from common.wire.cases import CaseState
from teller.cases.model import Case, EvidenceRef, Signed
from teller.cases.steps import customer_step
from teller.pin import Pin, PinState


def _require(case: Case, step: str) -> None:
    if case.state is not CaseState.AUTHORISED or customer_step(case).value != step:
        raise UserError("step.not_now", step=customer_step(case).value)


def _same_words(case: Case, digest: str) -> None:
    if case.summary is None or digest != case.summary.digest:
        raise UserError("summary.changed")


def confirmed(case: Case, digest: str, at: datetime) -> Case:
    """The customer tapped that all lines are right.

    Raises:
        UserError: ``step.not_now`` (``step``), ``summary.changed``.
    """
    _require(case, "confirm")
    _same_words(case, digest)
    pin = Pin(PinState.ASKED, case.pin.tries_left) if case.needs_pin else case.pin
    return case.evolve(confirmed_at=at, pin=pin, say=None).marked("confirmed", at)


def disputed(case: Case, digest: str, line: str | None, at: datetime) -> Case:
    """The customer touched a line that is wrong; the teller sees which.

    Raises:
        UserError: ``step.not_now``, ``summary.changed``, ``summary.unknown_line``.
    """
    _require(case, "confirm")
    _same_words(case, digest)
    known = {item.code for item in case.summary.lines} if case.summary else set()
    if line is not None and line not in known:
        raise UserError("summary.unknown_line")
    return case.evolve(disputed_line=line or "summary.all").marked("disputed", at)


def pin_tried(case: Case, pin: Pin, at: datetime) -> Case:
    """After one entry; the third wrong one ends the case and keeps the card."""
    _require(case, "pin")
    if pin.state is PinState.BLOCKED:
        ended = case.to(CaseState.CANCELLED, pin=pin, ended_at=at, end_code="pin.blocked", prompt=None)
        return ended.marked("pin_blocked", at)
    return case.evolve(pin=pin).marked("pin_ok" if pin.state is PinState.OK else "pin_wrong", at)


def pin_set(case: Case, state: PinState, pin_hash: str, at: datetime) -> Case:
    """One entry of a new PIN: taken and asked again, the same twice, or different."""
    _require(case, "pin")
    kept = case.evolve(pin=Pin(state, case.pin.tries_left), pin_hash=pin_hash)
    return kept.marked({PinState.OK: "pin_ok", PinState.AGAIN: "pin_again"}.get(state, "pin_differs"), at)


def signed(case: Case, digest: str, piece: EvidenceRef, at: datetime) -> Case:
    """The strokes are stored and bound to the summary.

    Raises:
        UserError: ``step.not_now``, ``summary.changed``.
    """
    _require(case, "sign")
    _same_words(case, digest)
    done = case.evolve(evidence=(*case.evidence, piece), signed=Signed(at, piece.digest, digest), say=None)
    return done.marked("signed", at)
