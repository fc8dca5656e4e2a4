"""How long the Qt event loop was away: a heartbeat that notices when it comes late."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer


@dataclass(frozen=True)
class Stall:
    """The loop did not turn for ``seconds``, ending at ``ended`` (``time.monotonic``)."""

    ended: float
    seconds: float


class StallMeter(QObject):
    """Beats every 10 ms; a beat that comes more than ``threshold_s`` late is a stall. Keeps the last 1,000."""

    BEAT_MS = 10

    def __init__(
        self, threshold_s: float = 0.05, now: Callable[[], float] = time.monotonic, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._threshold, self._now = threshold_s, now
        self._last = 0.0
        self.stalls: deque[Stall] = deque(maxlen=1000)
        self.longest_s = 0.0
        self.beats = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(self.BEAT_MS)
        self._timer.timeout.connect(self.beat)

    def start(self) -> None:
        """Begin to measure; earlier figures are forgotten."""
        self.stalls.clear()
        self.longest_s, self.beats, self._last = 0.0, 0, self._now()
        self._timer.start()

    def stop(self) -> None:
        """End measuring; the figures stay."""
        self._timer.stop()

    def beat(self) -> None:
        """One turn of the loop."""
        now = self._now()
        late = now - self._last - self.BEAT_MS / 1000
        self._last = now
        self.beats += 1
        if late > self._threshold:
            self.stalls.append(Stall(now, late))
        self.longest_s = max(self.longest_s, late)

    def excuse(self) -> None:
        """What the loop just did was the observer's doing (a picture for a report), not the window's."""
        self._last = self._now()

    def figures(self) -> dict[str, Any]:
        """For metrics: number of stalls, the longest one and their sum in milliseconds, and each with its moment."""
        return {
            "stalls_over_50_ms": len(self.stalls),
            "longest_ms": round(self.longest_s * 1000, 1),
            "stalled_ms": round(sum(stall.seconds for stall in self.stalls) * 1000, 1),
            "stalls": [[round(stall.ended, 3), round(stall.seconds * 1000, 1)] for stall in self.stalls],
        }
