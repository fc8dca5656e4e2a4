"""Submitting a complete case, and the second person's word on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.errors import UserError
from common.wire.authorisation import Decision
from common.wire.cases import CaseState, EvidenceKind
from teller.authorisation.request import Request
from teller.cases.capture import require_original
from teller.cases.faces import without_consent
from teller.cases.forms import case_form, plain
from teller.cases.gathering import consent_void, require_face_consent
from teller.cases.model import Case, Holder
from teller.cases.reversing import request_of, with_request
from teller.cash.movement import CashMovement
from teller.forms.fields import FieldValue, Problem
from teller.forms.id_number import normal
from teller.forms.validators import check
from teller.money import Money
from teller.scenarios import composition
from teller.scenarios.execution import refusal
from teller.summary import Summary
from teller.transactions.base import Facts

_OWN_REFUSALS = ("id.expired", "id.not_yet_valid", "company.not_signer")
"""Form problems that are reasons of their own for refusing a case."""


def form_problems(case: Case, facts: Facts) -> tuple[Problem, ...]:
    """Of each field by its kind first, then what the chosen transactions find; at most one a field."""
    specs = case_form(case, facts.day)
    found = {problem.field: problem for problem in check(specs, case.values, facts.day)}
    asked = {spec.name for spec in specs}
    for problem in composition.problems(case.definition, case.chosen, plain(case), facts):
        if problem.field in asked:
            found.setdefault(problem.field, problem)
    order = {spec.name: place for place, spec in enumerate(specs)}
    return tuple(sorted(found.values(), key=lambda problem: order.get(problem.field, len(order))))


def require_submittable(case: Case, seen_version: int) -> None:
    """Raises ``case.wrong_state``, or ``case.stale`` when the form changed after the window saw it."""
    if case.state not in (CaseState.DRAFT, CaseState.RETURNED):
        raise UserError("case.wrong_state", state=case.state.value, wanted=CaseState.AWAITING_AUTHORISATION.value)
    if seen_version < case.form_version:
        raise UserError("case.stale", version=case.version)


def require_complete(case: Case, facts: Facts) -> None:
    """The form is complete, sure and of a valid card.

    Raises:
        UserError: ``form.incomplete`` (``count``, ``first``), ``form.unsure`` (``count``, ``first``), ``id.expired``
            (``date``), ``id.not_yet_valid`` (``date``), ``company.not_signer`` (``representative``),
            ``evidence.missing`` (``kind``), ``evidence.original_needed`` (``kind``), ``face.missing``.
    """
    problems = form_problems(case, facts)
    for problem in problems:
        if problem.code in _OWN_REFUSALS:
            told: dict[str, Any] = dict(problem.params)
            raise UserError(problem.code, **told)
    wrong = [problem for problem in problems if problem.code != "field.unsure"]
    if wrong:
        raise UserError("form.incomplete", count=len(wrong), first=wrong[0].field)
    if problems:
        raise UserError("form.unsure", count=len(problems), first=problems[0].field)
    asked = composition.evidence(case.definition, plain(case), facts.day)
    for name in asked:
        if case.latest(EvidenceKind(name)) is None:
            raise UserError("evidence.missing", kind=name)
        require_original(case, EvidenceKind(name), asked)
    if case.face is None and case.person_check is None:
        raise UserError("face.missing")


def require_holder(values: Mapping[str, FieldValue], holder: Holder) -> None:
    """The card on the glass belongs to whom the account belongs: number and name.

    Raises:
        UserError: ``id.not_holder`` (``field``).
    """
    if normal(values["id_number"].value) != normal(holder.id_number):
        raise UserError("id.not_holder", field="id_number")
    if "".join(values["name"].value.split()) != "".join(holder.name.split()):
        raise UserError("id.not_holder", field="name")


def require_allowed(case: Case, facts: Facts) -> None:
    """Every chosen transaction may be done, and there is one beyond the registrations.

    Raises:
        UserError: ``transaction.none``; the code of the first bar (``bar.on_site_only``, ``bar.count``, …).
    """
    if not case.atomics:
        raise UserError("transaction.none")
    barred = composition.bars(case.definition, facts)
    for atomic in case.atomics:
        if atomic.code in barred:
            raise refusal(barred[atomic.code])


def require_note(needed: bool, note: str) -> None:
    """Raises ``note.missing``."""
    if needed and not note.strip():
        raise UserError("note.missing")


def require_funds(amount: Money, available: Money) -> None:
    """Raises ``account.insufficient`` (``amount``, ``available``, ``currency``)."""
    if amount > available:
        raise UserError(
            "account.insufficient", amount=amount.minor, available=max(available.minor, 0), currency=amount.currency
        )


def submitted(
    case: Case, summary: Summary, movement: CashMovement | None, request: Request | None, at: datetime
) -> Case:
    """To the customer directly, or to a second person first. ``movement``: the planned payout, or what was counted."""
    case = consent_void(case)
    case = case if movement is None else case.with_movement(movement)
    state = CaseState.AUTHORISED if request is None else CaseState.AWAITING_AUTHORISATION
    case = case.to(state, summary=summary, request=request, prompt=None, say=None).marked("submitted", at)
    return case if request is not None else case.marked("authorised", at)


def request_changed(case: Case, request: Request, at: datetime, step: str) -> Case:
    """The request was dealt, opened or passed on; the case stays where it is."""
    if request_of(case, request.task_id) is None:
        raise UserError("task.withdrawn", at=None)
    return with_request(case, request).marked(step, at)


def decided(case: Case, request: Request, decision: Decision, at: datetime) -> Case:
    """The case after the decision: authorised, rejected (ended), or returned for more.

    Raises:
        UserError: ``face.no_consent`` (``state``) for an approval that would rest on a comparison taken back meanwhile.
    """
    if decision is Decision.APPROVE:
        if case.face is not None:
            require_face_consent(case)
        return case.to(CaseState.AUTHORISED, request=request).marked("approved", at)
    if decision is Decision.REJECT:
        ended = case.to(CaseState.REJECTED, request=request, ended_at=at, prompt=None, trouble=None)
        return ended.evolve(end_code=request.reason_code, end_text=request.reason_text).marked("rejected", at)
    returned = without_consent(consent_void(case)).to(CaseState.RETURNED, request=request)
    return returned.marked("returned", at)


def withdrawn(case: Case, at: datetime) -> Case:
    """The teller takes the case back to mend it.

    Raises:
        UserError: ``case.wrong_state``.
    """
    if case.state is not CaseState.AWAITING_AUTHORISATION or case.request is None:
        raise UserError("case.wrong_state", state=case.state.value, wanted=CaseState.DRAFT.value)
    request = case.request.withdrawn(at)
    return without_consent(consent_void(case)).to(CaseState.DRAFT, request=request).marked("withdrawn", at)
