"""A window's two loops, of which one stops to turn: ``python -m tests.ui.kit.hanging_window FAULT_FILE LOOP``."""

import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from ui.kit.bridge import AsyncBridge
from ui.kit.crash import CrashGuard
from ui.kit.watchdog import Watchdog

BEATS = 5


def hangs_in_here(fault: Path) -> None:
    while not fault.stat().st_size:
        time.sleep(0.01)


def main(fault: Path, which: str) -> None:
    application = QCoreApplication([])
    guard = CrashGuard(fault)
    guard.install()
    bridge = AsyncBridge()
    bridge.start()
    answers: list[float] = []
    expect = guard.expect_life

    def hangs_then_quits() -> None:
        hangs_in_here(fault)
        application.quit()

    def answered(within_s: float) -> None:
        """Both loops turned; the loop in question stops to, or none does and the beats suffice."""
        expect(within_s)
        answers.append(time.monotonic())
        if len(answers) != BEATS:
            return
        if which == "none":
            application.quit()
        elif which == "asyncio":
            bridge.call_soon(lambda: hangs_in_here(fault))
            threading.Thread(target=hangs_then_quits).start()
        else:
            QTimer.singleShot(0, application, hangs_then_quits)

    guard.expect_life = answered  # type: ignore[method-assign]
    watchdog = Watchdog(bridge, guard, within_s=60.0 if which == "none" else 2.0, every_s=0.05)
    watchdog.start()
    application.exec()
    watchdog.stop()
    bridge.close()
    guard.uninstall()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
