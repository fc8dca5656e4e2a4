"""The merged form: section chips in the head, twelve columns of fields, lenses under unsure ones."""

import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from common.wire.cases import CaseView, FieldSpec
from ui.kit.base import hbox
from ui.kit.buttons import Button
from ui.kit.fields import FormField, Select, TextField
from ui.kit.form_grid import FormGrid
from ui.kit.kit import Kit
from ui.kit.panels import Panel
from ui.kit.texts.words import t
from ui.teller_app.case_facts import is_mine
from ui.teller_app.form_model import FieldModel, Mark, SectionModel, form_model
from ui.teller_app.local import Local
from ui.teller_app.panels.form_fields import LensRow, make_field, show_field
from ui.teller_app.presenter import OVER

Images = Callable[[str], QImage | None]


_PAGES_KEPT = 8
_FIELD_EVERY_MS = 30
_TURN_S = 0.006
"""How long a form that is waited for is made without letting anything else move."""


@dataclass
class _Page:
    """The widgets of one form."""

    specs: tuple[FieldSpec, ...]
    widget: QWidget
    fields: dict[str, FormField] = made_by(default_factory=dict)
    lenses: list[tuple[LensRow, tuple[str, ...]]] = made_by(default_factory=list)
    heads: dict[str, QWidget] = made_by(default_factory=dict)
    chips: dict[str, "SectionChip"] = made_by(default_factory=dict)
    rest: Iterator[None] | None = None
    """What is still to be made, a field a step; None: the page is whole."""
    ahead: int | None = None
    """Version of the case that was written into it before it was shown."""


