"""Who the customer is: record, tax residency, changes, password."""

from collections.abc import Iterable

from teller.forms.catalogue import AGENT, CHINA, CHINA_ONLY, HOUSEHOLD, RESIDENT_ID, YES, of
from teller.forms.fields import Problem
from teller.forms.id_number import normal
from teller.transactions.accounts import OPENING
from teller.transactions.base import Atomic, Bar, Cell, Facts, Presence, Said, Values, Work, line
from teller.transactions.rules import in_force
from teller.vouchers import Words, mask_id_number, mask_name, mask_phone

_IDENTITY = ("name", "sex", "nation", "birth", "address", "id_number", "authority", "valid_from", "valid_to")
_PROFILE = ("nationality", "id_kind", "occupation", "employer", "income", "region", "home", "email")


def _record(atomic: Atomic, work: Work) -> None:
    """Find the customer by the identity number, or make the record; bring it up to date."""
    cells: dict[str, Cell] = {name: work.text(name) for name in ("name", "sex", "nation", "birth", "address", "phone")}
    cells["id_number"] = normal(work.text("id_number"))
    cells["nation"] = work.text("nation") or work.text("nationality")  # a passport names no ethnic group
    if not work.customer:
        work.customer = str(work.books.stamp().id)
    work.put("customer", work.customer, **{name: value for name, value in cells.items() if value})
    work.put("profile", work.customer, customer_id=work.customer, status="active", **_filled(work, _PROFILE))
    _parties(work)
    work.block(
        atomic,
        (
            line("姓名", "Name", mask_name(work.text("name"))),
            line("证件号码", "ID number", mask_id_number(normal(work.text("id_number")))),
            line("手机", "Phone", mask_phone(work.text("phone"))),
        ),
    )


def _filled(work: Work, names: tuple[str, ...]) -> dict[str, Cell]:
    return {name: work.text(name) for name in names if work.text(name)}


def _parties(work: Work) -> None:
    """Agent and guardian are registered with both identities."""
    for kind, names in (
        ("agent", ("agent_name", "agent_id", "agent_phone", "agent_reason")),
        ("guardian", ("guardian_name", "guardian_id", "guardian_tie")),
    ):
        cells = _filled(work, names)
        if cells:
            key = f"{work.customer}:{kind}:{work.case_id}"
            work.put("party", key, customer_id=work.customer, status="active", role=kind, **cells)


def _same_person(values: Values, facts: Facts) -> Iterable[Problem]:
    """Agent and guardian are somebody else; a child comes with the household book, a foreigner with the passport."""
    own = normal(values.get("id_number", ""))
    for name in ("agent_id", "guardian_id"):
        if own and normal(values.get(name, "")) == own:
            yield Problem(name, "party.same_person")
    if values.get("nationality", CHINA) != CHINA and values.get("id_kind") == RESIDENT_ID:
        yield Problem("id_kind", "foreigner.passport")
    row = in_force("guardian_age", facts.day)
    if row is not None and facts.age is not None and facts.age >= row.parameters["age"]:
        if values.get("id_kind") == HOUSEHOLD:
            yield Problem("id_kind", "adult.identity_card", (("age", row.parameters["age"]),))
    elif row is not None and facts.age is not None:
        if values.get("id_kind") != HOUSEHOLD:
            yield Problem("id_kind", "minor.household_book")
        if values.get("acting") == AGENT:
            yield Problem("acting", "minor.guardian_acts")
    on_site = in_force("agent_presence", facts.day)
    if on_site is not None and values.get("acting") == AGENT and facts.presence is Presence.REMOTE:
        yield Problem("acting", "agent.on_site_only")
    most = in_force("agent_count", facts.day)
    opens = not facts.chosen.isdisjoint(OPENING)
    if most is not None and opens and facts.agent is not None and facts.agent >= most.parameters["count"]:
        yield Problem("agent_id", "agent.count", (("count", most.parameters["count"]), ("held", facts.agent)))


CUSTOMER_RECORD = Atomic(
    code="customer_record",
    number="0102",
    group="basic",
    title=Words("客户信息建立", "Customer record"),
    initials="khxxjl",
    fields=of(*_IDENTITY, "nationality", "id_kind", "acting", "phone", "occupation", "employer", "income", "region",
              "home", "email"),
    say=lambda values: Said(
        f"{mask_name(values.get('name', ''))}，{mask_phone(values.get('phone', ''))}"
    ),
    do=_record,
    check=_same_person,
    rules=("A-242", "A-241", "A-243"),
)  # fmt: skip


