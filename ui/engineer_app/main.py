"""The engineer's process: what is opened for the window; the bridge closes it."""

from argparse import Namespace

from PySide6.QtWidgets import QWidget

from common.clock import SystemIds
from common.settings import Settings
from common.wire.sessions import Role
from devices.client.journal import CashJournal
from ui.engineer_app.link import MachineLink
from ui.engineer_app.replenishing import Replenishing
from ui.engineer_app.window import EngineerWindow
from ui.kit.app import AppSession, run_app
from ui.kit.local_machine import probe_machine, running_simulator


def build(session: AppSession) -> QWidget:
    """Compose the window from what was opened for it."""
    settings, vtm = session.settings, session.settings.devices.vtm
    folder = settings.data_dir / "engineer"
    journal = CashJournal(folder / f"{vtm}-{session.user.number}.sqlite3", session.clock, SystemIds())

    async def close_journal() -> None:
        journal.close()

    session.bridge.on_close(close_journal)
    link = MachineLink(
        session.bridge,
        lambda: running_simulator(settings.data_dir, vtm),
        lambda simulator, heard: probe_machine(settings, simulator, heard),
    )
    cash = Replenishing(session.bridge, session.api, link, journal, vtm, session.user.number)
    window = EngineerWindow(session.kit, link, cash, vtm, folder, session.clock)
    link.setParent(window)
    cash.setParent(window)
    session.connection.changed.connect(lambda since: window.show_server(answered=since is None))
    session.bridge.on_unhandled = window.failed
    return window


def run(settings: Settings, args: Namespace) -> int:
    """Run the engineer's window until it is closed; the process's exit status."""
    return run_app(settings, args, Role.ENGINEER, build)
