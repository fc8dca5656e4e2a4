"""The form of one case: which fields are asked now, what stands in them, what is known already."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from common.wire.cases import FieldSource
from teller.cases.earlier import Earlier, must_be_looked_at
from teller.cases.model import Case
from teller.forms.catalogue import PASSPORT
from teller.forms.fields import FieldSpec, FieldValue
from teller.money import Money
from teller.scenarios import composition
from teller.transactions.base import money_of

NOTHING: Mapping[str, Earlier] = {}
_NOBODYS = (FieldSource.DEFAULT, FieldSource.CUSTOMER_RECORD)


def plain(case: Case) -> dict[str, str]:
    """Name to what stands in the form."""
    return {name: value.value for name, value in case.values.items()}


def by_passport(case: Case) -> bool:
    """Whether the customer shows a passport: no chip of an identity card, no register of them says who he is."""
    kind = case.values.get("id_kind")
    return kind is not None and kind.value == PASSPORT


def case_form(case: Case, day: date) -> tuple[FieldSpec, ...]:
    """The fields this case asks now."""
    return composition.form(case.definition, case.chosen, plain(case), day)


def spec_of(case: Case, name: str, day: date) -> FieldSpec | None:
    """A field of the case's form, or None."""
    return next((spec for spec in case_form(case, day) if spec.name == name), None)


def main_amount(case: Case) -> Money:
    """The amount the case is about: of its cash, else of the first transaction that moves money; or zero."""
    with_amount = sorted((one for one in case.atomics if one.amount), key=lambda one: not one.cash)
    return money_of(plain(case), with_amount[0].amount) if with_amount else Money.zero()


def prefilled(
    case: Case, known: Mapping[str, str], by: str, at: datetime, day: date, earlier: Mapping[str, Earlier] = NOTHING
) -> Case:
    """Empty fields get what the bank's record says, else what an earlier case left (that also in place of what a field
    begins with), else what a like field says, else what they begin with.

    A person's entry is never touched.
    """
    case = _with_facts(case, known, by, at)
    version = case.version + 1
    filled: dict[str, FieldValue] = {}
    for spec in case_form(case, day):
        standing, before = case.values.get(spec.name), earlier.get(spec.name)
        preset = standing is not None and standing.source is FieldSource.DEFAULT
        if spec.read_only or (
            standing is not None and (standing.value or standing.by != by) and not (preset and before)
        ):
            continue
        value, source = known.get(spec.name, ""), FieldSource.CUSTOMER_RECORD
        if not value and before is not None:
            look = must_be_looked_at(spec)
            filled[spec.name] = FieldValue(
                before.value, FieldSource.EARLIER, by, version, at, unsure=look, origin=before.number
            )
            continue
        other = case.values.get(spec.like)
        if not value and other is not None and not other.needs_a_look:
            value, source = other.value, FieldSource.DEFAULT
        if not value:
            value, source = spec.preset, FieldSource.DEFAULT
        if value:
            filled[spec.name] = FieldValue(value, source, by, version, at)
    return case.evolve(values={**case.values, **filled}) if filled else case


def _with_facts(case: Case, known: Mapping[str, str], by: str, at: datetime) -> Case:
    """What conditions look at and the form does not ask, like the document a customer is known by: as the record of
    this customer has it now, unless somebody has said it."""
    values = dict(case.values)
    for name in composition.facts_beyond(case.definition, case.chosen):
        standing, told = values.get(name), known.get(name, "")
        said = standing is not None and standing.source not in _NOBODYS
        if said or told == (standing.value if standing is not None else ""):
            continue
        if told:
            values[name] = FieldValue(told, FieldSource.CUSTOMER_RECORD, by, case.version + 1, at)
        elif standing is not None and standing.source is FieldSource.CUSTOMER_RECORD:
            del values[name]
    return case if values == case.values else case.evolve(values=values)


def pin_reference(case: Case) -> str:
    """Sixteen digits that only this case has: the block of a new PIN is made with them, so that no card number goes
    to the machine."""
    return f"90{UUID(case.id).int % 10**14:014d}"


def pin_owner(case: Case) -> str:
    """What a new PIN is hashed for: the card it opens or that lies in the reader; without a card, the case's own."""
    number = "".join(plain(case).get("card_number", "").split())
    if number and any(atomic.code in ("open_class_1", "card_replacement") for atomic in case.atomics):
        return number
    return case.card.number if case.card is not None else pin_reference(case)
