"""At rest: the greeting, and what can be done here."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from common.wire.cases import Scenario, ScenarioView
from ui.kit.base import IconLabel, Label, Painted, frame, hbox, named, vbox
from ui.kit.business import words
from ui.kit.kiosk import Illustration, KioskTile, StatusLine
from ui.kit.kit import Kit
from ui.kit.panels import Brand
from ui.kit.texts.words import t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import HeadedPage, Page
from ui.vtm_app.parts import KindRow
from ui.vtm_app.scene import Local, Scene

TILES = ((Scenario.WITHDRAWAL, "cash-out"), (Scenario.DEPOSIT, "cash-in"))
"""What every machine can do; shown until the server has said what it offers."""
MOST = 8


class TouchButton(QPushButton):
    """The one button of the greeting, in both languages."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("kind", "primary")
        kit.bind(self, self.setAccessibleName, t("kiosk.touch"))
        words = vbox(
            None, Label(kit, t("kiosk.touch"), "step", "on-ink"), Label(kit, t("kiosk.touch_other"), "body", "on-ink"),
            None, gap=0,
        )  # fmt: skip
        self.setLayout(hbox(None, IconLabel(kit, "tap", "text-on-fill", 80), words, None, gap=32))
        for label in self.findChildren(QWidget):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)


class CounterFront(Painted):
    """The counter with its teller; the button stands on its front."""

    WIDE, HIGH = 952, 880
    SCREEN = QRect(96, 4, 760, 488)
    BUTTON = QRect(112, 664, 728, 168)

    def __init__(self, kit: Kit, button: QWidget) -> None:
        super().__init__(kit)
        self._scene = Illustration(kit, "teller-scene", cover=True, radius=28)
        self._scene.setParent(self)
        self._button = button
        button.setParent(self)
        self.setFixedSize(self.WIDE, self.HIGH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._scene.setGeometry(self.SCREEN.adjusted(8, 8, -8, -8))
        self._button.setGeometry(self.BUTTON)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.kit.color("on-ink"))
        painter.drawRoundedRect(self.SCREEN, 32, 32)
        painter.drawRoundedRect(QRect(0, 516, self.WIDE, 72), 36, 36)
        painter.fillRect(QRect(48, 588, 856, 292), self.kit.color("accent-tint"))
        painter.fillRect(QRect(48, 588, 856, 28), self.kit.color("on-ink-2"))
        painter.end()


class AttractPage(Page):
    """This is the counter: touch anywhere."""

    def __init__(self, kit: Kit, acts: Acts, place: str) -> None:
        super().__init__(kit, acts)
        self.setProperty("role", "kiosk")
        self.setProperty("look", "ink")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._clock = Label(kit, "", "body", "on-ink-2")
        bar = hbox(Brand(kit, 48, "on-ink"), Label(kit, t("common.bank"), "label", "on-ink"), None, self._clock, gap=16)
        bar.setContentsMargins(64, 36, 64, 36)
        button = named(TouchButton(kit), "kiosk.touch")
        button.clicked.connect(lambda: acts.wake())
        services = hbox(None, gap=0)
        for scenario, icon in TILES:
            column = vbox(gap=12)
            column.addWidget(IconLabel(kit, icon, "on-ink", 56), 0, Qt.AlignmentFlag.AlignHCenter)
            label = Label(kit, t(f"kiosk.{scenario.value}"), "body", "on-ink")
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
            services.addLayout(column)
            services.addStretch(1)
        greeting = vbox(
            Label(kit, t("kiosk.attract"), "hero", "on-ink", wrap=True),
            Label(kit, t("kiosk.attract_hint"), "hint", "on-ink-2", wrap=True),
            gap=8,
            margins=(64, 40, 64, 0),
        )
        self.body.addLayout(bar)
        self.body.addLayout(greeting)
        self.body.addSpacing(48)
        self.body.addWidget(CounterFront(kit, button), 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addSpacing(64)
        self.body.addLayout(services)
        self.body.addStretch(1)
        foot = hbox(
            IconLabel(kit, "id", "on-ink-2", 36), Label(kit, t("kiosk.bring"), "body", "on-ink-2"), None,
            Label(kit, place, "body", "on-ink-2"), gap=16, margins=(64, 32, 64, 32),
        )  # fmt: skip
        self.body.addLayout(foot)

    def fit(self) -> None:
        self.body.setContentsMargins(0, 0, 0, 0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.acts.wake()

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        self._clock.set_words(datetime.now().astimezone().strftime("%H:%M"))


class ChoosePage(HeadedPage):
    """What would you like to do? A tile for each scenario the bank's files offer at machines, at most eight."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self._grid = QGridLayout()
        self._grid.setSpacing(32)
        self._tiles: list[KioskTile] = []
        self._shown: tuple[ScenarioView, ...] | None = None
        self.body.addSpacing(20)
        self.body.addLayout(self._grid)
        self.body.addSpacing(40)
        bring = vbox(Label(kit, t("kiosk.bring"), "label"), gap=24, margins=(40, 36, 40, 40))
        for name in ("card", "id"):
            row = KindRow(kit, name, t(f"kiosk.bring_{name}"), t(f"kiosk.bring_{name}_note"))
            row.row.setContentsMargins(0, 0, 0, 0)
            bring.addWidget(row)
        self._bring = frame("kcard", bring)
        self.body.addWidget(self._bring)
        self._status = StatusLine(kit)
        self.body.addStretch(1)
        self.body.addWidget(self._status)
        self._fill(())

    def _fill(self, offered: tuple[ScenarioView, ...]) -> None:
        if offered == self._shown:
            return
        self._shown = offered
        for tile in self._tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.setObjectName("")
            tile.deleteLater()
        choices = [(one.name, one.icon.replace("_", "-"), words(one.title), words(one.note)) for one in offered[:MOST]]
        choices = choices or [(s.value, icon, t(f"kiosk.{s.value}"), t(f"kiosk.{s.value}_note")) for s, icon in TILES]
        high = 400 if len(choices) <= 2 else 288 if len(choices) > 4 else 312
        self._tiles = [
            named(KioskTile(self.kit, icon, title, note, partial(self._chosen, name), high), f"kiosk.choose.{name}")
            for name, icon, title, note in choices
        ]
        for at, tile in enumerate(self._tiles):
            tile.setFixedHeight(high)
            self._grid.addWidget(tile, at // 2, at % 2)
        self._bring.setVisible(len(choices) <= 4)

    def _chosen(self, scenario: str) -> None:
        self.acts.choose(scenario, self.kit.language.current)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        super().show_scene(scene, screen, local)
        self._fill(screen.scenarios if screen is not None else ())
        for tile in self._tiles:
            tile.setEnabled(not local.busy)
        self._status.setVisible(scene.status is not None)
        if scene.status is not None:
            self._status.set_status(scene.status.words, scene.status.icon, scene.status.tone)
