"""Style sheet template of the staff windows: ``@role`` a colour, ``@icon:name:role`` a recoloured icon file."""

STAFF_SHEET = """
* { font-family: @family; font-size: 14px; color: @text; }
QWidget[role="window"] { background: @canvas; }
QFrame[role="panel"] { background: @surface; border: 1px solid @line; border-radius: 8px; }
QFrame[role="panel"][tone="warn"] { background: @warn-tint; border-color: @warn-line; }
QFrame[role="panel"][tone="bad"] { background: @bad-tint; border-color: @bad-line; }
QFrame[role="well"] { background: @surface-sunken; border: 1px solid @line; border-radius: 8px; }
QFrame[role="well"][tone="ok"] { background: @ok-tint; border-color: @ok-line; }
QFrame[role="well"][tone="warn"] { background: @warn-tint; border-color: @warn-line; }
QFrame[role="well"][tone="bad"] { background: @bad-tint; border-color: @bad-line; }
QFrame[role="topbar"] { background: @surface; border: 0; border-bottom: 1px solid @line; }
QFrame[role="keybar"] { background: @surface; border: 0; border-top: 1px solid @line; }
QFrame[role="head"] { background: transparent; border: 0; border-bottom: 1px solid @line; }
QFrame[role="line"] { background: @line; border: 0; }
QFrame[role="plain"], QWidget[role="plain"] { background: transparent; border: 0; }
QFrame[role="say"] {
  background: @accent-tint; border: 0; border-left: 4px solid @accent;
  border-top-right-radius: 8px; border-bottom-right-radius: 8px; }
QFrame[role="alert"] { background: @accent-tint; border: 1px solid @accent-line; border-radius: 8px; }
QFrame[role="alert"][tone="ok"] { background: @ok-tint; border-color: @ok-line; }
QFrame[role="alert"][tone="warn"] { background: @warn-tint; border-color: @warn-line; }
QFrame[role="alert"][tone="bad"] { background: @bad-tint; border-color: @bad-line; }
QFrame[role="offline"] { background: @warn-tint; border: 0; border-bottom: 1px solid @warn-line; }
QFrame[role="toast"] { background: @surface; border: 1px solid @line-strong; border-radius: 8px; }
QFrame[role="dialog"] { background: @surface; border: 1px solid @line; border-radius: 12px; }
QFrame[role="dialog-foot"] {
  background: @surface-sunken; border: 0; border-top: 1px solid @line;
  border-bottom-left-radius: 11px; border-bottom-right-radius: 11px; }
QFrame[role="drawer"] { background: @surface; border: 0; border-right: 1px solid @line; }
QFrame[role="next"] { background: @accent-tint; border: 0; border-bottom: 1px solid @accent-line; }
QFrame[role="next"][tone="warn"] { background: @warn-tint; border-bottom-color: @warn-line; }
QFrame[role="trouble"] {
  background: @bad-tint; border: 0; border-bottom: 1px solid @bad-line;
  border-top-left-radius: 7px; border-top-right-radius: 7px; }
QFrame[role="search"] { background: @surface; border: 1px solid @line-strong; border-radius: 6px; }
QFrame[role="thumb"] { background: @surface-sunken; border: 1px solid @line; border-radius: 6px; }

QLabel { background: transparent; border: 0; }
QLabel[type="caption"] { font-size: 12px; color: @text-2; }
QLabel[type="label"] { font-size: 13px; color: @text-2; }
QLabel[type="strong"] { font-weight: 700; }
QLabel[type="title"] { font-size: 16px; font-weight: 700; }
QLabel[type="heading"] { font-size: 20px; font-weight: 700; }
QLabel[type="figure"] { font-size: 24px; font-weight: 700; }
QLabel[type="display"] { font-size: 32px; font-weight: 700; }
QLabel[type="value"] { font-size: 16px; }
QLabel[tone="muted"] { color: @text-2; }
QLabel[tone="faint"] { color: @text-3; }
QLabel[tone="ok"] { color: @ok-text; }
QLabel[tone="warn"] { color: @warn-text; }
QLabel[tone="bad"] { color: @bad-text; }
QLabel[tone="accent"] { color: @accent-text; }

QPushButton {
  background: @surface; border: 1px solid @line-strong; border-radius: 6px;
  padding: 0 16px; min-height: 34px; max-height: 34px; }
QPushButton:hover { background: @surface-hover; }
QPushButton:pressed { background: @line; }
QPushButton:disabled { background: @surface-sunken; border-color: @line; color: @text-3; font-weight: 400; }
QPushButton[kind="primary"] { background: @accent; border-color: @accent; color: @text-on-fill; font-weight: 700; }
QPushButton[kind="primary"]:hover { background: @accent-hover; border-color: @accent-hover; }
QPushButton[kind="primary"]:pressed { background: @accent-press; border-color: @accent-press; }
QPushButton[kind="danger"] { background: @bad-fill; border-color: @bad-fill; color: @on-bad; font-weight: 700; }
QPushButton[kind="danger"]:hover { background: @bad-fill-hover; border-color: @bad-fill-hover; }
QPushButton[kind="danger"]:pressed { background: @bad-fill-hover; border-color: @bad-fill-hover; }
QPushButton[kind="danger2"] { color: @bad-text; border-color: @bad; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: @accent-text; }
QPushButton[kind="quiet"]:hover { background: @surface-hover; border-color: @surface-hover; }
QPushButton[kind="quiet"]:pressed { background: @line; border-color: @line; }
QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled, QPushButton[kind="danger2"]:disabled {
  background: @surface-sunken; border-color: @line; color: @text-3; font-weight: 400; }
QPushButton[kind="primary"][busy="true"]:disabled { background: @accent; border-color: @accent; color: @text-on-fill; }
QPushButton[kind="danger"][busy="true"]:disabled { background: @bad-fill; border-color: @bad-fill; color: @on-bad; }
QPushButton[busy="true"]:disabled { background: @surface; border-color: @line-strong; color: @text; }
QPushButton[kind="danger2"][busy="true"]:disabled { border-color: @bad; color: @bad-text; }
QPushButton[kind="quiet"][busy="true"]:disabled {
  background: transparent; border-color: transparent; color: @accent-text; }
QPushButton[fit="s"] { min-height: 26px; max-height: 26px; padding: 0 10px; font-size: 13px; }
QPushButton[fit="l"] { min-height: 42px; max-height: 42px; padding: 0 24px; font-size: 16px; }
QPushButton[seg="mid"] { border-radius: 0; border-left: 0; padding: 0 14px; }
QPushButton[seg="first"] { border-top-right-radius: 0; border-bottom-right-radius: 0; padding: 0 14px; }
QPushButton[seg="last"] {
  border-top-left-radius: 0; border-bottom-left-radius: 0; border-left: 0; padding: 0 14px; }
QPushButton[seg]:checked { background: @accent-tint; color: @accent-text; font-weight: 700; }
QPushButton[look="state"] { min-height: 46px; max-height: 46px; }
QPushButton[look="state"]:checked {
  background: @ok-tint; border: 2px solid @ok; color: @ok-text; font-weight: 700; min-height: 44px; max-height: 44px; }
QPushButton[look="chip"] { background: transparent; border-color: transparent; padding: 0 8px; }
QPushButton[look="chip"]:hover { background: @surface-hover; }
QPushButton[look="chip"]:checked { background: @accent-tint; color: @accent-text; font-weight: 700; }

QLineEdit, QComboBox, QPlainTextEdit {
  background: @surface; border: 1px solid @line-strong; border-radius: 6px; font-size: @field; color: @text;
  selection-background-color: @accent; selection-color: @text-on-fill; }
QLineEdit, QComboBox { padding: 0 9px; min-height: 34px; max-height: 34px; }
QLineEdit { placeholder-text-color: @text-3; }
QPlainTextEdit { padding: 4px 6px; }
QLineEdit:disabled, QComboBox:disabled { background: @surface-sunken; border-color: @line; color: @text-3; }
QLineEdit[state="ocr"], QComboBox[state="ocr"] { background: @accent-tint; }
QLineEdit:read-only { background: @surface-sunken; border-color: @line; }
QLineEdit[state="unsure"], QComboBox[state="unsure"] {
  background: @warn-tint; border: 2px solid @warn; padding: 0 8px; min-height: 32px; max-height: 32px; }
QLineEdit[state="error"], QComboBox[state="error"] {
  border: 2px solid @bad; padding: 0 8px; min-height: 32px; max-height: 32px; }
QLineEdit[plain="true"] { background: @surface; border: 1px solid @line-strong; padding: 0 9px; }
QLineEdit:focus, QComboBox:focus, QComboBox:on {
  border: 2px solid @focus; padding: 0 8px; min-height: 32px; max-height: 32px; }
QComboBox { padding-left: 11px; }
QComboBox:focus, QComboBox:on, QComboBox[state="unsure"], QComboBox[state="error"] { padding-left: 10px; }
QPlainTextEdit:focus { border: 2px solid @focus; padding: 3px 5px; }
QLineEdit[bare="true"] { border: 0; background: transparent; padding: 0; }
QComboBox::drop-down { width: 28px; border: 0; }
QComboBox::down-arrow { image: url(@icon:chev-d:text-3); width: 16px; height: 16px; }
QComboBox QAbstractItemView {
  background: @surface; border: 1px solid @line; outline: 0; font-size: 14px;
  selection-background-color: @accent-tint; selection-color: @accent-text; }
QComboBox QAbstractItemView::item { min-height: 32px; padding: 0 12px; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 32px; background: transparent; }
QCheckBox::indicator {
  width: 14px; height: 14px; border: 1px solid @line-strong; border-radius: 4px; background: @surface; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(@icon:check:text-on-fill); }
QCheckBox::indicator:indeterminate { background: @accent; border-color: @accent; image: url(@icon:minus:text-on-fill); }
QCheckBox::indicator:disabled { background: @surface-sunken; border-color: @line; }
QCheckBox::indicator:disabled:checked {
  background: @surface-sunken; border-color: @line-strong; image: url(@icon:lock:text-2); }
QRadioButton::indicator {
  width: 12px; height: 12px; border: 2px solid @line-strong; border-radius: 8px; background: @surface; }
QRadioButton::indicator:checked {
  width: 6px; height: 6px; border: 5px solid @accent; border-radius: 8px; background: @surface; }

QTableView { background: @surface; border: 0; gridline-color: transparent; outline: 0;
  selection-background-color: @accent-tint; selection-color: @text; }
QTableView[framed="true"] { border: 1px solid @line; border-radius: 8px; }
QHeaderView { background: @surface-sunken; border: 0; }
QHeaderView::section {
  background: @surface-sunken; color: @text-2; font-size: 13px; border: 0; border-bottom: 1px solid @line;
  padding: 0 12px; min-height: 31px; max-height: 31px; }
QHeaderView::section:first { padding-left: 16px; }
QListView { background: @surface; border: 0; outline: 0; }
QScrollArea { background: transparent; border: 0; }
QWidget[role="scrolled"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
QScrollBar::handle:vertical { background: @line-strong; border-radius: 3px; min-height: 32px; margin: 0 1px; }
QScrollBar:horizontal { background: transparent; height: 8px; margin: 0; }
QScrollBar::handle:horizontal { background: @line-strong; border-radius: 3px; min-width: 32px; margin: 1px 0; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip { background: @surface; color: @text; border: 1px solid @line-strong; padding: 4px 8px; }
QMenu { background: @surface; border: 1px solid @line; padding: 4px 0; }
QMenu::item { padding: 6px 24px 6px 16px; }
QMenu::item:selected { background: @accent-tint; color: @accent-text; }
QMenu::item:disabled { color: @text-3; }
"""
