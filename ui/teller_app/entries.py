"""From what was read, typed or looked at to entries of the form. No Qt."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from common.wire.cases import CaseView, EvidenceKind, FieldEntry, FieldSource, FormEntry
from ocr.api import DocumentReading, Field, Quad
from ui.teller_app.local import Local

IDENTITY_KINDS = frozenset({
    "resident_id", "hk_macau_residence_permit", "taiwan_residence_permit", "hk_macau_travel_permit",
    "taiwan_travel_permit", "foreign_permanent_resident", "passport", "td1", "td2",
})  # fmt: skip
"""Documents that say who somebody is; a form about a person takes its fields from these only."""
IDENTITY_FIELDS = frozenset({
    "name", "latin_name", "sex", "nation", "birth", "address", "id_number", "authority", "valid_from", "valid_to",
    "permit_number", "number", "nationality", "issuer", "personal_number",
})  # fmt: skip
_AS_IN_FORMS = {"sex": {"M": "男", "F": "女"}}
"""What a machine-readable zone writes otherwise than our forms do."""

PASSPORT = "passport"
_NATIONALITY = {"CHN": "中国", "USA": "美国"}
"""Countries that the form has by name; all others are one choice."""

LICENCE = "business_licence"
_LICENCE_FIELDS = {
    "credit_code": "co_code", "name": "co_name", "type": "co_type", "representative": "co_rep", "capital": "co_capital",
    "established": "co_since", "valid_to": "co_until", "address": "co_address", "qr": "co_qr",
}  # fmt: skip
"""What a licence says, under the names the form has for it: its name is the company's, not a person's."""

HOUSEHOLD = "household_register"
SIDES = {
    EvidenceKind.ID_FRONT: "front", EvidenceKind.ID_BACK: "back", EvidenceKind.LICENCE: "front",
    EvidenceKind.PARTY_FRONT: "front", EvidenceKind.HOUSEHOLD_PAGE: "front",
}  # fmt: skip
_PARTY_FIELDS = ("name", "id_number")
"""What is taken from the card of who acts for the customer; everything else on it is nobody's business here."""
_COMPARED = ("name", "sex", "nation", "birth", "id_number")
"""What a household page and the customer's own papers both say."""


def fits_what_was_asked(reading: DocumentReading, asked: str) -> bool:
    """Whether it is a document of the kind that the customer was asked for."""
    wanted = {EvidenceKind.LICENCE.value: {LICENCE}, EvidenceKind.HOUSEHOLD_PAGE.value: {HOUSEHOLD}}
    return reading.kind in wanted.get(asked, IDENTITY_KINDS)


def contradicts(case: CaseView, reading: DocumentReading) -> tuple[str, str, str] | None:
    """The first field in which a household page says otherwise than the form: its name, the page's word, the form's."""
    for name in _COMPARED:
        stored, said = case.form.values.get(name), reading.fields.get(name)
        if stored is None or said is None or said.unsure or not (stored.value and said.value):
            continue
        if "".join(stored.value.split()).upper() != "".join(said.value.split()).upper():
            return name, said.value, stored.value
    return None


def box_in_picture(quad: Quad | None, width: int, height: int) -> list[float] | None:
    """The upright box around a quad, as parts (0 to 1) of a picture of that size in pixels."""
    if quad is None or width <= 0 or height <= 0:
        return None
    left, right = (pick(x for x, _ in quad) / width for pick in (min, max))
    top, bottom = (pick(y for _, y in quad) / height for pick in (min, max))
    x0, y0 = max(0.0, min(left, 1.0)), max(0.0, min(top, 1.0))
    return [x0, y0, max(0.0, min(right, 1.0) - x0), max(0.0, min(bottom, 1.0) - y0)]


