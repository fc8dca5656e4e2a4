"""From the text of a file to a :class:`Definition`, or to the line and reason why not. Opens nothing."""

import hashlib
import re
import tomllib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from common.wire.cases import EvidenceKind
from teller.forms.catalogue import FIELDS, PASSPORT
from teller.scenarios.definition import Agreement, Condition, Definition, Part, Preset, When
from teller.transactions.registry import REGISTRY
from teller.vouchers import Words

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,47}$")]
Output = Literal["voucher", "receipt", "card", "ukey", "certificate", "passbook", "paper"]
Text = Annotated[str, Field(min_length=1, max_length=80)]
FOREIGNER = "foreigner"
"""Code of the condition for customers who are known by a passport."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Words(_Strict):
    zh: Text
    en: Text

    def read(self) -> Words:
        return Words(self.zh, self.en)


class _Part(_Strict):
    code: Name
    need: Literal["mandatory", "optional"]
    chosen: bool = False


class _When(_Strict):
    fact: Name
    below: int | None = None
    at_least: int | None = None
    equals: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> "_When":
        given = [self.below is not None, self.at_least is not None, bool(self.equals), bool(self.differs)]
        if sum(given) != 1:
            raise ValueError("say exactly one of below, at_least, equals, differs")
        return self


class _Condition(_Strict):
    code: Name
    title: _Words
    when: _When
    fields: tuple[Name, ...] = ()
    evidence: tuple[EvidenceKind, ...] = ()
    agreements: tuple[Name, ...] = ()
    instead_of: tuple[EvidenceKind, ...] = ()
    without: tuple[Name, ...] = ()


class _Agreement(_Strict):
    code: Name
    title: _Words
    version: Text
    transactions: tuple[Name, ...] = ()


class _Preset(_Strict):
    code: Name
    title: _Words
    transactions: tuple[Name, ...]


class _File(_Strict):
    """The schema of a scenario file."""

    name: Name
    code: str = Field(pattern=r"^[A-Z]{2}[0-9]{2}$")
    initials: str = Field(pattern=r"^[a-z0-9]{1,16}$")
    title: _Words
    note: _Words
    group: Literal["cash", "account", "transfer", "deposit", "card", "service", "company"]
    icon: Name
    card: Literal["required", "none"]
    identity: bool = True
    kiosk: bool = False
    evidence: tuple[EvidenceKind, ...] = ()
    outputs: tuple[Output, ...] = ("voucher", "receipt")
    transaction: tuple[_Part, ...] = Field(min_length=1)
    condition: tuple[_Condition, ...] = ()
    agreement: tuple[_Agreement, ...] = ()
    preset: tuple[_Preset, ...] = ()


class ScenarioRefused(Exception):
    """A file that is not taken: which, where, why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


_AT = re.compile(r"\(at line (\d+), column \d+\)")


