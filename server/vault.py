"""The evidence vault: pictures, strokes, PDFs and recordings, found by what they are and unreadable on disk.

An object's name is the SHA-256 of its plain bytes. On disk it is AES-256-GCM under a data key of its own,
which is wrapped (AES-256-GCM again) under the vault's key-encryption key; both layers carry the digest and
the media type as associated data, so an object cannot pass for another.

File: ``GTV1`` | key id (8) | nonce (12) | wrapped data key (48) | nonce (12) | type length (1) | type | ciphertext.
"""

import hashlib
import logging
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NewType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.errors import ServiceError, UserError
from server.keyfiles import keys_dir, load_or_create_key, write_atomically

log = logging.getLogger(__name__)

Digest = NewType("Digest", str)
"""SHA-256 of an object's plain bytes, 64 lower-case hexadecimal digits."""

MAX_BYTES = 25 * 1024 * 1024
_MAGIC = b"GTV1"
_NONCE, _KEY, _TAG, _KEY_ID = 12, 32, 16, 8
_HEAD = len(_MAGIC) + _KEY_ID + _NONCE + _KEY + _TAG + _NONCE + 1
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}\Z")


@dataclass(frozen=True, slots=True)
class EvidenceObject:
    """An object as it was put in."""

    digest: Digest
    media_type: str
    data: bytes


def digest_of(data: bytes) -> Digest:
    """The name under which the vault keeps these bytes."""
    return Digest(hashlib.sha256(data).hexdigest())


