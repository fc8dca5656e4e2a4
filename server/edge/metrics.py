"""Counters and latencies since the process started, safe across threads."""

import threading
from collections import deque
from collections.abc import Mapping

from common.figures import nearest_rank

_KEPT = 1024
_NAMES = 512


class Metrics:
    """Counts by name; for latencies the newest 1,024 values a name. At most 512 names of each kind."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._times: dict[str, deque[float]] = {}

    def count(self, name: str, by: int = 1) -> None:
        """Add to a counter."""
        with self._lock:
            if name in self._counts or len(self._counts) < _NAMES:
                self._counts[name] = self._counts.get(name, 0) + by

    def observe(self, name: str, seconds: float) -> None:
        """Record one duration."""
        with self._lock:
            if name not in self._times:
                if len(self._times) >= _NAMES:
                    return
                self._times[name] = deque(maxlen=_KEPT)
            self._times[name].append(seconds)

    def snapshot(self) -> dict[str, Mapping[str, object]]:
        """``counters`` by name; ``latencies`` by name: n, p50_ms, p95_ms, max_ms over the kept values."""
        with self._lock:
            counts = dict(self._counts)
            times = {name: sorted(values) for name, values in self._times.items()}
        return {"counters": counts, "latencies": {name: _figures(values) for name, values in times.items()}}


def _figures(values: list[float]) -> dict[str, float | int]:
    def rank(share: float) -> float:
        return round(1000 * nearest_rank(values, share), 3)

    return {"n": len(values), "p50_ms": rank(0.5), "p95_ms": rank(0.95), "max_ms": round(1000 * values[-1], 3)}
