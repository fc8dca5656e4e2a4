"""Accounts of the three classes: opened within their counts and limits, each from a dated row."""

from datetime import date

from common.errors import UserError
from teller.forms.catalogue import AGENT, of
from teller.forms.id_number import normal
from teller.forms.validators import luhn_digit
from teller.ledger.chart import Role
from teller.transactions.base import Atomic, Bar, Do, Facts, Gate, Presence, Quote, Said, Say, Values, Work, line
from teller.transactions.rules import in_force
from teller.vouchers import VoucherLine, Words, mask_account

CARD_YEARS = 10
OPENING = ("open_class_1", "open_class_2", "open_class_3")
_PREFIX = {"2": "99990281", "3": "99990391"}


def may_open(account_class: str) -> Gate:
    """Known or new customer, presence for class I, and how many there may be."""

    def gate(facts: Facts) -> Bar | None:
        if not facts.known_customer and "customer_record" not in facts.chosen:
            return Bar("bar.customer_first")
        presence = in_force("class_1_presence", facts.day)
        if account_class == "1" and presence is not None and facts.presence is Presence.REMOTE:
            return Bar("bar.on_site_only", (), presence.code)
        row = in_force(f"class_{account_class}_count", facts.day)
        held = facts.accounts.get(account_class, 0)
        if row is not None and held >= row.parameters["count"]:
            return Bar("bar.count", (("count", row.parameters["count"]),), row.code)
        return _agent_bar(f"open_class_{account_class}", facts)

    return gate


def _agent_bar(code: str, facts: Facts) -> Bar | None:
    """An agent opens no more than so many accounts at this bank; those of this case count in their order."""
    row = in_force("agent_count", facts.day)
    if row is None or facts.agent is None:
        return None
    before = sum(one in facts.chosen for one in OPENING[: OPENING.index(code)])
    most = row.parameters["count"]
    if facts.agent + before < most:
        return None
    return Bar("bar.agent_count", (("count", most), ("held", facts.agent)), row.code)


def _open(work: Work, number: str, account_class: str, **more: str | None) -> None:
    code = work.books.open_ledger(Role.DEMAND_DEPOSIT, number)
    work.put(
        "account",
        number,
        customer_id=work.customer,
        ledger_code=code,
        currency="CNY",
        status="active",
        opened_on=work.facts.day.isoformat(),
        account_class=account_class,
        bound_account=more.get("bound"),
        purpose=work.text("purpose") or None,
    )
    if work.text("acting") == AGENT:
        agent = normal(work.text("agent_id"))
        work.put("agency", number, customer_id=work.customer, subject=agent, status="active")
    if not work.account:
        work.account = number


def unused_card(work: Work) -> str:
    """Number of the card that is given out. Raises ``card.number_used`` when it is anybody's card or account."""
    number = "".join(work.text("card_number").split())
    if any(work.books.record(kind, number) is not None for kind in ("card", "account")):
        raise UserError("card.number_used")
    return number


def _class_1_quote(work: Work) -> Said:
    return _card_said(mask_account(unused_card(work)))


def _class_1(atomic: Atomic, work: Work) -> None:
    """The account has the number of its card, as printed on it; the card is handed over once everything is booked."""
    number = unused_card(work)
    _open(work, number, "1")
    issue_card(work, number, number)
    work.block(
        atomic,
        (
            line("账号", "Account", mask_account(number)),
            line("账户类别", "Class", "一类户 I"),
            line("用途", "Purpose", work.text("purpose")),
        ),
    )


def issue_card(work: Work, number: str, account: str) -> None:
    """A new card; without a PIN of its own it can be used only once one is set."""
    today = work.facts.day
    expires = date(today.year + CARD_YEARS, today.month, 1)
    work.put(
        "card",
        number,
        account=account,
        status="active" if work.pin_hash else "no_pin",
        expires_on=expires.isoformat(),
        pin_hash=work.pin_hash,
        tries_left=3,
    )
    work.card = number


def _bound_card(work: Work) -> str:
    """As entered; empty when the class I account of this very case is the one."""
    return "" if "open_class_1" in work.facts.chosen else "".join(work.text("bound_card").split())


