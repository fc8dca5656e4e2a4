"""The authoriser's process: what is opened for the window; the bridge closes it."""

from argparse import Namespace

from PySide6.QtWidgets import QWidget

from common.settings import Settings
from common.wire.sessions import Role
from ui.authoriser_app.controller import TaskController
from ui.authoriser_app.desk import DeskController
from ui.authoriser_app.gateway import TaskGateway
from ui.authoriser_app.window import AuthoriserWindow, Parts
from ui.kit.app import AppSession, run_app
from ui.kit.register_gateway import RegisterGateway
from ui.kit.registers import Registers
from ui.kit.suspense_desk import SuspenseDesk, SuspenseGateway


def build(session: AppSession) -> QWidget:
    """Compose the window from what was opened for it."""
    bridge, clock = session.bridge, session.clock
    gateway = TaskGateway(bridge, session.api, session.signalling, session.connection, clock)
    tasks = TaskController(gateway, clock)
    desk = DeskController(gateway, tasks, clock)
    port = SuspenseGateway(bridge, session.api)
    suspense = SuspenseDesk(port, session.user.number, decides=True)
    books = RegisterGateway(bridge, session.api)
    registers = Registers(books, clock)
    window = AuthoriserWindow(session.kit, Parts(session.user, clock, tasks, desk, suspense, registers))
    # The gateway's signals live as long as the window that listens to them.
    gateway.setParent(window)
    port.setParent(window)
    books.setParent(window)
    bridge.on_unhandled = window.failed
    session.crash.reported.connect(window.crashed)
    session.figures["authorisation"] = tasks.figures
    desk.start()
    return window


def run(settings: Settings, args: Namespace) -> int:
    """Run the authoriser's window until it is closed; the process's exit status."""
    return run_app(settings, args, Role.AUTHORISER, build)
