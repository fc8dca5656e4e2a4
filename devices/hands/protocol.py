"""The hands' protocol: one JSON object a line over TCP on the loopback.

A client's first line is ``{"id": 1, "do": "hello", "token": "…"}``; every line is answered by
``{"id", "ok": true, "result"}`` or ``{"id", "ok": false, "error", "params"}``. After ``watch`` the server
also sends ``{"push": "view", "view": …}`` whenever the world has changed.

A finger on the PIN pad is the one thing that must not be seen: the name of the key travels sealed with
AES-GCM under a key derived from the token.
"""

import base64
import binascii
import hashlib
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.errors import UserError

LINE_LIMIT = 20 * 1024 * 1024
_NONCE = 12
_PURPOSE = b"guitai hands: key press"


def _cipher(token: str) -> AESGCM:
    return AESGCM(hashlib.sha256(_PURPOSE + token.encode()).digest())


def seal_key(token: str, key: str) -> str:
    """The name of a key so that only the machine can read it; all names look equally long."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _cipher(token).encrypt(nonce, key.ljust(16).encode(), _PURPOSE)).decode()


def open_key(token: str, sealed: object) -> str:
    """The name of a sealed key.

    Raises:
        UserError: ``hands.bad_parameter``.
    """
    try:
        data = base64.b64decode(str(sealed), validate=True)
        return _cipher(token).decrypt(data[:_NONCE], data[_NONCE:], _PURPOSE).decode().strip()
    except (binascii.Error, InvalidTag, ValueError) as error:
        raise UserError("hands.bad_parameter", parameter="sealed") from error


def to_line(body: dict[str, Any]) -> bytes:
    """One object as a line."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> dict[str, Any]:
    """One line as an object.

    Raises:
        UserError: ``hands.bad_line``.
    """
    try:
        body = json.loads(line)
    except ValueError as error:
        raise UserError("hands.bad_line") from error
    if not isinstance(body, dict):
        raise UserError("hands.bad_line")
    return body
