"""Asking authorities: which sources may answer, in which order, and what their answers come to together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

from common.wire.identity import Elements, Outcome

ASKED: Mapping[Elements, tuple[str, ...]] = {
    Elements.TWO: ("name", "id_number"),
    Elements.THREE: ("name", "id_number"),
    Elements.FOUR: ("name", "id_number", "valid_from", "valid_to"),
    Elements.PHONE: ("name", "id_number", "phone"),
}
"""Fields that are sent. With three elements the authority's portrait comes back, to be compared by the bank."""

NEGATIVE = frozenset({Outcome.MISMATCH, Outcome.NOT_FOUND})


@dataclass(frozen=True, slots=True)
class Contract:
    """One source as the bank has agreed with it.

    Attributes:
        priority: smaller is asked earlier; among equals the cheaper.
        opens, closes: hours of the bank's day in which it answers; equal: always.
        limit_s: longest wait for one answer.
    """

    name: str
    elements: frozenset[Elements]
    priority: int
    cost_minor: int
    opens: time = time(0)
    closes: time = time(0)
    limit_s: float = 2.0

    def answers_at(self, at: datetime, zone: timezone) -> bool:
        now = at.astimezone(zone).time()
        if self.opens == self.closes:
            return True
        if self.opens < self.closes:
            return self.opens <= now < self.closes
        return now >= self.opens or now < self.closes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said. ``fields``: match or mismatch by field; ``portrait``: its picture, if asked and there."""

    source: str
    outcome: Outcome
    fields: Mapping[str, str] = field(default_factory=dict)
    portrait: bytes | None = None


def route(contracts: Sequence[Contract], elements: Elements, at: datetime, zone: timezone) -> tuple[Contract, ...]:
    """Sources that could answer now, in the order in which they are asked."""
    able = (one for one in contracts if elements in one.elements and one.answers_at(at, zone))
    return tuple(sorted(able, key=lambda one: (one.priority, one.cost_minor, one.name)))


def concluded(answers: Sequence[Answer]) -> tuple[Outcome, Answer | None]:
    """What the answers come to: a no that another source does not share is a contradiction."""
    if not answers:
        return Outcome.UNAVAILABLE, None
    outcomes = {answer.outcome is Outcome.MATCH for answer in answers}
    if len(outcomes) == 2:
        return Outcome.CONTRADICTION, next(answer for answer in answers if answer.outcome is not Outcome.MATCH)
    return answers[0].outcome, answers[0]


@dataclass(frozen=True, slots=True)
class Need:
    """Which question a business needs, from an amount upwards, on the days in which the row holds.

    ``way``: of the cash, in or out; empty: business without cash, like opening an account.
    """

    code: str
    way: str
    from_minor: int
    elements: Elements
    basis: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Reuse:
    """An earlier answer is good enough for business up to an amount, as long as it is young enough."""

    code: str
    way: str
    to_minor: int
    age: timedelta
    basis: str
    valid_from: date


_SINCE = date(2020, 1, 1)
NEEDS: Sequence[Need] = (
    Need("V-201", "in", 0, Elements.TWO, "个人存款账户实名制规定 第七条", _SINCE),
    Need("V-202", "out", 0, Elements.TWO, "个人存款账户实名制规定 第七条", _SINCE),
    Need("V-203", "out", 1_000_000, Elements.THREE, "大额取现增加人像核查（本行规定）", _SINCE),
    Need("V-204", "out", 5_000_000, Elements.FOUR, "五万元以上现金登记与核查证件有效期", _SINCE),
    Need("V-205", "", 0, Elements.THREE, "个人存款账户实名制规定 第七条", _SINCE),
)
REUSES: Sequence[Reuse] = (
    Reuse("V-301", "in", 5_000_000, timedelta(days=30), "低风险业务复用核查结果（本行规定）", _SINCE),
    Reuse("V-302", "out", 500_000, timedelta(days=7), "低风险业务复用核查结果（本行规定）", _SINCE),
)
KEPT_FOR = timedelta(days=30)
"""The longest of the ages above: after that an answer is removed."""


def needed(way: str, minor: int, day: date) -> Elements:
    """What has to be asked for this business; an amount not known yet is zero."""
    fitting = [need for need in NEEDS if need.way == way and need.valid_from <= day and need.from_minor <= minor]
    return max(fitting, key=lambda need: need.from_minor).elements


def reusable_since(way: str, minor: int, at: datetime, day: date) -> datetime | None:
    """From when on an earlier answer is young enough; None: this business wants a fresh one.

    Money that goes out is of no low risk before it is known how much.
    """
    for rule in REUSES:
        known = minor > 0 or rule.way == "in"
        if rule.way == way and rule.valid_from <= day and known and minor <= rule.to_minor:
            return at - rule.age
    return None


_COVERS = {Elements.FOUR: {Elements.TWO}, Elements.THREE: {Elements.TWO}, Elements.PHONE: {Elements.TWO}}


def covers(asked: Elements, wanted: Elements) -> bool:
    """Whether an answer to one question answers the other too."""
    return asked is wanted or wanted in _COVERS.get(asked, set())
