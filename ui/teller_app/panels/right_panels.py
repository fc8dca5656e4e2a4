"""The right of the window: the person (video), the machine (devices), the steps. The video never moves."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from common.wire.cases import CaseView
from common.wire.desk import DeviceReport, MachineView
from ui.kit.base import IconLabel, Label, Tag, frame, hbox, named, vbox
from ui.kit.buttons import IconButton
from ui.kit.kit import Kit
from ui.kit.meters import SignalBars, StepBar
from ui.kit.panels import Panel
from ui.kit.steps import Step, StepsList
from ui.kit.texts.words import T, Words, t
from ui.kit.video_view import VideoState, VideoView
from ui.teller_app.local import CallPhase, Local
from ui.teller_app.panels.wording import at, said
from ui.teller_app.ports import CallLinkPort
from ui.teller_app.presenter import StepState, card_words, customer_name, steps

_VIDEO = {
    CallPhase.CONNECTING: VideoState.CONNECTING,
    CallPhase.LIVE: VideoState.LIVE,
    CallPhase.HELD: VideoState.HELD,
    CallPhase.RECOVERING: VideoState.BROKEN,
    CallPhase.ENDED: VideoState.ENDED,
    CallPhase.NONE: VideoState.IDLE,
}


class VideoPanel(Panel):
    """The customer with one's own picture inset; between two customers one's own picture.

    Signals:
        mute_pressed().
    """

    mute_pressed = Signal()

    def __init__(self, kit: Kit, link: CallLinkPort, seat: str, parent: QWidget | None = None) -> None:
        super().__init__(kit, padding=0, gap=0, parent=parent)
        self._link, self._seat = link, seat
        self.view = named(VideoView(kit, on_wanted_size=self._wanted), "teller.video")
        self.body.addWidget(self.view)
        self._name = named(Label(kit, "", "strong", elide=True), "teller.customer")
        self._where = named(Label(kit, "", "caption", elide=True), "teller.where")
        self._bars = SignalBars(kit)
        self.mute = named(IconButton(kit, "mic", t("teller.key_mute"), fit="s"), "teller.mute")
        self.mute.clicked.connect(lambda: self.mute_pressed.emit())
        words = vbox(None, self._name, self._where, None, gap=0)
        row = hbox(gap=8, margins=(15, 0, 8, 0))
        row.addLayout(words, 1)
        row.addWidget(self._bars)
        row.addWidget(self.mute)
        foot = frame("plain", row)
        foot.setFixedHeight(48)
        self.body.addWidget(foot)
        self._serving: bool | None = None

    def set_width(self, width: int) -> None:
        """The region's width; the picture keeps sixteen to nine."""
        self.view.setFixedHeight(round((width - 2) * 9 / 16))

    def _wanted(self, width: int, height: int) -> None:
        wanted = self._link.remote_size_wanted if self._serving else self._link.own_size_wanted
        wanted(width, height)

    def _switch(self, *, serving: bool) -> None:
        if serving == self._serving:
            return
        self._serving = serving
        self.view.set_source(self._link.remote_picture if serving else self._link.own_picture)
        self.view.set_own_source(self._link.own_picture if serving else None)
        self.view.on_painted = self._link.painted if serving else None
        self.wanted_again()

    def wanted_again(self) -> None:
        """A call has begun: its pictures shall have the size of this view."""
        ratio = self.view.devicePixelRatioF()
        self._wanted(round(self.view.width() * ratio), round(self.view.height() * ratio))

    def show_idle(self, local: Local, now: datetime) -> None:
        """One's own picture and whether the camera gives one."""
        self._switch(serving=False)
        has_picture = self._link.own_picture() is not None
        self.view.set_state(VideoState.LIVE if has_picture else VideoState.IDLE, t("teller.own_later"))
        self.view.set_watermark(t("teller.own_watermark", seat=self._seat, at=_stamp(now)))
        self.view.set_recording("", on=False)
        self._name.set_words(t("teller.own_picture"))
        self._where.set_words(t("teller.own_ok" if has_picture else "teller.own_none"))
        self._bars.hide()
        self._show_mute(local)

    def show_case(self, case: CaseView, local: Local, now: datetime) -> None:
        """The customer."""
        self._switch(serving=True)
        covered = case.customer_step.value == "pin" and local.call is CallPhase.LIVE
        self.view.set_state(VideoState.COVERED if covered else _VIDEO[local.call], self._message(local))
        self.view.set_watermark(t("teller.watermark", seat=self._seat, at=_stamp(now)))
        # Nothing is recorded yet: the strip must not say that it is.
        in_call = local.call not in (CallPhase.NONE, CallPhase.ENDED)
        self.view.set_recording(t("common.not_recorded") if in_call else "", on=False)
        self._name.set_words(customer_name(case, local) or t("teller.customer"))
        place = f"·{case.kiosk_place}" if case.kiosk_place else ""
        self._where.set_words(
            t("teller.where", kiosk=f"{case.kiosk}{place}", language=t(f"teller.lang_{case.language}"))
        )
        self._bars.show()
        self._bars.set_level(_level(local))
        self._show_mute(local)

    def _message(self, local: Local) -> Words | None:
        return t("teller.call_ended") if local.call is CallPhase.ENDED else None

    def _show_mute(self, local: Local) -> None:
        self.mute.set_icon("mic-off" if local.muted else "mic")
        self.mute.setToolTip(self.kit.say(t("teller.key_unmute" if local.muted else "teller.key_mute")))


