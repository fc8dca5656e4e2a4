"""From a case to `CaseView`: what each role may see, and not more."""

from collections.abc import Mapping

from common.wire import base
from common.wire import cases as wire
from common.wire.handing import ThingToHand
from common.wire.sessions import Role
from server.services.capture import capture_view, phone_papers
from server.services.identity_views import record_of
from server.services.identity_views import view as identity_view
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.prefill import usual_payees
from server.services.reveal import needs_all, without_details
from server.services.scenarios import label, notices, transaction_views
from server.services.voucher_views import suspect_series, suspects, voucher_view
from server.services.whose import customer_of, facts_of
from server.store.casebook import CaseLine
from server.store.unit import Unit
from teller.authorisation.request import Request
from teller.cases import model
from teller.cases.approval import form_problems
from teller.cases.faces import own_check
from teller.cases.forms import case_form, pin_reference, plain
from teller.cases.handing import open_things
from teller.cases.plan import plan
from teller.cases.steps import customer_step
from teller.cases.trouble import money_boxes
from teller.forms.fields import FieldSpec, FieldValue
from teller.identity.comparing import FaceCheck
from teller.ledger.bookings import customer_account
from teller.money import Money
from teller.scenarios import composition
from teller.scenarios.definition import Definition
from teller.transactions.base import Presence
from teller.vouchers import mask_account, mask_name

_KIOSK_EVIDENCE = frozenset({wire.EvidenceKind.ID_FRONT, wire.EvidenceKind.ID_BACK, wire.EvidenceKind.LICENCE})
_QUEUED = frozenset({wire.TicketState.WAITING, wire.TicketState.RINGING})


def average_service_s(unit: Unit) -> int | None:
    """Mean length of the newest services; None while there is none to look at."""
    recent = unit.cases.recent_services()
    if not recent:
        return None
    return round(sum((ended - answered).total_seconds() for answered, ended in recent) / len(recent))


def amount(money: Money) -> base.Amount:
    return base.Amount(minor=money.minor, currency=money.currency)


def _maybe(money: Money | None) -> base.Amount | None:
    return None if money is None else amount(money)


def sentence(said: model.Sentence | None) -> base.Sentence | None:
    return None if said is None else base.Sentence(code=said.code, params=dict(said.params))


def case_row(line: CaseLine, titles: Mapping[str, Definition]) -> wire.CaseRow:
    """A line in a list; ``titles``: the scenarios in force, by name."""
    money = None
    if line.amount_minor is not None and line.currency is not None:
        money = base.Amount(minor=line.amount_minor, currency=line.currency)
    start = line.answered_at or line.created_at
    return wire.CaseRow(
        id=line.id,
        number=line.number,
        scenario=line.scenario,
        title=label(titles[line.scenario].title) if line.scenario in titles else None,
        state=wire.CaseState(line.state),
        customer=line.customer,
        amount=money,
        kiosk=line.kiosk,
        teller=line.teller,
        created_at=line.created_at,
        ended_at=line.ended_at,
        duration_s=None if line.ended_at is None else int((line.ended_at - start).total_seconds()),
    )


def _spec(spec: FieldSpec) -> wire.FieldSpec:
    return wire.FieldSpec(
        name=spec.name,
        kind=spec.kind.value,
        section=spec.section,
        label_zh=spec.label_zh,
        label_en=spec.label_en,
        columns=spec.columns,
        required=spec.required,
        pii=spec.pii,
        read_only=spec.read_only,
        choices=list(spec.choices),
    )


def _value(value: FieldValue) -> wire.FieldValue:
    return wire.FieldValue(
        value=value.value,
        source=value.source,
        confidence=value.confidence,
        unsure=value.unsure,
        confirmed=value.confirmed,
        evidence=value.evidence,
        box=None if value.box is None else list(value.box),
        origin=value.origin,
    )