def parse(text: str, file: str) -> Definition:
    """Read a file's text.

    Raises:
        ScenarioRefused: it is no TOML, does not keep to the schema, or names what does not exist.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = int(at[1]) if at else len(text.splitlines()) or 1
        raise ScenarioRefused(file, line, _AT.sub("", str(error)).strip()) from None
    try:
        read = _File.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = "there is no such key" if first["type"] == "extra_forbidden" else first["msg"]
        raise ScenarioRefused(file, line_of(text, first["loc"]), f"{where}: {reason}") from None
    for place, reason in _unknown(read):
        raise ScenarioRefused(file, line_of(text, place), reason)
    return _definition(read, hashlib.sha256(text.encode()).hexdigest())


def line_of(text: str, loc: tuple[str | int, ...]) -> int:
    """The line (from 1) of a key: the last part that can be found; of an array of tables, the n-th header."""
    lines = text.splitlines()
    start = 0
    for place, part in enumerate(loc):
        if isinstance(part, int):
            continue
        nth = loc[place + 1] if place + 1 < len(loc) and isinstance(loc[place + 1], int) else None
        header = [at for at, line in enumerate(lines) if line.strip() == f"[[{part}]]"]
        if nth is not None and header:
            start = header[min(int(nth), len(header) - 1)]
            continue
        key = re.compile(rf"\s*(?:\[*{re.escape(part)}\]*|{re.escape(part)}\s*=.*|.*\b{re.escape(part)}\s*=.*)\Z")
        found = next((at for at in range(start, len(lines)) if key.match(lines[at])), None)
        start = start if found is None else found
    return start + 1


def _unknown(read: _File) -> list[tuple[tuple[str | int, ...], str]]:
    """What the file names and does not exist, in the order of the file."""
    codes = [part.code for part in read.transaction]
    offered = set(codes)
    found: list[tuple[tuple[str | int, ...], str]] = []
    for at, code in enumerate(codes):
        if code not in REGISTRY:
            found.append((("transaction", at, "code"), f"unknown transaction: {code}"))
        elif code in codes[:at]:
            found.append((("transaction", at, "code"), f"transaction named twice: {code}"))
    for at, condition in enumerate(read.condition):
        if condition.when.fact != "age" and condition.when.fact not in FIELDS:
            found.append((("condition", at, "when"), f"unknown fact: {condition.when.fact}"))
        for key, names in (("fields", condition.fields), ("without", condition.without)):
            found += [(("condition", at, key), f"unknown field: {name}") for name in names if name not in FIELDS]
        for paper in condition.instead_of:
            if paper not in read.evidence:
                found.append((("condition", at, "instead_of"), f"not a paper of this scenario: {paper.value}"))
        known = {agreement.code for agreement in read.agreement}
        for name in condition.agreements:
            if name not in known:
                found.append((("condition", at, "agreements"), f"unknown agreement: {name}"))
    groups = [("agreement", at, one.transactions) for at, one in enumerate(read.agreement)]
    groups += [("preset", at, one.transactions) for at, one in enumerate(read.preset)]
    for kind, at, names in groups:
        for code in names:
            if code not in offered:
                found.append(((kind, at, "transactions"), f"not a transaction of this scenario: {code}"))
    cash = [REGISTRY[code] for code in codes if code in REGISTRY and REGISTRY[code].cash]
    if len({one.amount for one in cash}) < len(cash):
        found.append((("transaction",), "notes go in or out, each with an amount of its own"))
    if read.card == "none" and any(REGISTRY[code].needs_account for code in codes if code in REGISTRY):
        found.append((("card",), "a transaction needs the customer's account: card must be required"))
    return found


def _definition(read: _File, digest: str) -> Definition:
    return Definition(
        name=read.name,
        code=read.code,
        initials=read.initials,
        title=read.title.read(),
        note=read.note.read(),
        group=read.group,
        icon=read.icon,
        card=read.card,
        identity=read.identity,
        kiosk=read.kiosk,
        parts=tuple(Part(part.code, part.need == "mandatory", part.chosen) for part in read.transaction),
        evidence=tuple(kind.value for kind in read.evidence),
        conditions=_conditions(read),
        agreements=tuple(Agreement(a.code, a.title.read(), a.version, a.transactions) for a in read.agreement),
        presets=tuple(Preset(one.code, one.title.read(), one.transactions) for one in read.preset),
        outputs=tuple(read.outputs),
        digest=digest,
    )


def _conditions(read: _File) -> tuple[Condition, ...]:
    """Those of the text; and, where it asks for both sides of an identity card and says nothing of foreigners itself,
    that a customer known by his passport shows that instead."""
    own = tuple(
        Condition(
            one.code,
            one.title.read(),
            When(one.when.fact, one.when.below, one.when.at_least, one.when.equals, one.when.differs),
            one.fields,
            tuple(kind.value for kind in one.evidence),
            one.agreements,
            tuple(kind.value for kind in one.instead_of),
            one.without,
        )
        for one in read.condition
    )
    sides = {EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK}
    if not sides <= set(read.evidence) or any(one.code == FOREIGNER for one in own):
        return own
    asked = {spec.name for part in read.transaction for spec in REGISTRY[part.code].fields}
    return (*own, _by_passport(address="address" in asked))


def _by_passport(*, address: bool) -> Condition:
    """``address``: whether the business itself asks it; a passport says none."""
    without = ("nation", "authority", "valid_from", *(() if address else ("address",)))
    return Condition(
        FOREIGNER,
        Words("外国人：护照", "Foreigner: passport"),
        When("id_kind", equals=(PASSPORT,)),
        fields=("id_kind",),
        evidence=(EvidenceKind.ID_FRONT.value,),
        instead_of=(EvidenceKind.ID_BACK.value,),
        without=without,
    )
