"""The page of replenishment: whose code stands there, and for how long; words instead of codes."""

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from common.wire.base import Amount
from common.wire.cash import HopperProposalView, ProposalView
from devices.client.counts import Counts
from devices.client.probe import ServiceLook
from devices.client.stores import StoredUnit
from tests.ui.engineer.test_layout import task
from tests.ui.engineer.test_window import UNIT, cells, window
from ui.engineer_app import cash_page
from ui.engineer_app.cash_page import REASONS, CashPage
from ui.engineer_app.link import MachineLook
from ui.engineer_app.window import EngineerWindow
from ui.kit.kit import make_kit
from ui.kit.tables import TagCell
from ui.kit.texts.book import Lang
from ui.kit.texts.words import t

__all__ = ["window"]


def show(window: EngineerWindow, state: str, *, mine: bool = True, **more: Any) -> CashPage:
    cash: Any = window.task  # type: ignore[attr-defined]
    cash.mine, cash.task = mine, task(state, **more)
    cash.changed.emit()
    return window.cash


def code(window: EngineerWindow, digits: str = "482913") -> None:
    window.task.coded.emit(digits)  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_code_goes_away_once_it_is_noted(window: EngineerWindow, lang: Lang) -> None:
    window.kit.language.set_current(lang)
    page = show(window, "raised", custodians=["E-01"])
    code(window)
    assert not page.own.isHidden()
    assert "482913" in page.own.code.text()
    page.own.noted.click()
    assert page.own.isHidden()
    assert "482913" not in page.own.code.text()


@pytest.mark.parametrize(
    ("before", "after"), [("raised", "accepted"), ("accepted", "open"), ("open", "done"), ("accepted", "cancelled")]
)
def test_a_code_goes_away_when_the_task_moves_on(window: EngineerWindow, before: str, after: str) -> None:
    page = show(window, before)
    code(window)
    show(window, before, custodians=["E-01"])
    assert page.own.code.text() != "", "the same state"
    show(window, after)
    assert (page.own.isHidden(), page.own.code.text()) == (True, "")


def test_a_code_of_one_task_is_not_shown_beside_another(window: EngineerWindow) -> None:
    page = show(window, "raised")
    code(window)
    show(window, "raised", id="another")
    assert page.own.code.text() == ""


def test_a_code_goes_away_by_itself(window: EngineerWindow, qtbot: QtBot) -> None:
    assert window.cash.own._timer.interval() == cash_page.CODE_MS == 60_000
    page = show(window, "raised")
    page.own._timer.setInterval(1)
    code(window)
    qtbot.waitUntil(lambda: page.own.code.text() == "")


def test_whoever_has_joined_is_asked_before_the_code_is_replaced(window: EngineerWindow) -> None:
    joined: list[str] = []
    window.show()
    page = show(window, "raised", mine=False, custodians=["E-02"])
    assert (page.join.isHidden(), page.again.isHidden()) == (False, True)
    page = show(window, "raised", custodians=["E-01"])
    assert (page.join.isHidden(), page.again.isHidden()) == (True, False)
    code(window)
    page._cash.join = lambda: joined.append("new")  # type: ignore[method-assign]
    for key, asked in (("stay", []), ("new", ["new"])):
        page.again.click()
        dialog = window.alerts.dialog
        assert dialog is not None
        assert dialog.title.text() == "换一个新口令？"
        dialog.buttons[key].click()
        assert joined == asked
        assert (page.own.code.text() == "") is (key == "new"), "what is void is not shown"


def test_two_others_have_joined(window: EngineerWindow) -> None:
    page = show(window, "accepted", mine=False)
    assert (page.join.isHidden(), page.again.isHidden()) == (True, True)


def test_units_have_the_machines_names_and_amounts_are_money(window: EngineerWindow) -> None:
    bare = replace(UNIT, key="unit2", label="100B")
    hopper = StoredUnit("unit1", "C100", "cashOut", "1 CNY", 40, 500, 20, None, "low")
    window.show_look(MachineLook((ServiceLook("CoinDispenser", (), units=(hopper,)),), Counts((UNIT, bare))))
    proposals = [
        ProposalView(unit="unit1", face=100, now=9, target=1250, reason="empty"),
        ProposalView(unit="unit2", face=100, now=2500, target=1250, reason="full"),
        ProposalView(unit="unitX", face=0, now=5, target=0, reason="of another server"),
    ]
    coins = [HopperProposalView(unit="unit1", value=100, now=40, target=500, reason="low")]
    page = show(
        window, "done", proposals=proposals, hoppers=coins, difference=Amount(minor=-1_234_500), suspense=["S-1"]
    )
    assert cells(page.table) == [
        ["100A", "¥100.00", "9", "1250", "空"], ["100B", "¥100.00", "2500", "1250", "满"],
        ["unitX", "", "5", "0", "of another server"], ["硬币斗 C100", "¥1.00", "40", "500", "偏少"],
    ]  # fmt: skip
    tags = [row.cells[-1] for row in page.table.table_model.rows]
    assert [tag.tone for tag in tags if isinstance(tag, TagCell)] == ["bad", "bad", "", "warn"]
    assert "差额 −¥12,345.00" in page.state.text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_has_its_words(lang: Lang) -> None:
    kit = make_kit(lang=lang, strict=True)
    assert all(kit.say(t(f"replenishment.reason_{reason}")) for reason in REASONS)
