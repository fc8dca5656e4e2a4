"""PIN keys and PIN verification.

Each machine (VTM) has a key-encryption key that it shares with the server, AES-256, in
``<data_dir>/keys/<vtm>.kek`` as 64 hexadecimal digits; whoever starts first makes it. Under it the server hands
out working keys as TR-31 (ANSI X9.143) version D key blocks of usage ``P0``: AES-256 for ISO 9564-1 format 4,
three-key TDES for format 0. A customer's PIN is stored only as an argon2 hash of a keyed digest of card number
and PIN, so that the stored hashes alone cannot be searched. No PIN is logged or carried by an exception.
"""

import hashlib
import hmac
import json
import re
import secrets
import threading
from itertools import pairwise
from pathlib import Path
from typing import Literal

import psec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.errors import ServiceError, UserError
from server.keyfiles import keys_dir, load_or_create_key, write_atomically

PinFormat = Literal["iso4", "iso0"]

_HEADERS: dict[PinFormat, str] = {"iso4": "D0000P0AE00N0000", "iso0": "D0000P0TE00N0000"}
_KEY_BYTES: dict[PinFormat, int] = {"iso4": 32, "iso0": 24}
_BLOCK_BYTES: dict[PinFormat, int] = {"iso4": 16, "iso0": 8}
_VTM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")
_PAN = re.compile(r"[0-9]{13,19}\Z")
_PIN = re.compile(r"[0-9]{4,12}\Z")
_NONCE = 12
NEW_PIN_DIGITS = 6


