"""Where a played demo keeps its data: a folder that we mark, because we delete it, and only it, the next time."""

import shutil
from pathlib import Path

from common.errors import UserError

MARK = ".guitai-demo"
"""Stands in the data of a played demo. A folder of that name without it is somebody's own."""


def fresh_data(out: Path) -> Path:
    """An empty, marked folder for a demo's data below ``out``; what an earlier demo left there is gone.

    Raises:
        UserError: ``cli.out_unwritable`` or ``cli.out_not_ours`` (``directory``).
    """
    data = out.absolute() / "data"
    try:
        if _is_taken(data):
            raise UserError("cli.out_not_ours", directory=str(data))
        if data.exists():
            shutil.rmtree(data)
        data.mkdir(parents=True)
        (data / MARK).touch()
    except OSError as error:
        raise UserError("cli.out_unwritable", directory=str(out)) from error
    return data


def _is_taken(data: Path) -> bool:
    """Whether something lies there that no played demo has left. An empty folder is nobody's loss."""
    if data.is_symlink() or (data.exists() and not data.is_dir()):
        return True
    try:
        return data.is_dir() and any(data.iterdir()) and not (data / MARK).is_file()
    except OSError:  # what cannot be looked at is not ours
        return True
