"""The machine's messages as rows: the newest, filtered, saved as JSON lines. No Qt."""

import json
import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import merge
from pathlib import Path
from typing import Any

from common.clock import Clock, SystemClock
from devices.hands.shortening import shortened

_HEADER = {key: re.compile(rf'"{key}"\s*:\s*"([^"]*)"') for key in ("type", "name")}
"""Also of what is no JSON: the header stands first."""
KEPT = 2000
"""Messages that the window keeps; older ones are dropped."""
LOOKS = frozenset({"Common.Status", "Storage.GetStorage"})
KEPT_LOOKS = 400
"""What every client asks again and again is kept for a shorter time: it would push everything else out in seconds."""
MOST_CHARACTERS = 32 * 1024 * 1024
"""Of all messages that are kept together; beyond that older ones go first."""


@dataclass(frozen=True)
class TraceLine:
    """One message. ``at``: when it was sent or came, UTC, ISO 8601; ``way``: ``>`` to the machine, ``<`` from it;
    ``kind``: command, completion, event …; ``own``: it was said or heard by this window, of what others say there
    nothing is known; ``cut``: the texts that are kept in part only, see `devices.hands.shortening`."""

    serial: int
    at: str
    connection: str
    way: str
    kind: str
    name: str
    text: str
    own: bool = False
    cut: Mapping[str, int] = field(default_factory=dict)

    @property
    def local_time(self) -> str:
        """Of the day, by the clock on the wall, to the millisecond."""
        return datetime.fromisoformat(self.at).astimezone().strftime("%H:%M:%S.%f")[:-3]

    @property
    def indented(self) -> str:
        """The message for reading; what is no JSON as it came."""
        try:
            return json.dumps(json.loads(self.text), ensure_ascii=False, indent=2)
        except (ValueError, RecursionError):
            return self.text

    def fits(self, wanted: str) -> bool:
        """Whether every word of the filter is in service, kind, name or content, and none that begins with a minus."""
        words = wanted.lower().split()
        all_of_it = f"{self.connection} {self.kind} {self.name} {self.text}".lower() if words else ""
        return all((word[1:] not in all_of_it) if word[0] == "-" else (word in all_of_it) for word in words)


def read_line(message: Mapping[str, Any], at: datetime) -> TraceLine:
    """A message as the machine's record gives it; ``at``: now, for a record that does not say when the message was."""
    body = message.get("msg")
    text = json.dumps(body, ensure_ascii=False) if body is not None else str(message.get("raw_text", ""))
    found = {key: _HEADER[key].search(text[:400]) for key in _HEADER}
    kind, name = (match.group(1) if match else "" for match in (found["type"], found["name"]))
    seen = (_moment(message.get("at")) or at).astimezone(UTC).isoformat(timespec="milliseconds")
    conn, way, own = str(message["conn"]), str(message["dir"]), bool(message.get("own", False))
    return TraceLine(int(message["number"]), seen, conn, way, kind, name, text, own, message.get("cut", {}))


def _moment(said: object) -> datetime | None:
    """What a record says of the time; None: nothing, or nothing that can be read."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


class OwnMessages:
    """What this window says and hears where no simulated machine keeps a record of everybody's.

    Attributes:
        whole: of every service; else only of those of other hosts.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.whole = False
        self._clock = clock or SystemClock()
        self._new: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._count = 0

    def heard(self, machines_own: bool, service: str, way: str, text: str) -> None:
        """See `devices.client.probe.Heard`."""
        if machines_own and not self.whole:
            return
        self._count += 1
        kept, cut = shortened(text)
        line: dict[str, Any] = {"number": self._count, "conn": service, "dir": way, "raw_text": kept, "own": True}
        line["at"] = self._clock.now().isoformat(timespec="milliseconds")
        self._new.append(line | ({"cut": cut} if cut else {}))

    def take(self) -> tuple[dict[str, Any], ...]:
        """Those that nobody has taken yet."""
        new = tuple(self._new)
        self._new.clear()
        return new


class TraceBook:
    """The newest messages of one machine."""

    def __init__(self) -> None:
        self._lines: deque[tuple[int, TraceLine]] = deque(maxlen=KEPT)
        self._looks: deque[tuple[int, TraceLine]] = deque(maxlen=KEPT_LOOKS)
        self._last = {True: 0, False: 0}
        self._count = 0
        self._characters = 0

    def add(self, messages: Iterable[Mapping[str, Any]], at: datetime) -> None:
        """More of them; a machine that was started anew counts from one again."""
        for message in messages:
            line = read_line(message, at)
            if line.serial <= self._last[line.own]:
                self._forget(own=line.own)
            self._last[line.own] = line.serial
            self._count += 1
            self._keep(self._looks if line.name in LOOKS else self._lines, line)

    def _keep(self, lines: deque[tuple[int, TraceLine]], line: TraceLine) -> None:
        if len(lines) == lines.maxlen:
            self._drop(lines)
        lines.append((self._count, line))
        self._characters += len(line.text)
        while self._characters > MOST_CHARACTERS and len(self._lines) + len(self._looks) > 1:
            self._drop(min((kept for kept in (self._lines, self._looks) if kept), key=lambda kept: kept[0][0]))

    def _drop(self, lines: deque[tuple[int, TraceLine]]) -> None:
        """The oldest of them goes."""
        self._characters -= len(lines.popleft()[1].text)

    def _forget(self, *, own: bool) -> None:
        for lines in (self._lines, self._looks):
            kept = [one for one in lines if one[1].own is not own]
            lines.clear()
            lines.extend(kept)
        self._characters = sum(len(one[1].text) for lines in (self._lines, self._looks) for one in lines)

    def lines(self, wanted: str = "") -> list[TraceLine]:
        """Newest first."""
        ordered = merge(self._lines, self._looks, key=lambda one: one[0])
        return [line for _, line in ordered if line.fits(wanted)][::-1]

    def save(self, file: Path, wanted: str = "") -> int:
        """Write what fits the filter, oldest first, one JSON object a line; how many."""
        chosen = self.lines(wanted)[::-1]
        rows = (
            {"at": line.at, "conn": line.connection, "dir": line.way, "msg": _message(line.text)}
            | ({"own": True} if line.own else {})
            | ({"cut": dict(line.cut)} if line.cut else {})
            for line in chosen
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return len(chosen)


def _message(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return {"raw_text": text}