class EvidenceVault:
    """Content-addressed, encrypted store under ``<data_dir>/vault``; safe to use from several threads.

    What is stored is never changed; storing the same bytes again is free of effect. Only retention removes an object.
    """

    def __init__(self, data_dir: Path) -> None:
        """Open the vault; the first time, make its key (``keys/vault.key``)."""
        self._root = data_dir / "vault"
        key = load_or_create_key(keys_dir(data_dir) / "vault.key")
        self._key_id = hashlib.sha256(b"guitai vault key id" + key).digest()[:_KEY_ID]
        self._wrapper = AESGCM(key)

    def put(self, data: bytes, media_type: str) -> Digest:
        """Store bytes and return their digest; on return they are on disk.

        Raises:
            UserError: ``evidence.empty``, ``evidence.too_large`` (``limit``), ``evidence.bad_media_type``.
        """
        if not data:
            raise UserError("evidence.empty")
        if len(data) > MAX_BYTES:
            raise UserError("evidence.too_large", limit=MAX_BYTES)
        if not _MEDIA_TYPE.match(media_type):
            raise UserError("evidence.bad_media_type")
        digest = digest_of(data)
        path = self._path(digest)
        if path.exists():
            try:
                self.read(digest)
                os.utime(path)  # young again: retention leaves it to whoever is about to name it
            except ServiceError:
                # The caller holds the very bytes the name stands for: what lies there is replaced, and reported.
                log.warning("altered evidence replaced by its original", extra={"digest": digest})
            except FileNotFoundError:
                log.info("evidence stored again", extra={"digest": digest})
            else:
                return digest
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(path, self._seal(digest, data, media_type))
        return digest

    def get(self, digest: Digest) -> bytes:
        """The bytes of a digest; see :meth:`read` for what it raises."""
        return self.read(digest).data

    def read(self, digest: Digest) -> EvidenceObject:
        """An object with its media type, decrypted and compared with its digest.

        Raises:
            UserError: ``evidence.bad_digest`` for a text that is no digest.
            ServiceError: ``evidence.missing``; ``evidence.altered`` when the file does not open or does not
                match; ``evidence.key_unknown`` when another key sealed it; ``evidence.unreadable``.
        """
        path = self._path(digest)
        try:
            if path.stat().st_size > MAX_BYTES + _HEAD + 256:
                raise self._altered(digest)
            blob = path.read_bytes()
        except FileNotFoundError:
            raise ServiceError("evidence.missing", retryable=False, digest=digest) from None
        except OSError as error:
            raise ServiceError("evidence.unreadable", digest=digest, errno=error.errno) from None
        return self._open(digest, blob)

    def remove(self, digest: Digest) -> bool:
        """Forget an object for good; False: it was not there. Its data key goes with it."""
        path = self._path(digest)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise ServiceError("evidence.unreadable", digest=digest, errno=error.errno) from None
        return True

    def stored_before(self, moment: datetime) -> Iterator[list[Digest]]:
        """What was last stored before a moment, a folder at a time.

        Raises:
            ServiceError: ``evidence.unreadable``.
        """
        for number in range(256):
            folder = self._root / f"{number:02x}"
            try:
                names = [folder.name + name for name in os.listdir(folder)]
            except FileNotFoundError:
                continue
            except OSError as error:
                raise ServiceError("evidence.unreadable", digest=folder.name, errno=error.errno) from None
            yield [Digest(name) for name in names if _DIGEST.match(name) and self._is_older(Digest(name), moment)]

    def remove_old(self, digest: Digest, moment: datetime) -> bool:
        """As :meth:`remove`, but only what was last stored before a moment."""
        return self._is_older(digest, moment) and self.remove(digest)

    def _is_older(self, digest: Digest, moment: datetime) -> bool:
        try:
            return self._path(digest).stat().st_mtime < moment.timestamp()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise ServiceError("evidence.unreadable", digest=digest, errno=error.errno) from None

    def __contains__(self, digest: object) -> bool:
        return isinstance(digest, str) and _DIGEST.match(digest) is not None and self._path(Digest(digest)).exists()

    def _path(self, digest: Digest) -> Path:
        if not _DIGEST.match(digest):
            raise UserError("evidence.bad_digest")
        return self._root / digest[:2] / digest[2:]

    def _seal(self, digest: Digest, data: bytes, media_type: str) -> bytes:
        bound = _associated(digest, media_type)
        data_key = secrets.token_bytes(_KEY)
        key_nonce, data_nonce = secrets.token_bytes(_NONCE), secrets.token_bytes(_NONCE)
        parts = [_MAGIC, self._key_id, key_nonce, self._wrapper.encrypt(key_nonce, data_key, bound), data_nonce]
        parts += [bytes([len(media_type)]), media_type.encode("ascii")]
        return b"".join(parts) + AESGCM(data_key).encrypt(data_nonce, data, bound)

    def _open(self, digest: Digest, blob: bytes) -> EvidenceObject:
        type_end = _HEAD + (blob[_HEAD - 1] if len(blob) >= _HEAD else 0)
        if len(blob) < _HEAD + _TAG or blob[: len(_MAGIC)] != _MAGIC:
            raise self._altered(digest)
        at = len(_MAGIC)
        key_id, at = blob[at : at + _KEY_ID], at + _KEY_ID
        key_nonce, at = blob[at : at + _NONCE], at + _NONCE
        wrapped, at = blob[at : at + _KEY + _TAG], at + _KEY + _TAG
        data_nonce = blob[at : at + _NONCE]
        media_type = blob[_HEAD:type_end].decode("ascii", "replace")
        if key_id != self._key_id:
            log.error("evidence sealed under another key", extra={"digest": digest})
            raise ServiceError("evidence.key_unknown", retryable=False, digest=digest)
        bound = _associated(digest, media_type)
        try:
            data_key = self._wrapper.decrypt(key_nonce, wrapped, bound)
            data = AESGCM(data_key).decrypt(data_nonce, blob[type_end:], bound)
        except InvalidTag:
            raise self._altered(digest) from None
        if digest_of(data) != digest:
            raise self._altered(digest)
        return EvidenceObject(digest, media_type, data)

    def _altered(self, digest: Digest) -> ServiceError:
        log.error("evidence altered", extra={"digest": digest})
        return ServiceError("evidence.altered", retryable=False, digest=digest)


def _associated(digest: Digest, media_type: str) -> bytes:
    return _MAGIC + bytes.fromhex(digest) + media_type.encode("utf-8")
