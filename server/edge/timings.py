"""How long the edge waits for people and connections, in seconds, and how much it takes from one client."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timings:
    """Tests shorten these; the product uses the defaults."""

    hello_s: float = 5.0
    silent_s: float = 15.0
    heartbeat_s: float = 5.0
    ring_s: float = 15.0
    call_grace_s: float = 10.0
    task_grace_s: float = 5.0
    restart_gap_s: float = 1.0
    desk_gap_s: float = 0.25
    sweep_s: float = 1.0
    frames_per_second: float = 30.0
    frames_burst: int = 120
    send_queue: int = 256
