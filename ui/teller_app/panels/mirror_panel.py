"""The customer's screen as pictures over the call; covered while a PIN is entered."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from common.wire.cases import CaseView, CustomerStep
from ui.kit.base import Label, Painted, Tag, hbox, named
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.panels import Panel
from ui.kit.texts.words import T, t
from ui.teller_app.local import CallPhase, Local

KIOSK = QSize(1080, 1920)


class MirrorView(Painted):
    """Paints the newest picture of the kiosk whole, or words where it would stand."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._image = QImage()
        self._scaled: QImage | None = None
        self._words: T | None = t("teller.mirror_none")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(90, 160)

    def set_image(self, image: QImage) -> None:
        """A newer picture; scaled once, when it is painted."""
        self._image, self._scaled = image, None
        self.update()

    def cover(self, words: T | None) -> None:
        """Words instead of the picture; None shows it."""
        if words != self._words:
            self._words = words
            self.update()

    @property
    def covered(self) -> bool:
        """Whether words stand in the place of the picture."""
        return self._words is not None

    def resizeEvent(self, event: object) -> None:
        self._scaled = None

    def _place(self) -> QRectF:
        size = KIOSK.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        place = self._place()
        painter.setPen(self.kit.color("line"))
        painter.setBrush(self.kit.color("surface"))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self._words is not None or self._image.isNull():
            painter.setPen(self.kit.color("text-2"))
            painter.setFont(self.kit.theme.font_px(14))
            middle = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(
                place.adjusted(16, 16, -16, -16), middle, self.kit.say(self._words or t("teller.mirror_none"))
            )
        else:
            if self._scaled is None:
                ratio = max(1.0, self.devicePixelRatioF())
                wanted = QSize(round(place.width() * ratio) - 2, round(place.height() * ratio) - 2)
                mode = Qt.TransformationMode.SmoothTransformation
                self._scaled = self._image.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio, mode)
            painter.drawImage(place.adjusted(1, 1, -1, -1), self._scaled)
        painter.end()


class MirrorPanel(Panel):
    """The kiosk's screen, live.

    Signals:
        sign_again(): ask the customer to sign again.
    """

    sign_again = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, "", padding=12, gap=8, parent=parent)
        self._tag = Tag(kit)
        self.add_right(self._tag)
        self.view = named(MirrorView(kit), "teller.mirror")
        self.body.addWidget(self.view, 1)
        self._again = named(Button(kit, t("teller.sign_again"), fit="s", icon="undo"), "teller.signAgain")
        self._again.clicked.connect(lambda: self.sign_again.emit())
        self._note = Label(kit, "", "caption", wrap=True)
        self.body.addLayout(hbox(self._note, None, self._again))
        self.has_picture = False

    def set_picture(self, image: QImage) -> None:
        """A picture arrived."""
        self.has_picture = not image.isNull()
        self.view.set_image(image)

    def clear(self) -> None:
        """Another customer."""
        self.has_picture = False
        self.view.set_image(QImage())

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint what may be seen."""
        assert self.title is not None
        self.title.set_words(t("teller.mirror", kiosk=case.kiosk))
        pin = case.customer_step is CustomerStep.PIN
        live = local.call is CallPhase.LIVE and self.has_picture
        if pin:
            self.view.cover(t("teller.mirror_pin"))
            self._tag.set_tag(t("teller.mirror_covered"), "warn", "eye-off")
        elif live:
            self.view.cover(None)
            self._tag.set_tag(t("teller.mirror_live"), "ok", "eye")
        else:
            self.view.cover(t("teller.mirror_none"))
            self._tag.set_tag(t("teller.mirror_off"), "", "minus")
        self._again.setVisible(case.signed_at is not None or case.customer_step is CustomerStep.SIGN)
        self._again.setEnabled(not local.command and case.state.value == "authorised")
