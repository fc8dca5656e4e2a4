"""Scenes of the steps in which money moves, and what they say about it. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass

from common.wire.base import Amount
from common.wire.cases import CaseView, CashView, CustomerStep, MoneyBoxes
from ui.kit.texts.formats import money
from ui.kit.texts.words import T, t
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.scene import Layout, Local, Scene, Status
from ui.vtm_app.scenes_steps import Make, seconds_left

_S = CustomerStep
_CASH_IN_ICONS = {"opening": "cash-in", "open": "cash-in", "counting": "clock", "ask": "check", "refused": "warn"}


def _insert_cash(screen: Screen, case: CaseView, local: Local) -> Scene:
    phase = screen.phase if screen.phase in _CASH_IN_ICONS else "opening"
    total = sum(face * count for face, count in screen.notes.items())
    step, hint = t("kiosk.insert_cash"), t("kiosk.insert_cash_hint")
    if phase == "ask":
        step, hint = t("kiosk.insert_cash_ask", amount=total), t("kiosk.insert_cash_ask_hint")
    elif phase == "refused":
        step = t("kiosk.insert_cash_refused")
        hint = t("kiosk.insert_cash_refused_hint", n=screen.refused)
    status = Status(t(f"kiosk.status_cash_{phase}"), _CASH_IN_ICONS[phase], waiting=phase != "ask")
    return Scene(_S.INSERT_CASH.value, Layout.CASH_IN, step, hint, status, idle=phase == "ask")


def _take_cash(screen: Screen, case: CaseView, local: Local) -> Scene:
    present = screen.phase == "present"
    code = "kiosk.take_cash" if present else "kiosk.take_cash_wait"
    hint = None if present else t("kiosk.take_cash_wait_hint")
    status = None if present else Status(t("kiosk.status_moving"), "hand")
    left = seconds_left(screen, local) if present else None
    note = t("kiosk.take_cash_note") if present else None
    picture = "cash-slot" if present else "icon:cash"
    return Scene(_S.TAKE_CASH.value, Layout.TAKE_CASH, t(code), hint, status, picture=picture, left=left, note=note)


def _store_cash(screen: Screen, case: CaseView, local: Local) -> Scene:
    status = Status(t("kiosk.status_moving"), "hand")
    step, hint = t("kiosk.store_cash"), t("kiosk.store_cash_hint")
    return Scene(_S.STORE_CASH.value, Layout.STEP, step, hint, status, picture="icon:cash-in")


def _return_cash(screen: Screen, case: CaseView, local: Local) -> Scene:
    present = screen.phase == "present"
    step = t("kiosk.return_cash_present" if present else "kiosk.return_cash")
    status = Status(t(f"kiosk.status_{'return_present' if present else 'moving'}"), "cash-out" if present else "hand")
    left = seconds_left(screen, local) if present else None
    hint, picture = t("kiosk.return_cash_hint"), "cash-slot" if present else "icon:cash"
    return Scene(
        _S.RETURN_CASH.value,
        Layout.STEP,
        step,
        hint,
        status,
        picture=picture,
        left=left,
    )


CASH_SCENES: Mapping[CustomerStep, Make] = {
    _S.INSERT_CASH: _insert_cash,
    _S.TAKE_CASH: _take_cash,
    _S.STORE_CASH: _store_cash,
    _S.RETURN_CASH: _return_cash,
}


@dataclass(frozen=True)
class Row:
    """A line of a table of notes."""

    left: T
    middle: T
    right: str


def counted_rows(notes: Mapping[int, int]) -> tuple[Row, ...]:
    """What was counted, by face value, highest first; the last row is the sum."""
    rows = [
        Row(t("kiosk.cash_face", face=face // 100), t("kiosk.cash_count", n=count), money(face * count))
        for face, count in sorted(notes.items(), reverse=True)
        if count
    ]
    pieces, total = sum(notes.values()), sum(face * count for face, count in notes.items())
    return (*rows, Row(t("kiosk.cash_total", n=pieces), t("kiosk.cash_count", n=pieces), money(total)))


def bundle_words(cash: CashView) -> tuple[T, ...]:
    """Notes of a payout, one sentence a face value."""
    faces = sorted(cash.notes.items(), key=lambda pair: int(pair[0]), reverse=True)
    return tuple(t("kiosk.take_cash_notes", face=face, n=count) for face, count in faces if count)


@dataclass(frozen=True)
class Fact:
    """One of the three places where the money is."""

    key: str
    words: T
    hint: T
    good: bool


def money_facts(boxes: MoneyBoxes, cash_way: str) -> tuple[Fact, Fact, Fact]:
    """Account, machine, hand: always three, in this order."""
    way = "_deposit" if cash_way == "in" else ""
    return _account(boxes.account, way), _place("machine", boxes.machine, ""), _place("hand", boxes.hand, way)


def _fact(key: str, name: str, amount: int, good: bool) -> Fact:
    code = f"kiosk.fact_{key}_{name}"
    return Fact(key, t(code, amount=amount), t(f"{code}_hint"), good)


def _account(amount: Amount | None, way: str) -> Fact:
    if amount is None:
        return _fact("account", "unknown", 0, good=False)
    name = f"none{way}" if amount.minor == 0 else "out" if amount.minor < 0 else "in"
    return _fact("account", name, abs(amount.minor), good=True)


def _place(key: str, amount: Amount | None, way: str) -> Fact:
    if amount is None:
        return _fact(key, "unknown", 0, good=False)
    return _fact(key, "some" if amount.minor else f"none{way}", amount.minor, good=key == "machine" or amount.minor > 0)
