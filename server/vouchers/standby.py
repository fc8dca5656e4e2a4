"""The press and the check of seals, on standby until a voucher is wanted.

Drawing (fpdf2, fontTools) and sealing (pyHanko) take longer to import than the rest of the server together, and the
first voucher is minutes away when a server starts. So both are loaded by :meth:`StandbyPress.warm_after`, some
seconds after the start, or by whoever needs them first (docs/adr/0006).
"""

import importlib
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.clock import Clock
from common.errors import AppError
from server.vouchers.authority import existing_seal, seal_made
from server.vouchers.font_files import find_font_files
from teller.seals import PaperMark, Seal
from teller.vouchers import Voucher

if TYPE_CHECKING:
    from server.vouchers.press import VoucherPress
    from server.vouchers.verify import VerificationResult

log = logging.getLogger(__name__)
PATIENCE_S = 0.5
"""How long a stop waits for a warm-up under way. After that the warm-up puts away what it has opened, or the process
takes it along."""


class StandbyPress:
    """A :class:`server.vouchers.press.VoucherPress` that is put together when it is first needed."""

    def __init__(self, data_dir: Path, clock: Clock, public_url: str, time_service: str | None = None) -> None:
        """Look for what a press cannot do without; open nothing.

        Raises:
            ServiceError: ``voucher.no_font``, ``keys.incomplete``.
        """
        find_font_files()
        if seal_made(data_dir):
            existing_seal(data_dir)
        self._made_of = (data_dir, clock, public_url)
        self._time_service = time_service
        self._lock = threading.Lock()
        self._press: VoucherPress | None = None
        self._timer: threading.Timer | None = None
        self._warming = False
        self._closed = threading.Event()

    def issue(self, voucher: Voucher, seal: Seal, mark: PaperMark | None = None) -> bytes:
        """The sealed PDF; see :meth:`server.vouchers.press.VoucherPress.issue`."""
        return self._whole().issue(voucher, seal, mark)

    def warm_after(self, seconds: float, *seals: Seal) -> None:
        """Load everything on a thread of its own after this long, and draw these seals; until :meth:`close`."""
        assert self._timer is None, "warmed once"
        self._timer = threading.Timer(seconds, self._warm, seals)
        self._timer.daemon = True
        self._timer.start()

    def _warm(self, *seals: Seal) -> None:
        with self._lock:
            self._warming = not self._closed.is_set()
        steps: tuple[Callable[[], object], ...] = (
            lambda: _loaded("server.vouchers.verify"),
            self._whole,
            lambda: self._whole().warm(*seals),
        )
        try:
            for step in steps:
                if self._closed.is_set():
                    return
                step()
        except AppError as error:
            # Whoever asks for a voucher is told; here nobody is waiting.
            log.error("press not ready", extra={"code": error.code})
        finally:
            with self._lock:
                self._warming = False
                if self._closed.is_set():
                    self._put_away()

    def _whole(self) -> "VoucherPress":
        with self._lock:
            if self._press is None:
                self._press = _loaded("server.vouchers.press").VoucherPress(
                    *self._made_of, time_service=self._time_service
                )
            return self._press

    def close(self) -> None:
        """Close the typefaces, if they were opened; a warm-up under way holds nobody up longer than `PATIENCE_S`."""
        self._closed.set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join(PATIENCE_S)
        if not self._lock.acquire(timeout=PATIENCE_S):
            return  # the warm-up is putting the press together, and will put it away
        try:
            if not self._warming:
                self._put_away()
        finally:
            self._lock.release()

    def _put_away(self) -> None:
        press, self._press = self._press, None
        if press is not None:
            press.close()


def verify_pdf(source: Path | bytes, anchors: Sequence[Path], clock: Clock) -> "VerificationResult":
    """As :func:`server.vouchers.verify.verify_pdf`, loaded when somebody asks."""
    result: VerificationResult = _loaded("server.vouchers.verify").verify_pdf(source, anchors, clock)
    return result


def _loaded(module: str) -> Any:
    return importlib.import_module(module)
