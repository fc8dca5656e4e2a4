"""The PIN: encrypted inside the pad, decrypted on the other side, and in clear nowhere in between."""

import asyncio
import logging
from pathlib import Path

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from psec import pinblock, tr31

from common.errors import Cancelled, UserError
from devices.client.pin_pad import DIGITS, PinEntered
from devices.hands.protocol import from_line, open_key, seal_key, to_line
from devices.sim.main import Folders
from devices.sim.world.fascia import KEYS
from devices.xfs.codes import DeviceError
from tests.devices.rig import PAN, Rig, recorded, soon, start_rig

PIN = "739182"
AES_KEY = bytes(range(16))
TDES_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


def kek_of(rig: Rig) -> bytes:
    return bytes.fromhex(Folders(rig.folder, "K-02").kek.read_text().strip())


def block(kek: bytes, key: bytes = AES_KEY, algorithm: str = "A", usage: str = "P0") -> str:
    header = tr31.Header(
        "D", key_usage=usage, algorithm=algorithm, mode_of_use="E", version_num="00", exportability="N"
    )
    return str(tr31.wrap(kek, header, key))


async def type_pin(rig: Rig, keys: str = PIN, then: str = "enter", **options: int | bool) -> PinEntered:
    entering = asyncio.create_task(rig.machine.pin_pad.enter_pin(**options))  # type: ignore[arg-type]
    await soon(rig.vtm.world.until(lambda: rig.vtm.world.possible()["press_key"] is None))
    for digit in keys:
        await rig.hands.press_key(DIGITS[int(digit)])
    if then:
        await rig.hands.press_key(then)
    return await soon(entering)


async def test_the_block_opens_to_the_pin_on_the_other_side(rig: Rig) -> None:
    await rig.machine.pin_pad.import_key("PIN", block(kek_of(rig)))
    assert await type_pin(rig) == PinEntered(6, "enter")
    encrypted = await rig.machine.pin_pad.pin_block(PAN)
    assert pinblock.decipher_pinblock_iso_4(AES_KEY, encrypted, PAN) == PIN
    with pytest.raises(DeviceError) as caught:
        await rig.machine.pin_pad.pin_block(PAN)
    assert caught.value.code == "pin.none"


@pytest.mark.parametrize(
    ("block_format", "decode"), [("iso0", pinblock.decode_pinblock_iso_0), ("iso3", pinblock.decode_pinblock_iso_3)]
)
async def test_the_older_formats_under_a_tdes_key(rig: Rig, block_format: str, decode: object) -> None:
    await rig.machine.pin_pad.import_key("PIN", block(kek_of(rig), TDES_KEY, "T"))
    await type_pin(rig)
    encrypted = await rig.machine.pin_pad.pin_block(PAN, block_format=block_format)
    opener = Cipher(TripleDES(TDES_KEY + TDES_KEY[:8]), modes.ECB()).decryptor()
    assert decode(opener.update(encrypted), PAN) == PIN  # type: ignore[operator]


