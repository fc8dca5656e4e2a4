"""What is told before the first step: rules of what is chosen, and what they leave today."""

from PySide6.QtWidgets import QWidget

from common.wire.cases import NoticeView
from ui.kit.base import Label, frame, line, vbox
from ui.kit.business import words
from ui.kit.kit import Kit
from ui.kit.rows import Rows
from ui.kit.texts.words import t
from ui.teller_app.panels.wording import said


class _Row:
    """One rule by its number; its legal basis as a tip."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._rule, self._left = Label(kit, "", "caption", wrap=True), Label(kit, "", "caption", wrap=True)
        self.widget = frame("plain", vbox(self._rule, self._left, gap=0))

    def show_notice(self, notice: NoticeView) -> None:
        self._rule.set_words(t("scenario.transaction", number=notice.code, what=words(notice.says)))
        self._rule.setToolTip(notice.basis)
        self._left.setVisible(notice.left is not None)
        self._left.set_words(said(self._kit, notice.left) if notice.left is not None else "")


class Notices(QWidget):
    """A line, a head and the rules; nothing at all where there are none."""

    def __init__(self, kit: Kit, *, ahead: int = 0) -> None:
        super().__init__()
        self._rows = Rows(lambda: _Row(kit), gap=4, ahead=ahead)
        column = vbox(line(), Label(kit, t("scenario.notices"), "caption", "faint"), gap=4, margins=(0, 8, 0, 0))
        column.addLayout(self._rows.layout)
        self.setLayout(column)
        self._shown: list[NoticeView] | None = None

    def show_notices(self, notices: list[NoticeView]) -> None:
        """Paint them; written only when they changed."""
        if notices == self._shown:
            return
        self._shown = list(notices)
        self.setVisible(bool(notices))
        for row, notice in zip(self._rows.show(len(notices)), notices, strict=True):
            row.show_notice(notice)
