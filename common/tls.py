"""TLS as whoever calls the server sees it: whose certificates are trusted."""

import ssl
from pathlib import Path

from common.errors import UserError

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For addresses without TLS: trusts nobody, and is made at once; loading authorities takes 25 ms."""


def trusting(authorities: Path | None) -> ssl.SSLContext:
    """TLS that believes the authorities in a PEM file, or those of the system, and checks the server's name.

    Raises:
        UserError: ``tls.unreadable`` (``file``).
    """
    try:
        return ssl.create_default_context(cafile=authorities)
    except OSError as error:
        raise UserError("tls.unreadable", file=authorities.name if authorities is not None else "") from error


def not_trusted(error: BaseException | None) -> bool:
    """Whether a connection failed because the server's certificate was not believed."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