async def test_no_digit_shows_on_any_wire_log_or_disk(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rig = await start_rig(tmp_path)
    await rig.machine.pin_pad.import_key("PIN", block(kek_of(rig)))
    await type_pin(rig)
    await rig.machine.pin_pad.pin_block(PAN)
    await rig.hands.close()
    await rig.machine.close()
    await rig.vtm.close()
    keys = [m for _, _, m in recorded(rig.trace) if m.name == "Keyboard.KeyEvent"]
    assert [m.payload for m in keys] == [{}] * 6 + [{"completion": "enter", "digit": "enter"}]
    secrets = (PIN, AES_KEY.hex(), "seven", "three", "nine")
    hands_wire = [r.getMessage() for r in caplog.records]
    assert not [s for s in secrets for line in hands_wire if s in line.lower()]
    for file in (f for f in tmp_path.rglob("*") if f.is_file() and f.name != "trace.jsonl"):
        assert PIN.encode() not in file.read_bytes()
        assert AES_KEY not in file.read_bytes()
    traced = [
        m for _, _, m in recorded(rig.trace) if not m.name.startswith("Common.") and m.name != "Keyboard.PinEntry"
    ]
    assert not [m for m in traced if any(secret in str(m.payload) for secret in secrets)]


async def test_correcting_and_progress(rig: Rig) -> None:
    progress: list[int] = []
    entering = asyncio.create_task(rig.machine.pin_pad.enter_pin(on_progress=progress.append))
    await soon(rig.vtm.world.until(lambda: rig.vtm.world.possible()["press_key"] is None))
    for key in ("one", "two", "backspace", "clear", "one", "enter", "two", "three", "four", "five", "six", "seven"):
        await rig.hands.press_key(key)
    await rig.hands.press_key("enter")
    assert (await soon(entering)).digits == 6
    assert progress == [0, 1, 2, 1, 0, 1, 2, 3, 4, 5, 6, 6], "the first 0 says that the keys are live"


async def test_cancel_ends_and_forgets(rig: Rig) -> None:
    await rig.machine.pin_pad.import_key("PIN", block(kek_of(rig)))
    with pytest.raises(Cancelled):
        await type_pin(rig, "1234", then="cancel")
    with pytest.raises(DeviceError) as caught:
        await rig.machine.pin_pad.pin_block(PAN)
    assert caught.value.code == "pin.none"


async def test_auto_end_and_timeout(rig: Rig) -> None:
    assert await type_pin(rig, "1234", then="", min_digits=4, max_digits=4, auto_end=True) == PinEntered(4, "auto")
    with pytest.raises(DeviceError) as caught:
        await rig.machine.pin_pad.enter_pin(timeout_s=0.05)
    assert caught.value.code == "device.timeout"
    assert (await rig.hands.get_view()).actions["press_key"] == "hands.keys_inactive"


async def test_only_keys_under_the_machines_own_key_come_in(rig: Rig) -> None:
    pad = rig.machine.pin_pad
    for wrong in (block(bytes(32)), block(kek_of(rig), usage="K0"), "D0000", ""):
        with pytest.raises(DeviceError):
            await pad.import_key("PIN", wrong)
    assert await pad.keys() == {"KEK": "K1"}
    with pytest.raises(DeviceError):
        await pad.import_key("KEK", block(kek_of(rig)))
    assert (await rig.machine.status()).pin_pad.code == "pin.key_missing"
    await pad.import_key("PIN", block(kek_of(rig)))
    assert (await rig.machine.status()).pin_pad.code == "device.ok"
    await pad._link.command("KeyManagement.Initialization")
    assert await pad.keys() == {"KEK": "K1"}


async def test_keys_are_there_after_a_restart(tmp_path: Path) -> None:
    rig = await start_rig(tmp_path)
    await rig.machine.pin_pad.import_key("PIN", block(kek_of(rig)))
    kek = kek_of(rig)
    for part in (rig.hands, rig.machine, rig.vtm):
        await part.close()
    again = await start_rig(tmp_path)
    assert await again.machine.pin_pad.keys() == {"KEK": "K1", "PIN": "P0"}
    assert kek_of(again) == kek
    for part in (again.hands, again.machine, again.vtm):
        await part.close()


def test_a_key_press_on_the_hands_wire_tells_nothing() -> None:
    token = "a-token"
    lines = [to_line({"do": "act", "params": {"sealed": seal_key(token, key)}}) for key in (*KEYS, *KEYS)]
    assert len({len(line) for line in lines}) == 1
    assert len(set(lines)) == len(lines)
    for key, line in zip((*KEYS, *KEYS), lines, strict=True):
        assert key.encode() not in line
        assert open_key(token, from_line(line)["params"]["sealed"]) == key
    for wrong in ("", "AAAA", seal_key("another", "one"), None):
        with pytest.raises(UserError):
            open_key(token, wrong)
