"""The contactless payment reader: configured, asked for a transaction, given the answer of the issuer."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from devices.sim.cards.chip import AID
from devices.sim.cards.emv import card_key, cryptogram_data, issuer_answer, read_tlv, retail_mac, session_key, write_tlv
from tests.devices.rig import PAN
from tests.devices.workbench import Line, Workbench, workbench

DATE, NUMBER = bytes.fromhex("261122"), bytes.fromhex("01020304")
OTHER = "6217000012345678901"


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def limits(**each: int) -> str:
    return text(write_tlv((tag, bytes.fromhex(f"{amount:012d}")) for tag, amount in each.items()))


def application(aid: bytes = AID, kind: int = 0, **limit: int) -> dict[str, Any]:
    return {"aid": text(aid), "partialSelection": True, "transactionType": kind, "configData": limits(**limit)}


CONFIG = {
    "terminalData": text(write_tlv([("9F1A", b"\x01\x56")])),
    "aidData": [application(AID[:7], DF8123=5_000, DF8126=100_000, DF8124=500_000)],
}


def purchase(amount: int, kind: int = 0) -> dict[str, str]:
    data = (
        ("9F02", bytes.fromhex(f"{amount:012d}")),
        ("5F2A", b"\x01\x56"),
        ("9A", DATE),
        ("9C", bytes([kind])),
        ("9F37", NUMBER),
    )
    return {"data": text(write_tlv(data))}


async def pay(bench: Workbench, line: Line, amount: int, *pans: str, kind: int = 0) -> dict[str, Any]:
    """A purchase with these cards held there; the outcome."""
    for pan in pans or (PAN,):
        bench.hand("tap_card", pan=pan)
    done = await line.ok("CardReader.EMVClessPerformTransaction", purchase(amount, kind))
    bench.hand("withdraw_card")
    return dict(done["chip"])


async def test_the_issuer_knows_the_card_by_its_cryptogram(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ContactlessReader")
        assert await line.fails("CardReader.EMVClessPerformTransaction", purchase(1)) == "readerNotConfigured"
        await line.ok("CardReader.EMVClessConfigure", CONFIG)
        small = await pay(bench, line, 4_999)
        assert (small["txOutcome"], small["clessOutcome"]["cvm"]) == ("approve", "noCVM")
        large = await pay(bench, line, 200_000)
        assert (large["txOutcome"], large["clessOutcome"]["cvm"]) == ("onlineRequest", "onlinePIN")
        read = read_tlv(base64.b64decode(large["dataRead"]))
        assert (read["9F27"], read["9F36"], read["5A"].hex()[:19]) == (b"\x80", b"\x00\x02", PAN)
        key = session_key(card_key(PAN), 2)
        signed = cryptogram_data({**read, "9F1A": b"\x01\x56"}, read["82"], 2)
        assert retail_mac(key, signed) == read["9F26"]
        answer = issuer_answer(key, read["9F26"], b"00") + b"00"
        bench.hand("tap_card", pan=PAN)
        update = {"data": text(write_tlv([("91", answer)]))}
        assert (await line.ok("CardReader.EMVClessIssuerUpdate", update))["chip"]["txOutcome"] == "approve"
        assert await line.fails("CardReader.EMVClessIssuerUpdate", update) == "transactionNotInitiated"
        steps = [told["status"] for told in line.events("CardReader.EMVClessReadStatusEvent")][:3]
        assert steps == ["readyToRead", "processing", "cardReadOk"]
    async with workbench(tmp_path) as bench:
        line = bench.line("ContactlessReader")
        again = await pay(bench, line, 100)
        assert read_tlv(base64.b64decode(again["dataRead"]))["9F36"] == b"\x00\x03", "the chip goes on counting"


@pytest.mark.parametrize("answer", [bytes(8) + b"00", b"", None])
async def test_a_false_answer_declines(tmp_path: Path, answer: bytes | None) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ContactlessReader")
        await line.ok("CardReader.EMVClessConfigure", CONFIG)
        await pay(bench, line, 9_000)
        bench.hand("tap_card", pan=OTHER)
        update = {"data": text(write_tlv([] if answer is None else [("91", answer)]))}
        assert await line.fails("CardReader.EMVClessIssuerUpdate", update) == "invalidMedia"
        bench.hand("withdraw_card")
        bench.hand("tap_card", pan=PAN)
        assert (await line.ok("CardReader.EMVClessIssuerUpdate", update))["chip"]["txOutcome"] == "decline"


async def test_what_the_reader_leaves_to_others(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("ContactlessReader")
        await line.ok("CardReader.EMVClessConfigure", CONFIG)
        assert (await pay(bench, line, 1, PAN, OTHER))["txOutcome"] == "multipleCards"
        assert (await pay(bench, line, 500_001))["clessOutcome"]["alternateInterface"] == "contact"
        assert (await pay(bench, line, 1, kind=9))["txOutcome"] == "endApplication"
        bench.faults.inject("card.unreadable")
        bench.hand("tap_card", pan=PAN)
        assert await line.fails("CardReader.EMVClessPerformTransaction", purchase(1)) == "invalidMedia"
        bench.hand("withdraw_card")
        asked = line.begin("CardReader.EMVClessPerformTransaction", purchase(1))
        line.told.clear()
        await line.until_event("CardReader.EMVClessReadStatusEvent")
        bench.hand("tap_card", pan=PAN)
        bench.hand("withdraw_card")
        bench.hand("tap_card", pan=PAN)
        assert ((await asked).payload or {})["chip"]["txOutcome"] == "approve"
        assert await line.fails("CardReader.EMVClessPerformTransaction", {"data": text(b"\x9f")}) == "invalidData"
        assert await line.fails("CardReader.EMVClessPerformTransaction", {}) == "invalidData"


async def test_a_configuration_is_checked_and_kept(tmp_path: Path) -> None:
    modulus, exponent, rid = bytes(range(128)), b"\x03", AID[:5]
    checksum = hashlib.sha1(rid + b"\x09" + modulus + exponent, usedforsecurity=False).digest()
    key = {"index": 9, "algorithmIndicator": 1, "exponent": text(exponent), "modulus": text(modulus)}
    authority = {"rid": text(rid), "caPublicKey": {**key, "checksum": text(checksum)}}
    wrong = {"rid": text(rid), "caPublicKey": {**key, "checksum": text(bytes(20))}}
    async with workbench(tmp_path) as bench:
        line = bench.line("ContactlessReader")
        for changed, code in (
            ({"terminalData": text(b"\x9f")}, "invalidTerminalData"),
            ({"aidData": [{**application(), "configData": text(write_tlv([(FLOOR, b"\x01")]))}]}, "invalidAidData"),
            ({"aidData": [application(b"\xa0")]}, "invalidAidData"),
            ({"keyData": [wrong]}, "invalidKeyData"),
        ):
            assert await line.fails("CardReader.EMVClessConfigure", {**CONFIG, **changed}) == code
        await line.ok("CardReader.EMVClessConfigure", {**CONFIG, "keyData": [authority]})
    async with workbench(tmp_path) as bench:
        shown = await bench.line("ContactlessReader").ok("CardReader.EMVClessQueryApplications")
        assert shown == {"appData": [{"aid": text(AID[:7])}]}


FLOOR = "DF8123"
