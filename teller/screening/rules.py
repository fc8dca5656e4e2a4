"""Rules of screening: read from text, applied to one transfer; whoever calls brings the facts."""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from teller.money import Money
from teller.scenarios.loader import ScenarioRefused, line_of


class Outcome(StrEnum):
    """What happens to the transfer, mildest first."""

    PASS = "pass"  # noqa: S105 - an outcome, no secret
    WARN = "warn"
    STEP_UP = "step_up"
    STOP = "stop"


_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    zh: str = Field(min_length=1, max_length=80)
    en: str = Field(min_length=1, max_length=120)


class FraudList(_Strict):
    """Accounts and names somebody has reported."""

    name: str = Field(pattern="^[a-z][a-z0-9_]{1,47}$")
    accounts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class ScreeningRule(_Strict):
    """Fires when everything it names holds."""

    code: str = Field(pattern="^S-[0-9]{3}$")
    title: Title
    basis: str = Field(min_length=1)
    action: Literal["warn", "step_up", "stop"]
    on_list: str | None = None
    amount_from: int | None = Field(None, ge=0, description="minor units")
    age_from: int | None = Field(None, ge=0, le=130)
    new_payee: bool | None = None
    purpose_has: tuple[str, ...] = ()
    count_from: int | None = Field(None, ge=1, description="transfers of this day, without this one")


class _File(_Strict):
    list: tuple[FraudList, ...] = ()
    rule: tuple[ScreeningRule, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Lists by name and rules in their order; ``digest``: SHA-256 of the text they came from."""

    lists: Mapping[str, FraudList]
    rules: Sequence[ScreeningRule]
    digest: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """The facts. ``known_payee``: the customer has sent money there before; ``today``: how many transfers today."""

    amount: Money
    account: str
    name: str
    purpose: str
    age: int | None
    known_payee: bool
    today: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that fired."""

    code: str
    outcome: Outcome
    zh: str
    en: str
    basis: str


@dataclass(frozen=True, slots=True)
class Screened:
    """The verdict with every reason, and by which text it was found."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    digest: str


_AT = re.compile(r"\(at line (\d+), column \d+\)")


def parse_rules(text: str, file: str) -> Rulebook:
    """Read the rules.

    Raises:
        ScenarioRefused: with file, line and reason.
    """
    try:
        read = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        raise ScenarioRefused(file, int(at[1]) if at else 1, _AT.sub("", str(error)).strip()) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ScenarioRefused(file, line_of(text, first["loc"]), f"{where}: {first['msg']}") from None
    lists = {one.name: one for one in read.list}
    for at_rule, rule in enumerate(read.rule):
        if rule.on_list is not None and rule.on_list not in lists:
            line = line_of(text, ("rule", at_rule, "on_list"))
            raise ScenarioRefused(file, line, f"no list of that name: {rule.on_list}")
    return Rulebook(lists, read.rule, hashlib.sha256(text.encode()).hexdigest())


def _listed(book: Rulebook, name: str, transfer: Transfer) -> bool:
    listed = book.lists[name]
    return transfer.account in listed.accounts or (bool(transfer.name) and transfer.name in listed.names)


def _fires(book: Rulebook, rule: ScreeningRule, transfer: Transfer) -> bool:
    return all(
        (
            rule.on_list is None or _listed(book, rule.on_list, transfer),
            rule.amount_from is None or transfer.amount.minor >= rule.amount_from,
            rule.age_from is None or (transfer.age is not None and transfer.age >= rule.age_from),
            rule.new_payee is None or rule.new_payee is not transfer.known_payee,
            not rule.purpose_has or any(word in transfer.purpose for word in rule.purpose_has),
            rule.count_from is None or transfer.today >= rule.count_from,
        )
    )


def screen(book: Rulebook, transfer: Transfer) -> Screened:
    """The gravest of what fires, and all of it as reasons."""
    reasons = tuple(
        Reason(rule.code, Outcome(rule.action), rule.title.zh, rule.title.en, rule.basis)
        for rule in book.rules
        if _fires(book, rule, transfer)
    )
    outcome = max((reason.outcome for reason in reasons), key=_RANK.__getitem__, default=Outcome.PASS)
    return Screened(outcome, reasons, book.digest)
