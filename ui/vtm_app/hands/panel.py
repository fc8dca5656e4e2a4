"""The panel beside the kiosk: what a person in front of a simulated machine does with the hands.

Object names for automation and tests (stable): ``hands.window``; ``hands.state`` (connected or not),
``hands.problem`` (why the last act was refused); ``hands.card``, ``hands.document``, ``hands.fault`` (list boxes;
keys: the prop's label, the fault's name); ``hands.insert_card``, ``hands.take_card``, ``hands.tear_card``,
``hands.lay_document``, ``hands.remove_document``, ``hands.notes.<100|50|20|10>`` (boxes), ``hands.less.<face>``,
``hands.more.<face>``, ``hands.sum``, ``hands.put_notes``, ``hands.take_notes``, ``hands.key.0`` … ``hands.key.9``,
``hands.quality`` (how the notes are), ``hands.thing`` (keys: names of acts), ``hands.detail``, ``hands.do``,
``hands.cancel``, ``hands.clear``, ``hands.enter``, ``hands.walk_away``, ``hands.take_receipt``, ``hands.inject``,
``hands.face.<blink|mouth|turn_left|turn_right|nod>``.
"""

import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from common.errors import AppError
from common.wire.liveness import Gesture
from devices.hands.client import Hands, HandsView
from ui.kit.base import IconLabel, Label, named, set_prop, vbox
from ui.kit.kit import Kit
from ui.kit.language import Language
from ui.kit.ports import SignalLike
from ui.kit.texts.words import t
from ui.kit.theme import Theme
from ui.vtm_app.hands import model
from ui.vtm_app.hands.parts import Parts
from ui.vtm_app.hands.props import Props
from ui.vtm_app.hands.sections import (
    CardSection,
    CashSection,
    DocumentSection,
    FaceSection,
    FaultSection,
    PersonSection,
    PinSection,
)
from ui.vtm_app.hands.style import hands_sheet
from ui.vtm_app.hands.things import ThingsSection

WIDTH, HEIGHT = 400, 1008


class HandsPort(Protocol):
    """The hands as the panel sees them (`ui.kit.hands_link.HandsLink`)."""

    @property
    def viewed(self) -> SignalLike: ...
    @property
    def failed(self) -> SignalLike: ...
    def act(self, work: Callable[[Hands], Coroutine[Any, Any, object]]) -> None: ...


class HandsPanel(QWidget):
    """400x1008 on the screen, however much the kiosk beside it is scaled; less where the screen has no more room, and
    then the sections scroll.

    Args:
        enlarge: one over the scale of the process.
        room: height that there is, in the process's own pixels; None: as much as it needs.
        face: makes the simulated person before the camera do something; None: no such person.
    """

    def __init__(
        self, language: Language, link: HandsPort, props: Props, vtm: str, *, enlarge: float = 1.0,
        face: Callable[[Gesture], object] | None = None, room: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.kit = Kit(Theme("light", "staff"), language)
        named(self, "hands.window").setProperty("role", "hands")
        self.kit.bind(self, self.setWindowTitle, t("hands.window"))
        self._files = tempfile.TemporaryDirectory(prefix="guitai-hands-")
        self.destroyed.connect(self._files.cleanup)
        self.setStyleSheet(hands_sheet(self.kit.theme, enlarge, Path(self._files.name)))
        parts = Parts(self.kit, enlarge)
        self.setFixedSize(parts.px(WIDTH), min(parts.px(HEIGHT), room if room is not None else parts.px(HEIGHT)))
        card = CardSection(parts, link.act, props.cards)
        document = DocumentSection(parts, link.act, props.documents)
        self._sections = (
            card,
            document,
            CashSection(parts, link.act),
            PinSection(parts, link.act),
            PersonSection(parts, link.act),
            ThingsSection(parts, link.act, card.chosen, document.chosen),
            FaceSection(parts, face),
            FaultSection(parts, link.act),
        )
        self._state = named(parts.tag(), "hands.state")
        self._problem = named(Label(self.kit, "", "reason", elide=True), "hands.problem")
        self._problem.setFixedHeight(parts.px(20))
        kept = self._problem.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing below may move away from under a finger
        self._problem.setSizePolicy(kept)
        self._assemble(parts, vtm)
        link.viewed.connect(self.show_view)
        link.failed.connect(self._failed)
        self.show_view(None)

    def _assemble(self, parts: Parts, vtm: str) -> None:
        kit = self.kit
        head = parts.row(
            IconLabel(kit, "hand", "text", parts.px(20)),
            Label(kit, t("hands.window"), "title"),
            Label(kit, t("hands.machine", vtm=vtm), "caption"),
            None,
            self._state,
        )
        head.setFixedHeight(parts.px(44))
        layout = head.layout()
        assert layout is not None
        layout.setContentsMargins(parts.px(16), 0, parts.px(16), 0)
        column = vbox(head, self._problem, gap=0)
        column.addWidget(self._scrolled(), 1)
        self.setLayout(column)

    def _scrolled(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("role", "hands")
        page.setLayout(vbox(*(section.frame for section in self._sections), None, gap=0))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the focus goes from button to button and takes the page along
        area.setWidget(page)
        return area

    def show_view(self, view: HandsView | None) -> None:
        """The world as it is now; None: the machine is not there."""
        self._state.set_words(t("hands.connected" if view is not None else "hands.away"))
        set_prop(self._state, "tone", "ok" if view is not None else "bad")
        if view is None:
            self._tell(t("hands.away_reason"))
        else:
            self._problem.hide()
        for section in self._sections:
            section.show(view)

    def _failed(self, error: AppError) -> None:
        self._tell(model.refusal(self.kit.language.book, error))

    def _tell(self, words: Any) -> None:
        self._problem.set_words(words)
        self._problem.show()
