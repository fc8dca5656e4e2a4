"""How the panel is dressed: staff sizes, made larger by as much as the kiosk's process is scaled down."""

import re
from pathlib import Path

from ui.kit.theme import Theme
from ui.kit.tokens import tokens

_SHEET = """
* { font-family: @family; font-size: #14px; color: @text; }
QWidget[role="hands"], QFrame[role="section"] { background: @surface; border: 0; }
QFrame[role="section"] { border-bottom: #1px solid @line; }
QFrame[role="plain"], QWidget[role="plain"], QLabel { background: transparent; border: 0; }
QLabel[type="title"], QLabel[type="sum"] { font-weight: 700; }
QLabel[type="caption"] { font-size: #12px; color: @text-2; }
QLabel[type="tag"] { font-size: #12px; color: @text-2; background: @surface-sunken; border: #1px solid @line;
  border-radius: #4px; padding: 0 #6px; }
QLabel[type="tag"][tone="ok"] { color: @ok-text; background: @ok-tint; border-color: @ok-line; }
QLabel[type="tag"][tone="bad"] { color: @bad-text; background: @bad-tint; border-color: @bad-line; }
QLabel[type="reason"] { font-size: #12px; color: @warn-text; background: @warn-tint; padding: 0 #16px; }
QLabel[type="note"] { font-size: #13px; font-weight: 700; border: #1px solid @line-strong; border-radius: #3px; }
QLabel[note="100"] { background: @bad-tint; } QLabel[note="50"] { background: @ok-tint; }
QLabel[note="20"] { background: @warn-tint; } QLabel[note="10"] { background: @accent-tint; }
QPushButton { outline: 0; background: @surface; border: #1px solid @line-strong; border-radius: #6px; padding: 0 #8px;
  min-height: #34px; max-height: #34px; font-size: #14px; font-weight: 400; }
QPushButton:pressed { background: @surface-hover; }
QPushButton[kind="primary"] { background: @accent; border-color: @accent; color: @text-on-fill; font-weight: 700; }
QPushButton[kind="primary"]:pressed { background: @accent-press; }
QPushButton[kind="danger"] { color: @bad-text; border-color: @bad; }
QPushButton:disabled, QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled {
  background: @surface-sunken; border-color: @line; color: @text-3; font-weight: 400; }
QPushButton:focus { border: #2px solid @focus; padding: 0 #7px; min-height: #32px; max-height: #32px; }
QPushButton[kind="primary"]:focus { border: #2px solid @text; }
QPushButton[kind="danger"]:focus { border: #2px solid @focus; }
QPushButton[fit="s"] { min-height: #26px; max-height: #26px; padding: 0 #4px; }
QPushButton[fit="key"] { min-height: #28px; max-height: #28px; font-size: #16px; padding: 0; }
QPushButton[fit="s"]:focus { min-height: #24px; max-height: #24px; padding: 0 #3px; }
QPushButton[fit="key"]:focus { min-height: #26px; max-height: #26px; padding: 0; }
QPushButton[key="cancel"] { background: @bad-tint; } QPushButton[key="clear"] { background: @warn-tint; }
QPushButton[key="enter"] { background: @ok-tint; }
QPushButton[key]:disabled { background: @surface-sunken; }
QLineEdit { background: @surface; border: #1px solid @line-strong; border-radius: #6px; padding: 0 #4px;
  min-height: #26px; max-height: #26px; font-size: #14px; }
QLineEdit:focus { border: #2px solid @focus; padding: 0 #3px; min-height: #24px; max-height: #24px; }
QComboBox { background: @surface; border: #1px solid @line-strong; border-radius: #6px; padding: 0 #8px;
  min-height: #28px; max-height: #28px; font-size: #14px; }
QComboBox:focus { border: #2px solid @focus; padding: 0 #7px; min-height: #26px; max-height: #26px; }
QComboBox:disabled { background: @surface-sunken; color: @text-3; }
QComboBox::drop-down { border: 0; width: #28px; }
QComboBox::down-arrow { image: url(@arrow); width: #16px; height: #16px; }
QComboBox QAbstractItemView { background: @surface; border: #1px solid @line-strong; font-size: #14px;
  selection-background-color: @accent-tint; selection-color: @text; }
QScrollArea { background: @surface; border: 0; }
QScrollBar:vertical { background: transparent; width: #8px; margin: 0; }
QScrollBar::handle:vertical { background: @line-strong; border-radius: #3px; min-height: #32px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { height: 0; background: none; }
QToolTip { font-size: #13px; color: @text; background: @surface; border: #1px solid @line-strong; }
"""


def hands_sheet(theme: Theme, enlarge: float, folder: Path) -> str:
    """The style sheet; ``enlarge`` is one over the process's scale, ``folder`` takes the arrow's picture."""
    families = ", ".join(f'"{name}"' for name in tokens()["font"]["family"])
    arrow = folder / "arrow.svg"
    arrow.write_text(theme.svg("chev-d", "text-2"), encoding="utf-8")
    text = _SHEET.replace("@family", families).replace("@arrow", arrow.as_posix())
    text = re.sub(r"#(\d+)px", lambda m: f"{max(1, round(int(m[1]) * enlarge))}px", text)
    return re.sub(r"@([a-z0-9-]+)", lambda m: _rgba(theme, m[1]), text)


def _rgba(theme: Theme, role: str) -> str:
    color = theme.color(role)
    return f"rgba({color.red()},{color.green()},{color.blue()},{color.alpha()})"
