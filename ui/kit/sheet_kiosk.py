"""Style sheet template of the kiosk: ``@role`` a colour, ``@type:step`` a font size, ``@size:button`` a size."""

KIOSK_SHEET = """
* { font-family: @family; font-size: @type:body; color: @text; }
QWidget[role="window"], QWidget[role="kiosk"] { background: @surface; }
QWidget[role="kiosk"][look="ink"] { background: @ink; }
QFrame[role="khead"] { background: @ink; border: 0; }
QFrame[role="khead"] QLabel { color: @on-ink; }
QFrame[role="kfoot"] { background: @surface-sunken; border: 0; border-top: 2px solid @line; }
QFrame[role="kfoot"][look="ink"] { background: transparent; border-top: 0; }
QFrame[role="kcard"] { background: @surface; border: 2px solid @line; border-radius: 24px; }
QFrame[role="kcard"][tone="accent"] { background: @accent-tint; border-color: @accent-line; }
QFrame[role="kcard"][tone="ok"] { background: @ok-tint; border-color: @ok-line; }
QFrame[role="kcard"][tone="warn"] { background: @warn-tint; border-color: @warn-line; }
QFrame[role="kcard"][tone="bad"] { background: @bad-tint; border-color: @bad-line; }
QFrame[role="kill"] { background: @accent-tint; border: 0; border-radius: 24px; }
QFrame[role="kstatus"] { background: @accent-tint; border: 0; border-radius: 16px; }
QFrame[role="kstatus"][tone="ok"] { background: @ok-tint; }
QFrame[role="kstatus"][tone="warn"] { background: @warn-tint; }
QFrame[role="kstatus"][tone="bad"] { background: @bad-tint; }
QFrame[role="kbanner"] { background: @ok-tint; border: 0; border-bottom: 2px solid @ok-line; }
QFrame[role="kband"] { background: @accent-tint; border: 0; border-bottom: 2px solid @accent-line; }
QFrame[role="kteller"] { background: @surface-sunken; border: 0; border-bottom: 2px solid @line; }
QFrame[role="kteller"][look="full"] { background: @video; border: 0; }
QFrame[role="line"] { background: @line; border: 0; }
QFrame[role="plain"], QWidget[role="plain"] { background: transparent; border: 0; }
QFrame[role="toast"] { background: @surface; border: 2px solid @line-strong; border-radius: 16px; }
QFrame[role="dialog"] { background: @surface; border: 2px solid @line; border-radius: 24px; }
QFrame[role="dialog-foot"] { background: @surface; border: 0; }

QLabel { background: transparent; border: 0; }
QLabel[type="note"], QLabel[type="caption"] { font-size: @type:note; color: @text-2; }
QLabel[type="strong"], QLabel[type="body-strong"] { font-size: @type:body; font-weight: 700; }
QLabel[type="label"] { font-size: @type:label; font-weight: 700; }
QLabel[type="hint"] { font-size: @type:hint; color: @text-2; }
QLabel[type="step"], QLabel[type="heading"], QLabel[type="title"] { font-size: @type:step; font-weight: 700; }
QLabel[type="amount"] { font-size: @type:amount; font-weight: 700; }
QLabel[type="hero"] { font-size: @type:hero; font-weight: 700; }
QLabel[tone="muted"] { color: @text-2; }
QLabel[tone="faint"] { color: @text-3; }
QLabel[tone="ok"] { color: @ok-text; }
QLabel[tone="warn"] { color: @warn-text; }
QLabel[tone="bad"] { color: @bad-text; }
QLabel[tone="accent"] { color: @accent-text; }
QLabel[tone="on-ink"] { color: @on-ink; }
QLabel[tone="on-ink-2"] { color: @on-ink-2; }

QPushButton {
  background: @surface; border: 2px solid @line-strong; border-radius: 16px; padding: 0 24px;
  font-size: @type:label; font-weight: 700; }
QPushButton:pressed { background: @surface-hover; }
QPushButton:disabled { background: @surface-sunken; border-color: @line; color: @text-3; }
QPushButton[kind="primary"] { background: @accent; border-color: @accent; color: @text-on-fill; }
QPushButton[kind="primary"]:pressed { background: @accent-press; border-color: @accent-press; }
QPushButton[kind="primary"]:disabled { background: @surface-sunken; border-color: @line; color: @text-3; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="head"] { background: transparent; border-color: @on-ink-2; color: @on-ink; }
QPushButton[kind="head"]:pressed { background: @accent-press; }
QPushButton[kind="head"]:checked { background: @on-ink; border-color: @on-ink; color: @ink; }
QPushButton[kind="bad"] { color: @bad-text; }
QPushButton[kind="choice"] { font-size: @type:body; }
QPushButton[kind="choice"]:checked { background: @accent-tint; border-color: @accent; color: @accent-text; }
QPushButton[kind="row"] { background: transparent; border: 2px solid transparent; border-radius: 16px; }
QPushButton[kind="row"][look="open"] { background: @surface; border-color: @accent-line; }
QPushButton[kind="row"]:pressed { background: @accent-tint; }
QPushButton[look="tile"] { border-radius: 24px; }

QLineEdit { background: @surface; border: 2px solid @line-strong; border-radius: 16px; padding: 0 24px;
  font-size: @type:step; selection-background-color: @accent; selection-color: @text-on-fill; }
QLineEdit:focus { border: 4px solid @focus; padding: 0 22px; }
QScrollArea { background: transparent; border: 0; }
QWidget[role="scrolled"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 16px; margin: 0; }
QScrollBar::handle:vertical { background: @line-strong; border-radius: 6px; min-height: 64px; margin: 0 2px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
"""