def reading_entries(
    case: CaseView, reading: DocumentReading, digest: str, size: tuple[int, int], asked: str = ""
) -> FormEntry | None:
    """What a document says, for the fields this form has; none when it says nothing we ask for.

    A value that somebody typed or confirmed before stays: a machine never overwrites a person.

    Args:
        asked: kind of evidence; the card of who acts for the customer fills the fields of agent or guardian.
    """
    known = {spec.name for spec in case.form.specs if not spec.read_only}
    said = dict(reading.fields)
    if asked == EvidenceKind.HOUSEHOLD_PAGE.value:
        if EvidenceKind.ID_FRONT in case.papers:
            return None  # compared with the form, never put into it: the customer's own papers say who he is
        said = {name: said[name] for name in (*_COMPARED, "address") if name in said}
    if asked == EvidenceKind.PARTY_FRONT.value:
        role = "guardian" if "guardian_id" in known else "agent"
        said = {f"{role}_{name.removesuffix('_number')}": said[name] for name in _PARTY_FIELDS if name in said}
    if reading.kind == PASSPORT:
        said = _of_passport(said)
    if reading.kind == LICENCE:
        said = {_LICENCE_FIELDS[name]: field for name, field in said.items() if name in _LICENCE_FIELDS}
    fields = {
        name: _entry(name, field, digest, size)
        for name, field in said.items()
        if name in known and not _said_by_a_person(case, name)
    }
    return FormEntry(version=case.version, fields=fields) if fields else None


def _of_passport(said: dict[str, Field]) -> dict[str, Field]:
    """Its number stands for the number of the person, and the form says what kind of document it is."""
    made = {name: field for name, field in said.items() if name != "number"}
    if "number" in said:
        made["id_number"] = said["number"]
        made["id_kind"] = replace(said["number"], value="护照", unsure=False)
    country = said.get("nationality")
    if country is not None and country.value:
        made["nationality"] = replace(country, value=_NATIONALITY.get(country.value, "其他"))
    return made


def birth_in_form(case: CaseView | None) -> date | None:
    """The holder's birth date as the form has it by now; None when it has none that is a date."""
    stored = case.form.values.get("birth") if case is not None else None
    try:
        return date.fromisoformat(stored.value) if stored is not None and not stored.unsure else None
    except ValueError:
        return None


def _said_by_a_person(case: CaseView, name: str) -> bool:
    stored = case.form.values.get(name)
    return stored is not None and (stored.source is FieldSource.TYPED or stored.confirmed)


def _entry(name: str, field: Field, digest: str, size: tuple[int, int]) -> FieldEntry:
    return FieldEntry(
        value=_AS_IN_FORMS.get(name, {}).get(field.value, field.value)[:200],
        source=FieldSource.OCR,
        confidence=min(1.0, max(0.0, field.confidence)),
        unsure=field.unsure or not field.value,
        evidence=digest,
        box=box_in_picture(field.box, *size),
    )


def typed_entries(case: CaseView, local: Local) -> FormEntry | None:
    """What was typed or answered with "matches the card" and is not stored yet."""
    fields: dict[str, FieldEntry] = {}
    for name, value in local.edits.items():
        fields[name] = FieldEntry(value=value.strip(), source=FieldSource.TYPED, confirmed=True)
    for name in local.accepted - local.edits.keys():
        stored = case.form.values.get(name)
        if stored is not None and stored.unsure and not stored.confirmed:
            fields[name] = FieldEntry(
                value=stored.value, source=stored.source, confidence=stored.confidence, unsure=True, confirmed=True,
                evidence=stored.evidence, box=stored.box,
            )  # fmt: skip
    return FormEntry(version=case.version, fields=fields) if fields else None


def unread_papers(case: CaseView, already: Iterable[str]) -> list[tuple[EvidenceKind, str]]:
    """Pictures of the card nobody has read yet: (kind, digest), the newest of each side."""
    done = {value.evidence for value in case.form.values.values()} | set(already)
    found: list[tuple[EvidenceKind, str]] = []
    for kind in SIDES:
        mine = [one for one in case.evidence if one.kind is kind]
        newest = max(mine, key=lambda one: one.captured_at, default=None)
        if newest is not None and newest.digest not in done:
            found.append((kind, newest.digest))
    return found