class SectionChip(Button):
    """Name and counter of a section; amber with a triangle where somebody has to look."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "", fit="s")
        self._tone = ""
        self.setProperty("look", "chip")

    def show_state(self, tone: str) -> None:
        """``warn``, ``ok`` or plain."""
        self._tone = tone
        self.set_icon({"warn": "warn", "ok": "check"}.get(tone))

    def _ink(self) -> str:
        return {"warn": "warn-text", "ok": "ok-text"}.get(self._tone, "text-2")


class _OnePage(QStackedWidget):
    """Forms side by side, as large as the one that is shown. They never change their parent: Qt would style
    every field anew."""

    def sizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.sizeHint() if page is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else super().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        page = self.currentWidget()
        return page is not None and page.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        page = self.currentWidget()
        return page.heightForWidth(width) if page is not None else -1


def _read_only(case: CaseView, local: Local) -> bool:
    waiting = case.state.value in ("awaiting_authorisation", "executing")
    return waiting or not is_mine(case, local) or case.state in OVER


class FormPanel(Panel):
    """The form of the open case.

    Signals:
        edited(str, str): a person typed (field, text). looked(str): "matches the card". left(str): the cursor left
        the field, or Enter was pressed. entered(str): the cursor is in the field. undone(str): Esc.
        made(): a form that had to be made first stands now.
    """

    edited = Signal(str, str)
    looked = Signal(str)
    left = Signal(str)
    entered = Signal(str)
    undone = Signal(str)
    made = Signal()

    def __init__(
        self,
        kit: Kit,
        images: Images,
        names: str = "teller.form",
        *,
        locked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kit, t("teller.form"), main=True, padding=0, parent=parent)
        self._images, self._prefix, self._locked = images, names, locked
        self._stack = _OnePage()
        self._page = self._blank = _Page((), QWidget(self._stack))
        self._stack.addWidget(self._blank.widget)
        self._pages: list[_Page] = []
        self._awaited: tuple[_Page, CaseView, Local] | None = None
        self._shown_case = ""
        self._names: dict[QObject, str] = {}
        self._focused: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)
        self._making = QTimer(self)
        self._making.setInterval(_FIELD_EVERY_MS)
        self._making.timeout.connect(self._prepare_more)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._stack)
        self._chip_row = QWidget()
        self._chip_row.setLayout(hbox(gap=4))
        self.add_right(self._chip_row)
        self.body.addWidget(self._scroll)

    # --- building -------------------------------------------------------------------------------------------

    def prepare(self, specs: Sequence[FieldSpec]) -> None:
        """Begin to make the widgets of a form ahead of its first showing: one field at a time, so that a call
        on screen goes on moving."""
        self._begun(tuple(specs))
        self._making.start()

    def fill_ahead(self, case: CaseView, local: Local) -> None:
        """Prepare the form of a case and write into it what stands now, so that showing it changes little."""
        page = self._begun(tuple(case.form.specs))
        if page.ahead != case.version and page is not self._page:
            page.ahead = case.version
            page.rest = itertools.chain(page.rest or (), self._fill(page, case, local, read_only=True))
            self._making.start()

    def _fill(self, page: "_Page", case: CaseView, local: Local, *, read_only: bool) -> Iterator[None]:
        for section in form_model(case, local):
            for model in section.fields:
                show_field(self.kit, page.fields[model.spec.name], model, read_only=read_only)
                yield

    def _prepare_more(self) -> None:
        if self._awaited is not None:
            self._make_awaited(time.monotonic() + _TURN_S)
            return
        self._making.setInterval(_FIELD_EVERY_MS)
        page = next((one for one in self._pages if one.rest is not None), None)
        if page is None:
            self._making.stop()
        elif page.rest is not None and not any(True for _ in itertools.islice(page.rest, 1)):
            page.rest = None

    def _wait_for(self, page: "_Page", case: CaseView, local: Local) -> None:
        """Make a form that is to be shown: quickly, but a few fields a turn, for a call is on screen."""
        if case.id != self._shown_case:
            self._show_page(self._blank)  # never another customer's form
        if self._awaited is None or self._awaited[0] is not page:
            filling = self._fill(page, case, local, read_only=_read_only(case, local))
            page.rest = itertools.chain(page.rest or (), filling)
            self._making.start(0)
        self._awaited = (page, case, local)

    def _make_awaited(self, until: float) -> None:
        assert self._awaited is not None
        page, case, local = self._awaited
        for _ in page.rest or ():
            if time.monotonic() > until:
                return
        page.rest = self._awaited = None
        self._show(page, case, local)
        self.made.emit()

    def complete(self) -> None:
        """Make at once what is still waited for."""
        if self._awaited is not None:
            self._make_awaited(math.inf)

    def _begun(self, specs: tuple[FieldSpec, ...]) -> "_Page":
        """The page of a form, perhaps not whole yet. The longest unused leaves when there are too many."""
        found = next((one for one in self._pages if one.specs == specs), None)
        if found is not None:
            return found
        while len(self._pages) >= _PAGES_KEPT:
            needed = (self._page, self._awaited[0] if self._awaited is not None else None)
            self._forget(next(one for one in self._pages if one not in needed))
        widget = QWidget()
        widget.setProperty("role", "scrolled")
        self._stack.addWidget(widget)
        page = _Page(specs, widget)
        page.rest = self._build(page)
        self._pages.append(page)
        return page

    def _forget(self, page: "_Page") -> None:
        self._pages.remove(page)
        for field in page.fields.values():
            self._names.pop(field.box, None)
        for chip in page.chips.values():
            chip.deleteLater()
        page.widget.deleteLater()

    def _build(self, page: "_Page") -> Iterator[None]:
        grid = FormGrid(self.kit)
        column = QVBoxLayout(page.widget)
        column.setContentsMargins(15, 8, 15, 15)
        column.addWidget(grid)
        for section in dict.fromkeys(spec.section for spec in page.specs):
            page.heads[section] = grid.add_section(t(f"teller.section_{section}"))
            yield from self._build_rows(page, grid, [spec for spec in page.specs if spec.section == section])
            page.chips[section] = self._make_chip(section)
        grid.finish()

    def _show_page(self, page: "_Page") -> None:
        if page is self._page:
            return
        for chip in self._page.chips.values():
            chip.hide()
        self._page = page
        self._stack.setCurrentWidget(page.widget)
        for chip in page.chips.values():
            chip.show()

    def _build_rows(self, page: "_Page", grid: FormGrid, specs: list[FieldSpec]) -> Iterator[None]:
        row: list[str] = []
        used = 0
        for spec in specs:
            span = min(12, max(1, spec.columns))
            if used + span > 12:
                self._add_lens(page, grid, row)
                row, used = [], 0
            yield
            page.fields[spec.name] = self._make(spec)
            grid.add(page.fields[spec.name], span)
            row.append(spec.name)
            used += span
        self._add_lens(page, grid, row)
        yield

    def _make(self, spec: FieldSpec) -> FormField:
        field = make_field(self.kit, spec)
        field.setObjectName(f"{self._prefix}.{spec.name}")
        if self._locked and isinstance(field, TextField):
            field.set_readonly(True)  # now, a field at a time, not all at once when it is shown
        name = spec.name
        if isinstance(field, Select):
            field.chosen.connect(lambda key: self.edited.emit(name, key))
        else:
            field.edited.connect(lambda text: self.edited.emit(name, text))
        field.look_accepted.connect(lambda: self.looked.emit(name))
        field.accepted.connect(lambda: self._enter(name))
        self._names[field.box] = name
        return field

    def _add_lens(self, page: "_Page", grid: FormGrid, row: list[str]) -> None:
        if not row:
            return
        lens = LensRow(self.kit)
        lens.lens.accept_button.setObjectName(f"{self._prefix}.look.{row[0]}")
        lens.lens.matches.connect(lambda: self.looked.emit(lens.field))
        lens.lens.edit.connect(lambda: self.focus_field(lens.field))
        grid.add(lens, 12)
        page.lenses.append((lens, tuple(row)))

    def _make_chip(self, section: str) -> "SectionChip":
        chip = SectionChip(self.kit)
        chip.setObjectName(f"{self._prefix}.section.{section}")
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chip.clicked.connect(lambda: self.go_to_section(section))
        layout = self._chip_row.layout()
        assert layout is not None
        layout.addWidget(chip)
        chip.hide()
        return chip

    # --- showing --------------------------------------------------------------------------------------------

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint the form as it stands; one that is not made yet appears when it is."""
        page = self._begun(tuple(case.form.specs))
        if page.rest is not None:
            self._wait_for(page, case, local)
        else:
            self._awaited = None
            self._show(page, case, local)

    def _show(self, page: "_Page", case: CaseView, local: Local) -> None:
        self._pages.remove(page)
        self._pages.append(page)  # the one used last stays longest
        self._shown_case = case.id
        self._show_page(page)
        sections, read_only = form_model(case, local), _read_only(case, local)
        models: dict[str, FieldModel] = {}
        for section in sections:
            self._show_chip(section)
            for model in section.fields:
                models[model.spec.name] = model
                show_field(self.kit, self._page.fields[model.spec.name], model, read_only=read_only)
        self._show_lenses(models, read_only=read_only)

    def _show_chip(self, section: SectionModel) -> None:
        chip = self._page.chips[section.name]
        name = t(f"teller.section_short_{section.name}")
        chip.set_words(t("teller.section_count", name=name, done=section.done, total=section.total))
        chip.show_state("warn" if section.needs_look else "ok" if section.done == section.total else "")

    def _show_lenses(self, models: dict[str, FieldModel], *, read_only: bool) -> None:
        for lens, names in self._page.lenses:
            unsure = [models[name] for name in names if models[name].mark is Mark.UNSURE]
            model = None if read_only or not unsure else unsure[0]
            digest = model.stored.evidence if model is not None and model.stored is not None else None
            lens.show_for(model, self._images(digest) if digest else None)

    # --- moving about ---------------------------------------------------------------------------------------

    def focus_field(self, name: str) -> bool:
        """Put the cursor into a field and bring it into view with its label and lens."""
        field = self._page.fields.get(name)
        if field is None:
            return False
        self._scroll.ensureWidgetVisible(field, 0, 64)
        field.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(field, TextField):
            field.edit.selectAll()
        return True

    def sections(self) -> tuple[str, ...]:
        """Names of the sections, in order (Alt+1 …)."""
        return tuple(self._page.heads)

    def go_to_section(self, name: str) -> None:
        """Scroll a section to the top and put the cursor into its first field."""
        first = next((spec for spec in self._page.specs if spec.section == name), None)
        if first is not None:
            self._scroll.verticalScrollBar().setValue(self._page.heads[name].y())
            self.focus_field(first.name)

    def _neighbour(self, name: str, step: int) -> str | None:
        order = [spec.name for spec in self._page.specs if not spec.read_only]
        at = order.index(name) + step if name in order else 0
        return order[at] if 0 <= at < len(order) else None

    def _enter(self, name: str) -> None:
        self.left.emit(name)
        following = self._neighbour(name, 1)
        if following is not None:
            self.focus_field(following)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Listen to the keys of the field that has the cursor, and of no other: a filter is called for every event."""
        if self._focused is not None and shiboken6.isValid(self._focused):
            self._focused.removeEventFilter(self)
        name = self._names.get(new) if new is not None else None
        self._focused = new if name is not None else None
        if new is not None and name is not None and name in self._page.fields:
            new.installEventFilter(self)
            self._scroll.ensureWidgetVisible(self._page.fields[name], 0, 48)
            self.entered.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        name = self._names.get(watched)
        if name is not None and event.type() == QEvent.Type.FocusOut:
            self.left.emit(name)
        elif name is not None and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(name, event)
        return super().eventFilter(watched, event)

    def _key(self, name: str, event: QKeyEvent) -> bool:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shift:
            before = self._neighbour(name, -1)
            self.left.emit(name)
            if before is not None:
                self.focus_field(before)
            return True
        return False

    def undo_focused(self) -> bool:
        """Esc: undo the edit of the field the cursor is in; whether there was one."""
        for name, field in self._page.fields.items():
            if field.box.hasFocus() and isinstance(field, TextField) and field.undo():
                self.undone.emit(name)
                return True
        return False
