"""Which keys the window has, what the palette offers, and what stands in the command bar. No widgets."""

from dataclasses import dataclass

from common.wire.cases import CaseRow, CaseView, CustomerStep, PayeeView, PresetView, ScenarioView, TransactionView
from common.wire.desk import DeskView
from common.wire.identity import ConsentState
from ui.kit.business import business
from ui.kit.business import words as label_words
from ui.kit.texts.words import T, t
from ui.teller_app.case_facts import is_mine
from ui.teller_app.local import Local
from ui.teller_app.presenter import OVER, KeyModel, function_keys, phone_open


@dataclass(frozen=True)
class BarKey:
    """A key of the command bar: id, cap, red or not, and whether narrow windows put it under F10."""

    id: str
    cap: str
    danger: bool = False
    under_more: bool = False
    divider: bool = False


# Both rows stand in the bar; the one that fits is shown. Keys never move within a row.
IDLE_BAR = (
    BarKey("help", "F1"),
    BarKey("refresh", "F5", under_more=True),
    BarKey("find", "F6"),
    BarKey("till", "F7", under_more=True),
    BarKey("break", "F8", under_more=True),
)
CASE_BAR = (
    BarKey("hold", "F2"),
    BarKey("hang_up", "F12", danger=True),
    BarKey("snapshot", "F3", divider=True),
    BarKey("capture", "F4"),
    BarKey("verify", "F5", under_more=True),
    BarKey("push", "F6"),
    BarKey("point", "F7", under_more=True),
    BarKey("phone", "F8", under_more=True),
)


def idle_keys(desk: DeskView | None, local: Local) -> dict[str, KeyModel]:
    """The command bar between two customers."""
    here = local.offline_since is None
    return {
        "help": KeyModel(t("teller.key_help"), "help", True),
        "refresh": KeyModel(t("teller.key_refresh"), "refresh", here),
        "find": KeyModel(t("teller.key_find"), "search", here),
        "till": KeyModel(t("teller.key_till"), "box", False),
        "break": KeyModel(t("teller.key_break"), "cup", desk is not None and here and desk.state != "break"),
    }


def case_keys(case: CaseView, local: Local) -> dict[str, KeyModel]:
    """The command bar while a case is open."""
    return function_keys(case, local)


@dataclass(frozen=True)
class Entry:
    """A row of the palette."""

    key: str
    words: T
    group: str
    icon: str
    initials: str = ""
    code: str = ""
    note: T | str = ""


_STILL_THERE = (CustomerStep.TAKE_RECEIPT, CustomerStep.PRINT_VOUCHER, CustomerStep.RATE)
"""The business is done and the customer has not gone: another one may follow."""


def palette_entries(case: CaseView | None, local: Local, desk: DeskView | None) -> list[Entry]:
    """Actions that apply now, then cases of the day, then settings."""
    actions = _case_actions(case, local) if case is not None else _idle_actions(desk)
    rows = desk.today if desk is not None else []
    cases = (_case_entry(row) for row in rows[:40])
    return [*_scenarios(case, local, desk), *actions, *cases, *_machines(desk), *_SETTINGS]


def _scenarios(case: CaseView | None, local: Local, desk: DeskView | None) -> list[Entry]:
    """Business by name, pinyin initials or code: to begin with, to turn to, to add to this case or to leave out."""
    known = desk.scenarios if desk is not None else []
    if case is None:
        return [_scenario("start", one, t("scenario.start_on_site", what=label_words(one.title))) for one in known]
    if is_mine(case, local) and case.customer_step in _STILL_THERE:
        return [_scenario("next", one, t("scenario.next", what=label_words(one.title))) for one in known]
    if not is_mine(case, local) or case.state.value not in ("draft", "returned"):
        return []
    found = [_payee(at, one) for at, one in enumerate(case.payees)]
    found += [_transaction(one) for one in case.transactions if not one.mandatory and one.barred is None]
    found += [_preset(one) for one in case.presets]
    others = [one for one in known if one.name != case.scenario and (not one.card_needed or case.card is not None)]
    return found + [_scenario("turn", one, t("scenario.turn_to", what=label_words(one.title))) for one in others]


def _scenario(verb: str, one: ScenarioView, words: T) -> Entry:
    return Entry(f"{verb}:{one.name}", words, "scenario.palette", one.icon.replace("_", "-"), one.initials, one.code)


def _payee(at: int, one: PayeeView) -> Entry:
    words = t("scenario.usual_payee", name=one.name, bank=one.bank, account=one.account[-4:])
    return Entry(f"payee:{at}", words, "scenario.palette", "user", "skr", note=one.on)


def _transaction(one: TransactionView) -> Entry:
    words = t("scenario.drop" if one.chosen else "scenario.add", what=label_words(one.title))
    icon = "minus" if one.chosen else "plus"
    return Entry(f"toggle:{one.code}", words, "scenario.palette", icon, one.initials, one.number)


