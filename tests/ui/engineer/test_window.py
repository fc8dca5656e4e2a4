"""The engineer's window over a machine that only signals."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Signal

from common.clock import SystemClock
from common.errors import ServiceError, UserError
from common.wire.cash import HopperProposalView, ProposalView, ReplenishmentView
from devices.client.counts import Counts, UnitCount
from devices.client.probe import ServiceLook, TrialOffer, TrialResult, flat
from devices.client.stores import StoredUnit
from devices.hands.client import HandsView
from devices.hands.shortening import KEPT_OF_A_TEXT, LONGEST
from tests.ui.vtm.cases import AT
from ui.engineer_app import trace
from ui.engineer_app.cash_page import CashPage
from ui.engineer_app.counts_page import ROLES, TONES
from ui.engineer_app.link import MachineLook
from ui.engineer_app.trace import KEPT, KEPT_LOOKS, OwnMessages, TraceBook
from ui.engineer_app.window import EngineerWindow
from ui.kit.fields import FieldState, Select, TextField
from ui.kit.kit import make_kit
from ui.kit.tables import TagCell
from ui.kit.texts.book import Lang
from ui.kit.texts.words import t

UNIT = UnitCount("unit1", "100A", "recycle", "CNY", 10_000, 2500, "ok", "low", {10_000: 90}, {}, {}, {}, {}, {})
UNITS = (
    StoredUnit("unit1", "100A", "recycle", "100 CNY", 90, 2500, 200, 2300, "low"),
    StoredUnit("unitBIN1", "BIN1", "retain", "", 0, 30, None, 25, "empty"),
    StoredUnit("unitX", "X", "vendorsOwn", "", None, None, None, None, "vendorsOwn"),
)
OFFERS = (
    TrialOffer("CardReader: Common.Status", "CardReader", "status"),
    TrialOffer("CardReader: CardReader.Reset", "CardReader", "reset"),
    TrialOffer("Cameras: Camera.TakePicture room", "Cameras", "picture"),
)
KINDS: dict[str, dict[str, Any]] = {
    "card.jam": {"effect": "stops", "params": {}},
    "dispense.jam_midway": {"effect": "some", "params": {"moved": 3}, "triggers": ["next", "nth", "chance"]},
    "printer.paper_out": {"effect": "empty", "params": {"service": "CardReader", "source": ""}},
    "print.fails": {
        "effect": "jams",
        "params": {"service": ""},
        "triggers": ["next", "nth", "chance", "now"],
        "services": ["LaserPrinter", "CertificatePrinter"],
    },
}
ON_IT = (
    {"fault": "card.jam", "in": 1, "params": {}},
    {"fault": "printer.paper_out", "in": 0, "probability": 0.25, "params": {"service": "Printer", "source": ""}},
)
VIEW = HandsView({}, {}, False, ON_IT, KINDS)


def message(number: int, name: str = "Common.Status", kind: str = "command") -> dict[str, Any]:
    body = {"header": {"type": kind, "name": name, "requestId": number}}
    return {"number": number, "conn": "CardReader-1", "dir": ">", "msg": body}


class QuietLink(QObject):
    """Signals what a test says; notes what is asked for."""

    looked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, ...]] = []

    def inject(self, *words: Any) -> None:
        self.asked.append(words[:-1])

    def vendor_mode(self, enter: bool, *words: Any) -> None:
        self.asked.append(("enter" if enter else "leave",))

    def clear_faults(self, *words: Any) -> None:
        self.asked.append(("clear",))

    def test(self, *words: Any) -> None:
        self.asked.append(words)


class QuietCash(QObject):
    """A task as a test sets it."""

    changed, coded, failed, reached = Signal(), Signal(str), Signal(object), Signal(bool)
    task: ReplenishmentView | None = None
    mine, counting, fetched = True, False, 0

    def fetch(self) -> None:
        """Nobody to ask."""
        self.fetched += 1

    def raise_task(self) -> None:
        """Nobody to tell."""

    join = close_safe = take_over = raise_task

    def open_safe(self, first: str, second: str) -> None:
        self.codes = (first, second)


@pytest.fixture
def window(qtbot: Any, tmp_path: Path) -> EngineerWindow:
    link, cash = QuietLink(), QuietCash()
    made = EngineerWindow(make_kit(strict=True), cast(Any, link), cast(Any, cash), "K-02", tmp_path, SystemClock())
    made.link, made.task = link, cash  # type: ignore[attr-defined]
    qtbot.addWidget(made)
    services = (ServiceLook("CardReader", ("CardReader",), {"common.device": "online"}, units=UNITS),)
    messages = (message(1), message(2, "CardReader.Move"))
    link.looked.emit(MachineLook(services, Counts((UNIT,)), VIEW, messages, OFFERS))
    return made


def cells(table: Any) -> list[list[str]]:
    model = table.table_model
    return [
        [model.data(model.index(row, column)) for column in range(len(model.columns))] for row in range(len(model.rows))
    ]


def test_one_look_fills_every_page(window: EngineerWindow) -> None:
    assert [row[0].strip() for row in cells(window.tree)] == ["CardReader", "CardReader"]
    assert cells(window.status.table) == [["common.device", "online"]]
    assert [[one.strip() for one in row] for row in cells(window.counts.table)] == [
        ["CardReader", "", "", "", "", "", ""],
        ["100A", "偏少", "存取循环", "100 CNY", "90", "2500", "200 / 2300"],
        ["BIN1", "空", "收回箱", "", "0", "30", "– / 25"],
        ["X", "不明", "其他", "", "", "", ""],
    ]
    tags = [row.cells[1] for row in window.counts.table.table_model.rows[1:]]
    assert [tag.tone for tag in tags if isinstance(tag, TagCell)] == ["warn", "", ""], "an empty bin is no fault"
    assert cells(window.faults.board) == [
        ["card.jam", "第 1 次", ""], ["printer.paper_out", "每次 25%", "service=Printer"],
    ]  # fmt: skip
    assert cells(window.tests.table)[0] == ["CardReader", "在线并回答", "", ""]
    assert [row[4] for row in cells(window.trace.table)] == ["command CardReader.Move"]


def test_a_machine_that_is_gone_leaves_the_last_look(window: EngineerWindow) -> None:
    window.link.looked.emit(None)  # type: ignore[attr-defined]
    assert not window.lost.isHidden()
    assert len(cells(window.counts.table)) == 4


@pytest.mark.parametrize(
    ("when", "typed", "moment"),
    [
        ("next", {}, "next"), ("now", {}, "now"), ("nth", {"nth": "3"}, 3),
        ("chance", {"chance": "25", "seed": "7"}, {"probability": 0.25, "seed": 7}),
    ],
)  # fmt: skip
def test_a_fault_is_put_on_the_board_at_its_moment(
    window: EngineerWindow, when: str, typed: dict[str, str], moment: object
) -> None:
    page = window.faults
    page.kinds.row_chosen.emit("card.jam")
    page.moment.kind.segment(when).click()
    for name, value in typed.items():
        field = getattr(page.moment, name)
        assert not field.isHidden()
        field.set_value(value)
    page.inject.click()
    assert window.link.asked == [("card.jam", moment, {})]  # type: ignore[attr-defined]


def test_at_once_is_offered_only_where_it_holds(window: EngineerWindow) -> None:
    page = window.faults
    page.kinds.row_chosen.emit("card.jam")
    now = page.moment.kind.segment("now")
    now.click()
    page.kinds.row_chosen.emit("dispense.jam_midway")
    assert (now.isEnabled(), page.moment.not_now.isHidden()) == (False, False)
    page.inject.click()
    assert window.link.asked == [("dispense.jam_midway", "next", {"moved": 3})]  # type: ignore[attr-defined]
    page.kinds.row_chosen.emit("print.fails")
    assert (now.isEnabled(), page.moment.not_now.isHidden()) == (True, True)


def test_only_services_that_can_have_the_fault_are_offered(window: EngineerWindow) -> None:
    page = window.faults
    page.kinds.row_chosen.emit("print.fails")
    service = page.parameters.fields["service"]
    assert isinstance(service, Select)
    assert [service.combo.itemData(at) for at in range(service.combo.count())] == [
        "",
        "LaserPrinter",
        "CertificatePrinter",
    ]
    service.set_value("CertificatePrinter")
    page.inject.click()
    assert window.link.asked == [("print.fails", "next", {"service": "CertificatePrinter"})]  # type: ignore[attr-defined]


def test_a_fault_has_its_parameters(window: EngineerWindow) -> None:
    page = window.faults
    page.kinds.row_chosen.emit("printer.paper_out")
    assert {name: field.value() for name, field in page.parameters.fields.items()} == {
        "service": "CardReader", "source": "",
    }  # fmt: skip
    source = page.parameters.fields["source"]
    assert isinstance(source, TextField)
    source.set_value("lower")
    page.inject.click()
    page.kinds.row_chosen.emit("dispense.jam_midway")
    moved = page.parameters.fields["moved"]
    assert isinstance(moved, TextField)
    moved.set_value("many")
    page.inject.click()
    assert moved.state is FieldState.ERROR
    moved.set_value("5")
    page.inject.click()
    assert window.link.asked == [  # type: ignore[attr-defined]
        ("printer.paper_out", "next", {"service": "CardReader", "source": "lower"}),
        ("dispense.jam_midway", "next", {"moved": 5}),
    ]


@pytest.mark.parametrize(("field", "value"), [("nth", "0"), ("nth", "x"), ("chance", "101"), ("seed", "-1")])
def test_what_is_no_moment_is_said_at_its_field(window: EngineerWindow, field: str, value: str) -> None:
    page = window.faults
    page.kinds.row_chosen.emit("card.jam")
    page.moment.kind.segment("nth" if field == "nth" else "chance").click()
    getattr(page.moment, field).set_value(value)
    page.inject.click()
    assert getattr(page.moment, field).state is FieldState.ERROR
    assert window.link.asked == []  # type: ignore[attr-defined]


def test_vendor_mode_is_entered_and_left(window: EngineerWindow) -> None:
    bar = window.vendor
    assert (bar.enter.isHidden(), bar.leave.isHidden()) == (True, True), "a machine without it"
    for state, shown, enabled in (
        ("inactive", bar.enter, True), ("enterPending", bar.enter, False), ("active", bar.leave, True),
        ("exitPending", bar.leave, False),
    ):  # fmt: skip
        services = (ServiceLook("VendorMode", ("VendorMode",), {"vendorMode.service": state}),)
        window.show_look(MachineLook(services))
        assert (shown.isHidden(), shown.isEnabled()) == (False, enabled), state
        shown.click()
    assert window.link.asked == [("enter",), ("leave",)]  # type: ignore[attr-defined]


def test_a_test_is_run_and_says_what_came_of_it(window: EngineerWindow) -> None:
    page = window.tests
    card = UserError("probe.card", service="CardReader")
    for offer, error, said, row in (
        (OFFERS[0], None, "正常，用时 12 毫秒", ["在线并回答", "通过", "12"]),
        (OFFERS[1], card, "CardReader 里有卡，请先由柜员退给客户或收回", ["复位", "没有做", ""]),
        (OFFERS[2], ServiceError("device.hardware"), "设备故障，请报修", ["拍一张（room）", "未通过", "12"]),
    ):  # fmt: skip
        page.table.row_chosen.emit(offer.name)
        page.run.click()
        assert not page.run.isEnabled(), "one at a time"
        name, tell, _ = window.link.asked.pop()  # type: ignore[attr-defined]
        tell(TrialResult(name, 12, error))
        assert page.said.text() == said
        assert cells(page.table)[OFFERS.index(offer)][1:] == row
        assert page.run.isEnabled()


def test_a_test_that_nobody_could_make_is_said(window: EngineerWindow) -> None:
    window.tests.table.row_chosen.emit(OFFERS[0].name)
    window.tests.run.click()
    window.link.asked.pop()[2](ServiceError("device.unreachable"))  # type: ignore[attr-defined]
    assert window.tests.run.isEnabled()


def test_messages_are_filtered_and_saved_as_json_lines(window: EngineerWindow, tmp_path: Path) -> None:
    window.trace.wanted.set_value("status")
    window.trace.paint_rows()
    assert [row[4] for row in cells(window.trace.table)] == ["command Common.Status"]
    window.trace.save.click()
    (file,) = tmp_path.glob("trace-*.jsonl")
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["msg"]["header"]["name"] == "Common.Status"


def test_the_task_shows_the_one_thing_to_do(window: EngineerWindow) -> None:
    cash = window.task  # type: ignore[attr-defined]
    proposal = ProposalView(unit="unit1", face=100, now=90, target=1250, reason="low")
    page = window.pages.widget(5)
    assert isinstance(page, CashPage)
    for state, shown in (("raised", page.join), ("accepted", page.open), ("open", page.done), ("done", page.new)):
        cash.mine = state != "raised"
        cash.task = ReplenishmentView(
            id="r", machine="K-02", state=state, raised_at=AT, changed_at=AT, raised_by="system", proposals=[proposal],
            hoppers=[HopperProposalView(unit="unit1", value=10, now=40, target=500, reason="top_up")],
        )  # fmt: skip
        cash.changed.emit()
        assert not shown.isHidden(), state
    assert cells(page.table) == [
        ["100A", "¥100.00", "90", "1250", "偏少"], ["硬币斗 unit1", "¥0.10", "40", "500", "顺便补足"],
    ]  # fmt: skip


def test_a_machine_started_anew_begins_a_new_record() -> None:
    book = TraceBook()
    book.add([message(7), message(8)], AT)
    book.add([message(1, "Common.Cancel")], AT)
    assert [line.serial for line in book.lines()] == [1]
    assert flat({"a": {"b": [1, {"c": "d"}]}}) == {"a.b.0": "1", "a.b.1.c": "d"}


def test_what_gives_out_is_at_fault_when_it_is_empty(window: EngineerWindow) -> None:
    hopper = StoredUnit("unitHOP1", "HOP1", "dispense", "", 0, 500, 20, None, "empty")
    paper = StoredUnit("paper.upper", "upper", "paper", "", None, None, None, None, "full")
    window.show_look(MachineLook((ServiceLook("CardDispenser", (), units=(hopper, paper)),)))
    tags = [row.cells[1] for row in window.counts.table.table_model.rows[1:]]
    assert [tag.tone for tag in tags if isinstance(tag, TagCell)] == ["bad", "ok"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_role_and_state_has_its_words(lang: Lang) -> None:
    kit = make_kit(lang=lang, strict=True)
    words = [
        *(f"engineer.role_{role.lower()}" for role in ROLES),
        *(f"engineer.state_{state.lower()}" for state in TONES),
    ]
    assert all(kit.say(t(code)) for code in words)


def test_own_messages_stand_beside_the_machines_and_are_marked(window: EngineerWindow, tmp_path: Path) -> None:
    own = OwnMessages()
    said = json.dumps(message(1, "Printer.Reset")["msg"])
    own.heard(True, "CardReader", ">", said)
    own.heard(False, "Printer @10.0.0.5:5846", ">", said)
    own.heard(False, "Printer @10.0.0.5:5846", "<", "no message" + "!" * 100_000)
    new = own.take()
    assert own.take() == ()
    window.show_look(MachineLook(messages=(message(3, "CardReader.Move"), *new)))
    assert [row[1:5] for row in cells(window.trace.table)] == [
        ["Printer @10.0.0.5:5846", "仅本窗口", "<", " "],
        ["Printer @10.0.0.5:5846", "仅本窗口", ">", "command Printer.Reset"],
        ["CardReader-1", "机器", ">", "command CardReader.Move"],
        ["CardReader-1", "机器", ">", "command CardReader.Move"],
    ]
    window.show_look(MachineLook(messages=(message(1, "CardReader.Reset"),)))
    assert len(cells(window.trace.table)) == 3, "the machine began anew, the other host did not"
    window.trace.save.click()
    (file,) = tmp_path.glob("trace-*.jsonl")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(line["conn"], line.get("own", False)) for line in lines] == [
        ("Printer @10.0.0.5:5846", True), ("Printer @10.0.0.5:5846", True), ("CardReader-1", False),
    ]  # fmt: skip
    assert len(lines[1]["msg"]["raw_text"]) == LONGEST
    assert lines[1]["cut"] == {"": 100_010}


def test_a_long_message_is_saved_as_the_message_it_was(window: EngineerWindow, tmp_path: Path) -> None:
    shown = message(3, "Camera.TakePicture", "completion")
    shown["msg"]["payload"] = {"units": {f"unit{n}": "x" * 50 for n in range(300)}}
    own = OwnMessages()
    picture = json.dumps(shown["msg"] | {"payload": {"pictureFile": "A" * 200_000}})
    own.heard(False, "Camera @10.0.0.5:5846", "<", picture)
    window.show_look(MachineLook(messages=(shown, *own.take())))
    window.trace.save.click()
    (file,) = tmp_path.glob("trace-*.jsonl")
    whole, cut = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()][-2:]
    assert (whole["msg"], "cut" in whole) == (shown["msg"], False)
    assert cut["msg"]["payload"] == {"pictureFile": "A" * KEPT_OF_A_TEXT}
    assert cut["cut"] == {"payload.pictureFile": 200_000}


def test_very_long_messages_push_older_ones_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "MOST_CHARACTERS", 1000)
    book = TraceBook()
    long = message(2, "CardReader.Move")
    long["msg"]["payload"] = {"text": "x" * 900}
    book.add([message(1, "CardReader.Reset"), long, message(3)], AT)
    assert [line.serial for line in book.lines()] == [3]


def test_a_machine_that_keeps_no_record_is_recorded_whole() -> None:
    own = OwnMessages()
    own.whole = True
    own.heard(True, "CardReader", ">", "{}")
    assert [line["conn"] for line in own.take()] == ["CardReader"]


def test_what_is_asked_every_second_does_not_push_the_rest_out() -> None:
    book = TraceBook()
    looks = [message(number) for number in range(2, 2 * KEPT)]
    book.add([message(1, "CardReader.Move"), *looks, message(2 * KEPT, "CardReader.Reset")], AT)
    assert [line.name for line in book.lines("-common.status")] == ["CardReader.Reset", "CardReader.Move"]
    assert [line.serial for line in book.lines()[:3]] == [2 * KEPT, 2 * KEPT - 1, 2 * KEPT - 2]
    assert len(book.lines("common.status")) == KEPT_LOOKS
