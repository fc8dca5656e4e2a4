"""Checks of a form: pure functions from values to problems. A problem is a code, never a sentence."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from common.errors import UserError
from teller.denominations import NoteBundle
from teller.forms import credit_code, id_number
from teller.forms.catalogue import LONG_TERM, PASSPORT
from teller.forms.fields import FieldKind, FieldSpec, FieldValue, Problem
from teller.money import CNY, Money, parse

Values = Mapping[str, FieldValue]


def read_date(text: str) -> date | None:
    """``2036-05-20`` only; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def read_amount(values: Values, currency: str = CNY) -> Money | None:
    """The amount of the form when it can be read."""
    field = values.get("amount")
    try:
        return None if field is None else parse(field.value, currency)
    except UserError:
        return None


def read_notes(text: str, currency: str = CNY) -> NoteBundle:
    """``100x3 50x2``, as the field ``notes`` holds it.

    Raises:
        UserError: ``notes.invalid``.
    """
    try:
        pairs = [part.split("x") for part in text.split()]
        return NoteBundle({int(face): int(count) for face, count in pairs}, currency)
    except ValueError:
        raise UserError("notes.invalid") from None


def write_notes(notes: NoteBundle) -> str:
    return " ".join(f"{face}x{count}" for face, count in notes.counts.items())


_PASSPORT = re.compile(r"[A-Z0-9]{6,15}\Z")


def _passport(spec: FieldSpec, value: str) -> Iterator[Problem]:
    if not _PASSPORT.match(id_number.normal(value)):
        yield Problem(spec.name, "passport.invalid")


def _id_number(spec: FieldSpec, value: str) -> Iterator[Problem]:
    found = id_number.problem(value)
    if found is not None:
        code, count = found
        yield Problem(spec.name, code, (("count", count),) if count else ())


def _date(spec: FieldSpec, value: str) -> Iterator[Problem]:
    if not (spec.long_term and value == LONG_TERM) and read_date(value) is None:
        yield Problem(spec.name, "date.invalid")


def _amount(spec: FieldSpec, value: str) -> Iterator[Problem]:
    try:
        if parse(value).minor <= 0:
            yield Problem(spec.name, "amount.not_positive")
    except UserError as error:
        yield Problem(spec.name, error.code, tuple((k, v) for k, v in error.params.items() if isinstance(v, int | str)))


def _choice(spec: FieldSpec, value: str) -> Iterator[Problem]:
    if value not in spec.choices:
        yield Problem(spec.name, "choice.unknown")


def _notes(spec: FieldSpec, value: str) -> Iterator[Problem]:
    try:
        read_notes(value)
    except UserError as error:
        yield Problem(spec.name, error.code)


def _phone(spec: FieldSpec, value: str) -> Iterator[Problem]:
    if not (value.isascii() and _MOBILE.match("".join(value.split()))):
        yield Problem(spec.name, "phone.invalid")


_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}\Z")
_REGION = re.compile(r"[1-9][0-9]{5}\Z")
_MOBILE = re.compile(r"1[3-9][0-9]{9}\Z")


