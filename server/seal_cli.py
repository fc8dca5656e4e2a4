"""``guitai seal``: who may seal which text with whose seal. Over REST as the administrator: the server registers it."""

import ssl
import sys
import uuid
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import Any

import httpx

from common.credentials import password_from
from common.errors import ServiceError, UserError
from common.tls import PLAIN, not_trusted, trusting
from common.wire.registers import SealPermissionView, SealPermit
from common.wire.sessions import SessionView
from server.seal_words import FORBID

WITHIN_S = 10.0
_WORDS = {"branch": "branch's own seal", "centre": "centre's seal", None: "not permitted"}


def run(url: str, trust: Path | None, args: Namespace) -> list[str]:
    """What the words of the command ask.

    Args:
        trust: PEM file of the authorities an ``https`` address is believed by (``server.trust``); none: the system's.

    Raises:
        UserError: as :func:`common.tls.trusting`, :func:`common.credentials.password_from` and :func:`permissions`.
    """
    tls = trusting(trust) if url.startswith("https") else PLAIN
    given = args.credentials is not None
    password = password_from(args.credentials, args.login) if given else _asked(args.login)
    if args.seal_command == "list":
        return permissions(url, args.login, password, tls)
    place = None if args.place == FORBID else args.place
    body = SealPermit(role=args.role, branch=args.branch, text=args.text, place=place)
    return permit(url, args.login, password, body, tls)


def _asked(login: str) -> str:
    """Raises UserError ``cli.password_needed`` where nobody can be asked."""
    if not sys.stdin.isatty():
        raise UserError("cli.password_needed")
    return getpass(f"password of {login}: ")


def permissions(url: str, login: str, password: str, tls: ssl.SSLContext = PLAIN) -> list[str]:
    """The lines to print: every parameter in force.

    Args:
        tls: for an ``https`` address; see :func:`common.tls.trusting`.

    Raises:
        UserError: ``auth.bad_credentials``, ``auth.forbidden``.
        ServiceError: ``network.unreachable``, ``network.not_trusted``.
    """
    with _signed_on(url, login, password, tls) as http:
        return _lines(_heard(http.get("/seals/permissions")))


def permit(url: str, login: str, password: str, body: SealPermit, tls: ssl.SSLContext = PLAIN) -> list[str]:
    """Set one, and what is in force after it; raises as :func:`permissions`."""
    with _signed_on(url, login, password, tls) as http:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        return _lines(_heard(http.put("/seals/permissions", json=body.model_dump(mode="json"), headers=key)))


@contextmanager
def _signed_on(url: str, login: str, password: str, tls: ssl.SSLContext) -> Iterator[httpx.Client]:
    try:
        with httpx.Client(base_url=f"{url}/api/v1", timeout=WITHIN_S, trust_env=False, verify=tls) as http:
            answer = _heard(http.post("/sessions", json={"login": login, "password": password}))
            session = SessionView.model_validate(answer)
            http.headers["Authorization"] = f"Bearer {session.token}"
            try:
                yield http
            finally:
                http.delete("/sessions/current")
    except httpx.HTTPError as error:
        raise ServiceError("network.not_trusted" if not_trusted(error) else "network.unreachable") from error


def _heard(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json()
    try:
        code = str(answer.json()["code"])
    except (ValueError, KeyError, TypeError) as error:
        raise ServiceError("network.bad_answer", status=answer.status_code) from error
    raise UserError(code)


def _lines(found: Sequence[Any]) -> list[str]:
    rows = [SealPermissionView.model_validate(one) for one in found]
    head = f"{'role':<12}{'branch':<14}{'text':<13}{'seal':<20}set"
    return [head] + [
        f"{one.role:<12}{one.branch:<14}{one.text:<13}{_WORDS[one.place]:<20}{one.at:%Y-%m-%d %H:%M} {one.who}"
        for one in rows
    ]
