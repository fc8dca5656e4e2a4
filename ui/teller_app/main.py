"""The teller's process: what is opened for the window, and in which order it is closed (by the bridge)."""

from argparse import Namespace

from PySide6.QtWidgets import QWidget

from common.settings import Settings
from common.wire.sessions import Role
from ui.kit.app import AppSession, run_app
from ui.kit.call_link import CallLink
from ui.kit.case_store import CaseStore
from ui.kit.suspense_desk import SuspenseGateway
from ui.teller_app.book_gateway import BookGateway
from ui.teller_app.gateways import DeskGateway, RingTone, SeatPresence, VisionDesk
from ui.teller_app.machine_gateway import MachineGateway
from ui.teller_app.parts import Ports, make_parts
from ui.teller_app.window import TellerWindow


def build(session: AppSession) -> QWidget:
    """Compose the window from what was opened for it."""
    bridge, clock = session.bridge, session.clock
    link = CallLink(bridge, session.signalling, session.settings.video, "teller")
    vision = VisionDesk(bridge, session.settings, clock)
    ports = Ports(
        desk=DeskGateway(bridge, session.api),
        presence=SeatPresence(bridge, session.signalling, session.connection, clock),
        store=CaseStore(bridge, session.api, session.signalling),
        link=link,
        vision=vision,
        ring=RingTone(bridge, session.settings),
        face=session.settings.face,
        books=BookGateway(bridge, session.api),
        machines=MachineGateway(bridge, session.api),
        suspense=SuspenseGateway(bridge, session.api),
    )
    window = TellerWindow(session.kit, make_parts(ports, session.user, clock))
    bridge.on_unhandled = window.failed
    session.figures["vision"] = vision.figures
    session.figures["call"] = lambda: link.figures() or {}
    window.parts.desk.start()
    link.show_self()
    return window


def run(settings: Settings, args: Namespace) -> int:
    """Run the teller's window until it is closed; the process's exit status."""
    return run_app(settings, args, Role.TELLER, build)
