"""The three regions and how they change with the window's size. The video never moves."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedWidget, QWidget

from common.wire.cases import CaseView
from common.wire.desk import DeskView, MachineView
from ui.kit.base import hbox, vbox
from ui.kit.kit import Kit
from ui.kit.overlays import Drawer
from ui.kit.pictures import Pictures
from ui.kit.tokens import LayoutMode
from ui.teller_app.local import Local
from ui.teller_app.panels.authorisation_scene import AuthorisationScene
from ui.teller_app.panels.form_panel import Images
from ui.teller_app.panels.form_scene import FormScene
from ui.teller_app.panels.idle_middle import QueuePanel, TodayPanel
from ui.teller_app.panels.idle_panels import MachinesPanel, StatePanel, TodoPanel
from ui.teller_app.panels.left_panels import CaseLeft, Rail
from ui.teller_app.panels.record_scene import Checked, RecordScene
from ui.teller_app.panels.right_panels import DevicesPanel, StepsPanel, VideoPanel
from ui.teller_app.panels.summary_scene import SummaryScene
from ui.teller_app.panels.trouble_scene import TroubleScene
from ui.teller_app.ports import CallLinkPort
from ui.teller_app.presenter import Scene, scene

IDLE_LEFT = 288
"""The left between two customers, in L and M."""


class _Pages(QStackedWidget):
    """A stack that asks only for the room of the page on top."""

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else super().minimumSizeHint()


def scrolled(widget: QWidget) -> QScrollArea:
    """A scene that scrolls only where the window is too low for it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    widget.setProperty("role", "scrolled")
    area.setWidget(widget)
    return area


class Left(QStackedWidget):
    """State of the seat, or the case; used as a region and inside the drawer."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self.case = StatePanel(kit), CaseLeft(kit)
        page = QWidget()
        page.setLayout(vbox(self.state, None, gap=0))
        self.addWidget(page)
        self.addWidget(self.case)

    def show_all(self, case: CaseView | None, desk: DeskView | None, local: Local, now: datetime) -> None:
        """Paint what fits."""
        self.state.show_desk(desk, now)
        if case is not None:
            self.case.show_case(case, local)
        self.setCurrentIndex(0 if case is None else 1)


class Middle(_Pages):
    """Idle page and the five scenes."""

    def __init__(self, kit: Kit, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        images: Images = pictures.image
        self.queue, self.today = QueuePanel(kit), TodayPanel(kit)
        idle = QWidget()
        column = vbox(self.queue, gap=16)
        column.addWidget(self.today, 1)
        idle.setLayout(column)
        self.form = FormScene(kit, images, pictures.thumbnail)
        self.authorisation = AuthorisationScene(kit, pictures.thumbnail)
        self.summary = SummaryScene(kit)
        self.trouble = TroubleScene(kit)
        self.record = RecordScene(kit, images, pictures.thumbnail, pictures.is_broken)
        self._pages: dict[Scene | None, QWidget] = {
            None: idle,
            Scene.FORM: self.form,
            Scene.AUTHORISATION: scrolled(self.authorisation),
            Scene.SUMMARY: scrolled(self.summary),
            Scene.TROUBLE: scrolled(self.trouble),
            Scene.RECORD: scrolled(self.record),
        }
        self._next: Scene | None = None
        for page in self._pages.values():
            self.addWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def set_compact(self, compact: bool, scale: float, *, short: bool) -> None:
        """Evidence as one line, fewer rows."""
        self.form.evidence.set_compact(compact, scale)
        self.record.set_compact(compact, scale)
        self.queue.set_compact(short)
        self.authorisation.set_compact(short)
        self.trouble.set_compact(compact)

    def set_narrow(self, narrow: bool) -> None:
        """XS: tables leave a column out."""
        self.today.set_narrow(narrow)

    def show_case(self, case: CaseView, local: Local, now: datetime, checked: Checked) -> None:
        """Paint the scene the case is in; :meth:`turn` brings it to the front."""
        what = self._next = scene(case, local)
        if what is Scene.FORM:
            self.form.show_case(case, local)
        elif what is Scene.AUTHORISATION:
            self.authorisation.show_case(case, local, now)
        elif what is Scene.SUMMARY:
            self.summary.show_case(case, local, now)
        elif what is Scene.TROUBLE:
            self.trouble.show_case(case, local, now)
        else:
            self.record.show_case(case, local, checked)
        if what in (Scene.AUTHORISATION, Scene.SUMMARY):
            self.record.form.fill_ahead(case, local)  # it is shown next

    def complete(self) -> None:
        """Have no form still being made."""
        self.form.form.complete()
        self.record.form.complete()

    def turn(self) -> None:
        """Bring to the front what was painted last: a turn of its own, so that filling a scene and its first
        appearance do not add up."""
        self.setCurrentWidget(self._pages[self._next])

    def show_idle(self, desk: DeskView | None, local: Local, now: datetime) -> None:
        """Paint the desk."""
        self.queue.show_desk(desk, local, now)
        self.today.show_desk(desk)
        self._next = None


class Right(QWidget):
    """Video, then to-dos and machines, or devices and steps."""

    def __init__(self, kit: Kit, link: CallLinkPort, seat: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.video = VideoPanel(kit, link, seat)
        self.todos, self.machines = TodoPanel(kit), MachinesPanel(kit)
        self.devices, self.steps = DevicesPanel(kit), StepsPanel(kit)
        idle, case = QWidget(), QWidget()
        idle_column = vbox(gap=16)
        idle_column.addWidget(self.todos, 1)
        idle_column.addWidget(self.machines)
        idle.setLayout(idle_column)
        self._case_column = vbox(self.devices, gap=16)
        self._case_column.addWidget(self.steps, 1)
        case.setLayout(self._case_column)
        self._pages = _Pages()
        self._pages.addWidget(idle)
        self._pages.addWidget(case)
        self._pages.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        column = vbox(self.video, gap=16)
        column.addWidget(self._pages, 1)
        self.setLayout(column)

    def set_mode(self, mode: LayoutMode, *, short: bool) -> None:
        """Width, and how much of machine and steps is said."""
        self.setFixedWidth(mode.right)
        self.video.set_width(mode.right)
        one_line = short or mode.id in ("S", "XS")
        self.devices.set_compact(one_line)
        bar = mode.id == "XS"
        self.steps.set_compact(bar)
        self._case_column.setStretch(1, 0 if bar else 1)
        if bar and self._case_column.count() == 2:
            self._case_column.addStretch(1)
        elif not bar and self._case_column.count() == 3:
            self._case_column.takeAt(2)
        self.machines.setVisible(not short)

    def show_case(self, case: CaseView, machine: MachineView | None, local: Local, now: datetime) -> None:
        """Paint customer, machine, steps."""
        self.video.show_case(case, local, now)
        self.devices.show_machine(case, machine)
        self.steps.show_case(case, local)
        self._pages.setCurrentIndex(1)

    def show_idle(self, desk: DeskView | None, missed: int, local: Local, now: datetime) -> None:
        """Paint one's own picture, to-dos, machines."""
        self.video.show_idle(local, now)
        self.todos.show_desk(desk, missed)
        self.machines.show_desk(desk)
        self._pages.setCurrentIndex(0)


