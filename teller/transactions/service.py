"""Loss and release, card replacement, dormant accounts, papers about an account, keys in safe custody."""

from collections.abc import Iterable
from datetime import date, timedelta

from common.errors import UserError
from teller.capitals import capitals
from teller.forms.catalogue import of
from teller.forms.fields import Problem
from teller.forms.validators import read_date
from teller.ledger.bookings import customer_account
from teller.money import Money, shown
from teller.transactions.accounts import issue_card, unused_card
from teller.transactions.base import Atomic, Bar, Cell, Facts, Quote, Said, Values, Work, amount_line, line
from teller.transactions.rules import in_force
from teller.vouchers import Words, mask_account, mask_name

ORAL = "口头挂失"


def _known(facts: Facts) -> Bar | None:
    return None if facts.known_customer else Bar("bar.known_customer")


def _own(work: Work) -> dict[str, Cell]:
    """The customer's own account. Raises ``account.not_own``."""
    work.account = work.text("own_account")
    found = work.books.record("account", work.account)
    if found is None or not work.customer or found.get("customer_id") != work.customer:
        raise UserError("account.not_own")
    return dict(found)


def _in_state(work: Work, state: str) -> None:
    """Raises ``account.not_own``, ``account.other_state`` (``status``)."""
    status = str(_own(work)["status"])
    if status != state:
        raise UserError("account.other_state", status=status)


def _account_quote(state: str, zh: str, en: str) -> Quote:
    def quote(work: Work) -> Said:
        _in_state(work, state)
        masked = mask_account(work.account)
        return Said(f"{masked}：{zh}", f"{masked}: {en}")

    return quote


def _reportable(work: Work) -> None:
    """In use; or lost by an oral report that is now put in writing.

    Raises:
        UserError: ``account.not_own``, ``account.other_state`` (``status``).
    """
    known = work.books.record("loss", work.text("own_account"))
    oral = known is not None and known.get("status") == "active" and known.get("way") == ORAL
    _in_state(work, "lost" if oral and work.text("loss_way") != ORAL else "active")


def _loss_quote(work: Work) -> Said:
    _reportable(work)
    masked = mask_account(work.account)
    row = in_force("loss_written", work.facts.day)
    if work.text("loss_way") != ORAL or row is None:
        return Said(f"{masked}：立即止付", f"{masked}: payments stop at once")
    until = (work.facts.day + timedelta(days=row.parameters["days"])).isoformat()
    return Said(
        f"{masked}：立即止付；{until} 前不补书面手续，挂失失效",
        f"{masked}: payments stop at once; lapses after {until} unless put in writing",
    )


def _loss(atomic: Atomic, work: Work) -> None:
    """The account stops at once; an oral report lapses unless it is confirmed in writing in time."""
    _reportable(work)
    way = work.text("loss_way")
    row = in_force("loss_written", work.facts.day)
    until = None
    if way == ORAL and row is not None:
        until = (work.facts.day + timedelta(days=row.parameters["days"])).isoformat()
    work.put("account", work.account, status="lost")
    cells: dict[str, Cell] = {"way": way, "until": until, "reported_on": work.facts.day.isoformat()}
    work.put("loss", work.account, customer_id=work.customer, account=work.account, status="active", **cells)
    lines = [line("账号", "Account", mask_account(work.account)), line("方式", "How", way)]
    if until:
        lines.append(line("须补书面手续，截止", "In writing until", until))
    work.block(atomic, lines)


LOSS_REPORT = Atomic(
    code="loss_report",
    number="0703",
    group="service",
    title=Words("挂失", "Report of loss"),
    initials="gs",
    fields=of("name", "id_number", "own_account", "loss_way"),
    say=lambda values: Said(mask_account(values.get("own_account", ""))),
    quote=_loss_quote,
    do=_loss,
    gate=_known,
    rules=("A-331",),
)


def _release(atomic: Atomic, work: Work) -> None:
    _in_state(work, "lost")
    work.put("account", work.account, status="active")
    work.put("loss", work.account, status="released", released_on=work.facts.day.isoformat())
    work.block(atomic, (line("账号", "Account", mask_account(work.account)), line("状态", "State", "已解挂")))


