"""The merged form as the middle shows it: sections, fields, counters, and which field needs a look next. No Qt."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.wire.cases import CaseView, FieldProblem, FieldSource, FieldSpec, FieldValue
from teller.forms.fields import FieldSpec as DomainSpec
from teller.scenarios import composition
from teller.scenarios.builtin import builtin
from ui.kit.texts.words import T, t
from ui.teller_app.local import Local


class Mark(StrEnum):
    """How a field stands, worst last."""

    SURE = "sure"
    EMPTY = "empty"
    MISSING = "missing"
    UNSURE = "unsure"
    WRONG = "wrong"


_TOLD_OTHERWISE = ("field.required", "field.unsure")
"""Problems that the marks say already."""
_NEEDS = (Mark.MISSING, Mark.UNSURE, Mark.WRONG)
SOURCE_ICONS = {
    FieldSource.CHIP: "id",
    FieldSource.OCR: "scan",
    FieldSource.CARD: "card",
    FieldSource.CUSTOMER_RECORD: "history",
    FieldSource.MACHINE: "cash-in",
    FieldSource.EARLIER: "clock",
}


@dataclass(frozen=True)
class FieldModel:
    """One field: what stands in it, and whether somebody has to look."""

    spec: FieldSpec
    value: str
    mark: Mark
    source: FieldSource | None
    stored: FieldValue | None
    problem: FieldProblem | None = None
    record: str | None = None

    @property
    def needs_look(self) -> bool:
        return self.mark in _NEEDS

    @property
    def label(self) -> T:
        return label(self.spec)


@dataclass(frozen=True)
class SectionModel:
    """A section of the form with its counter."""

    name: str
    fields: tuple[FieldModel, ...]

    @property
    def total(self) -> int:
        return sum(1 for one in self.fields if one.spec.required or one.value)

    @property
    def done(self) -> int:
        return sum(1 for one in self.fields if (one.spec.required or one.value) and not one.needs_look)

    @property
    def needs_look(self) -> bool:
        return any(one.mark in (Mark.UNSURE, Mark.WRONG) for one in self.fields)


def known_forms() -> list[list[FieldSpec]]:
    """The forms of this release as the wire describes them; another server's form is simply made when it comes."""
    forms = (composition.form(one, one.first_choice, {}, date.min) for one in builtin().values() if one.group == "cash")
    return [[FieldSpec.model_validate(_plain(spec)) for spec in form] for form in forms]


def _plain(spec: DomainSpec) -> dict[str, object]:
    names = ("name", "section", "label_zh", "label_en", "columns", "required", "pii", "read_only")
    return {**{name: getattr(spec, name) for name in names}, "kind": spec.kind.value, "choices": list(spec.choices)}


def label(spec: FieldSpec) -> T:
    """The field's name in the window's language."""
    return t("teller.either", zh=spec.label_zh, en=spec.label_en)


def form_model(case: CaseView, local: Local) -> tuple[SectionModel, ...]:
    """Sections in the order of the specs."""
    names = list(dict.fromkeys(spec.section for spec in case.form.specs))
    problems = {problem.field: problem for problem in case.form.problems}
    return tuple(
        SectionModel(
            name, tuple(_field(case, local, spec, problems) for spec in case.form.specs if spec.section == name)
        )
        for name in names
    )


def _field(case: CaseView, local: Local, spec: FieldSpec, problems: dict[str, FieldProblem]) -> FieldModel:
    stored = case.form.values.get(spec.name)
    edited = spec.name in local.edits
    value = local.edits[spec.name] if edited else (stored.value if stored else "")
    record = case.customer_record.get(spec.name)
    problem = None if edited else problems.get(spec.name)
    if problem is not None and problem.code in _TOLD_OTHERWISE:
        problem = None
    source = FieldSource.TYPED if edited else (stored.source if stored else None)
    mark = _mark(spec, value, stored, problem, looked=edited or spec.name in local.accepted)
    return FieldModel(spec, value, mark, source, stored, problem, record)


def _mark(
    spec: FieldSpec, value: str, stored: FieldValue | None, problem: FieldProblem | None, *, looked: bool
) -> Mark:
    if stored is not None and stored.unsure and not stored.confirmed and not looked and not spec.read_only:
        return Mark.UNSURE if value else Mark.MISSING
    if not value:
        return Mark.MISSING if spec.required and not spec.read_only else Mark.EMPTY
    return Mark.WRONG if problem is not None else Mark.SURE


def fields(sections: tuple[SectionModel, ...]) -> Iterator[FieldModel]:
    """All fields, in the order they stand."""
    for section in sections:
        yield from section.fields


def attention(sections: tuple[SectionModel, ...], after: str | None = None) -> FieldModel | None:
    """The next field that needs a look: after the given one if there is one there, else the first of all."""
    waiting = [one for one in fields(sections) if one.needs_look]
    if not waiting:
        return None
    order = [one.spec.name for one in fields(sections)]
    if after in order:
        later = [one for one in waiting if order.index(one.spec.name) > order.index(after)]
        return later[0] if later else waiting[0]
    return waiting[0]


def contradiction(field: FieldModel) -> bool:
    """Whether the customer's record says something else than what was read."""
    return field.record is not None and bool(field.value) and field.record != field.value
