"""What a payment card's chip computes and how it is written (EMV Book 2 and 3): BER-TLV, application cryptograms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

ISSUER_TEST_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
"""Master key of the simulated issuer: the one printed in textbooks. It protects nothing."""
_SIGNED_FIXED = {"9F03": 6, "9F1A": 2, "95": 5}
"""What goes into a cryptogram and may be absent: it is zeros then, so many bytes."""


def write_tlv(objects: Iterable[tuple[str, bytes]]) -> bytes:
    """BER-TLV objects, tag in hex and value up to 255 bytes, one after the other."""
    out = b""
    for tag, value in objects:
        out += bytes.fromhex(tag) + (b"" if len(value) < 0x80 else b"\x81") + bytes([len(value)]) + value
    return out


def read_tlv(data: bytes) -> dict[str, bytes]:
    """Top-level objects of a BER-TLV text by tag in upper-case hex.

    Raises:
        ValueError: it is none.
    """
    found: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        start = at
        at += 1
        if data[start] & 0x1F == 0x1F:
            while at < len(data) and data[at] & 0x80:
                at += 1
            at += 1
        tag, length = data[start:at], data[at] if at < len(data) else -1
        at += 1
        if length >= 0x80:
            size = length & 0x7F
            length = int.from_bytes(data[at : at + size], "big") if 0 < size <= 2 and at + size <= len(data) else -1
            at += size
        if length < 0 or at + length > len(data):
            raise ValueError("no BER-TLV")
        found[tag.hex().upper()] = data[at : at + length]
        at += length
    return found


def _tdes(key: bytes, block: bytes) -> bytes:
    # Single blocks, each under a key of its own: what EMV asks for.
    encryptor = Cipher(TripleDES(key + key[:8]), modes.ECB()).encryptor()  # noqa: S305
    return encryptor.update(block)


def card_key(pan: str, sequence: str = "00") -> bytes:
    """The card's own key, derived from the issuer's (EMV Book 2, A1.4.1, option A)."""
    block = bytes.fromhex((pan + sequence)[-16:].rjust(16, "0"))
    turned = bytes(byte ^ 0xFF for byte in block)
    return _tdes(ISSUER_TEST_KEY, block) + _tdes(ISSUER_TEST_KEY, turned)


def session_key(key: bytes, counter: int) -> bytes:
    """The key of one transaction (EMV Book 2, A1.3.1)."""
    head = counter.to_bytes(2, "big")
    return _tdes(key, head + b"\xf0" + bytes(5)) + _tdes(key, head + b"\x0f" + bytes(5))


def retail_mac(key: bytes, data: bytes) -> bytes:
    """ISO/IEC 9797-1 algorithm 3 with padding method 2, eight bytes."""
    padded = data + b"\x80"
    padded += bytes(-len(padded) % 8)
    left, right = key[:8] * 2, key[8:] * 2
    state = bytes(8)
    for at in range(0, len(padded), 8):
        state = _tdes(left, bytes(a ^ b for a, b in zip(state, padded[at : at + 8], strict=True)))
    back = Cipher(TripleDES(right + right[:8]), modes.ECB()).decryptor()  # noqa: S305
    return _tdes(left, back.update(state))


def cryptogram_data(terminal: Mapping[str, bytes], profile: bytes, counter: int) -> bytes:
    """What an application cryptogram is computed over (EMV Book 2, 8.1.1)."""
    values = {tag: terminal.get(tag, bytes(size)) for tag, size in _SIGNED_FIXED.items()}
    values |= {tag: terminal[tag] for tag in ("9F02", "5F2A", "9A", "9C", "9F37")}
    order = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37")
    return b"".join(values[tag] for tag in order) + profile + counter.to_bytes(2, "big")


def issuer_answer(key: bytes, cryptogram: bytes, code: bytes) -> bytes:
    """ARPC by method 1 (EMV Book 2, 8.2.1): the issuer's answer with its response code of two characters."""
    return _tdes(key, bytes(a ^ b for a, b in zip(cryptogram, code + bytes(6), strict=True)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A transaction as the chip sees it: the terminal's data and the chip's counter."""

    pan: str
    counter: int
    terminal: Mapping[str, bytes]

    @property
    def key(self) -> bytes:
        """Of this transaction."""
        return session_key(card_key(self.pan), self.counter)

    def cryptogram(self, profile: bytes) -> bytes:
        """The chip's application cryptogram."""
        return retail_mac(self.key, cryptogram_data(self.terminal, profile, self.counter))