LOSS_RELEASE = Atomic(
    code="loss_release",
    number="0704",
    group="service",
    title=Words("解挂", "Release after loss"),
    initials="jg",
    fields=of("name", "id_number", "own_account"),
    say=lambda values: Said(mask_account(values.get("own_account", ""))),
    quote=_account_quote("lost", "恢复使用", "can be used again"),
    do=_release,
    gate=_known,
)


def _replaceable(work: Work) -> tuple[dict[str, Cell], str]:
    """The account and the number of its new card.

    Raises:
        UserError: ``account.not_own``, ``account.other_state`` (``status``), ``card.number_used``.
    """
    account = _own(work)
    if account["status"] not in ("active", "lost"):
        raise UserError("account.other_state", status=str(account["status"]))
    return account, unused_card(work)


def _replace_quote(work: Work) -> Said:
    _, number = _replaceable(work)
    return Said(f"新卡 {mask_account(number)}", f"New card {mask_account(number)}")


def _replace(atomic: Atomic, work: Work) -> None:
    """The old cards of the account end, the new one opens the same account; a loss is thereby over."""
    account, number = _replaceable(work)
    now = work.books.record("current_card", work.account)
    old = str(now["card"]) if now is not None and now.get("status") == "active" else work.account
    if work.books.record("card", old) is not None:
        work.put("card", old, status="replaced")
    if account["status"] == "lost":
        work.put("account", work.account, status="active")
        work.put("loss", work.account, status="replaced")
    issue_card(work, number, work.account)
    holder: dict[str, Cell] = {"customer_id": work.customer, "account": work.account, "status": "active"}
    work.put("current_card", work.account, card=number, **holder)
    work.block(
        atomic,
        (
            line("账号", "Account", mask_account(work.account)),
            line("新卡卡号", "New card", mask_account(number)),
        ),
    )


CARD_REPLACEMENT = Atomic(
    code="card_replacement",
    number="0705",
    group="service",
    title=Words("补换卡", "Replace the card"),
    initials="bhk",
    fields=of("name", "id_number", "own_account", "card_number"),
    say=lambda values: Said(f"新卡 {mask_account(values.get('card_number', ''))}"),
    quote=_replace_quote,
    do=_replace,
    gate=_known,
    pin="set",
    hands_over="card",
    undo="plan.undo.card",
)


def _activate(atomic: Atomic, work: Work) -> None:
    _in_state(work, "dormant")
    work.put("account", work.account, status="active")
    work.block(atomic, (line("账号", "Account", mask_account(work.account)), line("状态", "State", "已激活")))


DORMANT_ACTIVATION = Atomic(
    code="dormant_activation",
    number="0706",
    group="service",
    title=Words("长期不动户激活", "Activate a dormant account"),
    initials="cqbdhjh",
    fields=of("name", "id_number", "own_account"),
    say=lambda values: Said(mask_account(values.get("own_account", ""))),
    quote=_account_quote("dormant", "恢复使用", "can be used again"),
    do=_activate,
    gate=_known,
)


def _balance_quote(work: Work) -> Said:
    balance = work.books.available(work.money_code)
    return Said(f"{mask_account(work.account)}，时点余额 {shown(balance)}", f"{shown(balance)} on the account now")


def _balance(atomic: Atomic, work: Work) -> None:
    """A certificate of the balance at this moment (资信证明), numbered and registered."""
    balance = work.books.available(work.money_code)
    number = f"ZX{work.facts.day:%Y%m%d}{work.books.number(f'balance certificate {work.facts.day}'):05d}"
    work.put(
        "certificate", number, customer_id=work.customer, account=work.account, status="issued", minor=balance.minor,
        use=work.text("cert_use"), addressed_to=work.text("cert_to"), issued_on=work.facts.day.isoformat(),
    )  # fmt: skip
    work.block(
        atomic,
        (
            line("证明编号", "Certificate", number),
            line("账号", "Account", mask_account(work.account)),
            amount_line("时点余额", "Balance at this moment", balance),
            line("大写", "In capitals", capitals(balance) if balance else "零元整"),
            line("用途与抬头", "For", f"{work.text('cert_use')} {work.text('cert_to')}"),
        ),
    )


