"""Scenarios on the wire: what can be started, what is chosen, which fields that asks, what is confirmed."""

from typing import Annotated

from pydantic import Field

from common.wire.base import Amount, Body, Digest, Params, Sentence, View
from common.wire.handing import ThingSettled

ScenarioName = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,47}$", description="what the customer came for")]


class Label(View):
    """One text in both languages."""

    zh: str
    en: str


class TransactionView(View):
    """One atomic transaction of a case's scenario. ``barred``: why it cannot be done; ``rule``: what that rests on."""

    code: str
    number: str = Field(description="交易码, four digits")
    group: str
    title: Label
    initials: str
    mandatory: bool = False
    chosen: bool = False
    barred: Sentence | None = None
    rule: str | None = None


class PresetView(View):
    """A usual combination."""

    code: str
    title: Label
    transactions: list[str]


class NoticeView(View):
    """A limit or duty that is told before the first step, with its legal basis; ``left``: what still fits today."""

    code: str
    says: Label
    basis: str
    left: Sentence | None = None


class StartCase(Body):
    """``POST /cases/start``: a teller begins with a customer who stands beside bank staff, at a free machine.

    ``things``: with ``after``, what became of everything in that case's ``to_hand_over`` (see ``POST …/finish``).
    """

    scenario: ScenarioName
    language: str = Field("zh", pattern="^(zh|en)$")
    kiosk: str | None = Field(None, max_length=32, description="none: the first free one of the branch")
    after: str | None = Field(None, max_length=36, description="a case of the same visit: it ends, its capture is used")
    things: list[ThingSettled] = Field([], max_length=20)


class ChooseTransactions(Body):
    """``PUT /cases/{id}/transactions``: what is done in this case; mandatory ones need not be named."""

    version: int
    transactions: list[str] = Field(max_length=64)


class ChangeScenario(Body):
    """``PUT /cases/{id}/scenario``: the customer came for something else; what was gathered stays."""

    scenario: ScenarioName


class ReverseCase(Body):
    """``POST /cases/{id}/reverse``: ask for the 冲正 of everything the case booked and registered.

    A second person decides (``/tasks``); nothing changes before. 409 ``reversal.nothing``, ``reversal.waits``,
    ``reversal.cash_moved``, ``reversal.next_day``, ``reversal.superseded`` (``kind``).
    """

    reason: str = Field(min_length=2, max_length=200)


class ScenarioView(View):
    """``GET /scenarios``: one that can be started."""

    name: ScenarioName
    code: str
    initials: str
    title: Label
    note: Label
    group: str
    icon: str
    kiosk: bool
    card_needed: bool
    transactions: list[str] = Field([], description="codes")


class FieldSpec(View):
    """One field of a form. ``columns`` of the twelve-column grid."""

    name: str
    kind: str = Field(description="text | id_number | date | amount | choice | notes | phone | card | region | …")
    section: str
    label_zh: str
    label_en: str
    columns: int = 4
    required: bool = True
    pii: bool = False
    read_only: bool = False
    choices: list[str] = []


class FieldProblem(View):
    field: str
    code: str
    params: Params = {}


class SummaryLine(View):
    """One line of what the customer confirms: the label by code, the value as it is shown and signed."""

    code: str
    value: str
    value_en: str | None = None
    emphasis: bool = False
    label: Label | None = Field(None, description="of a line whose label is no code: a transaction's title")


class SummaryView(View):
    """Exactly what is shown, confirmed and signed; ``digest`` is over the canonical form of ``lines``."""

    lines: list[SummaryLine]
    amount: Amount
    amount_words: str = Field(description="capitals: 贰万元整")
    digest: Digest
