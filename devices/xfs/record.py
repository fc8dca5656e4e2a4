"""A record of every message that this process writes or reads, as lines of JSON; off unless begun.

Both ends keep what passes them: a service's host and a client. It is for judging what was said, of this machine or of a
stranger's. What messages hold, the record holds, card numbers and pictures too; a PIN is in neither.
"""

import itertools
import json
import os
from pathlib import Path
from typing import TextIO

LONGEST = 64 * 1024
"""Characters kept of a text that somebody else wrote."""


class Recorder:
    """One file of one process.

    Args:
        folder: of the record; the file in it is made with the first message.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stream: TextIO | None = None
        self._serial = itertools.count(1)

    def next_connection(self) -> str:
        """A name that no other connection in the folder has."""
        return f"{os.getpid()}.{next(self._serial)}"

    def write(self, line: str) -> None:
        """Add a line. It is with the operating system when this returns: a killed process loses none."""
        if self._stream is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._stream = (self._folder / f"{os.getpid()}.jsonl").open("a", encoding="utf-8", buffering=1)
        self._stream.write(line)

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


class Channel:
    """One connection's part of the record.

    Args:
        side: ``service`` or ``client``: who keeps it.
        dialect: in which this side writes.
    """

    def __init__(self, recorder: Recorder, side: str, dialect: str) -> None:
        self._recorder = recorder
        connection = recorder.next_connection()
        self._head = f'{{"side":"{side}","dialect":"{dialect}","conn":"{connection}","dir":'

    def wrote(self, direction: str, text: str) -> None:
        """Keep a message of this side: ``>`` to the service, ``<`` from it."""
        self._recorder.write(f'{self._head}"{direction}","msg":{text}}}\n')

    def read(self, direction: str, text: str) -> None:
        """Keep a text of the other side, whatever it is."""
        self._recorder.write(f'{self._head}"{direction}","text":{json.dumps(text[:LONGEST])}}}\n')


class _Process:
    """The one record of this process."""

    recorder: Recorder | None = None


def begin(folder: Path | None) -> None:
    """Record from now on what new connections say; None: nothing is recorded."""
    end()
    _Process.recorder = Recorder(folder) if folder is not None else None


def end() -> None:
    """Record no more."""
    if _Process.recorder is not None:
        _Process.recorder.close()
        _Process.recorder = None


def channel(side: str, dialect: str) -> Channel | None:
    """The record of a connection that begins now; None: nothing is recorded."""
    return Channel(_Process.recorder, side, dialect) if _Process.recorder is not None else None