BALANCE_CERTIFICATE = Atomic(
    code="balance_certificate",
    number="0707",
    group="service",
    title=Words("资信证明", "Certificate of balance"),
    initials="zxzm",
    fields=of("name", "id_number", "cert_use", "cert_to"),
    say=lambda values: Said(values.get("cert_use", "")),
    quote=_balance_quote,
    do=_balance,
    needs_account=True,
    pin="verify",
    hands_over="paper",
    undo="plan.undo.paper",
)


def _period(values: Values, _facts: Facts) -> Iterable[Problem]:
    first, last = read_date(values.get("st_from", "")), read_date(values.get("st_to", ""))
    if first is not None and last is not None and last < first:
        yield Problem("st_to", "date.before_start")


def _statement(atomic: Atomic, work: Work) -> None:
    first, last = date.fromisoformat(work.text("st_from")), date.fromisoformat(work.text("st_to"))
    lines = [minor for on, minor in work.books.movements(customer_account(work.account), first) if on <= last]
    number = f"LS{work.facts.day:%Y%m%d}{work.books.number(f'statement {work.facts.day}'):05d}"
    cells: dict[str, Cell] = {"from": first.isoformat(), "to": last.isoformat(), "lines": len(lines)}
    work.put("statement", number, customer_id=work.customer, account=work.account, status="issued", **cells)
    work.block(
        atomic,
        (
            line("流水编号", "Statement", number),
            line("账号与期间", "Account, period", f"{mask_account(work.account)} {first} – {last}"),
            line("笔数", "Entries", str(len(lines))),
            amount_line("收入合计", "In", Money(sum(minor for minor in lines if minor > 0))),
            amount_line("支出合计", "Out", Money(-sum(minor for minor in lines if minor < 0))),
        ),
    )


STATEMENT = Atomic(
    code="statement",
    number="0708",
    group="service",
    title=Words("账户流水", "Statement of account"),
    initials="zhls",
    fields=of("name", "id_number", "st_from", "st_to"),
    say=lambda values: Said(f"{values.get('st_from', '')} – {values.get('st_to', '')}"),
    do=_statement,
    check=_period,
    needs_account=True,
    pin="verify",
    hands_over="paper",
    undo="plan.undo.paper",
)


def _key_goes_to(work: Work) -> str:
    """Who holds it afterwards. Raises ``key.same_holder``, ``key.not_own``."""
    known = work.books.record("key", work.text("key_number"))
    held = "bank" if work.text("key_way") == "客户交存" else "customer"
    if known is not None and known.get("holder") == held and known.get("status") == "active":
        raise UserError("key.same_holder")
    if held == "customer" and (known is None or known.get("customer_id") != work.customer):
        raise UserError("key.not_own")
    return held


def _key_quote(work: Work) -> Said:
    _key_goes_to(work)
    return Said(f"{work.text('key_number')}，{work.text('key_way')}")


def _key(atomic: Atomic, work: Work) -> None:
    """A key goes into safe custody, or back to its owner; who holds it now is registered."""
    number, way, held = work.text("key_number"), work.text("key_way"), _key_goes_to(work)
    work.put("key", number, customer_id=work.customer, status="active", holder=held, since=work.facts.day.isoformat())
    work.block(
        atomic,
        (
            line("钥匙编号", "Key", number),
            line("交接方向", "Direction", way),
            line("客户", "Customer", mask_name(work.text("name"))),
        ),
    )


KEY_HANDOVER = Atomic(
    code="key_handover",
    number="0709",
    group="service",
    title=Words("保管箱钥匙交接", "Safe-custody key handover"),
    initials="bgxysjj",
    fields=of("name", "id_number", "key_number", "key_way"),
    say=lambda values: Said(f"{values.get('key_number', '')}，{values.get('key_way', '')}"),
    quote=_key_quote,
    do=_key,
    gate=_known,
)
