"""Answers of authorities at rest: found by a keyed digest of what was asked, readable only with the key.

AES-256-GCM and HMAC-SHA-256 under keys derived (HKDF) from ``keys/identity.key``. The third of them makes digests for
codes that are short enough to be tried out.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from common.errors import ServiceError
from server.keyfiles import keys_dir, load_or_create_key

_NONCE = 12


class IdentitySeal:
    """Seals and names answers. Safe to use from several threads."""

    def __init__(self, data_dir: Path) -> None:
        """Open it; the first time, make its key."""
        root = load_or_create_key(keys_dir(data_dir) / "identity.key")
        self._naming = _derived(root, b"guitai identity subjects")
        self._cipher = AESGCM(_derived(root, b"guitai identity answers"))
        self._codes = _derived(root, b"guitai short codes")

    def subject(self, asked: Mapping[str, str]) -> str:
        """Name of a question; tells nothing without the key, though numbers of people are few enough to be tried."""
        canonical = json.dumps(dict(asked), sort_keys=True, ensure_ascii=False).encode()
        return hmac.new(self._naming, canonical, hashlib.sha256).hexdigest()

    def seal(self, subject: str, answer: Mapping[str, Any]) -> str:
        """An answer that only opens under its own subject."""
        nonce = secrets.token_bytes(_NONCE)
        plain = json.dumps(dict(answer), ensure_ascii=False).encode()
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, plain, subject.encode())).decode()

    def open(self, subject: str, sealed: str) -> dict[str, Any]:
        """Raises ``identity.answer_altered``."""
        blob = base64.b64decode(sealed)
        try:
            plain = self._cipher.decrypt(blob[:_NONCE], blob[_NONCE:], subject.encode())
        except InvalidTag:
            raise ServiceError("identity.answer_altered", retryable=False) from None
        answer: dict[str, Any] = json.loads(plain)
        return answer

    def keyed(self, purpose: str, *words: str) -> bytes:
        """A digest (32 bytes) that nobody makes who has only the database, and of no use for another purpose."""
        return hmac.new(self._codes, json.dumps([purpose, *words]).encode(), hashlib.sha256).digest()


def _derived(root: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, purpose).derive(root)
