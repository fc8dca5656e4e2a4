"""A whole app with an empty window, for test_app: data directory, server, role, and the words of the command line."""

import sys
from argparse import Namespace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from common.errors import AppError
from common.settings import load
from common.wire.sessions import Role
from ui.kit.app import AppSession, run_app
from ui.kit.base import Label, named, vbox


def build(session: AppSession) -> QWidget:
    """One label that says who is signed on."""
    window = QWidget()
    window.resize(800, 600)
    window.setLayout(vbox(named(Label(session.kit, session.user.number), "test.number")))
    session.figures["line"] = lambda: {"lost": session.connection.lost_since is not None}
    return window


def main() -> int:
    data, port, role, login, credentials, automation = sys.argv[1:]
    settings = load(overrides={"data_dir": data, "server": {"host": "127.0.0.1", "port": int(port)}})
    known = Path(credentials) if credentials else None
    args = Namespace(login=login, credentials=known, wait=None, automation=Path(automation) if automation else None)
    try:
        return run_app(settings, args, Role(role), build)
    except AppError as error:
        sys.stdout.write(f"{error.code}\n")
        return 3


if __name__ == "__main__":
    sys.exit(main())
