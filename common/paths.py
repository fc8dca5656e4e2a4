"""Paths that a person named: whether what should be there can be used, and if not, why, in the words of the terminal.

Every look at such a path goes through here: ``Path.is_file()`` and its kin raise when a name is too long or a folder
may not be entered, and answer no to a folder or a file without permission as if nothing were there.
"""

import errno
import os
import stat
from pathlib import Path

WORDS = {
    "file.missing": "no such file: {file}",
    "file.is_folder": "a directory, not a file: {file}",
    "file.special": "not an ordinary file: {file}",
    "file.not_folder": "no such directory: {file}",
    "file.forbidden": "no permission to read: {file}",
    "file.name_too_long": "the name is too long for a file: {file}",
    "file.unreadable": "cannot be read: {file}",
}
"""What the terminal says of each; the windows' words are in ``ui/kit/texts``."""

_WHY = {
    errno.ENOENT: "file.missing",
    errno.ENOTDIR: "file.missing",
    errno.EACCES: "file.forbidden",
    errno.EPERM: "file.forbidden",
    errno.EISDIR: "file.is_folder",
    errno.ENAMETOOLONG: "file.name_too_long",
}


def why(error: OSError) -> str:
    """The code of an error that reading a file has met."""
    return _WHY.get(error.errno or 0, "file.unreadable")


def fault_of_file(path: Path, *, ordinary: bool = False) -> str | None:
    """Why this file cannot be read, as a code of :data:`WORDS`; None: it can.

    Args:
        ordinary: a pipe or a device will not do, as it is read more than once, or asked for its size.
    """
    mode = _mode(path)
    if isinstance(mode, str):
        return mode
    if stat.S_ISDIR(mode):
        return "file.is_folder"
    if ordinary and not stat.S_ISREG(mode):
        return "file.special"
    return None if os.access(path, os.R_OK) else "file.forbidden"


def fault_of_folder(path: Path) -> str | None:
    """Why what lies in this folder cannot be listed and reached; None: it can."""
    mode = _mode(path)
    if isinstance(mode, str):
        return "file.not_folder" if mode == "file.missing" else mode
    if not stat.S_ISDIR(mode):
        return "file.not_folder"
    return None if os.access(path, os.R_OK | os.X_OK) else "file.forbidden"


def fault_of(path: Path) -> str | None:
    """The same for a path that may be either."""
    mode = _mode(path)
    if isinstance(mode, str):
        return mode
    return fault_of_folder(path) if stat.S_ISDIR(mode) else fault_of_file(path)


def _mode(path: Path) -> int | str:
    try:
        return path.stat().st_mode
    except OSError as error:
        return why(error)
    except ValueError:  # a NUL, as a settings file can have one: no name of any file
        return "file.missing"
