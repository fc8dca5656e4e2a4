"""What lies inside the tamper-resistant module: the PIN just entered, and the keys.

Neither leaves it in clear. Keys come in as ASC X9.143 / TR-31 key blocks under the key-encryption key that
was put in at manufacture; the blocks, not the keys, lie on disk.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from psec import pinblock, tr31

from devices.xfs.codes import refused

KEK_NAME = "KEK"
KEK_BYTES = 32


def load_or_make_kek(file: Path) -> bytes:
    """The key-encryption key (AES-256) of a machine, from a file of 64 hex digits; made when missing.

    Raises:
        ValueError: the file holds something else.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(KEK_BYTES).upper() + "\n")
    key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    if len(key) != KEK_BYTES:
        raise ValueError(f"{file} must hold {KEK_BYTES * 2} hex digits")
    return key


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key inside the module, with what its key block allows. Never shown."""

    secret: bytes
    usage: str
    algorithm: str
    mode: str
    version: str
    exportability: str


class SecureModule:
    """PIN buffer and key store."""

    def __init__(self, kek: bytes) -> None:
        self._kek = kek
        self._blocks: dict[str, str] = {}
        self._keys: dict[str, StoredKey] = {}
        self._pin = ""

    # -- keys ----------------------------------------------------------------------------------------

    def import_block(self, name: str, block: str) -> StoredKey:
        """Take in a key block.

        Raises:
            CommandFailed: ``accessDenied``, ``formatInvalid`` (not a block of ours), ``useViolation``.
        """
        if name == KEK_NAME:
            raise refused("accessDenied", "this key is put in at manufacture")
        try:
            header, secret = tr31.unwrap(self._kek, block)
        except (tr31.HeaderError, tr31.KeyBlockError, ValueError) as error:
            raise refused("formatInvalid", "the key block does not open with this machine's key") from error
        if header.key_usage != "P0" or header.mode_of_use not in ("E", "B", "N") or header.algorithm not in ("A", "T"):
            raise refused("useViolation", "only PIN encryption keys (P0) are kept here")
        key = StoredKey(
            secret,
            header.key_usage,
            header.algorithm,
            header.mode_of_use,
            header.version_num,
            header.exportability,
        )
        self._blocks[name], self._keys[name] = block, key
        return key

    def erase(self) -> None:
        """Forget every key but the key-encryption key, and the PIN."""
        self._blocks.clear()
        self._keys.clear()
        self._pin = ""

    def delete(self, name: str) -> None:
        """Forget one key."""
        if name not in self._keys:
            raise refused("keyNotFound")
        del self._blocks[name], self._keys[name]

    @property
    def keys(self) -> dict[str, StoredKey]:
        """The keys by name (the key-encryption key is not among them)."""
        return dict(self._keys)

    def dump(self) -> Any:
        """The key blocks as they came in, for the disk."""
        return dict(self._blocks)

    def load(self, blocks: Any) -> None:
        """Take the key blocks from the disk."""
        for name, block in (blocks or {}).items():
            self.import_block(name, block)

    # -- PIN -----------------------------------------------------------------------------------------

    @property
    def digits(self) -> int:
        """How many digits have been entered."""
        return len(self._pin)

    def add_digit(self, digit: str) -> None:
        """One more digit."""
        self._pin += digit

    def drop_last(self) -> None:
        """Backspace."""
        self._pin = self._pin[:-1]

    def drop_pin(self) -> None:
        """Forget the PIN."""
        self._pin = ""

    def pin_block(self, block_format: str, key_name: str, pan: str) -> bytes:
        """The PIN as an encrypted block (ISO 9564-1); the PIN is forgotten.

        Raises:
            CommandFailed: ``noPin``, ``keyNotFound``, ``algorithmNotSupported``, ``formatNotSupported``.
        """
        key = self._keys.get(key_name)
        if key is None:
            raise refused("keyNotFound")
        if len(self._pin) < 4:
            raise refused("noPin")
        pin, self._pin = self._pin, ""
        if block_format == "iso4":
            if key.algorithm != "A":
                raise refused("algorithmNotSupported", "format 4 needs an AES key")
            return bytes(pinblock.encipher_pinblock_iso_4(key.secret, pin, pan))
        if key.algorithm != "T":
            raise refused("algorithmNotSupported", "formats 0 and 3 need a TDES key")
        # The standard has the twelve digits before the check digit here; the library wants the check digit too.
        encode = pinblock.encode_pinblock_iso_0 if block_format == "iso0" else pinblock.encode_pinblock_iso_3
        clear = encode(pin, pan[-12:].rjust(12, "0") + "0")
        # One block of eight bytes: the standard's formats 0 and 3 are made for exactly this.
        cipher = Cipher(TripleDES((key.secret * 3)[:24]), modes.ECB()).encryptor()  # noqa: S305
        return cipher.update(clear)
