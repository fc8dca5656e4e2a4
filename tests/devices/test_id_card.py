"""The chip of a resident identity card, over the wire: eight fields and the portrait, checked as honestly as can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.demo_people import CUSTOMER, OLDER_CUSTOMER, Person
from common.errors import UserError
from devices.idcard import frames
from devices.idcard.layout import LENGTHS, NATIONS, TEXT_BYTES, decode, encode, unseal
from tests.devices.rig import Rig

CARD = b"\x89PNG\r\n\x1a\n of a card"
PORTRAIT = b"\xff\xd8\xff portrait"


def said(person: Person) -> dict[str, str]:
    return {**person.front(), **person.back()}


@pytest.mark.parametrize("person", [CUSTOMER, OLDER_CUSTOMER])
async def test_the_chip_on_the_glass_is_read_over_the_wire(rig: Rig, person: Person) -> None:
    await rig.hands.lay_document(CARD, encode(said(person), PORTRAIT))
    chip = await rig.machine.id_card.read(timeout_s=5)
    assert chip is not None
    assert (chip.content.fields, chip.content.portrait) == (said(person), PORTRAIT)
    assert (chip.signature, chip.reader) == ("simulated", "GT-SIM-ID-0001")


async def test_a_paper_without_a_chip_is_not_waited_for(rig: Rig) -> None:
    await rig.hands.lay_document(CARD)
    assert await rig.machine.id_card.read(timeout_s=0.2) is None


async def test_an_altered_chip_does_not_hold_its_seal(rig: Rig) -> None:
    whole = encode(said(CUSTOMER), PORTRAIT)
    forged = "方".encode("utf-16-le") + whole[2:]
    await rig.hands.lay_document(CARD, forged)
    chip = await rig.machine.id_card.read(timeout_s=5)
    assert chip is not None
    assert (chip.signature, chip.content.fields["name"]) == ("bad", "方南枝")


async def test_bank_cards_and_identity_cards_have_readers_of_their_own(rig: Rig) -> None:
    assert rig.machine.id_card.there
    await rig.hands.lay_document(CARD, encode(said(CUSTOMER), PORTRAIT))
    assert await rig.machine.card.media() == "notPresent"


def test_the_text_is_256_bytes_in_the_order_of_the_module() -> None:
    assert TEXT_BYTES == 256
    assert len(NATIONS) == 56
    text, portrait, good = unseal(encode(said(OLDER_CUSTOMER), PORTRAIT))
    assert good
    assert portrait == PORTRAIT
    assert len(text) == 256
    assert text[30:32].decode("utf-16-le") == "1"
    assert text[-52:-36].decode("utf-16-le").strip() == "长期"
    assert sum(length for name, length in LENGTHS if name != "spare") == 220


@given(st.binary(max_size=400))
def test_whatever_a_reader_says_is_a_chip_or_refused(noise: bytes) -> None:
    for read in (lambda: decode(noise, b""), lambda: frames.unframe(noise, 3), lambda: unseal(noise)):
        try:
            read()
        except UserError as error:
            assert error.code == "chip.unreadable"


@given(st.binary(min_size=2, max_size=2), st.binary(max_size=300), st.integers(0, 2_000))
def test_a_frame_with_a_changed_byte_is_noticed(head: bytes, data: bytes, at: int) -> None:
    packet = bytearray(frames.frame(head, data))
    assert frames.unframe(bytes(packet), 2) == (head, data)
    packet[at % len(packet)] ^= 0x40
    with pytest.raises(UserError):
        frames.unframe(bytes(packet), 2)