def _preset(one: PresetView) -> Entry:
    words = t("scenario.take_preset", what=label_words(one.title))
    return Entry(f"preset:{one.code}", words, "scenario.palette", "check", one.code, one.code)


def _action(key: str, icon: str, initials: str, note: str = "") -> Entry:
    return Entry(key, t(f"teller.do_{key}"), "common.palette_actions", icon, initials, note=note)


def _idle_actions(desk: DeskView | None) -> list[Entry]:
    found = [_action("refresh", "refresh", "sx", "F5"), _action("find", "search", "zsld", "F6")]
    states = (
        ("ready", "check", "jx"),
        ("break", "cup", "xx"),
        ("after_call", "pen", "hhcl"),
        ("busy", "x-circle", "ml"),
    )
    return found + [_action(f"state_{state}", icon, initials) for state, icon, initials in states]


def _case_actions(case: CaseView, local: Local) -> list[Entry]:
    found: list[Entry] = []
    mine = is_mine(case, local)
    if mine and case.state.value in ("draft", "returned"):
        found += [
            _action("ask_front", "scan", "cjzm", "F4"),
            _action("ask_back", "scan", "cjbm"),
            *_phone(case),
            _action("ask_face", "user", "zqty"),
            _action("snapshot", "camera", "zp", "F3"),
            _action("person_check", "eye", "rgbd"),
            _action("verify", "shield", "lwhc", "F5"),
            _action("verify_phone", "mobile", "sjsm"),
            _action("read_again", "refresh", "cxsb"),
            _action("note", "chat", "lysqy"),
        ]
    known = case.identity
    if mine and case.state not in OVER:
        if case.face_match is not None and case.face_match.same and case.state.value in ("draft", "returned"):
            found.append(_action("ask_keep", "clock", "lczp"))
        if known.face_consent.state is ConsentState.GIVEN:
            found.append(_action("revoke_face", "undo", "chrl"))
        if known.kept.state is ConsentState.GIVEN:
            found.append(_action("revoke_keep", "undo", "chlc"))
    if mine and case.state.value == "authorised":
        found.append(_action("look", "eye", "rgkyy"))
    if mine and case.state.value == "awaiting_authorisation":
        found.append(_action("withdraw", "undo", "ch"))
    if mine and case.state not in OVER:
        found += [_action("mute", "mic-off", "jy", "Ctrl M"), _action("call_again", "phone", "cxhj")]
        found.append(_action("cancel_case", "x-circle", "qxyw"))
    if mine and case.voucher is not None and case.state not in OVER:
        found.append(_action("finish", "check", "jsbl"))
    if case.voucher is not None:
        found += [_action("open_pdf", "doc", "dkpz"), _action("view_voucher", "zoom", "kpz")]
    if case.voucher is not None and not case.voucher.void:
        found += [_action("reprint", "printer", "bdpz"), _action("void_voucher", "x-circle", "zfpz")]
    waits = case.reversal is not None and case.reversal.decided_at is None
    if mine and case.reversed_at is None and case.voucher is not None and not case.cash_way and not waits:
        found.append(Entry("reverse", t("scenario.reverse"), "common.palette_actions", "undo", "zdcz"))
    found.append(_action("evidence", "zoom", "kdt", "Ctrl E"))
    if not mine or case.state in OVER:
        found.append(_action("close", "arrow-l", "fh"))
    return found


def _phone(case: CaseView) -> list[Entry]:
    """A picture with the customer's own phone: asked for, or not any more."""
    found = [_action("phone_back", "undo", "shsjpz", "F8")] if phone_open(case) else []
    return found or ([_action("phone", "mobile", "khsjp", "F8")] if case.phone_papers else [])


def _machines(desk: DeskView | None) -> list[Entry]:
    return [
        Entry(f"machine:{one.number}", t("machine.open", number=one.number), "common.palette_settings", "kiosk", "kjq")
        for one in (desk.machines if desk is not None else [])
    ]


def _case_entry(row: CaseRow) -> Entry:
    words = t("teller.palette_case", number=row.number, what=business(row.scenario, row.title))
    state = t(f"teller.case_{row.state.value}")
    return Entry(f"case:{row.id}", words, "common.palette_cases", "inbox", row.number.replace("-", ""), note=state)


_SETTINGS = (
    Entry("registers", t("teller.do_registers"), "common.palette_settings", "stamp", "djb"),
    Entry("suspense", t("teller.do_suspense"), "common.palette_settings", "cash", "xjgz"),
    Entry("language", t("teller.do_language"), "common.palette_settings", "globe", "yy"),
    Entry("theme", t("teller.do_theme"), "common.palette_settings", "moon", "zt"),
    Entry("help", t("teller.do_help"), "common.palette_settings", "help", "bz", note="F1"),
)
