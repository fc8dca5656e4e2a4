"""A credentials file (JSON: ``{"server": url, "passwords": {login: password}}``), as the demo bank writes one."""

import json
from pathlib import Path

from common.errors import UserError


def server_from(file: Path) -> str | None:
    """The server's address, if the credentials file names one (``{"server": url, ...}``)."""
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["server"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def password_from(file: Path, login: str) -> str:
    """The password of one user out of a credentials file (JSON: ``{"passwords": {login: password}}``).

    Raises:
        UserError: ``signon.credentials`` (``file``).
    """
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["passwords"][login])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError("signon.credentials", file=file.name) from error
