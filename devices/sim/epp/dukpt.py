"""Derived unique key per transaction, TDES (ANSI X9.24 part 1): each PIN under a key of its own."""

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

KSN_BYTES = 10
LAST_COUNTER = 0x1FFFFF
_REGISTER = 0xC0C0C0C000000000C0C0C0C000000000.to_bytes(16, "big")
_PIN_VARIANT = 0x00000000000000FF00000000000000FF.to_bytes(16, "big")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _des(key: bytes, block: bytes) -> bytes:
    """One block under single DES: TDES with one key three times over."""
    encryptor = Cipher(TripleDES(key * 3), modes.ECB()).encryptor()  # noqa: S305
    return encryptor.update(block)


def _half(key: bytes, register: bytes) -> bytes:
    return _xor(_des(key[:8], _xor(register, key[8:])), key[8:])


def _next(key: bytes, register: bytes) -> bytes:
    """The non-reversible key generation of the standard."""
    return _half(_xor(key, _REGISTER), register) + _half(key, register)


def counter_of(ksn: bytes) -> int:
    """The transaction counter in the last 21 bits of a key serial number."""
    return int.from_bytes(ksn[-3:], "big") & LAST_COUNTER


def following(ksn: bytes) -> bytes | None:
    """The serial number of the next transaction; None: the key is used up.

    Counters with more than ten bits set are skipped, as the standard wants.
    """
    counter = counter_of(ksn) + 1
    while counter <= LAST_COUNTER and counter.bit_count() > 10:
        counter += 1
    if counter > LAST_COUNTER:
        return None
    base = int.from_bytes(ksn, "big") & ~LAST_COUNTER
    return (base | counter).to_bytes(KSN_BYTES, "big")


def pin_key(initial: bytes, ksn: bytes) -> bytes:
    """The PIN encryption key of one transaction.

    Args:
        initial: the initial key (16 bytes) that belongs to the serial number's device.
    """
    counter = counter_of(ksn)
    base = int.from_bytes(ksn, "big") & ~LAST_COUNTER
    key, so_far = initial, 0
    for bit in range(20, -1, -1):
        if counter & (1 << bit):
            so_far |= 1 << bit
            key = _next(key, (base | so_far).to_bytes(KSN_BYTES, "big")[-8:])
    return _xor(key, _PIN_VARIANT)
