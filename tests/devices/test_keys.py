"""Master and session keys, a key for each PIN, typed key parts, and what else the module computes."""

import base64
from pathlib import Path
from typing import Any

import pytest
from psec import pinblock, tr31

from devices.sim.epp import dukpt
from devices.sim.main import Folders
from tests.devices.workbench import Line, Workbench, workbench

IPEK = bytes.fromhex("6AC292FAA1315B4D858AB3A3D7D5933A")
KSN = "FFFF9876543210E00000"
SESSION = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
MASTER = bytes(range(16, 48))
PAN = "4012345678909"


def kek(folder: Path) -> bytes:
    return bytes.fromhex(Folders(folder, "K-02").kek.read_text().strip())


def block(under: bytes, usage: str, algorithm: str, mode: str, key: bytes, ksn: str = "") -> str:
    header = tr31.Header("D", usage, algorithm, mode, "00", "N")
    if ksn:
        header.blocks["KS"] = ksn
    return base64.b64encode(str(tr31.wrap(under, header, key)).encode()).decode()


async def load(line: Line, name: str, value: str, under: str = "KEK") -> str:
    done = await line.give("KeyManagement.ImportKey", {"key": name, "value": value, "decryptKey": under})
    return done.error_code or done.completion_code or "ok"


async def type_in(bench: Workbench, line: Line, command: str, payload: dict[str, Any], keys: list[str]) -> Any:
    names = (*DIGIT_NAMES, *"abcdef", "clear", "backspace")
    active = {name: {"terminate": False} for name in names if command == "Keyboard.SecureKeyEntry" or len(name) > 1}
    future = line.begin(command, {**payload, "activeKeys": active | {"enter": {"terminate": True}}})
    await bench.world.until(lambda: bench.world.possible()["press_key"] is None)
    for key in keys:
        bench.hand("press_key", key=key)
    return await future


DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def test_the_published_dukpt_example() -> None:
    """ANSI X9.24-1, annex A: the first transactions of the example device."""
    first = dukpt.following(bytes.fromhex(KSN)) or b""
    assert first.hex().upper() == "FFFF9876543210E00001"
    assert dukpt.pin_key(IPEK, first).hex().upper() == "042666B49184CF5C68DE9628D0397B36"
    assert dukpt.following(bytes.fromhex("FFFF9876543210FFFFFF")) is None
    after = dukpt.following(bytes.fromhex("FFFF9876543210E007FE")) or b""
    assert dukpt.counter_of(after).bit_count() <= 10


