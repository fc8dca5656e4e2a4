"""What is known of who this is, as staff may see it; the kiosk sees only the customer's own consent."""

from collections.abc import Sequence
from datetime import date

from common.wire import identity as wire
from server.services.comparing import face_views
from server.services.keeping import kept_view
from server.services.parts import Parts
from server.services.presence import continuity_view, liveness_view
from server.services.verification import subject_now
from server.services.whose import customer_of
from server.store.customerbook import CustomerRecord
from server.store.unit import Unit
from teller.cases import model
from teller.cases.forms import case_form
from teller.forms import comparison


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
    sources = comparison.Sources(
        chip=case.chip.values if case.chip else {},
        read=case.read,
        record=record,
        authority=case.verification.fields if case.verification else {},
    )
    return comparison.rows(case_form(case, today), case.values, sources)


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
