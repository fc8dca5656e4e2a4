"""The pages of the engineer's window: each shows a part of one look at the machine."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from devices.client.probe import ServiceLook
from ui.kit.base import Label, Tag, TagTone, hbox, named, vbox
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.tables import Column, Row, TableView, TagCell
from ui.kit.texts.words import Words, t

MACHINE_LOST = t("engineer.machine_away")
"""Why a button cannot be pressed."""
LEVELS: dict[str, TagTone] = {"ok": "ok", "warn": "warn", "bad": "bad"}


def page(widget: QWidget, name: str, *parts: object) -> QWidget:
    """A page with its parts under each other."""
    widget.setLayout(vbox(*parts, gap=12))  # type: ignore[arg-type]
    return named(widget, f"engineer.page.{name}")


def scrolling(widget: QWidget) -> QScrollArea:
    """A page with more parts than a low window has room for: it scrolls, the window never does."""
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    widget.setProperty("role", "scrolled")
    made.setWidget(widget)
    return made


class Press:
    """A button that needs the other end: while that is lost it is greyed, and its tool tip says why."""

    def __init__(self, kit: Kit, button: Button) -> None:
        self._button = button
        self._why = kit.bind(button, self._say, "")

    def _say(self, text: str) -> None:
        self._button.setToolTip(text)
        self._button.setAccessibleDescription(text)

    def show(self, lost: Words = "", *, may: bool = True) -> None:
        """``may``: as far as the page itself goes; ``lost``: what is lost, in words."""
        self._button.setEnabled(may and not lost)
        self._why.set_words(lost)


class ServiceTable(TableView):
    """The device tree: every service with its interfaces under it."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, [Column(t("engineer.col_service")), Column("", 72)], row_height=32, parent=parent)
        self._under: list[int] = []

    def show_looks(self, looks: Sequence[ServiceLook], *, lost: bool = False) -> None:
        """The services now, or, without a tone, as they were seen last."""
        rows: list[Row] = []
        for look in looks:
            tone: TagTone = "" if lost else LEVELS[look.level]
            rows.append(Row(look.name, (look.name, TagCell(t(f"engineer.level_{look.level}"), tone))))
            rows += [Row(f"{look.name}/{name}", (f"    {name}",), "off") for name in look.interfaces]
        self.set_rows(rows)
        under = [at for at, row in enumerate(rows) if row.tone == "off"]
        if under != self._under:  # an interface has no tag: its name takes the whole line
            self._under = under
            self.clearSpans()
            for at in under:
                self.setSpan(at, 0, 1, 2)


class StatusPage(QWidget):
    """Everything a service says of itself."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.table = TableView(
            kit, [Column(t("engineer.col_name"), 380), Column(t("engineer.col_value"))], row_height=28
        )
        self.name = named(Label(kit, "", "title", elide=True), "engineer.service")
        self.level = named(Tag(kit), "engineer.service_level")
        head = hbox(self.level)
        head.insertWidget(0, self.name, 1)
        page(self, "status", head, self.table)

    def show_look(self, look: ServiceLook | None, seen_at: datetime | None = None) -> None:
        """One service; ``seen_at``: it is lost, and this is how it was seen last."""
        status = look.status if look is not None else {}
        self.name.set_words(look.name if look is not None else "")
        self.level.setVisible(look is not None)
        if seen_at is not None:
            self.level.set_tag(t("engineer.last_seen", at=seen_at))
        elif look is not None:
            self.level.set_tag(t(f"engineer.level_{look.level}"), LEVELS[look.level])
        self.table.set_rows([Row(name, (name, value)) for name, value in sorted(status.items())])
