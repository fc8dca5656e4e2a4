"""A payment card's chip, as far as a terminal that identifies the card goes (ISO/IEC 7816-4, EMV Book 1)."""

import secrets

from devices.sim.world.card import Card

PSE = b"1PAY.SYS.DDF01"
AID = bytes.fromhex("A000000333010101")  # UnionPay debit
OK = b"\x90\x00"
NOT_FOUND = b"\x6a\x82"
NO_RECORD = b"\x6a\x83"
UNKNOWN = b"\x6d\x00"
WRONG_LENGTH = b"\x67\x00"


def tlv(tag: str, value: bytes) -> bytes:
    """One BER-TLV object with a value of up to 255 bytes."""
    length = bytes([len(value)]) if len(value) < 0x80 else bytes([0x81, len(value)])
    return bytes.fromhex(tag) + length + value


class Chip:
    """Answers commands to one card; what was selected is forgotten with the power."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._selected: bytes | None = None

    def answer(self, apdu: bytes) -> bytes:
        """The response to a command APDU, with its two status bytes."""
        if len(apdu) < 4:
            return WRONG_LENGTH
        instruction = apdu[1]
        if instruction == 0xA4:
            return self._select(apdu)
        if instruction == 0xB2:
            return self._read_record(apdu[2], apdu[3] >> 3)
        if instruction == 0x84:
            return secrets.token_bytes(8) + OK
        return UNKNOWN

    def _select(self, apdu: bytes) -> bytes:
        if len(apdu) < 5 or len(apdu) < 5 + apdu[4]:
            return WRONG_LENGTH
        name = apdu[5 : 5 + apdu[4]]
        if name not in (PSE, AID):
            return NOT_FOUND
        self._selected = name
        inner = tlv("88", b"\x01") if name == PSE else tlv("50", b"DEBIT")
        return tlv("6F", tlv("84", name) + tlv("A5", inner)) + OK

    def _read_record(self, number: int, file: int) -> bytes:
        if (number, file) != (1, 1) or self._selected is None:
            return NO_RECORD
        if self._selected == PSE:
            return tlv("70", tlv("61", tlv("4F", AID) + tlv("50", b"DEBIT"))) + OK
        digits = self._card.track2.replace("=", "D") or self._card.pan
        track2 = bytes.fromhex(digits + "F" * (len(digits) % 2))
        holder = self._card.name.encode("ascii", "replace")[:26]
        return tlv("70", tlv("57", track2) + tlv("5F20", holder)) + OK
