"""Vendor mode: the machine for the engineer alone, once every program that uses it has agreed."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from common.errors import AppError
from ui.engineer_app.link import MachineLink
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
        known = state if state in STATES else "unknown"
        self.state.set_words(t(f"engineer.vendor_{known.lower()}"))
        self.state.set_tone(_TONES.get(known, "warn" if state else "muted"))
        self.enter.setVisible(known in ("inactive", "enterPending"))
        self.enter.setEnabled(known == "inactive")
        self.leave.setVisible(known in ("active", "exitPending"))
        self.leave.setEnabled(known == "active")
