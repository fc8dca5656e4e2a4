"""The panel beside the kiosk, over a real simulated machine: its own sockets, its own XFS client."""

import json
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from common.errors import UserError
from devices.client.machine import Machine
from devices.hands.client import Hands
from devices.sim.main import Folders, Vtm, write_ready
from devices.sim.motor import VirtualMotor
from tests.devices.rig import PAN
from tools.demo.stage import free_port
from ui.kit import hands_link as link_module
from ui.kit.automation_acts import choose, click, exists, text, type_text
from ui.kit.automation_names import find
from ui.kit.base import Label
from ui.kit.bridge import AsyncBridge
from ui.kit.hands_link import HandsLink
from ui.kit.kit import Kit, make_kit
from ui.kit.local_machine import address_of, running_simulator
from ui.kit.texts.book import Lang, all_texts
from ui.vtm_app.hands.acts import ACTS, InHand
from ui.vtm_app.hands.panel import HandsPanel
from ui.vtm_app.hands.props import read_props
from ui.vtm_app.scale import OFFSCREEN_SCALE, factor_for, fit_screen

T = TypeVar("T")
LIMIT_MS = 15_000
NUMBER = "K-02"
ACTIONS = ("insert_card", "take_card", "lay_document", "put_notes", "take_notes", "key.1", "take_receipt", "inject")


@pytest.fixture(scope="module")
def bridge(qapp: QApplication) -> Iterator[AsyncBridge]:
    made = AsyncBridge()
    made.start()
    yield made
    made.close(timeout=15)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hands")


@pytest.fixture(scope="module")
def props(folder: Path) -> Path:
    """Two cards, one document."""
    Image.new("RGB", (320, 200), (210, 220, 200)).save(folder / "front.jpg")
    cards = [{"label": "甲", "name": "JIA", "pan": PAN}, {"label": "乙", "name": "YI", "pan": "9999001234563307"}]
    body = {"cards": cards, "documents": [{"label": "样本·正面", "file": "front.jpg"}]}
    file = folder / "hands.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    return file