class Views:
    """Renders cases. ``unit`` gives what stands outside the document: balance, record, place in the queue."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def case(self, unit: Unit, case: model.Case, who: Principal) -> wire.CaseView:
        """The case as this person may see it; details are masked for whoever does not work on it."""
        view = self._whole(unit, case, who)
        return view if who.role is Role.KIOSK or needs_all(case, who) else without_details(view)

    def _whole(self, unit: Unit, case: model.Case, who: Principal) -> wire.CaseView:
        staff = who.role is not Role.KIOSK
        return wire.CaseView(
            id=case.id,
            number=case.number,
            version=case.version,
            scenario=case.scenario,
            title=label(case.definition.title),
            code=case.definition.code,
            cash_way="" if case.direction is None else case.direction.value,
            pin_mode=case.pin_mode,
            pin_reference=pin_reference(case) if case.pin_mode == "set" and not staff else None,
            card_needed=case.definition.card == "required",
            on_site=case.presence is Presence.ON_SITE,
            papers=self._papers(case),
            transactions=transaction_views(unit, case, self._parts) if staff else [],
            presets=_presets(case) if staff else [],
            notices=notices(unit, case, self._parts),
            reversal=self._authorisation(case.reversal.request, staff=True) if staff and case.reversal else None,
            reversed_at=case.reversed_at,
            state=case.state,
            language=case.language,
            created_at=case.created_at,
            kiosk=case.kiosk,
            kiosk_place=case.kiosk_place,
            ticket=self._ticket(unit, case),
            teller=self._person(case.teller),
            customer_step=customer_step(case),
            customer_say=sentence(_customer_say(case)),
            card=_card(case),
            account=self._account(unit, case, staff=staff),
            form=self._form(unit, case) if staff else wire.FormView(),
            customer_record=self._record(unit, case) if staff else {},
            note_draft=case.note_draft if who.role is Role.TELLER else "",
            payees=usual_payees(unit, case, self._parts.today()) if who.role is Role.TELLER else [],
            evidence=[_piece(one, staff=staff) for one in case.evidence if staff or one.kind in _KIOSK_EVIDENCE],
            capture=capture_view(self._parts, case, staff=staff),
            phone_papers=phone_papers(self._parts, case) if staff else [],
            face_match=_face(case) if staff else None,
            identity=identity_view(self._parts, unit, case, staff=staff),
            authorisation=self._authorisation(case.request, staff=staff),
            summary=_summary(case),
            confirmed_at=case.confirmed_at,
            disputed_line=case.disputed_line,
            pin_state=case.pin.state.value,
            pin_tries_left=case.pin.tries_left,
            signed_at=case.signed.at if case.signed else None,
            signing_doubts=case.signing_doubts,
            cash=_cash(case),
            suspects=suspects(unit, case) if staff else [],
            suspect_series=suspect_series(unit, case) if staff else [],
            plan=_plan(case) if staff else [],
            trouble=_trouble(case, staff=staff),
            voucher=voucher_view(unit, case),
            timeline=[wire.TimelineEntry(step=mark.step, at=mark.at) for mark in case.timeline] if staff else [],
            to_hand_over=_to_hand_over(case) if staff else [],
            rating=case.rating,
            end_code=case.end_code,
            end_text=case.end_text if staff else None,
        )

    def _ticket(self, unit: Unit, case: model.Case) -> wire.TicketView:
        ticket = case.ticket
        position = None
        if ticket.state in _QUEUED and ticket.since is not None and not case.terminal:
            line = [waiting.case_id for waiting in unit.cases.queue()]
            position = line.index(case.id) + 1 if case.id in line else None
        average = None if position is None else average_service_s(unit)
        wait = None if position is None or average is None else position * average
        return wire.TicketView(
            state=ticket.state, position=position, estimated_wait_s=wait, since=ticket.since or case.created_at
        )

    def _person(self, staff: model.Staff | None) -> wire.PersonRef | None:
        return None if staff is None else wire.PersonRef(number=staff.number, name=staff.name, seat=staff.seat)

    def _account(self, unit: Unit, case: model.Case, *, staff: bool) -> wire.AccountView | None:
        holder = case.holder
        if holder is None or not holder.account:
            return None
        masked = mask_account(holder.account)
        if not staff:
            return wire.AccountView(masked_number=masked, holder=mask_name(holder.name))
        return wire.AccountView(
            masked_number=masked,
            holder=holder.name,
            available=amount(unit.ledger.available(customer_account(holder.account), but_case=case.id)),
            opened_on=holder.opened_on.isoformat(),
            status=unit.customers.account(holder.account).status,
        )

    def _papers(self, case: model.Case) -> list[wire.EvidenceKind]:
        kinds = composition.evidence(case.definition, plain(case), self._parts.today())
        return [wire.EvidenceKind(kind) for kind in kinds]

    def _form(self, unit: Unit, case: model.Case) -> wire.FormView:
        problems = () if case.terminal else form_problems(case, facts_of(unit, case, self._parts))
        return wire.FormView(
            specs=[_spec(spec) for spec in case_form(case, self._parts.today())],
            values={name: _value(value) for name, value in case.values.items()},
            problems=[wire.FieldProblem(field=p.field, code=p.code, params=dict(p.params)) for p in problems],
        )

    def _record(self, unit: Unit, case: model.Case) -> dict[str, str]:
        customer = customer_of(unit, case)
        return {} if customer is None else record_of(customer)

    def _authorisation(self, request: Request | None, *, staff: bool) -> wire.AuthorisationView | None:
        if request is None:
            return None
        who = None if request.authoriser is None else wire.PersonRef(number=request.authoriser)
        reasons = [base.Sentence(code=each.code, params=dict(each.params)) for each in request.reasons]
        return wire.AuthorisationView(
            task_id=request.task_id,
            level=request.level.value,
            reasons=reasons if staff else [],
            state=request.state.value,
            authoriser=who,
            submitted_at=request.submitted_at,
            assigned_at=request.assigned_at,
            opened_at=request.opened_at,
            decided_at=request.decided_at,
            deadline=request.deadline,
            authorisers_online=self._parts.presence.authorisers_online(),
            reason_code=request.reason_code if staff else None,
            reason_text=request.reason_text if staff else None,
            returned_items=list(request.returned_items) if staff else [],
            altered=list(request.altered) if staff else [],
        )


def _presets(case: model.Case) -> list[wire.PresetView]:
    return [
        wire.PresetView(code=one.code, title=label(one.title), transactions=list(one.parts))
        for one in case.definition.presets
    ]


def _customer_say(case: model.Case) -> model.Sentence | None:
    """What the customer's screen says beyond the step itself."""
    if case.trouble is not None:
        return model.Sentence(case.trouble.code.replace("trouble.", "customer.", 1), case.trouble.params)
    if case.pin.state.value == "blocked":
        return model.sentence("customer.card_kept")
    if case.pin.state.value == "wrong":
        return model.sentence("customer.pin_wrong", tries=case.pin.tries_left)
    return case.say