def _stamp(now: datetime) -> str:
    return now.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _level(local: Local) -> int:
    if local.call not in (CallPhase.LIVE, CallPhase.HELD):
        return 0
    if local.fps is None:
        return 5
    return 7 if local.fps >= 25 else 5 if local.fps >= 15 else 3 if local.fps >= 8 else 2


DEVICES = {
    "card_reader": "card",
    "document_camera": "scan",
    "pin_pad": "keypad",
    "cash_in": "cash-in",
    "cash_out": "cash-out",
    "receipt": "printer",
}
_STATE_ICONS = {"ok": ("check", "ok"), "warn": ("warn", "warn"), "bad": ("stop", "bad"), "unknown": ("minus", "text-3")}


class _Device(QWidget):
    def __init__(self, kit: Kit, device: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "plain")
        self.setFixedHeight(28)
        self._name = Label(kit, t(f"teller.device_{device}"), "label", elide=True)
        self._note = Label(kit, "", "label")
        self._mark = IconLabel(kit, "minus", "text-3")
        row = hbox(IconLabel(kit, DEVICES[device], "text-2"), gap=8)
        row.addWidget(self._name, 1)
        row.addLayout(hbox(self._note, self._mark, gap=4))
        self.setLayout(row)
        self._name.set_tone("")

    def show_report(self, report: DeviceReport | None, extra: T | None) -> None:
        state = report.state if report is not None else "unknown"
        icon, role = _STATE_ICONS.get(state, _STATE_ICONS["unknown"])
        self._mark.set_icon(icon, role)
        words: Words = extra or ""
        if report is not None and report.note is not None:
            words = said(self.kit, report.note)
        elif report is not None and report.number is not None and not words:
            words = t("teller.sheets", n=report.number)
        self._note.set_words(words)
        self._note.set_tone("warn" if state == "warn" else "bad" if state == "bad" else "muted")


class DevicesPanel(Panel):
    """The devices of the customer's machine; one line where there is no room.

    Signals:
        opened(str): somebody wants to look into the machine.
    """

    opened = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, "", padding=0, parent=parent)
        self._compact = False
        self._tag = Tag(kit)
        self.add_right(self._tag)
        self._number = ""
        look = IconButton(kit, "zoom", t("machine.look"), fit="s", on_click=lambda: self.opened.emit(self._number))
        self.add_right(named(look, "teller.machine"))
        self._grid = QWidget()
        self._grid.setProperty("role", "plain")
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(15, 7, 15, 7)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(0)
        self._devices = {name: _Device(kit, name) for name in DEVICES}
        for place, widget in enumerate(self._devices.values()):
            grid.addWidget(widget, place // 2, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.body.addWidget(self._grid)

    def set_compact(self, compact: bool) -> None:
        """One line: only the head with the worst of it."""
        self._compact = compact
        self._grid.setVisible(not compact)

    def show_machine(self, case: CaseView, machine: MachineView | None) -> None:
        """Paint what the kiosk reported."""
        assert self.title is not None
        self._number = case.kiosk
        self.title.set_words(f"VTM {case.kiosk}" if self._compact else t("teller.devices", machine=case.kiosk))
        reports = {one.device: one for one in machine.devices} if machine is not None else {}
        for name, widget in self._devices.items():
            widget.show_report(reports.get(name), card_words(case) if name == "card_reader" else None)
        bad = [one for one in reports.values() if one.state == "bad"]
        warn = [one for one in reports.values() if one.state == "warn"]
        if machine is None or not machine.online:
            self._tag.set_tag(t("teller.machine_silent"), "warn", "wifi-off")
        elif bad:
            self._tag.set_tag(t("teller.faults", n=len(bad)), "bad", "stop")
        elif warn:
            self._tag.set_tag(t("teller.notices", n=len(warn)), "warn", "warn")
        else:
            self._tag.set_tag(t("teller.all_well"), "ok", "check")


class StepsPanel(Panel):
    """The steps of the case; a bar where there is no room."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.steps"), padding=0, parent=parent)
        self._count = Label(kit, "", "caption")
        self.add_right(self._count)
        self.list = StepsList(kit)
        page = QWidget()
        page.setProperty("role", "scrolled")
        page.setLayout(vbox(self.list, None, gap=0, margins=(15, 7, 15, 7)))
        holder = QScrollArea()
        holder.setWidgetResizable(True)
        holder.setFrameShape(QFrame.Shape.NoFrame)
        holder.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder.setWidget(page)
        self._holder = holder
        self.body.addWidget(holder, 1)
        self.bar = StepBar(kit, height=6)
        self._bar_row = frame("plain", hbox(self.bar, margins=(12, 10, 12, 10)))
        self._bar_row.hide()
        self.body.addWidget(self._bar_row)
        self._compact = False

    def set_compact(self, compact: bool) -> None:
        """Only the present step and how many there are."""
        self._compact = compact
        self._holder.setVisible(not compact)
        self._bar_row.setVisible(compact)

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint the steps."""
        assert self.title is not None
        models = steps(case, local)
        names = {StepState.DONE: "done", StepState.CURRENT: "now", StepState.AHEAD: "todo", StepState.FAILED: "bad"}
        self.list.set_steps(
            [
                Step(
                    one.title,
                    names[one.state],  # type: ignore[arg-type]
                    t("common.in_progress") if one.state is StepState.CURRENT else at(one.at),
                )
                for one in models
            ]
        )
        done = sum(1 for one in models if one.state is StepState.DONE)
        current = next((one for one in models if one.state in (StepState.CURRENT, StepState.FAILED)), None)
        self.title.set_words(current.title if self._compact and current is not None else t("teller.steps"))
        self.bar.set_step(done, len(models))
        self._count.set_words(f"{min(done + 1, len(models))} / {len(models)}" if self._compact else "")