class Body(QWidget):
    """Left, middle, right, and the drawer that holds the left where there is no room for it."""

    def __init__(self, kit: Kit, window: QWidget, pictures: Pictures, link: CallLinkPort, seat: str) -> None:
        super().__init__(window)
        self.left, self.drawn = Left(kit), Left(kit)
        self.rail = Rail(kit)
        self.middle = Middle(kit, pictures)
        self.right = Right(kit, link, seat)
        self.drawer = Drawer(kit, window)
        self.drawer.body.addWidget(self.drawn, 1)
        self._rename_drawn()
        self.rail.arrow.clicked.connect(lambda: self.open_drawer())
        self._paint_drawn: Callable[[], None] = lambda: None
        self._row = hbox(self.left, self.rail, gap=16)
        self._row.addWidget(self.middle, 1)
        self._row.addWidget(self.right)
        self.setLayout(self._row)
        self._mode: LayoutMode | None = None
        self._idle = True

    def _rename_drawn(self) -> None:
        for widget in self.drawn.findChildren(QWidget):
            if widget.objectName().startswith("teller."):
                widget.setObjectName(widget.objectName().replace("teller.", "teller.drawer.", 1))

    def set_mode(self, mode: LayoutMode, *, short: bool) -> None:
        """Lay the regions out for a window of that width."""
        self._mode = mode
        self.rail.setVisible(mode.id == "S")
        self.left.setVisible(mode.id in ("L", "M"))
        self._set_left()
        outer = 8 if short else 16
        self._row.setContentsMargins(16, outer, 16, outer)
        self.right.set_mode(mode, short=short)
        compact = short or mode.id in ("S", "XS")
        self.middle.set_compact(compact, 1.25 if mode.id == "L" else 1.0, short=short)
        self.middle.set_narrow(mode.id == "XS")

    def _set_left(self) -> None:
        if self._mode is not None and self._mode.id in ("L", "M"):
            self.left.setFixedWidth(max(IDLE_LEFT, self._mode.left) if self._idle else self._mode.left)

    def open_drawer(self) -> None:
        """Show the left over the middle; it is painted only while it is seen."""
        self._paint_drawn()
        self.drawer.open()

    def _show_left(self, show: Callable[[Left], None]) -> None:
        show(self.left)
        self._paint_drawn = lambda: show(self.drawn)
        if self.drawn.isVisible():
            self._paint_drawn()

    def show_case(self, case: CaseView, local: Local, now: datetime, checked: Checked) -> None:
        """Paint an open case where the teller looks: in the middle."""
        self._idle = False
        self._set_left()
        self.middle.show_case(case, local, now, checked)

    def show_beside(self, case: CaseView, machine: MachineView | None, local: Local, now: datetime) -> None:
        """Paint what stands on both sides of an open case."""
        self._show_left(lambda left: left.show_all(case, None, local, now))
        self.rail.show_case(case, local)
        self.right.show_case(case, machine, local, now)

    def show_idle(self, desk: DeskView | None, local: Local, now: datetime) -> None:
        """Paint the desk."""
        self._idle = True
        self._set_left()
        self.middle.show_idle(desk, local, now)

    def show_idle_beside(self, desk: DeskView | None, missed: int, local: Local, now: datetime) -> None:
        """Paint what stands on both sides of the desk."""
        self._show_left(lambda left: left.show_all(None, desk, local, now))
        self.rail.show_case(None, local)
        self.right.show_idle(desk, missed, local, now)