class PinVault:
    """Working keys of the machines, and the comparison of an encrypted PIN with a stored hash.

    Safe to use from several threads. Hashing takes some 30 ms of one core by design.
    """

    def __init__(self, data_dir: Path) -> None:
        """Open; the first time, make the server's own key (``keys/pin.key``)."""
        self._keys = keys_dir(data_dir)
        master = load_or_create_key(self._keys / "pin.key")
        self._wrapper = AESGCM(hmac.digest(master, b"guitai working keys", "sha256"))
        self._pepper = hmac.digest(master, b"guitai pin pepper", "sha256")
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._lock = threading.Lock()

    def working_key_block(self, vtm_id: str, pin_format: PinFormat = "iso4") -> str:
        """The machine's PIN working key as a TR-31 key block under its key-encryption key.

        The key is made once and kept; every call wraps the same key anew.

        Raises:
            UserError: ``pin.bad_machine``, ``pin.bad_format``.
            ServiceError: ``keys.unreadable``.
        """
        _check_request(vtm_id, pin_format)
        kek = load_or_create_key(self._keys / f"{vtm_id}.kek")
        block: str = psec.tr31.wrap(kek, _HEADERS[pin_format], self._working_key(vtm_id, pin_format))
        return block

    def verify(self, vtm_id: str, pin_block: bytes, pin_format: PinFormat, pan: str, stored_hash: str) -> bool:
        """Whether the encrypted PIN block holds the PIN of this card number.

        Raises:
            UserError: ``pin.bad_block`` (wrong length, wrong key, wrong card number for format 4, damaged),
                ``pin.bad_pan``, ``pin.bad_machine``, ``pin.bad_format``.
            ServiceError: ``pin.bad_hash`` when the stored hash is none of ours; ``keys.unreadable``.
        """
        _check_request(vtm_id, pin_format)
        if not _PAN.match(pan):
            raise UserError("pin.bad_pan")
        pin = self._decipher(self._working_key(vtm_id, pin_format), pin_block, pin_format, pan)
        if pin is None:
            raise UserError("pin.bad_block")
        try:
            return self._hasher.verify(stored_hash, self._peppered(pan, pin))
        except VerifyMismatchError:
            return False
        except (InvalidHashError, VerificationError):
            raise ServiceError("pin.bad_hash", retryable=False) from None

    def new_pin(self, vtm_id: str, pin_block: bytes, pin_format: PinFormat, reference: str, pan: str) -> str:
        """The hash of a PIN a customer has just set; the block was made with ``reference``, the PIN is for ``pan``.

        Raises:
            UserError: ``pin.six_digits``, ``pin.weak`` (all alike, or counting up or down); as `verify`.
        """
        pin = self._entered(vtm_id, pin_block, pin_format, reference)
        if len(pin) != NEW_PIN_DIGITS:
            raise UserError("pin.six_digits")
        steps = {int(after) - int(before) for before, after in pairwise(pin)}
        if len(steps) == 1 and steps <= {-1, 0, 1}:
            raise UserError("pin.weak")
        return self.hash_pin(pan, pin)

    def same_pin(
        self, vtm_id: str, pin_block: bytes, pin_format: PinFormat, reference: str, pan: str, stored_hash: str
    ) -> bool:
        """Whether a new PIN was entered the same a second time; raises as `verify`."""
        pin = self._entered(vtm_id, pin_block, pin_format, reference)
        try:
            return self._hasher.verify(stored_hash, self._peppered(pan, pin))
        except VerifyMismatchError:
            return False

    def _entered(self, vtm_id: str, pin_block: bytes, pin_format: PinFormat, reference: str) -> str:
        _check_request(vtm_id, pin_format)
        if not _PAN.match(reference):
            raise UserError("pin.bad_pan")
        pin = self._decipher(self._working_key(vtm_id, pin_format), pin_block, pin_format, reference)
        if pin is None:
            raise UserError("pin.bad_block")
        return pin

    def hash_pin(self, pan: str, pin: str) -> str:
        """The hash to store for a new PIN.

        Raises:
            UserError: ``pin.bad_pan``; ``pin.bad_pin`` unless it is 4 to 12 digits.
        """
        if not _PAN.match(pan):
            raise UserError("pin.bad_pan")
        if not _PIN.match(pin):
            raise UserError("pin.bad_pin")
        return self._hasher.hash(self._peppered(pan, pin))

    def _peppered(self, pan: str, pin: str) -> bytes:
        message = bytearray(hashlib.sha256(pan.encode("ascii")).digest() + pin.encode("ascii"))
        try:
            return hmac.digest(self._pepper, message, "sha256")
        finally:
            message[:] = bytes(len(message))

    def _decipher(self, key: bytes, pin_block: bytes, pin_format: PinFormat, pan: str) -> str | None:
        """The PIN, or None. The decoder's own exceptions quote decrypted digits, so none may leave this frame."""
        if len(pin_block) != _BLOCK_BYTES[pin_format]:
            return None
        try:
            if pin_format == "iso4":
                pin: str = psec.pinblock.decipher_pinblock_iso_4(key, pin_block, pan)
            else:
                decryptor = Cipher(TripleDES(key), modes.ECB()).decryptor()  # noqa: S305 - one block, by ISO 9564-1
                pin = psec.pinblock.decode_pinblock_iso_0(decryptor.update(pin_block) + decryptor.finalize(), pan)
        except ValueError:
            return None
        return pin

    def _working_key(self, vtm_id: str, pin_format: PinFormat) -> bytes:
        path = self._keys / f"{vtm_id}.{pin_format}.wk"
        bound = f"{vtm_id}/{pin_format}".encode()
        with self._lock:
            if not path.exists():
                nonce, key = secrets.token_bytes(_NONCE), secrets.token_bytes(_KEY_BYTES[pin_format])
                sealed = {"nonce": nonce.hex(), "key": self._wrapper.encrypt(nonce, key, bound).hex()}
                write_atomically(path, json.dumps(sealed).encode(), keep_existing=True)
            try:
                sealed = json.loads(path.read_bytes())
                return self._wrapper.decrypt(bytes.fromhex(sealed["nonce"]), bytes.fromhex(sealed["key"]), bound)
            except (OSError, ValueError, KeyError, TypeError, InvalidTag):
                raise ServiceError("keys.unreadable", retryable=False, file=path.name) from None


def _check_request(vtm_id: str, pin_format: str) -> None:
    if not _VTM.match(vtm_id):
        raise UserError("pin.bad_machine")
    if pin_format not in _HEADERS:
        raise UserError("pin.bad_format")
