"""What the teller's window is made of beside widgets: ports and controllers, wired to each other."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from common.clock import Clock
from common.settings import FaceSettings
from common.wire.sessions import UserView
from ui.kit.pictures import Pictures
from ui.kit.suspense_desk import SuspenseDesk, SuspensePort
from ui.teller_app.bell import Bell
from ui.teller_app.book_gateway import BookPort
from ui.teller_app.books import Books, make_books
from ui.teller_app.call_watch import CallWatch
from ui.teller_app.capture import Capture
from ui.teller_app.case_commands import CaseCommands
from ui.teller_app.case_controller import CaseController
from ui.teller_app.continuity import ContinuityWatch
from ui.teller_app.desk_controller import DeskController
from ui.teller_app.form_entering import FormEntering
from ui.teller_app.liveness import LivenessRunner
from ui.teller_app.machine_gateway import MachinePort
from ui.teller_app.machine_watch import MachineWatch
from ui.teller_app.ports import CallLinkPort, CaseStorePort, DeskPort, PresencePort, RingPort, VisionPort
from ui.teller_app.reveal import Reveal
from ui.teller_app.verifying import Verifying
from ui.teller_app.voucher_file import VoucherFile

WITHOUT_FACE = FaceSettings(gestures=0, look_every_s=0)
"""No check of liveness and no looks: where no camera is to be judged."""


@dataclass(frozen=True)
class Ports:
    """The outside of the window."""

    desk: DeskPort
    presence: PresencePort
    store: CaseStorePort
    link: CallLinkPort
    vision: VisionPort
    ring: RingPort
    books: BookPort
    machines: MachinePort
    suspense: SuspensePort
    face: FaceSettings = WITHOUT_FACE


@dataclass(frozen=True)
class Parts:
    """The inside without widgets."""

    user: UserView
    clock: Clock
    link: CallLinkPort
    cases: CaseController
    form: FormEntering
    commands: CaseCommands
    desk: DeskController
    pictures: Pictures
    capture: Capture
    call: CallWatch
    voucher: VoucherFile
    bell: Bell
    verifying: Verifying
    books: Books
    liveness: LivenessRunner
    continuity: ContinuityWatch
    reveal: Reveal
    machine: MachineWatch
    suspense: SuspenseDesk


def make_parts(ports: Ports, user: UserView, clock: Clock, owner: QObject | None = None) -> Parts:
    """Make and wire the controllers; they live as long as ``owner``."""
    cases = CaseController(ports.store, ports.link, clock, user.number, owner)
    form = FormEntering(cases)
    commands = CaseCommands(cases, form)
    desk = DeskController(ports.desk, ports.presence, cases, clock, owner)
    pictures = Pictures(ports.desk, owner)
    capture = Capture(cases, ports.desk, pictures, ports.vision, owner)
    call = CallWatch(ports.link, cases, owner)
    voucher = VoucherFile(ports.desk, parent=owner)
    bell = Bell(ports.ring, desk, cases, clock, owner)
    verifying = Verifying(cases, form, owner)
    books = make_books(ports.books, ports.store, voucher, clock, owner)
    liveness = LivenessRunner(cases, ports.link, ports.vision, clock, ports.face.gestures, parent=owner)
    liveness.go_on.connect(capture.snapshot)
    continuity = ContinuityWatch(cases, ports.link, ports.vision, clock, ports.face.look_every_s, owner)
    return Parts(
        user, clock, ports.link, cases, form, commands, desk, pictures, capture, call, voucher, bell, verifying, books,
        liveness, continuity, Reveal(cases, ports.desk, owner),
        MachineWatch(ports.machines, ports.presence, owner),
        SuspenseDesk(ports.suspense, user.number, decides=False, parent=owner),
    )  # fmt: skip