def _known(facts: Facts) -> Bar | None:
    """Something can only be registered for a customer the bank knows, or gets to know in this case."""
    if facts.known_customer or "customer_record" in facts.chosen:
        return None
    return Bar("bar.customer_first")


def _tax(atomic: Atomic, work: Work) -> None:
    cells = _filled(work, ("tax_residency", "tax_country", "tax_number", "us_person", "w9_tin", "w9_address"))
    today = work.facts.day.isoformat()
    work.put("tax", work.customer, customer_id=work.customer, status="active", declared_on=today, **cells)
    work.block(
        atomic,
        (
            line("税收居民身份", "Tax residency", work.text("tax_residency")),
            line("声明日期", "Declared on", today),
        ),
    )


def _tax_check(values: Values, _facts: Facts) -> Iterable[Problem]:
    if values.get("us_person") == YES and values.get("tax_residency") == CHINA_ONLY:
        yield Problem("tax_residency", "tax.us_person")


TAX_EN = {
    CHINA_ONLY: "Tax resident of China only",
    "仅为非居民": "Not a tax resident of China",
    "既是中国又是其他国家税收居民": "Tax resident of China and elsewhere",
}

TAX_RESIDENCY = Atomic(
    code="tax_residency",
    number="0101",
    group="basic",
    title=Words("税收居民身份声明", "Tax residency (CRS)"),
    initials="ssjmsfsm",
    fields=of("name", "birth", "id_number", "address", "tax_residency", "us_person"),
    say=lambda values: Said(values.get("tax_residency", ""), TAX_EN.get(values.get("tax_residency", ""))),
    do=_tax,
    check=_tax_check,
    gate=_known,
)


def _pin(atomic: Atomic, work: Work) -> None:
    """The new hash is kept with the account's card where there is one, else with the account."""
    key = work.card or work.account
    if work.card:
        work.put("card", work.card, pin_hash=work.pin_hash, tries_left=3, status="active")
    else:
        cells: dict[str, Cell] = {"pin_hash": work.pin_hash, "hashed_for": work.pin_owner}
        work.put("password", key, customer_id=work.customer, account=key, status="active", **cells)
    work.block(atomic, (line("密码", "PIN", "已设置"),))


def _account_first(facts: Facts) -> Bar | None:
    opened = {"open_class_1", "open_class_2", "open_class_3"} & facts.chosen
    return None if facts.has_account or opened else Bar("bar.account_first")


PIN_SETTING = Atomic(
    code="pin_setting",
    number="0103",
    group="basic",
    title=Words("设置密码", "Set the PIN"),
    initials="szmm",
    fields=of("name", "id_number"),
    say=lambda _values: Said("在密码键盘上设 6 位密码", "Six digits, on the PIN pad"),
    do=_pin,
    gate=_account_first,
    pin="set",
)


def _reset(atomic: Atomic, work: Work) -> None:
    key = work.card
    work.put("card", key, pin_hash=work.pin_hash, tries_left=3, status="active")
    work.block(atomic, (line("卡片", "Card", "已解锁，密码已重置"),))


PASSWORD_RESET = Atomic(
    code="password_reset",
    number="0701",
    group="service",
    title=Words("密码重置与解锁", "Reset the PIN, unlock"),
    initials="mmczjs",
    fields=of("name", "id_number", "account"),
    say=lambda _values: Said("在密码键盘上设 6 位新密码", "A new six-digit PIN, on the PIN pad"),
    do=_reset,
    needs_account=True,
    pin="set",
    card_states=("active", "blocked", "no_pin"),
)


def _change(atomic: Atomic, work: Work) -> None:
    cells = _filled(work, ("phone", "address"))
    work.put("customer", work.customer, **cells)
    work.put("profile", work.customer, customer_id=work.customer, status="active", **_filled(work, _PROFILE))
    lines = [line("手机", "Phone", mask_phone(work.text("phone")))]
    if work.text("occupation"):
        lines.append(line("职业", "Occupation", work.text("occupation")))
    work.block(atomic, lines)


CUSTOMER_CHANGE = Atomic(
    code="customer_change",
    number="0702",
    group="service",
    title=Words("客户信息变更", "Change of customer data"),
    initials="khxxbg",
    fields=of(*_IDENTITY, "phone", "occupation", "employer", "region", "home", "email"),
    say=lambda values: Said(mask_phone(values.get("phone", ""))),
    do=_change,
    gate=_known,
)