class Bench:
    """A panel, and a machine that can be switched on and off."""

    def __init__(self, bridge: AsyncBridge, folder: Path, panel: HandsPanel) -> None:
        self.bridge, self.folder, self.panel = bridge, folder, panel
        self.vtm: Vtm | None = None
        self.machine: Machine | None = None

    def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Carry out something on the loop, and wait."""
        return self.start(work).result(20)

    def start(self, work: Callable[[], Coroutine[Any, Any, T]]) -> "Future[T]":
        """Begin something on the loop."""
        return self.bridge.submit(work)

    async def _on(self) -> None:
        folders = Folders(self.folder, NUMBER)
        self.vtm = Vtm(folders, motor=VirtualMotor())
        endpoints = await self.vtm.start("127.0.0.1", free_port())
        write_ready(folders.ready, endpoints)
        self.machine = await Machine.connect("127.0.0.1", [endpoints.port])

    def switch_on(self) -> Machine:
        self.run(self._on)
        assert self.machine is not None
        return self.machine

    async def _off(self) -> None:
        machine, vtm = self.machine, self.vtm
        Folders(self.folder, NUMBER).ready.unlink(missing_ok=True)
        self.machine = self.vtm = None
        if machine is not None:
            await machine.close()
        if vtm is not None:
            await vtm.close()

    def switch_off(self) -> None:
        self.run(self._off)


@pytest.fixture(scope="module")
def bench(bridge: AsyncBridge, folder: Path, props: Path, kit: Kit) -> Iterator[Bench]:
    link_module.AGAIN_S, before = 0.1, link_module.AGAIN_S
    link = HandsLink(bridge, lambda: running_simulator(folder, NUMBER))
    panel = HandsPanel(kit.language, link, read_props(props), NUMBER)
    panel.show()
    made = Bench(bridge, folder, panel)
    yield made
    made.switch_off()
    link_module.AGAIN_S = before
    panel.close()
    panel.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def machine(bench: Bench, qtbot: QtBot) -> Machine:
    """A machine that runs, and a panel that knows it."""
    found = bench.machine or bench.switch_on()
    qtbot.waitUntil(lambda: text({"name": "hands.state"}) == "VTM 已连接", timeout=LIMIT_MS)
    return found


class NoHands(QObject):
    """No machine, nothing happens."""

    viewed = Signal(object)
    failed = Signal(object)

    def act(self, work: Callable[[Hands], Coroutine[Any, Any, object]]) -> None:
        raise AssertionError("nobody does anything here")


def enabled(name: str) -> bool:
    return find(f"hands.{name}").isEnabled()


def press(name: str) -> None:
    click({"name": f"hands.{name}"})


def test_without_a_machine_everything_is_greyed_and_the_reason_stands_on_top(bench: Bench, qtbot: QtBot) -> None:
    bench.switch_off()
    qtbot.waitUntil(lambda: text({"name": "hands.state"}) == "VTM 未连接", timeout=LIMIT_MS)
    assert not any(enabled(name) for name in ACTIONS)
    assert text({"name": "hands.problem"}) == "连不上模拟机具，正在再试"
    assert find("hands.insert_card").toolTip() == "连不上模拟机具，正在再试"


def test_a_card_goes_in_only_while_the_reader_waits_and_comes_out_again(
    bench: Bench, machine: Machine, qtbot: QtBot
) -> None:
    assert not enabled("insert_card")
    assert find("hands.insert_card").toolTip() == "读卡器现在不收卡"
    reading = bench.start(lambda: machine.card.read(timeout_s=20))
    qtbot.waitUntil(lambda: enabled("insert_card"), timeout=LIMIT_MS)
    choose({"name": "hands.card", "key": "乙"})
    press("insert_card")
    qtbot.waitUntil(reading.done, timeout=LIMIT_MS)
    assert reading.result().pan == "9999001234563307"
    bench.run(machine.card.eject)
    taken = bench.start(lambda: machine.card.wait_taken(timeout_s=20))
    qtbot.waitUntil(lambda: enabled("take_card"), timeout=LIMIT_MS)
    press("take_card")
    qtbot.waitUntil(taken.done, timeout=LIMIT_MS)
    assert taken.result() is True


def test_the_document_lies_on_the_glass_until_it_is_taken_away(bench: Bench, machine: Machine, qtbot: QtBot) -> None:
    press("lay_document")
    qtbot.waitUntil(lambda: enabled("remove_document"), timeout=LIMIT_MS)
    assert bench.run(machine.document_camera.take_picture)[:3] == b"\xff\xd8\xff"
    press("remove_document")
    qtbot.waitUntil(lambda: not enabled("remove_document"), timeout=LIMIT_MS)


def test_notes_are_counted_in_the_hand_and_go_into_the_open_slot(bench: Bench, machine: Machine, qtbot: QtBot) -> None:
    type_text({"name": "hands.notes.100", "text": "3"})
    press("more.50")
    assert text({"name": "hands.sum"}) == "¥350.00"
    session = bench.run(machine.acceptor.start)
    insert = bench.start(lambda: session.insert(timeout_s=20))
    qtbot.waitUntil(lambda: enabled("put_notes"), timeout=LIMIT_MS)
    press("put_notes")
    assert text({"name": "hands.sum"}) == "¥0.00"
    qtbot.waitUntil(insert.done, timeout=LIMIT_MS)
    assert insert.result().accepted == {10_000: 3, 5_000: 1}
    qtbot.waitUntil(lambda: not enabled("take_notes"), timeout=LIMIT_MS)  # out of the input slot
    back = bench.start(session.roll_back)
    qtbot.waitUntil(lambda: enabled("take_notes"), timeout=LIMIT_MS)
    press("take_notes")
    qtbot.waitUntil(back.done, timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: not enabled("take_notes"), timeout=LIMIT_MS)


def test_keys_are_dead_until_the_pad_is_open(machine: Machine) -> None:
    assert not any(enabled(name) for name in ("key.0", "key.9", "enter", "cancel", "clear"))
    assert find("hands.key.5").toolTip() == "键盘没有打开"


def test_a_fault_is_put_on_the_board(bench: Bench, machine: Machine, qtbot: QtBot) -> None:
    choose({"name": "hands.fault", "key": "card.jam"})
    press("inject")
    assert bench.vtm is not None
    board = bench.vtm.faults
    qtbot.waitUntil(lambda: [one["fault"] for one in board.view()] == ["card.jam"], timeout=LIMIT_MS)
    board.clear()


def test_a_machine_that_comes_back_is_found_again(bench: Bench, machine: Machine, qtbot: QtBot) -> None:
    bench.switch_off()
    qtbot.waitUntil(lambda: text({"name": "hands.state"}) == "VTM 未连接", timeout=LIMIT_MS)
    bench.switch_on()
    qtbot.waitUntil(lambda: text({"name": "hands.state"}) == "VTM 已连接", timeout=LIMIT_MS)
    assert not exists({"name": "hands.problem"})


@pytest.mark.parametrize("body", ["", "[]", '{"cards": [{}]}', '{"documents": 3}'])
def test_unreadable_props_are_told_before_a_window_opens(tmp_path: Path, body: str) -> None:
    file = tmp_path / "hands.json"
    file.write_text(body, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_props(file)
    assert caught.value.code == "hands.bad_props"


def test_an_address_names_host_and_port() -> None:
    assert address_of("ws://127.0.0.1:5846/xfs4iot/v1.0") == ("127.0.0.1", 5846)
    assert address_of("127.0.0.1:5847") == ("127.0.0.1", 5847)
    for wrong in ("ws://127.0.0.1", "nonsense", "ws://h:port", ""):
        with pytest.raises(UserError):
            address_of(wrong)


def test_a_smaller_screen_scales_the_process_and_a_kiosk_does_not() -> None:
    assert factor_for(1960) == 1.0
    assert factor_for(4000) == 1.0
    assert factor_for(1000) == pytest.approx(0.5)
    assert fit_screen({"QT_SCALE_FACTOR": "0.75"}) == 0.75
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    assert fit_screen(offscreen) == OFFSCREEN_SCALE
    assert offscreen["QT_SCALE_FACTOR"] == "0.5000"


def test_what_comes_out_comes_to_hand_by_itself(bench: Bench, machine: Machine, qtbot: QtBot) -> None:
    async def give() -> None:
        await machine.new_cards.give("9999004182300018=36112010000000000")

    assert bench.vtm is not None
    world = bench.vtm.world
    choose({"name": "hands.thing", "key": "load_cards"})
    qtbot.waitUntil(lambda: find("hands.do").toolTip() == "机柜门没有打开", timeout=LIMIT_MS)
    assert not enabled("do")
    for act in ("unbolt_doors", "open_cabinet"):
        choose({"name": "hands.thing", "key": act})
        qtbot.waitUntil(lambda: enabled("do"), timeout=LIMIT_MS)
        press("do")
    choose({"name": "hands.thing", "key": "load_cards"})
    qtbot.waitUntil(lambda: enabled("do"), timeout=LIMIT_MS)
    type_text({"name": "hands.detail", "text": "2"})
    press("do")
    qtbot.waitUntil(lambda: world.view()["new_card"]["bins"]["unitHOP1"] == 2, timeout=LIMIT_MS)
    choose({"name": "hands.thing", "key": "close_cabinet"})
    qtbot.waitUntil(lambda: enabled("do"), timeout=LIMIT_MS)
    press("do")
    qtbot.waitUntil(lambda: world.view()["cabinet"]["cabinet"] == "closed", timeout=LIMIT_MS)
    bench.run(give)
    things = find("hands.thing")
    assert isinstance(things, QComboBox)
    qtbot.waitUntil(lambda: things.currentData() == "take_new_card", timeout=LIMIT_MS)
    assert enabled("do")
    press("do")
    qtbot.waitUntil(lambda: not enabled("do"), timeout=LIMIT_MS)


@pytest.mark.parametrize(
    ("code", "params", "zh", "en"),
    [
        ("hands.cabinet_shut", {}, "机柜门没有打开", "The cabinet is not open"),
        ("hands.no_exchange", {}, "没有开始换钞箱，不能装钞", "No exchange was begun: notes cannot be loaded"),
        ("hands.too_many", {"room": 3}, "放不下，最多再放 3", "It does not fit: there is room for 3"),
        ("hands.bad_parameter", {"parameter": "unit"}, "缺少或写错了：unit", "Missing or wrong for this action: unit"),
        ("hands.fault_nothing_now", {"fault": "card.jam"}, "这种故障：卡卡在机内", "happen to: Card gets stuck"),
        ("hands.never_heard_of", {}, "现在做不了", "Cannot be done now"),
    ],
)
def test_the_machines_own_reason_is_told(
    bench: Bench, machine: Machine, code: str, params: dict[str, Any], zh: str, en: str
) -> None:
    language, before = bench.panel.kit.language, find("hands.insert_card").mapTo(bench.panel, QPoint(0, 0))
    told_in: tuple[tuple[Lang, str], ...] = (("zh", zh), ("en", en))
    for lang, said in told_in:
        language.set_current(lang)
        bench.panel._failed(UserError(code, **params))
        told = find("hands.problem")
        assert isinstance(told, Label)
        assert said in told.full_text()
    language.set_current("zh")
    assert find("hands.insert_card").mapTo(bench.panel, QPoint(0, 0)) == before, "it moved away from under the finger"


@pytest.mark.parametrize(("scale", "screen"), [(1.0, 1080), (0.45, 900), (0.4, 800)])
def test_on_a_low_screen_the_sections_scroll(qtbot: QtBot, props: Path, scale: float, screen: int) -> None:
    room = round((screen - 40) / scale)
    language = make_kit(strict=True).language
    language.set_current("en")
    panel = HandsPanel(language, NoHands(), read_props(props), NUMBER, enlarge=1 / scale, room=room)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.wait(20)
    assert panel.height() == min(room, round(1008 / scale))
    (area,) = panel.findChildren(QScrollArea)
    (inject,) = panel.findChildren(QWidget, "hands.inject")
    area.ensureWidgetVisible(inject)
    assert panel.rect().contains(QRect(inject.mapTo(panel, QPoint(0, 0)), inject.size()))
    rights = [one.mapTo(panel, one.rect().topRight()).x() for one in panel.findChildren(QPushButton)]
    assert max(rights) < area.viewport().width()


@pytest.mark.parametrize("name", ["walk_away", "lay_document", "face.nod", "key.1"])
def test_the_focus_is_seen(bench: Bench, machine: Machine, qtbot: QtBot, name: str) -> None:
    button = find(f"hands.{name}")
    bench.panel.activateWindow()
    qtbot.waitUntil(bench.panel.isActiveWindow)
    was = button.isEnabled()
    button.setEnabled(True)
    pictures, sizes = [], []
    for focused in (False, True):
        button.setFocus() if focused else button.clearFocus()
        pictures.append(button.grab().toImage())
        sizes.append(button.size())
    button.clearFocus()
    button.setEnabled(was)
    assert pictures[0] != pictures[1]
    assert sizes[0] == sizes[1]


ELSEWHERE = frozenset({
    "insert_card", "take_card", "tear_card", "lay_document", "remove_document", "put_notes", "take_notes", "press_key",
    "take_receipt",
})  # fmt: skip
"""Acts with buttons of their own."""


def test_everything_that_hands_can_do_is_in_the_panel_and_has_words(bench: Bench, machine: Machine) -> None:
    assert bench.vtm is not None
    known = set(bench.vtm.world.possible())
    assert {one.name for one in ACTS} == known - ELSEWHERE
    texts = all_texts()
    assert [one.name for one in ACTS if f"hands.do_{one.name}" not in texts] == []
    assert [one.detail for one in ACTS if one.detail and f"hands.detail_{one.detail}" not in texts] == []


def do(act: str, typed: str = "") -> None:
    choose({"name": "hands.thing", "key": act})
    if typed:
        type_text({"name": "hands.detail", "text": typed})
    press("do")


@pytest.mark.parametrize(
    ("put", "typed", "take", "part", "seen"),
    [
        ("lay_finger", "顾南枝", "lift_finger", "finger", {"present": True}),
        ("hold_palm", "顾南枝", "withdraw_palm", "palm", {"present": True}),
        ("sign", "顾南枝", "wipe_signature", "signature", {"present": True}),
        ("tap_card", "", "withdraw_card", "contactless", {"cards": ["622202******0123"]}),
        ("show_code", "GT-2026", "hide_code", "code", {"symbology": "qrCode", "bytes": 7}),
    ],
)
def test_what_is_held_to_the_machine_is_there_until_it_is_taken_away(
    bench: Bench, machine: Machine, qtbot: QtBot, put: str, typed: str, take: str, part: str, seen: Any
) -> None:
    assert bench.vtm is not None
    world = bench.vtm.world
    before = world.view()[part]
    choose({"name": "hands.card", "key": "甲"})
    do(put, typed)
    qtbot.waitUntil(lambda: world.view()[part] == seen, timeout=LIMIT_MS)
    choose({"name": "hands.thing", "key": take})
    qtbot.waitUntil(lambda: enabled("do"), timeout=LIMIT_MS)
    press("do")
    qtbot.waitUntil(lambda: world.view()[part] == before, timeout=LIMIT_MS)


@pytest.mark.parametrize(
    ("service", "command", "payload", "act", "typed", "found"),
    [
        ("DocumentScanner", "Printer.ReadImage", {"frontImage": {"imageType": "jpg", "colorFormat": "fullcolor"}},
         "feed_document", "", lambda view: view["scanner"]["medium"] is not None),
        ("ChequeAcceptor", "Check.MediaIn", {}, "put_papers", "0012,0034",
         lambda view: sum(map(len, view["papers"]["places"].values())) == 2),
    ],
)  # fmt: skip
def test_paper_is_put_in_when_the_machine_waits_for_it(
    bench: Bench, machine: Machine, qtbot: QtBot, service: str, command: str, payload: Any, act: str, typed: str,
    found: Callable[[Any], bool],
) -> None:  # fmt: skip
    assert bench.vtm is not None
    world, connection = bench.vtm.world, machine.services()[service].connection
    taking = bench.start(lambda: connection.command(command, payload, timeout_s=20))
    choose({"name": "hands.thing", "key": act})
    qtbot.waitUntil(lambda: enabled("do"), timeout=LIMIT_MS)
    do(act, typed)
    qtbot.waitUntil(lambda: found(world.view()), timeout=LIMIT_MS)
    qtbot.waitUntil(taking.done, timeout=LIMIT_MS)
    taking.result()


def test_what_is_typed_becomes_what_an_act_is_told() -> None:
    by_name = {one.name: one.params for one in ACTS}
    assert by_name["load_cassette"](InHand("unit1 100 200")) == {"unit": "unit1", "notes": {"100": 200}}
    assert by_name["load_cassette"](InHand("unit2")) == {"unit": "unit2", "notes": {}}
    assert by_name["load_hopper"](InHand("unit3 50")) == {"unit": "unit3", "count": 50}
    assert by_name["set_scene"](InHand("room off")) == {"camera": "room", "image": ""}
    assert by_name["press_terminal_key"](InHand()) == {"key": "enter"}
    assert by_name["put_papers"](InHand("1, 2"))["papers"][1] == {"codeline": "2", "image": ""}