def _card(case: model.Case) -> wire.CardView | None:
    if case.card is None:
        return None
    return wire.CardView(masked_number=mask_account(case.card.number), state=case.card.state)


def _piece(piece: model.EvidenceRef, *, staff: bool) -> wire.EvidenceView:
    return wire.EvidenceView(
        digest=piece.digest,
        kind=piece.kind,
        media_type=piece.media_type,
        size=piece.size,
        captured_at=piece.captured_at,
        by=piece.by,
        origin=piece.origin,
        doubts=list(piece.doubts) if staff else [],
    )


def _face(case: model.Case) -> wire.FaceMatchView | None:
    """The window's result until the server has compared the same pictures; then the server's."""
    face, own = case.face, own_check(case)
    if face is None:
        return None
    told: model.FaceMatch | FaceCheck = own if own is not None and own.conclusive else face
    return wire.FaceMatchView(
        portrait=face.portrait,
        live=face.live,
        score=told.score,
        threshold=told.threshold or face.threshold,
        same=told.same and face.same,
        at=face.at,
        findings=list(face.findings),
    )


def _summary(case: model.Case) -> wire.SummaryView | None:
    if case.summary is None:
        return None
    lines = [
        wire.SummaryLine(
            code=line.code,
            value=line.value,
            value_en=line.value_en,
            emphasis=line.emphasis,
            label=label(line.label) if line.label else None,
        )
        for line in case.summary.lines
    ]
    return wire.SummaryView(
        lines=lines,
        amount=amount(case.summary.amount),
        amount_words=case.summary.amount_words,
        digest=case.summary.digest,
    )


def _cash(case: model.Case) -> wire.CashView | None:
    cash = case.cash
    if cash is None:
        return None
    return wire.CashView(
        movement_id=cash.id,
        direction=cash.direction.value,
        amount=amount(cash.amount),
        notes=cash.notes.wire(),
        state=cash.state,
        suspense_ref=cash.suspense_ref,
    )


def _plan(case: model.Case) -> list[wire.PlanItem]:
    return [
        wire.PlanItem(code=item.code, params=dict(item.params), state=item.state, compensation=item.compensation)
        for item in plan(case)
    ]


def _trouble(case: model.Case, *, staff: bool) -> wire.TroubleView | None:
    trouble = case.trouble
    if trouble is None:
        return None
    boxes = money_boxes(case)
    money = None
    if boxes is not None:
        money = wire.MoneyBoxes(account=_maybe(boxes.account), machine=_maybe(boxes.machine), hand=_maybe(boxes.hand))
    did = [base.Sentence(code=each.code, params=dict(each.params)) for each in trouble.did] if staff else []
    return wire.TroubleView(
        code=trouble.code,
        params=dict(trouble.params),
        money=money,
        say=sentence(trouble.say) if staff else None,
        did=did,
        choices=list(trouble.choices) if staff else [],
    )


def _to_hand_over(case: model.Case) -> list[ThingToHand]:
    return [
        ThingToHand.model_validate(
            {"kind": one.kind, "number": one.registered, "by": "machine" if one.kind in case.gives else "staff"}
        )
        for one in open_things(case)
    ]