def _class_2_or_3(account_class: str) -> Do:
    def do(atomic: Atomic, work: Work) -> None:
        number = new_number(work, account_class)
        bound = _bound_card(work) or work.account or None
        _open(work, number, account_class, bound=bound)
        row = in_force(f"class_{account_class}_limit", work.facts.day)
        lines: list[VoucherLine] = [
            line("账号", "Account", mask_account(number)),
            line("账户类别", "Class", "二类户 II" if account_class == "2" else "三类户 III"),
            line("绑定账户", "Bound to", mask_account(bound) if bound else "–"),
        ]
        if row is not None:
            lines.append(line("限额", "Limits", row.says.zh))
            for limit in ("day", "year", "balance"):
                if limit in row.parameters:
                    cells = {"account": number, "customer_id": work.customer, "status": "active"}
                    work.put("limit", f"{number}:class_{limit}", **cells, minor=row.parameters[limit])
        work.block(atomic, lines)

    return do


def new_number(work: Work, account_class: str) -> str:
    """The next account number of a class: prefix, sequence, check digit (ISO/IEC 7812-1)."""
    body = f"{_PREFIX[account_class]}{work.books.number(f'account {account_class}'):07d}"
    return body + luhn_digit(body)


def _bound_quote(zh: str, en: str) -> Quote:
    """What it is bound to, if this bank knows it, is the customer's own class I account."""
    say = _said(zh, en)

    def quote(work: Work) -> Said:
        card = _bound_card(work)
        held = work.books.record("card", card) if card else None
        account = None if held is None else work.books.record("account", str(held["account"]))
        if account is not None and in_force("bound_own_class_1", work.facts.day) is not None:
            own = account.get("customer_id") == work.customer and account.get("account_class") == "1"
            if not own or account.get("status") != "active":
                raise UserError("bound.not_own")
        return say(work.values)

    return quote


def _said(zh: str, en: str) -> Say:
    def say(values: Values) -> Said:
        bound = values.get("bound_card", "")
        if bound:
            masked = mask_account(bound)
            return Said(f"{zh}，绑定 {masked}", f"{en}, bound to {masked}")
        return Said(zh, en)

    return say


def _card_said(masked: str) -> Said:
    return Said(f"借记卡 {masked}", f"Debit card {masked}")


OPEN_CLASS_1 = Atomic(
    code="open_class_1",
    number="0201",
    group="account",
    title=Words("一类户（借记卡）", "Class I account and card"),
    initials="ylh",
    fields=of("name", "id_number", "phone", "address", "occupation", "nationality", "purpose", "card_number"),
    say=lambda values: _card_said(mask_account(values.get("card_number", ""))),
    quote=_class_1_quote,
    do=_class_1,
    gate=may_open("1"),
    opens_account=True,
    hands_over="card",
    undo="plan.undo.card",
    rules=("A-201", "A-202"),
)

OPEN_CLASS_2 = Atomic(
    code="open_class_2",
    number="0202",
    group="account",
    title=Words("二类户", "Class II account"),
    initials="elh",
    fields=of("name", "id_number", "phone", "occupation", "nationality", "purpose", "bound_card"),
    say=_said("每日 10,000 元、每年 200,000 元", "CNY 10,000 a day, 200,000 a year"),
    quote=_bound_quote("每日 10,000 元、每年 200,000 元", "CNY 10,000 a day, 200,000 a year"),
    do=_class_2_or_3("2"),
    gate=may_open("2"),
    omitted={"bound_card": "open_class_1"},
    opens_account=True,
    rules=("A-211", "A-212", "A-213"),
)

OPEN_CLASS_3 = Atomic(
    code="open_class_3",
    number="0203",
    group="account",
    title=Words("三类户", "Class III account"),
    initials="slh",
    fields=of("name", "id_number", "phone", "nationality", "purpose", "bound_card"),
    say=_said("余额不超过 2,000 元", "Balance up to CNY 2,000"),
    quote=_bound_quote("余额不超过 2,000 元", "Balance up to CNY 2,000"),
    do=_class_2_or_3("3"),
    gate=may_open("3"),
    omitted={"bound_card": "open_class_1"},
    opens_account=True,
    rules=("A-221", "A-222", "A-213"),
)
