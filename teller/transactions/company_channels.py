"""What a company signs up for in the same go: online banking with two U-keys, statements by mail."""

from collections.abc import Iterable

from teller.forms.catalogue import of
from teller.forms.fields import Problem
from teller.money import parse, shown
from teller.transactions.base import Atomic, Bar, Cell, Facts, Said, Values, Work, line, money_of
from teller.transactions.channels import unused_ukey
from teller.transactions.companies import in_use, refuse_suspended
from teller.vouchers import Words, mask_account


def _first(facts: Facts) -> Bar | None:
    known = {"company_account", "company_licence"} & facts.chosen
    return None if known else Bar("bar.company_first")


def _two_keys(values: Values, _facts: Facts) -> Iterable[Problem]:
    """Who enters and who checks have a key each."""
    if values.get("co_maker") and values.get("co_maker") == values.get("co_checker"):
        yield Problem("co_checker", "ukey.same_twice")
    if values.get("co_day") and not money_of(values, "co_day"):
        yield Problem("co_day", "amount.not_positive")


def _online(atomic: Atomic, work: Work) -> None:
    in_use(work)
    limit = parse(work.text("co_day"))
    holder: dict[str, Cell] = {"customer_id": work.customer, "account": work.account, "status": "active"}
    work.put("signup", f"{work.account}:company_online", **holder, channel="company_online", co_day=limit.minor)
    for role in ("co_maker", "co_checker"):
        work.put("ukey", unused_ukey(work, role), **holder, role=role, issued_on=work.facts.day.isoformat())
    work.block(
        atomic,
        (
            line("账号", "Account", mask_account(work.account)),
            line("日限额", "A day", shown(limit)),
            line("经办 / 复核 U 盾", "U-keys", f"***{work.text('co_maker')[-4:]} / ***{work.text('co_checker')[-4:]}"),
        ),
    )


def _online_said(values: Values) -> Said:
    limit = shown(money_of(values, "co_day"))
    return Said(f"日限额 {limit}，两把 U 盾", f"{limit} a day, two U-keys")


def _online_quote(work: Work) -> Said:
    refuse_suspended(work)
    for role in ("co_maker", "co_checker"):
        unused_ukey(work, role)
    return _online_said(work.values)


COMPANY_ONLINE = Atomic(
    code="company_online",
    number="0806",
    group="company",
    title=Words("企业网上银行", "Company online banking"),
    initials="qywsyh",
    fields=of("name", "id_number", "co_code", "co_day", "co_maker", "co_checker"),
    say=_online_said,
    quote=_online_quote,
    do=_online,
    check=_two_keys,
    gate=_first,
    hands_over="ukey",
    undo="plan.undo.ukey",
)


def _statement(atomic: Atomic, work: Work) -> None:
    in_use(work)
    cycle, mail = work.text("co_st_cycle"), work.text("co_st_mail")
    holder: dict[str, Cell] = {"customer_id": work.customer, "account": work.account, "status": "active"}
    work.put(
        "signup", f"{work.account}:company_statement", **holder, channel="company_statement", cycle=cycle, mail=mail
    )
    work.block(
        atomic, (line("账号", "Account", mask_account(work.account)), line("对账", "Statements", f"{cycle} {mail}"))
    )


def _statement_said(values: Values) -> Said:
    return Said(f"{values.get('co_st_cycle', '')}，{values.get('co_st_mail', '')}")


def _statement_quote(work: Work) -> Said:
    refuse_suspended(work)
    return _statement_said(work.values)


COMPANY_STATEMENT = Atomic(
    code="company_statement",
    number="0807",
    group="company",
    title=Words("电子对账签约", "Statements"),
    initials="dzdzqy",
    fields=of("name", "id_number", "co_code", "co_st_cycle", "co_st_mail"),
    say=_statement_said,
    quote=_statement_quote,
    do=_statement,
    gate=_first,
)
