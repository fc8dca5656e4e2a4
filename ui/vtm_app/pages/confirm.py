"""What is going to happen, in the very words that are signed; each line can be pointed at."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QWidget

from common.wire.cases import SummaryLine
from ui.kit.base import Label, frame, hbox, named, set_prop, vbox
from ui.kit.business import words
from ui.kit.kiosk import KioskButton
from ui.kit.kit import Kit
from ui.kit.texts.words import t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import HeadedPage
from ui.vtm_app.parts import kiosk_line
from ui.vtm_app.scene import Local, Scene


class LineRow(QPushButton):
    """Label left, value right. A finger reaches it only while the customer looks for what is wrong."""

    def __init__(self, kit: Kit, said: SummaryLine, on_click: Callable[[str], object]) -> None:
        super().__init__()
        self.kit, self._said = kit, said
        self.setProperty("kind", "row")
        self.setMinimumHeight(kit.theme.size("min-target"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._label = words(said.label) if said.label else t(f"kiosk.line_{said.code.removeprefix('summary.')}")
        name = Label(kit, self._label, "body", "muted")
        name.setMinimumWidth(224 if kit.theme.name == "large" else 176)
        self.value = Label(kit, "", "step" if said.emphasis else "strong", wrap=True)
        self.value.setObjectName(f"kiosk.value.{said.code.removeprefix('summary.')}")
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = hbox(gap=24, margins=(24, 8, 24, 8))
        row.addWidget(name)
        row.addWidget(self.value, 1)
        self.setLayout(row)
        for label in (name, self.value):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        kit.language.changed.connect(self._relabel)
        self.clicked.connect(lambda: on_click(said.code))
        self._relabel()
        self.set_open(False)

    def _relabel(self) -> None:
        english = self.kit.language.current == "en" and self._said.value_en is not None
        value = self._said.value_en if english else self._said.value
        self.value.set_words(value or "")
        label = self.kit.say(self._label)
        self.setAccessibleName(f"{label}: {value}")

    def set_open(self, on: bool) -> None:
        """Whether it can be pointed at."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not on)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if on else Qt.FocusPolicy.NoFocus)
        set_prop(self, "look", "open" if on else "")

    def sizeHint(self) -> QSize:
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint().expandedTo(QSize(0, self.minimumHeight()))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight())


class _Lines(QScrollArea):
    """The lines; what the page has no room for lies further down."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class ConfirmPage(HeadedPage):
    """Check, then confirm; or point at the line that is wrong."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self._lines: tuple[object, ...] = ()
        self._rows: list[LineRow] = []
        self._dividers: list[QFrame] = []
        self._column = vbox(gap=0, margins=(16, 4, 16, 4))
        self._button = named(
            KioskButton(kit, t("kiosk.confirm_button"), "check", "primary", acts.confirm), "kiosk.confirm"
        )
        inside = frame("plain", vbox(frame("kcard", self._column), None, gap=0))
        self._area = _Lines(inside)
        self._more = named(KioskButton(kit, t("kiosk.confirm_more"), "chev-d", "choice", self._down), "kiosk.more")
        self._area.verticalScrollBar().valueChanged.connect(lambda _: self._show_buttons())
        self._area.verticalScrollBar().rangeChanged.connect(lambda *_: self._show_buttons())
        self._waiting = self._disputing = False
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._more)
        self.body.addSpacing(24)
        self.body.addWidget(self._button)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        super().show_scene(scene, screen, local)
        summary = screen.case.summary if screen is not None and screen.case is not None else None
        lines = tuple(summary.lines) if summary is not None else ()
        digest = summary.digest if summary is not None else ""
        if (digest, self.kit.theme.name, lines) != self._lines:
            self._lines = (digest, self.kit.theme.name, lines)
            self._fill(lines)
        for row in self._rows:
            row.set_open(local.disputing and not local.busy)
        for divider in self._dividers:
            divider.setVisible(not local.disputing)
        self._column.setSpacing(8 if local.disputing else 0)
        self._disputing, self._waiting = local.disputing, local.busy or summary is None
        self._show_buttons()

    def _down(self) -> None:
        """One screen further down."""
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + self._area.viewport().height() - self.kit.theme.size("min-target"))

    def _show_buttons(self) -> None:
        """Nobody confirms what he has not had before him: below a list that goes on, the button shows the rest."""
        bar = self._area.verticalScrollBar()
        below = bar.value() < bar.maximum()
        self._more.setVisible(below)
        self._button.setVisible(not self._disputing and not below)
        self._button.setEnabled(not self._waiting)

    def _fill(self, lines: tuple[SummaryLine, ...]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setObjectName("")
                widget.deleteLater()
        self._area.verticalScrollBar().setValue(0)
        self._rows, self._dividers = [], []
        for said in lines:
            if self._rows:
                self._dividers.append(kiosk_line())
                self._column.addWidget(self._dividers[-1])
            row = named(LineRow(self.kit, said, self.acts.point_at), f"kiosk.line.{said.code.removeprefix('summary.')}")
            self._rows.append(row)
            self._column.addWidget(row)
