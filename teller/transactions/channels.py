"""Channels, limits, notices, the U-key: registered for the account of the case."""

from collections.abc import Iterable

from common.errors import UserError
from teller.forms.catalogue import of
from teller.forms.fields import FieldSpec, Problem
from teller.money import parse, shown
from teller.transactions.base import Atomic, Bar, Cell, Facts, Said, Values, Work, line, money_of
from teller.vouchers import VoucherLine, Words, mask_phone

_OPENING = ("open_class_1", "open_class_2", "open_class_3")


def account_first(facts: Facts) -> Bar | None:
    """Needs an account: the card's, or one opened in this case."""
    return None if facts.has_account or not facts.chosen.isdisjoint(_OPENING) else Bar("bar.account_first")


def _positive(values: Values, names: Iterable[str]) -> Iterable[Problem]:
    for name in names:
        if values.get(name) and not money_of(values, name):
            yield Problem(name, "amount.not_positive")


def _limits(fields: tuple[FieldSpec, ...]) -> tuple[FieldSpec, ...]:
    return tuple(spec for spec in fields if spec.kind.value == "amount")


def sign_up(code: str, number: str, title: Words, initials: str, fields: tuple[FieldSpec, ...]) -> Atomic:
    """A channel the customer signs up for: the phone it goes by, and its limits."""
    limits = _limits(fields)

    def do(atomic: Atomic, work: Work) -> None:
        cells: dict[str, Cell] = {spec.name: parse(work.text(spec.name)).minor for spec in limits}
        if work.text("phone"):
            cells["phone"] = work.text("phone")
        key = f"{work.account}:{code}"
        work.put("signup", key, customer_id=work.customer, account=work.account, status="active", channel=code, **cells)
        lines: list[VoucherLine] = [
            line(spec.label_zh, spec.label_en, shown(parse(work.text(spec.name)))) for spec in limits
        ]
        if work.text("phone"):
            lines.append(line("手机", "Phone", mask_phone(work.text("phone"))))
        work.block(atomic, lines)

    def say(values: Values) -> Said:
        amounts = "，".join(f"{spec.label_zh} {shown(money_of(values, spec.name))}" for spec in limits)
        english = ", ".join(f"{spec.label_en} {shown(money_of(values, spec.name))}" for spec in limits)
        phone = mask_phone(values.get("phone", ""))
        return Said(amounts or f"通知发到 {phone}", english or f"Messages to {phone}")

    return Atomic(
        code=code,
        number=number,
        group="channel",
        title=title,
        initials=initials,
        fields=fields,
        say=say,
        do=do,
        check=lambda values, _facts: _positive(values, (spec.name for spec in limits)),
        gate=account_first,
    )


MOBILE_BANKING = sign_up(
    "mobile_banking", "0501", Words("手机银行", "Mobile banking"), "sjyh", of("name", "id_number", "phone", "mb_day")
)
ONLINE_BANKING = sign_up(
    "online_banking", "0502", Words("网上银行", "Online banking"), "wsyh",
    of("name", "id_number", "phone", "email", "ob_day"),
)  # fmt: skip
ATM_TRANSFER = sign_up(
    "atm_transfer", "0503", Words("ATM 转账", "ATM transfers"), "atmzz", of("name", "id_number", "atm_transfer_day")
)
SMS_NOTICE = sign_up(
    "sms_notice", "0504", Words("短信通知", "SMS notices"), "dxtz", of("name", "id_number", "phone")
)  # fmt: skip


def limits(code: str, number: str, title: Words, initials: str, names: tuple[str, str]) -> Atomic:
    """Two limits of a way to pay."""
    specs = of(*names)

    def do(atomic: Atomic, work: Work) -> None:
        for spec in specs:
            work.put(
                "limit", f"{work.account}:{spec.name}", customer_id=work.customer, account=work.account,
                status="active", minor=parse(work.text(spec.name)).minor,
            )  # fmt: skip
        work.block(atomic, [line(s.label_zh, s.label_en, shown(parse(work.text(s.name)))) for s in specs])

    def say(values: Values) -> Said:
        return Said(
            "，".join(f"{spec.label_zh} {shown(money_of(values, spec.name))}" for spec in specs),
            ", ".join(f"{spec.label_en} {shown(money_of(values, spec.name))}" for spec in specs),
        )

    def check(values: Values, _facts: Facts) -> Iterable[Problem]:
        yield from _positive(values, names)
        if code == "quick_payment_limit" and money_of(values, names[0]) > money_of(values, names[1]):
            yield Problem(names[0], "limit.once_above_day")

    return Atomic(
        code=code,
        number=number,
        group="limit",
        title=title,
        initials=initials,
        fields=(*of("name", "id_number"), *specs),
        say=say,
        do=do,
        check=check,
        gate=account_first,
    )


QUICK_PAYMENT_LIMIT = limits(
    "quick_payment_limit", "0601", Words("快捷支付限额", "Quick-payment limit"), "kjzfxe", ("quick_once", "quick_day")
)
ATM_POS_LIMIT = limits(
    "atm_pos_limit", "0602", Words("ATM / POS 限额", "ATM / POS limit"), "atmposxe", ("atm_day", "pos_day")
)


def unused_ukey(work: Work, field: str = "ukey") -> str:
    """Number of the U-key that is given out. Raises ``ukey.number_used`` when it was anybody's before."""
    serial = work.text(field)
    if work.books.record("ukey", serial) is not None:
        raise UserError("ukey.number_used")
    return serial


def _ukey_quote(work: Work) -> Said:
    return Said(f"编号 ***{unused_ukey(work)[-4:]}")


def _ukey(atomic: Atomic, work: Work) -> None:
    serial = unused_ukey(work)
    work.put(
        "ukey", serial, customer_id=work.customer, account=work.account, status="active",
        issued_on=work.facts.day.isoformat(),
    )  # fmt: skip
    work.block(atomic, (line("U 盾编号", "U-key", f"***{serial[-4:]}"),))


UKEY = Atomic(
    code="ukey",
    number="0505",
    group="channel",
    title=Words("U 盾", "U-key"),
    initials="ud",
    fields=of("name", "id_number", "ukey"),
    say=lambda values: Said(f"编号 ***{values.get('ukey', '')[-4:]}"),
    quote=_ukey_quote,
    do=_ukey,
    gate=account_first,
    hands_over="ukey",
    undo="plan.undo.ukey",
)
