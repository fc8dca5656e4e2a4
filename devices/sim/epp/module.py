"""What lies inside the tamper-resistant module: the PIN just entered, and the keys.

Neither leaves it in clear. Keys come in as ASC X9.143 / TR-31 key blocks, under the key-encryption key that was put in
at manufacture or under a key that came in before (master and session keys), or as two parts typed by two people. On
disk they lie as key blocks under the first.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from psec import pinblock, tr31

from devices.sim.epp import dukpt
from devices.sim.epp.keys import ALGORITHMS, USES, StoredKey, good_size
from devices.xfs.codes import refused

KEK_NAME = "KEK"
KEK_BYTES = 32
MOST_KEYS = 32


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


class KeyStore:
    """The keys by name."""

    def __init__(self, kek: bytes) -> None:
        self._kek = kek
        self._keys: dict[str, StoredKey] = {}
        self._blocks: dict[str, str] = {}  # the same keys as blocks under the key-encryption key
        self._parts: dict[str, bytes] = {}
        self.typed = b""  # the key part just entered at the keyboard

    @property
    def all(self) -> dict[str, StoredKey]:
        """The keys by name (the key-encryption key is not among them)."""
        return dict(self._keys)

    @property
    def under_construction(self) -> tuple[str, ...]:
        """Names of keys of which a part has come in."""
        return tuple(self._parts)

    def get(self, name: str) -> StoredKey:
        """A loaded key.

        Raises:
            CommandFailed: ``keyNotFound``, ``keyNoValue`` (only a part of it is there).
        """
        if name in self._parts:
            raise refused("keyNoValue", "a part of the key is missing")
        if name not in self._keys:
            raise refused("keyNotFound")
        return self._keys[name]

    def _protection(self, name: str) -> bytes:
        if name == KEK_NAME:
            return self._kek
        key = self.get(name)
        key.check(("K0", "K1"), "DB")
        if key.algorithm != "A":
            raise refused("algorithmNotSupported", "key blocks of version D open with AES keys")
        return key.secret

    def import_block(
        self, name: str, block: str, under: str = KEK_NAME, wanted: Mapping[str, str] | None = None
    ) -> StoredKey:
        """Take in a key block.

        Args:
            wanted: what the host says that the key is for (``keyAttributes``); the block's header is what holds.

        Raises:
            CommandFailed: ``accessDenied``, ``formatInvalid`` (no block of ours), ``useViolation`` (also:
                not what is wanted), ``algorithmNotSupported``, ``noKeyRam``, or what the key it is wrapped under is
                refused for.
        """
        self._check_name(name)
        try:
            header, secret = tr31.unwrap(self._protection(under), block)
        except (tr31.HeaderError, tr31.KeyBlockError, ValueError) as error:
            raise refused("formatInvalid", "the key block does not open with that key") from error
        if header.algorithm not in ALGORITHMS:
            raise refused("algorithmNotSupported")
        stated = {"keyUsage": header.key_usage, "algorithm": header.algorithm, "modeOfUse": header.mode_of_use}
        if any((wanted or {}).get(what, value) != value for what, value in stated.items()):
            raise refused("useViolation", "the key block says that the key is for something else")
        ksn = dict(header.blocks).get("KS", "")
        key = StoredKey(
            secret,
            header.key_usage,
            header.algorithm,
            header.mode_of_use,
            header.version_num,
            header.exportability,
            ksn,
        )
        return self._put(name, key)

    def _check_name(self, name: str) -> None:
        if name == KEK_NAME:
            raise refused("accessDenied", "this key is put in at manufacture")
        if len(self._keys) >= MOST_KEYS and name not in self._keys:
            raise refused("noKeyRam")

    def keep(self, name: str, key: StoredKey) -> StoredKey:
        """Take in a key that came in clear from where it was decrypted, inside the module.

        Raises:
            CommandFailed: ``accessDenied``, ``noKeyRam``, ``algorithmNotSupported``, ``useViolation``,
                ``invalidKeyLength``, ``contentInvalid``.
        """
        self._check_name(name)
        if key.algorithm not in ALGORITHMS:
            raise refused("algorithmNotSupported")
        return self._put(name, key)

    def _put(self, name: str, key: StoredKey) -> StoredKey:
        if key.mode not in USES.get(key.usage, frozenset()):
            raise refused("useViolation", f"a key for {key.usage}/{key.mode} is not kept here")
        if not good_size(key.algorithm, len(key.secret)):
            raise refused("invalidKeyLength")
        if key.usage == "B1" and (len(key.ksn) != 2 * dukpt.KSN_BYTES or key.algorithm != "T"):
            raise refused("contentInvalid", "an initial key needs its serial number, and TDES")
        self._keys[name], self._blocks[name] = key, self._wrapped(key)
        self._parts.pop(name, None)
        return key

    def add_part(self, name: str) -> int:
        """Combine the part just typed with what is there of the key; its length in bytes so far.

        Raises:
            CommandFailed: ``keyNoValue``, ``invalidKeyLength``, ``accessDenied``.
        """
        self._check_name(name)
        if not self.typed:
            raise refused("keyNoValue", "no part was typed")
        before = self._parts.get(name, bytes(len(self.typed)))
        if len(before) != len(self.typed):
            raise refused("invalidKeyLength")
        self._parts[name] = bytes(a ^ b for a, b in zip(before, self.typed, strict=True))
        self.typed = b""
        return len(before)

    def complete(self, name: str, usage: str, algorithm: str, mode: str) -> StoredKey:
        """Make a key of the parts that were typed.

        Raises:
            CommandFailed: ``keyNoValue``, ``useViolation``, ``algorithmNotSupported``, ``invalidKeyLength``.
        """
        if self.typed:
            self.add_part(name)
        if name not in self._parts:
            raise refused("keyNoValue", "no part was typed")
        return self.keep(name, StoredKey(self._parts[name], usage, algorithm, mode, "00", "N"))

    def erase(self) -> None:
        """Forget every key but the key-encryption key."""
        self._keys.clear()
        self._blocks.clear()
        self._parts.clear()
        self.typed = b""

    def delete(self, name: str) -> None:
        """Forget one key."""
        if name not in self._keys and name not in self._parts:
            raise refused("keyNotFound")
        self._keys.pop(name, None)
        self._blocks.pop(name, None)
        self._parts.pop(name, None)

    def advance(self, name: str) -> tuple[bytes, bytes]:
        """The PIN key of the next DUKPT transaction, and its serial number.

        Raises:
            CommandFailed: ``dukptOverflow``.
        """
        key = self.get(name)
        ksn = dukpt.following(bytes.fromhex(key.ksn))
        if ksn is None:
            raise refused("dukptOverflow")
        self._keys[name] = replace(key, ksn=ksn.hex().upper())
        self._blocks[name] = self._wrapped(self._keys[name])
        return dukpt.pin_key(key.secret, ksn), ksn

    def dump(self) -> Any:
        """The keys as blocks under the key-encryption key, for the disk. Parts are not kept: type them again."""
        return dict(self._blocks)

    def _wrapped(self, key: StoredKey) -> str:
        header = tr31.Header("D", key.usage, key.algorithm, key.mode, key.version, key.exportability)
        if key.ksn:
            header.blocks["KS"] = key.ksn
        return str(tr31.wrap(self._kek, header, key.secret))

    def load(self, blocks: Any) -> None:
        """Take the key blocks from the disk."""
        for name, block in (blocks or {}).items():
            self.import_block(name, block)


class SecureModule:
    """PIN buffer and key store."""

    def __init__(self, kek: bytes) -> None:
        self.keys = KeyStore(kek)
        self._pin = ""
        self.maintain = False  # keep the PIN for a further block

    def erase(self) -> None:
        """Forget every key but the key-encryption key, and the PIN."""
        self.keys.erase()
        self._pin = ""

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

    def pin_block(self, block_format: str, key_name: str, pan: str) -> tuple[bytes, bytes | None]:
        """The PIN as an encrypted block (ISO 9564-1), and the serial number when the key is a DUKPT one.

        The PIN is forgotten, unless it is to be maintained.

        Raises:
            CommandFailed: ``noPin``, ``keyNotFound``, ``keyNoValue``, ``useViolation``, ``algorithmNotSupported``,
                ``dukptOverflow``.
        """
        key = self.keys.get(key_name)
        key.check(("P0", "B1"), "EBX")
        if len(self._pin) < 4:
            raise refused("noPin")
        if (block_format == "iso4") != (key.algorithm == "A"):
            raise refused("algorithmNotSupported", "format 4 needs an AES key, formats 0 and 3 a TDES key")
        secret, ksn = self.keys.advance(key_name) if key.usage == "B1" else (key.secret, None)
        pin = self._pin
        if not self.maintain:
            self._pin = ""
        return _encrypted(block_format, secret, pin, pan), ksn


def _encrypted(block_format: str, secret: bytes, pin: str, pan: str) -> bytes:
    if block_format == "iso4":
        return bytes(pinblock.encipher_pinblock_iso_4(secret, pin, pan))
    # The standard has the twelve digits before the check digit here; the library wants the check digit too.
    encode = pinblock.encode_pinblock_iso_0 if block_format == "iso0" else pinblock.encode_pinblock_iso_3
    clear = encode(pin, pan[-12:].rjust(12, "0") + "0")
    # One block of eight bytes: the standard's formats 0 and 3 are made for exactly this.
    cipher = Cipher(TripleDES((secret * 3)[:24]), modes.ECB()).encryptor()  # noqa: S305
    return cipher.update(clear)
