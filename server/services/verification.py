"""Asking authorities about a case: the question, an earlier answer where the rules allow it, the log of queries."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from common.errors import UserError
from common.wire import identity as wire
from common.wire.cases import EvidenceKind
from common.wire.identity import Elements, Outcome
from server.services.access import require_teller
from server.services.casework import CaseWork
from server.services.comparing import ComparingService
from server.services.forms import picture_type
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.identitybook import KeptAnswer, QueryLine
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import identity
from teller.cases.forms import by_passport, main_amount
from teller.cases.model import Case, EvidenceRef
from teller.identity.records import Attempt, Verification
from teller.identity.verifying import ASKED, covers, needed, reusable_since
from teller.registers import QUERIED

KEPT = "kept"
"""Source of a line of the log whose answer was an earlier one."""


def _way(case: Case) -> str:
    return "" if case.direction is None else case.direction.value


def question(case: Case, elements: Elements, phone: str | None = None) -> dict[str, str] | None:
    """What would be asked with the form as it is now; None while a field is missing, and for a passport: the registers
    that are asked have identity cards only."""
    if by_passport(case):
        return None
    asked = {name: case.values[name].value for name in ASKED[elements] if name in case.values}
    if elements is Elements.PHONE and phone:
        asked["phone"] = phone
    return asked if len(asked) == len(ASKED[elements]) and all(asked.values()) else None


def subject_now(parts: Parts, case: Case, elements: Elements) -> str | None:
    """Name of the question the form would put now; the phone is the bank's own and does not change with the form."""
    asked = question(case, Elements.TWO if elements is Elements.PHONE else elements)
    return None if asked is None else parts.seal.subject({"elements": elements.value, **asked})


@dataclass(frozen=True)
class _Found:
    """An answer ready to be stored: with what is new, to be kept and logged."""

    verification: Verification
    portrait: bytes | None
    queries: tuple[QueryLine, ...]
    keep: KeptAnswer | None = None


