"""Vendor mode: the machine for the engineer alone, once every program that uses it has agreed."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from common.errors import AppError
from ui.engineer_app.link import MachineLink
from ui.engineer_app.pages import MACHINE_LOST, Press
from ui.kit.base import Label, Tone, named, vbox
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.texts.words import t

Failed = Callable[[AppError], object]
_TONES: dict[str, Tone] = {"inactive": "muted", "active": "ok"}
STATES = ("inactive", "enterPending", "active", "exitPending")


class VendorBar(QWidget):
    """How it stands, and the one button that changes it."""

    def __init__(self, kit: Kit, link: MachineLink, failed: Failed) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._link, self._failed = link, failed
        self.state = named(Label(kit, t("engineer.vendor_unknown"), "label", wrap=True), "engineer.vendor_state")
        self.enter = named(Button(kit, t("engineer.vendor_enter"), on_click=self._enter), "engineer.vendor_enter")
        self.leave = named(
            Button(kit, t("engineer.vendor_leave"), "primary", on_click=self._leave), "engineer.vendor_leave"
        )
        self._shown, self._lost = "", False
        self._enters, self._leaves = Press(kit, self.enter), Press(kit, self.leave)
        column = vbox(self.state, self.enter, self.leave, gap=8)
        column.setContentsMargins(12, 12, 12, 12)
        self.setLayout(column)
        self.show_state("")

    def _enter(self) -> None:
        self._link.vendor_mode(True, self._failed)

    def _leave(self) -> None:
        self._link.vendor_mode(False, self._failed)

    def show_state(self, state: str) -> None:
        """One of the standard's words; empty: the machine knows no such mode."""
        self._shown = state
        known = state if state in STATES else "unknown"
        lost = MACHINE_LOST if self._lost else ""
        self.state.set_words(t(f"engineer.vendor_{known.lower()}"))
        self.state.set_tone("muted" if lost else _TONES.get(known, "warn" if state else "muted"))
        self.enter.setVisible(known in ("inactive", "enterPending"))
        self._enters.show(lost, may=known == "inactive")
        self.leave.setVisible(known in ("active", "exitPending"))
        self._leaves.show(lost, may=known == "active")

    def set_lost(self, lost: bool) -> None:
        """The machine is lost, or there again."""
        self._lost = lost
        self.show_state(self._shown)
