"""Key material in files that only the server's own account may read (mode 0600)."""

import os
import secrets
import tempfile
from pathlib import Path

from common.errors import ServiceError

KEYS = "keys"


def keys_dir(data_dir: Path) -> Path:
    """The directory of keys under the data directory, made with mode 0700 when it is missing."""
    directory = data_dir / KEYS
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return directory


def write_atomically(path: Path, content: bytes, *, keep_existing: bool = False) -> None:
    """Write a file of mode 0600 so that a crash leaves the old one or the whole new one, never a part.

    Args:
        keep_existing: when somebody else was first, theirs stays and nothing is written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if keep_existing:
            try:
                os.link(temporary, path)
            except FileExistsError:
                return
        else:
            temporary.replace(path)
        _sync_directory(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def load_or_create_key(path: Path, size: int = 32) -> bytes:
    """Read a key kept as hexadecimal digits; make it from the system's random source when there is none.

    Raises:
        ServiceError: ``keys.unreadable`` with the file's name when it holds anything else.
    """
    if not path.exists():
        write_atomically(path, secrets.token_hex(size).encode() + b"\n", keep_existing=True)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise ServiceError("keys.unreadable", retryable=False, file=path.name) from None
    if len(key) != size:
        raise ServiceError("keys.unreadable", retryable=False, file=path.name)
    return key
