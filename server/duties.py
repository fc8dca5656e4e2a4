"""What the server does by itself when its time has come: transfers are sent, oral reports of loss lapse."""

import logging
import threading
from collections.abc import Callable, Mapping

from common.errors import AppError

log = logging.getLogger(__name__)
EVERY_S = 20.0


class Duties:
    """Looks now and then in a thread of its own; closed by whoever made it.

    Args:
        duties: name to what does whatever is due and says how much there was.
    """

    def __init__(self, duties: Mapping[str, Callable[[], int]]) -> None:
        self._duties = dict(duties)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="duties", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.is_set():
            for name, duty in self._duties.items():
                self._do(name, duty)
            self._stop.wait(EVERY_S)

    @staticmethod
    def _do(name: str, duty: Callable[[], int]) -> None:
        """One that cannot be done now is put off and keeps no other from being done."""
        try:
            if done := duty():
                log.info("duty done", extra={"duty": name, "count": done})
        except AppError as error:
            log.warning("duty put off", extra={"duty": name, "code": error.code})