async def test_a_pin_under_a_key_of_its_own(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        pad = bench.line("PinPad")
        assert await load(pad, "DUKPT", block(kek(tmp_path), "B1", "T", "X", IPEK, KSN)) == "ok"
        ask = {"format": "iso0", "key": "DUKPT", "customerData": PAN[-13:-1], "padding": 15}
        blocks = []
        for _ in range(2):
            await type_in(bench, pad, "Keyboard.PinEntry", {"minLen": 4}, ["one", "two", "three", "four", "enter"])
            blocks.append((await pad.ok("PinPad.GetPinBlock", ask))["pinBlock"])
        assert base64.b64decode(blocks[0]).hex().upper() == "1B9C1845EB993A7A"
        assert blocks[0] != blocks[1]
        serials = [base64.b64decode(told["ksn"]).hex()[-6:] for told in pad.events("KeyManagement.DUKPTKSNEvent")]
        assert serials == ["e00001", "e00002"]
    async with workbench(tmp_path) as bench:
        pad = bench.line("PinPad")
        await type_in(bench, pad, "Keyboard.PinEntry", {"minLen": 4}, ["one", "two", "three", "four", "enter"])
        await pad.ok("PinPad.GetPinBlock", ask)
        assert base64.b64decode(pad.events("KeyManagement.DUKPTKSNEvent")[0]["ksn"]).hex().endswith("e00003")


async def test_a_session_key_under_a_master_key(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        pad = bench.line("PinPad")
        assert await load(pad, "SESSION", block(MASTER, "P0", "T", "E", SESSION), "MASTER") == "keyNotFound"
        assert await load(pad, "MASTER", block(kek(tmp_path), "K1", "A", "D", MASTER)) == "ok"
        assert await load(pad, "SESSION", block(MASTER, "P0", "T", "E", SESSION), "MASTER") == "ok"
        assert await load(pad, "OTHER", block(MASTER, "P0", "T", "E", SESSION)) == "formatInvalid"
        assert await load(pad, "OTHER", block(kek(tmp_path), "P0", "T", "D", SESSION)) == "useViolation"
        assert await load(pad, "OTHER", block(MASTER, "P0", "T", "E", SESSION), "SESSION") == "useViolation"
        assert await load(pad, "KEK", block(kek(tmp_path), "P0", "T", "E", SESSION)) == "accessDenied"
        assert await load(pad, "TDES", block(kek(tmp_path), "K1", "T", "D", IPEK)) == "ok"
        assert await load(pad, "OLDER", block(MASTER, "P0", "T", "E", SESSION), "TDES") == "algorithmNotSupported"
        value = await pad.ok("KeyManagement.GenerateKCV", {"key": "SESSION", "keyCheckMode": "zero"})
        assert base64.b64decode(value["kcv"]).hex().upper() == "08D7B4"
        pressed = ["one", "two", "three", "four", "enter"]
        await type_in(bench, pad, "Keyboard.PinEntry", {"minLen": 4}, pressed)
        await pad.ok("PinPad.MaintainPin", {"maintainPIN": True})
        ask = {"format": "iso3", "key": "SESSION", "customerData": PAN[-13:-1], "padding": 15}
        for _ in range(2):
            assert (await pad.ok("PinPad.GetPinBlock", ask))["pinBlock"]
        assert await pad.fails("PinPad.GetPinBlock", {**ask, "key": "MASTER"}) == "useViolation"
        assert await pad.fails("PinPad.GetPinBlock", {**ask, "format": "visa"}) == "formatNotSupported"


@pytest.mark.parametrize("wrong", [{"keyUsage": "D0"}, {"algorithm": "A"}, {"modeOfUse": "B"}])
async def test_attributes_that_contradict_the_key_block_are_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    stated = {"keyUsage": "P0", "algorithm": "T", "modeOfUse": "E"}
    async with workbench(tmp_path) as bench:
        pad = bench.line("PinPad")
        key = {"key": "SESSION", "value": block(kek(tmp_path), "P0", "T", "E", SESSION), "decryptKey": "KEK"}
        for attributes in (wrong, {**stated, **wrong}):
            given = {**key, "keyAttributes": attributes}
            assert await pad.fails("KeyManagement.ImportKey", given) == "useViolation"
            assert await pad.fails("KeyManagement.GetKeyDetail", {"keyName": "SESSION"}) == "keyNotFound"
        await pad.ok("KeyManagement.ImportKey", {**key, "keyAttributes": stated})


async def test_a_key_typed_in_two_parts_by_two_people(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        pad = bench.line("PinPad")
        entry = {"keyLen": 32, "verificationType": "zero", "autoEnd": True}
        part = {"key": "TYPED", "constructing": True}
        attributes = {"keyUsage": "P0", "algorithm": "A", "modeOfUse": "E"}
        for digit in ("a", "five"):
            done = await type_in(bench, pad, "Keyboard.SecureKeyEntry", entry, [digit] * 32)
            assert (done.payload["digits"], done.payload["completion"]) == (32, "auto")
            assert all(event == {} for event in pad.events("Keyboard.KeyEvent"))
            await pad.ok("KeyManagement.ImportKey", part)
            assert (await pad.ok("KeyManagement.GetKeyDetail"))["keyDetails"]["TYPED"]["loaded"] == "construct"
        await pad.ok("KeyManagement.ImportKey", {"key": "TYPED", "keyAttributes": attributes})
        pressed = ["nine", "eight", "seven", "six", "enter"]
        await type_in(bench, pad, "Keyboard.PinEntry", {"minLen": 4}, pressed)
        ask = {"format": "iso4", "key": "TYPED", "customerData": "6222021234567890123", "padding": 15}
        encrypted = base64.b64decode((await pad.ok("PinPad.GetPinBlock", ask))["pinBlock"])
        assert pinblock.decipher_pinblock_iso_4(b"\xff" * 16, encrypted, "6222021234567890123") == "9876"
        assert await pad.fails("KeyManagement.ImportKey", part) == "keyNoValue"


async def test_data_and_authentication_under_keys_of_the_module(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        pad = bench.line("PinPad")
        assert await load(pad, "DATA", block(kek(tmp_path), "D0", "A", "B", MASTER)) == "ok"
        assert await load(pad, "MAC", block(kek(tmp_path), "M6", "A", "C", MASTER)) == "ok"
        clear = base64.b64encode(b"sixteen bytes ok").decode()
        sealed = await pad.ok(
            "Crypto.CryptoData", {"key": "DATA", "data": clear, "modeOfUse": "E", "cryptoMethod": "cbc"}
        )
        opened = await pad.ok("Crypto.CryptoData", {"key": "DATA", **sealed, "modeOfUse": "D", "cryptoMethod": "cbc"})
        assert opened["data"] == clear != sealed["data"]
        code = (await pad.ok("Crypto.GenerateAuthentication", {"key": "MAC", "data": clear}))["authenticationData"]
        await pad.ok("Crypto.VerifyAuthentication", {"key": "MAC", "data": clear, "verifyData": code})
        wrong = {"key": "MAC", "data": sealed["data"], "verifyData": code}
        assert await pad.fails("Crypto.VerifyAuthentication", wrong) == "macInvalid"
        assert await pad.fails("Crypto.CryptoData", {"key": "MAC", "data": clear}) == "useViolation"
        assert len(base64.b64decode((await pad.ok("Crypto.GenerateRandom"))["randomNumber"])) == 8


async def test_an_amount_is_typed_in_clear(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        pad = bench.line("PinPad")
        done = await type_in(bench, pad, "Keyboard.DataEntry", {"maxLen": 6}, ["five", "zero", "zero", "enter"])
        assert [key["digit"] for key in done.payload["pinKeys"]] == ["five", "zero", "zero", "enter"]
        assert done.payload["completion"] == "enter"