def luhn(number: str) -> bool:
    """Whether the last digit is the check digit of ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def luhn_digit(body: str) -> str:
    """The check digit for the digits before it."""
    return next(str(digit) for digit in range(10) if luhn(f"{body}{digit}"))


def _card(spec: FieldSpec, value: str) -> Iterator[Problem]:
    digits = "".join(value.split())
    if not (digits.isascii() and digits.isdigit() and 15 <= len(digits) <= 19):
        yield Problem(spec.name, "card_number.length")
    elif not luhn(digits):
        yield Problem(spec.name, "card_number.check_digit")


def _region(spec: FieldSpec, value: str) -> Iterator[Problem]:
    if not _REGION.match(value):
        yield Problem(spec.name, "region.invalid")


def _email(spec: FieldSpec, value: str) -> Iterator[Problem]:
    if not _EMAIL.match(value):
        yield Problem(spec.name, "email.invalid")


def _digits(spec: FieldSpec, value: str) -> Iterator[Problem]:
    if not (value.isascii() and value.isdigit() and 4 <= len(value) <= 32):
        yield Problem(spec.name, "digits.invalid")


def _credit_code(spec: FieldSpec, value: str) -> Iterator[Problem]:
    found = credit_code.problem(value)
    if found is not None:
        yield Problem(spec.name, found)


def _name(spec: FieldSpec, value: str) -> Iterator[Problem]:
    if not 2 <= len(value) <= 60 or any(character.isdigit() or ord(character) < 32 for character in value):
        yield Problem(spec.name, "name.invalid")


def _text(spec: FieldSpec, value: str) -> Iterator[Problem]:
    if any(ord(character) < 32 for character in value):
        yield Problem(spec.name, "text.control_characters")


_BY_KIND: Mapping[FieldKind, Callable[[FieldSpec, str], Iterator[Problem]]] = {
    FieldKind.TEXT: _text,
    FieldKind.ID_NUMBER: _id_number,
    FieldKind.DATE: _date,
    FieldKind.AMOUNT: _amount,
    FieldKind.CHOICE: _choice,
    FieldKind.NOTES: _notes,
    FieldKind.PHONE: _phone,
    FieldKind.CARD: _card,
    FieldKind.REGION: _region,
    FieldKind.EMAIL: _email,
    FieldKind.DIGITS: _digits,
    FieldKind.NAME: _name,
    FieldKind.CREDIT_CODE: _credit_code,
}


def _sense(spec: FieldSpec, value: str, today: date) -> Iterator[Problem]:
    day = read_date(value) if spec.kind is FieldKind.DATE and spec.sense else None
    if day is not None and spec.sense == "past" and day > today:
        yield Problem(spec.name, "date.in_future")
    if day is not None and spec.sense == "future" and day <= today:
        yield Problem(spec.name, "date.in_past")


def _field(spec: FieldSpec, values: Values, today: date) -> Iterator[Problem]:
    entered = values.get(spec.name)
    if entered is None or not entered.value.strip():
        if spec.required:
            yield Problem(spec.name, "field.required")
        return
    kind = values.get("id_kind")
    foreign = spec.name == "id_number" and kind is not None and kind.value == PASSPORT
    by_kind = _passport if foreign else _BY_KIND[spec.kind]
    problems = [*by_kind(spec, entered.value.strip()), *_sense(spec, entered.value.strip(), today)]
    yield from problems
    if entered.needs_a_look and not problems:
        yield Problem(spec.name, "field.unsure")


def _agreement(values: Values) -> Iterator[Problem]:
    """The number on the card says birth date and sex once more."""
    number = values.get("id_number")
    if number is None or id_number.problem(number.value) is not None:
        return
    read = id_number.IdNumber(id_number.normal(number.value))
    birth, sex = values.get("birth"), values.get("sex")
    if birth is not None and (day := read_date(birth.value)) is not None and day != read.birth:
        yield Problem("birth", "birth.differs_from_number", (("number_says", read.birth.isoformat()),))
    if sex is not None and sex.value in ("男", "女") and sex.value != read.sex:
        yield Problem("sex", "sex.differs_from_number", (("number_says", read.sex),))


def _validity(values: Values, today: date) -> Iterator[Problem]:
    until, since = values.get("valid_to"), values.get("valid_from")
    last = None if until is None else read_date(until.value)
    first = None if since is None else read_date(since.value)
    if last is not None and last < today:
        yield Problem("valid_to", "id.expired", (("date", last.isoformat()),))
    if first is not None and first > today:
        yield Problem("valid_from", "id.not_yet_valid", (("date", first.isoformat()),))
    if first is not None and last is not None and last < first:
        yield Problem("valid_to", "date.before_start")


def check(specs: Sequence[FieldSpec], values: Values, today: date) -> tuple[Problem, ...]:
    """Everything that is wrong with a form on a day, in the order of its fields; at most one problem a field."""
    found = [problem for spec in specs for problem in _field(spec, values, today)]
    found += [*_agreement(values), *_validity(values, today)]
    order = {spec.name: place for place, spec in enumerate(specs)}
    first: dict[str, Problem] = {}
    for problem in found:
        kept = first.get(problem.field)
        if kept is None or kept.code == "field.unsure":
            first[problem.field] = problem
    return tuple(sorted(first.values(), key=lambda problem: order.get(problem.field, len(order))))
