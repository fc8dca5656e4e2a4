"""The last net: what nobody handled is written down, and the person reads one calm sentence with what to do next."""

import faulthandler
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler

log = logging.getLogger(__name__)
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashGuard(QObject):
    """Catches unhandled exceptions of the process, of threads, and what Qt has to say.

    Make it on the GUI thread. ``reported`` is emitted there for each, whatever the thread; connect it to an alert
    that says ``common.crash``.

    Args:
        fault_file: where the interpreter writes its stacks when the process dies hard, or hangs.
    """

    reported = Signal(object)
    _from_anywhere = Signal(object)

    def __init__(self, fault_file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fault_file = fault_file
        self._fault: IO[bytes] | None = None
        self._before: tuple[Callable[..., object], Callable[..., object]] | None = None
        self._from_anywhere.connect(self.reported, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Put the hooks in."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook
        qInstallMessageHandler(self._qt_said)
        if self._fault_file is not None:
            self._fault_file.parent.mkdir(parents=True, exist_ok=True)
            self._fault = open(self._fault_file, "ab", buffering=0)  # noqa: SIM115 - open as long as the process
            faulthandler.enable(self._fault)

    def uninstall(self) -> None:
        """Take the hooks out again."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None
            qInstallMessageHandler(None)
        if self._fault is not None:
            faulthandler.cancel_dump_traceback_later()
            faulthandler.disable()
            self._fault.close()
            self._fault = None

    def expect_life(self, within_s: float) -> None:
        """Unless this is called again within so many seconds, every thread's stack goes to the fault file, once."""
        if self._fault is not None:
            faulthandler.dump_traceback_later(within_s, file=self._fault)

    def report(self, error: BaseException) -> None:
        """Write a bug down and tell the person. From any thread."""
        log.error("unhandled exception", exc_info=(type(error), error, error.__traceback__))
        # What the failed call held goes now: a painter that outlives its widget takes the process with it.
        traceback.clear_frames(error.__traceback__)
        self._from_anywhere.emit(error)

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report(error)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self.report(args.exc_value)

    def _qt_said(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if "propagateSizeHints" in text and os.environ.get("QT_QPA_PLATFORM") == "offscreen":
            return
        where = f"{context.file or ''}:{context.line}"
        log.log(_QT_LEVELS.get(kind, logging.WARNING), "qt message", extra={"what": text, "where": where})
