"""What is known of who this is, as staff may see it; the kiosk sees only the customer's own consent."""

from collections.abc import Sequence
from datetime import date

from common.wire import identity as wire
from server.services.comparing import face_views
from server.services.keeping import kept_view
from server.services.parts import Parts
from server.services.presence import challenge_view, continuity_view, liveness_view
from server.services.verification import subject_now
from server.services.whose import company_known, customer_of, signs_of
from server.store.customerbook import CustomerRecord
from server.store.unit import Unit
from teller.cases import model
from teller.cases.forms import case_form
from teller.forms import comparison
from teller.forms.id_number import normal

LICENCE_FIELDS = ("co_name", "co_type", "co_rep", "co_since", "co_until", "co_address", "co_capital", "co_phone")
"""What the bank's record of a company says of its licence."""


def record_of(customer: CustomerRecord) -> dict[str, str]:
    """The bank's record under the names of the form's fields."""
    facts = {
        "name": customer.name,
        "sex": customer.sex,
        "nation": customer.nation,
        "birth": customer.birth.isoformat(),
        "address": customer.address,
        "id_number": customer.id_number,
    }
    return {**facts, "phone": customer.phone} if customer.phone else facts


def comparison_of(unit: Unit, case: model.Case, today: date) -> Sequence[comparison.ComparisonRow]:
    """Every field of the form, source by source."""
    customer = customer_of(unit, case)
    record = {} if customer is None else record_of(customer)
    record |= {name: text for name, text in company_known(unit, case).items() if name in LICENCE_FIELDS}
    sources = comparison.Sources(
        chip=case.chip.values if case.chip else {},
        read=case.read,
        record=record,
        authority=case.verification.fields if case.verification else {},
    )
    return (*_signer(unit, case, today), *comparison.rows(case_form(case, today), case.values, sources))


def _signer(unit: Unit, case: model.Case, today: date) -> Sequence[comparison.ComparisonRow]:
    """Who sits there before who may sign for the company: its representative, or the handler under that number."""
    found = signs_of(unit, case, today)
    if found is None:
        return ()
    said = {name: value.value for name, value in case.values.items()}
    number = normal(said["id_number"])
    form = f"{said['name']} {number}"
    record = f"{found.agent} {number}" if found.agent else f"{found.representative} {found.representative_id}".strip()
    if found.role and not found.representative_id and not found.agent:
        record = f"{found.representative} {number}"  # his number is learned now
    return (
        comparison.ComparisonRow(
            "signer", "单位签约人", "Signs for the company", form, None, None, record, None, not found.role
        ),
    )  # fmt: skip


def rows(unit: Unit, case: model.Case, today: date) -> list[wire.ComparisonRow]:
    return [
        wire.ComparisonRow(
            field=row.field,
            label_zh=row.label_zh,
            label_en=row.label_en,
            form=row.form,
            chip=row.chip,
            ocr=row.ocr,
            record=row.record,
            authority=row.authority,
            differs=row.differs,
        )
        for row in comparison_of(unit, case, today)
    ]


def view(parts: Parts, unit: Unit, case: model.Case, *, staff: bool) -> wire.IdentityView:
    consent = case.face_consent
    said = wire.FaceConsentView(state=consent.state, text=consent.text, at=consent.at)
    if not staff:
        return wire.IdentityView(face_consent=said, kept=kept_view(unit, case))
    check, chip = case.person_check, case.chip
    return wire.IdentityView(
        face_consent=said,
        kept=kept_view(unit, case),
        person_check=None if check is None else wire.PersonCheckView(same=check.same, by=check.by, at=check.at),
        chip=None
        if chip is None
        else wire.ChipView(at=chip.at, signature=chip.signature, reader=chip.reader, portrait=chip.portrait),
        verification=_verification(parts, case),
        sources=rows(unit, case, parts.today()),
        liveness=liveness_view(case.liveness),
        challenge=challenge_view(case.challenge),
        continuity=continuity_view(case, parts.clock.now()),
        faces=face_views(unit, case),
    )


def _verification(parts: Parts, case: model.Case) -> wire.VerificationView | None:
    known = case.verification
    if known is None:
        return None
    return wire.VerificationView(
        elements=known.elements,
        outcome=known.outcome,
        source=known.source,
        at=known.at,
        reused=known.reused,
        current=subject_now(parts, case, known.elements) == known.subject,
        fields=dict(known.fields),
        answers=[wire.SourceAnswerView(source=a.source, outcome=a.outcome, ms=a.ms) for a in known.attempts],
    )
