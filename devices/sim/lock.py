"""One process for one machine: two on the same data would each pay out the same notes."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.errors import UserError


@contextmanager
def sole(file: Path, machine: str) -> Iterator[None]:
    """Hold a machine for the length of a block; the kernel lets go of it when the process dies, however it does.

    The file itself stays: whoever removed it could take a lock away under a third process that waits for its name.

    Raises:
        UserError: ``devices.running``, another process has it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError("devices.running", machine=machine) from error
        yield
