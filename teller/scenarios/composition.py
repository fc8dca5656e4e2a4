"""The computed form of a case: each field once, in a sensible order, only while something chosen needs it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from teller.forms import catalogue
from teller.forms.fields import FieldSpec, Problem
from teller.forms.id_number import age_on
from teller.forms.validators import read_date
from teller.scenarios.definition import Agreement, Condition, Definition, When
from teller.transactions import handing, limits
from teller.transactions.base import Atomic, Bar, Facts, Values
from teller.transactions.registry import REGISTRY, in_order


def age_of(values: Values, day: date) -> int | None:
    """Completed years by the birth date of the form."""
    born = read_date(values.get("birth", ""))
    return None if born is None else age_on(born, day)


def holds(when: When, values: Values, day: date) -> bool:
    """Whether a condition's fact is as said; a fact nobody knows yet holds nothing."""
    if when.fact == "age":
        age = age_of(values, day)
        if age is None:
            return False
        return age < when.below if when.below is not None else age >= (when.at_least or 0)
    value = values.get(when.fact, "")
    if not value:
        return False
    return value in when.equals if when.equals else value not in when.differs


def active(definition: Definition, values: Values, day: date) -> tuple[Condition, ...]:
    """The conditions that hold now."""
    return tuple(one for one in definition.conditions if holds(one.when, values, day))


def transactions(definition: Definition, chosen: Iterable[str]) -> tuple[Atomic, ...]:
    """Chosen and mandatory ones, in the order in which they are carried out."""
    return in_order(definition.mandatory | (set(chosen) & definition.offered))


def _own_fields(atomic: Atomic, together: frozenset[str]) -> Iterable[FieldSpec]:
    return (spec for spec in atomic.fields if atomic.omitted.get(spec.name) not in together)


def form(definition: Definition, chosen: Iterable[str], values: Values, day: date) -> tuple[FieldSpec, ...]:
    """The merged form: the union of what the chosen transactions and the conditions that hold ask.

    A fact that only a condition looks at is shown where that condition lists it, and is the record's to say.
    """
    atomics = transactions(definition, chosen)
    together = frozenset(atomic.code for atomic in atomics)
    asked: list[FieldSpec] = []
    if definition.identity:
        asked += catalogue.of(*catalogue.CARD_FACE)
    for atomic in atomics:
        asked += _own_fields(atomic, together)
    held = active(definition, values, day)
    extra = {name for one in held for name in one.fields}
    facts = {one.when.fact for one in held}
    asked += (replace(catalogue.FIELDS[name], required=True, read_only=name in facts) for name in sorted(extra))
    needless = {name for one in held for name in one.without}
    return catalogue.in_order(tuple(spec for spec in asked if spec.name not in needless))


def facts_beyond(definition: Definition, chosen: Iterable[str]) -> frozenset[str]:
    """Facts that conditions look at and no chosen transaction asks: only the bank's record can say them."""
    asked = {spec.name for atomic in transactions(definition, chosen) for spec in atomic.fields}
    facts = {one.when.fact for one in definition.conditions} & catalogue.FIELDS.keys()
    return frozenset(facts - asked - set(catalogue.CARD_FACE))


def evidence(definition: Definition, values: Values, day: date) -> tuple[str, ...]:
    """Kinds of pictures the case needs."""
    held = active(definition, values, day)
    more = (kind for one in held for kind in one.evidence)
    needless = {kind for one in held for kind in one.instead_of}
    return tuple(kind for kind in dict.fromkeys((*definition.evidence, *more)) if kind not in needless)


def agreements(definition: Definition, chosen: Iterable[str], values: Values, day: date) -> tuple[Agreement, ...]:
    """Texts the customer agrees to with this choice."""
    codes = {atomic.code for atomic in transactions(definition, chosen)}
    conditional = {code for one in definition.conditions for code in one.agreements}
    held = {code for one in active(definition, values, day) for code in one.agreements}
    return tuple(
        one
        for one in definition.agreements
        if (one.code in held if one.code in conditional else not one.parts or not codes.isdisjoint(one.parts))
    )


def bars(definition: Definition, facts: Facts) -> Mapping[str, Bar]:
    """Transactions of the scenario that cannot be done, with the reason, told before the first step."""
    found: dict[str, Bar] = {}
    for part in definition.parts:
        with_it = replace(facts, chosen=facts.chosen | {part.code})
        atomic = REGISTRY[part.code]
        bar = atomic.gate(with_it) or limits.bar(atomic, with_it) or handing.bar(atomic, with_it)
        if bar is not None:
            found[part.code] = bar
    return found


def usable(definition: Definition, facts: Facts) -> frozenset[str]:
    """The first choice without what is barred; mandatory ones stay, so that their reason is seen."""
    chosen = definition.first_choice
    while True:
        barred = bars(definition, replace(facts, chosen=chosen)).keys() & (chosen - definition.mandatory)
        if not barred:
            return chosen
        chosen = chosen - barred


def problems(definition: Definition, chosen: Iterable[str], values: Values, facts: Facts) -> tuple[Problem, ...]:
    """What the transactions find wrong beyond each field's kind, and what is too much for the account's class."""
    atomics = transactions(definition, chosen)
    own = [problem for atomic in atomics for problem in atomic.check(values, facts)]
    return (*own, *limits.problems(atomics, values, facts))


def presets(specs: Sequence[FieldSpec]) -> Mapping[str, str]:
    """Values fields begin with where nobody knows better."""
    return {spec.name: spec.preset for spec in specs if spec.preset}


@dataclass(frozen=True, slots=True)
class Saving:
    """How much asking once saves: fields of the merged form against the sum over the single forms."""

    merged: int
    single: int
    shared: Mapping[str, int]
    read: int
    """Of the merged ones, read off the identity card, preset, or given by a machine: nobody types them."""

    @property
    def typed(self) -> int:
        return self.merged - self.read

    @property
    def saved(self) -> float:
        """Part (0 to 1) of the single forms' fields that the teller does not type."""
        return 1 - self.typed / self.single if self.single else 0.0


def saving(definition: Definition, chosen: Iterable[str], values: Values, day: date) -> Saving:
    """Count it for a choice."""
    atomics = transactions(definition, chosen)
    specs = form(definition, chosen, values, day)
    uses: dict[str, int] = {}
    for atomic in atomics:
        for spec in atomic.fields:
            uses[spec.name] = uses.get(spec.name, 0) + 1
    given = {spec.name for spec in specs if spec.preset or spec.read_only}
    if definition.identity:
        given |= {spec.name for spec in specs if spec.name in catalogue.CARD_FACE}
    shared = {name: count for name, count in uses.items() if count > 1}
    return Saving(len(specs), sum(uses.values()), shared, len(given))