class VerificationService:
    """One service over all sources. Network is never waited for inside a transaction."""

    def __init__(self, parts: Parts, work: CaseWork, comparing: ComparingService) -> None:
        self._parts = parts
        self._work = work
        self._comparing = comparing

    @property
    def configured(self) -> bool:
        return self._parts.authorities.configured

    def verify(self, key: str, who: Principal, case_id: str, body: wire.VerifyIdentity) -> str:
        """Ask about the case as it stands. No answer is an answer too: ``unavailable``.

        Raises:
            UserError: ``verification.not_set_up``, ``verification.nothing_to_ask`` (``elements``),
                ``verification.passport``, ``case.not_yours``.
        """
        if not self.configured:
            raise UserError("verification.not_set_up")
        with self._parts.database.read() as unit:
            done_before = unit.commands.get(key) is not None
            case = unit.cases.get(case_id)
        require_teller(case, who)
        if by_passport(case):
            raise UserError("verification.passport")
        elements = body.elements or self._needed(case)
        found = None if done_before else self._find(case, who, elements, fresh=body.fresh)
        if found is None and not done_before:
            raise UserError("verification.nothing_to_ask", elements=elements.value)

        def act(unit: Unit, case: Case) -> Case:
            assert found is not None, "a command done before is not carried out again"
            return self._stored(unit, case, found, who)

        verified = self._work.command(key, who, "case.verify", case_id, body, require_teller, act)
        self._comparing.soon(verified)
        return verified

    def before_submission(self, who: Principal, case_id: str) -> None:
        """Nobody may forget it: a case whose question is not answered yet is asked about before it is submitted."""
        if not self.configured:
            return
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
        if not case.editable or case.teller is None or case.teller.number != who.number or self.answered(case):
            return
        found = self._find(case, who, self._needed(case), fresh=False)
        if found is not None:
            self._work.quietly(case_id, lambda unit, case: self._stored(unit, case, found, who))

    def answered(self, case: Case) -> bool:
        """Whether what the authorities said holds for the form as it is, and for what this business needs."""
        known = case.verification
        if known is None or known.outcome is Outcome.UNAVAILABLE or not covers(known.elements, self._needed(case)):
            return False
        return subject_now(self._parts, case, known.elements) == known.subject

    def outcome_of(self, case: Case) -> Outcome | None:
        """For the rules: what the authorities say now; None where this bank asks nobody."""
        if not self.configured:
            return None
        if not self.answered(case) or case.verification is None:
            return Outcome.UNAVAILABLE
        return case.verification.outcome

    # --- asking ------------------------------------------------------------------------------------------------

    def _needed(self, case: Case) -> Elements:
        return needed(_way(case), main_amount(case).minor, self._parts.today())

    def _find(self, case: Case, who: Principal, elements: Elements, *, fresh: bool) -> _Found | None:
        with self._parts.database.read() as unit:
            holder = case.holder
            phone = unit.customers.customer(holder.customer_id).phone if holder is not None else None
        asked = question(case, elements, phone)
        subject = subject_now(self._parts, case, elements)
        if asked is None or subject is None:
            return None
        earlier = None if fresh else self._earlier(case, subject)
        now = self._parts.clock.now()
        if earlier is not None:
            return self._reused(case, who, elements, earlier, now)
        return self._fresh(case, who, elements, asked, subject, now)

    def _earlier(self, case: Case, subject: str) -> KeptAnswer | None:
        since = reusable_since(_way(case), main_amount(case).minor, self._parts.clock.now(), self._parts.today())
        if since is None:
            return None
        with self._parts.database.read() as unit:
            return unit.identity.kept(subject, since)

    def _reused(self, case: Case, who: Principal, elements: Elements, kept: KeptAnswer, now: datetime) -> _Found:
        said = self._parts.seal.open(kept.subject, kept.sealed)
        found = Verification(
            self._parts.new_id(), elements, kept.subject, Outcome(said["outcome"]), kept.source, kept.at, True,
            dict(said["fields"]),
        )  # fmt: skip
        portrait = base64.b64decode(said["portrait"]) if said.get("portrait") else None
        return _Found(found, portrait, (self._line(case, who, found, Attempt(KEPT, said["outcome"], 0), 0, now),))

    def _fresh(
        self, case: Case, who: Principal, elements: Elements, asked: Mapping[str, str], subject: str, now: datetime
    ) -> _Found:
        concluded = self._parts.authorities.ask(elements, asked, now)
        answer = concluded.answer
        found = Verification(
            self._parts.new_id(), elements, subject, concluded.outcome, answer.source if answer else None, now, False,
            dict(answer.fields) if answer else {}, concluded.attempts,
        )  # fmt: skip
        portrait = answer.portrait if answer else None
        lines = tuple(
            self._line(case, who, found, attempt, concluded.costs.get(attempt.source, 0), now)
            for attempt in concluded.attempts
        )
        keep = None
        # A no, or a contradiction, is never used again: next time it is asked anew.
        if answer is not None and concluded.outcome is Outcome.MATCH:
            picture = base64.b64encode(portrait).decode() if portrait else None
            said = {"outcome": concluded.outcome.value, "fields": dict(answer.fields), "portrait": picture}
            sealed = self._parts.seal.seal(subject, said)
            keep = KeptAnswer(found.id, subject, elements.value, answer.source, now, sealed)
        return _Found(found, portrait, lines, keep)

    def _line(
        self, case: Case, who: Principal, found: Verification, attempt: Attempt, cost: int, now: datetime
    ) -> QueryLine:
        purpose = f"case.{case.scenario}"
        return QueryLine(
            now, case.id, found.id, who.number, purpose, found.elements.value, attempt.source, attempt.outcome,
            attempt.ms, cost,
        )  # fmt: skip

    def _stored(self, unit: Unit, case: Case, found: _Found, who: Principal) -> Case:
        for line in found.queries:
            unit.identity.add_query(line)
            data: dict[str, str | int | None] = {
                "elements": line.elements, "outcome": line.outcome, "purpose": line.purpose, "ms": line.ms,
                "cost_minor": line.cost_minor,
            }  # fmt: skip
            entry = RegisterLine(line.at, QUERIED, who.number, line.source, case.id, data, case.branch)
            unit.registers.add(entry)
        if found.keep is not None:
            unit.identity.keep(found.keep)
        return identity.verified(case, found.verification, self._portrait(found, who), self._parts.clock.now())

    def _portrait(self, found: _Found, who: Principal) -> tuple[EvidenceRef, ...]:
        if found.portrait is None:
            return ()
        try:
            media_type = picture_type(found.portrait)
        except UserError:
            return ()
        digest = self._parts.vault.put(found.portrait, media_type)
        kind = EvidenceKind.AUTHORITY_PORTRAIT
        return (EvidenceRef(digest, kind, media_type, len(found.portrait), self._parts.clock.now(), who.number),)
