"""PIN keys and PIN verification, with the machine's side played by psec."""

import stat
import traceback
from pathlib import Path

import psec
import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import ServiceError, UserError
from server.pin import PinFormat, PinVault

VTM, PAN, PIN = "K-02", "6222021234561234567", "482913"


@pytest.fixture
def vault(tmp_path: Path) -> PinVault:
    return PinVault(tmp_path)


def machine_key(vault: PinVault, data_dir: Path, pin_format: PinFormat = "iso4") -> bytes:
    """What the machine does with the key block it is given."""
    kek = bytes.fromhex((data_dir / "keys" / f"{VTM}.kek").read_text())
    header, key = psec.tr31.unwrap(kek, vault.working_key_block(VTM, pin_format))
    expected = {"iso4": ("D", "P0", "A", "E", "N"), "iso0": ("D", "P0", "T", "E", "N")}[pin_format]
    found = (header.version_id, header.key_usage, header.algorithm, header.mode_of_use, header.exportability)
    assert found == expected
    assert isinstance(key, bytes)
    return key


def encrypted(key: bytes, pin: str, pan: str, pin_format: PinFormat = "iso4") -> bytes:
    if pin_format == "iso4":
        block = psec.pinblock.encipher_pinblock_iso_4(key, pin, pan)
        assert isinstance(block, bytes)
        return block
    encryptor = Cipher(TripleDES(key), modes.ECB()).encryptor()
    return encryptor.update(psec.pinblock.encode_pinblock_iso_0(pin, pan)) + encryptor.finalize()


@pytest.mark.parametrize("pin_format", ["iso4", "iso0"])
def test_the_right_pin_and_a_wrong_one(vault: PinVault, tmp_path: Path, pin_format: PinFormat) -> None:
    stored = vault.hash_pin(PAN, PIN)
    vault.working_key_block(VTM, pin_format)
    key = machine_key(vault, tmp_path, pin_format)
    assert vault.verify(VTM, encrypted(key, PIN, PAN, pin_format), pin_format, PAN, stored)
    assert not vault.verify(VTM, encrypted(key, "482914", PAN, pin_format), pin_format, PAN, stored)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pin=st.text("0123456789", min_size=4, max_size=12), pan=st.text("0123456789", min_size=13, max_size=19))
def test_any_pin_of_any_card(vault: PinVault, tmp_path: Path, pin: str, pan: str) -> None:
    vault.working_key_block(VTM)
    key = machine_key(vault, tmp_path)
    assert vault.verify(VTM, encrypted(key, pin, pan), "iso4", pan, vault.hash_pin(pan, pin))


def test_another_cards_number_does_not_fit(vault: PinVault, tmp_path: Path) -> None:
    vault.working_key_block(VTM)
    block = encrypted(machine_key(vault, tmp_path), PIN, PAN)
    with pytest.raises(UserError, match=r"^pin\.bad_block$"):
        vault.verify(VTM, block, "iso4", "6222029999999999999", vault.hash_pin("6222029999999999999", PIN))
    own = encrypted(machine_key(vault, tmp_path), PIN, "6222029999999999999")
    assert not vault.verify(VTM, own, "iso4", "6222029999999999999", vault.hash_pin(PAN, PIN))


BAD_BLOCKS: list[tuple[bytes, PinFormat]] = [
    (b"", "iso4"),
    (bytes(8), "iso4"),
    (bytes(15), "iso4"),
    (bytes(16), "iso4"),
    (bytes(32), "iso4"),
    (b"", "iso0"),
    (bytes(8), "iso0"),
    (bytes(16), "iso0"),
]


@pytest.mark.parametrize(("block", "pin_format"), BAD_BLOCKS)
def test_a_malformed_block(vault: PinVault, block: bytes, pin_format: PinFormat) -> None:
    with pytest.raises(UserError, match=r"^pin\.bad_block$"):
        vault.verify(VTM, block, pin_format, PAN, vault.hash_pin(PAN, PIN))


def test_no_digit_of_a_pin_leaves_with_an_exception(vault: PinVault, tmp_path: Path) -> None:
    vault.working_key_block(VTM)
    key = machine_key(vault, tmp_path)
    field = bytes.fromhex("46" + "4829FF" + "AAAAAAAA" + "1234567890123456")
    first = psec.aes.encrypt_aes_ecb(key, field)
    block = psec.aes.encrypt_aes_ecb(key, psec.tools.xor(first, psec.pinblock.encode_pan_field_iso_4(PAN)))
    with pytest.raises(UserError) as caught:
        vault.verify(VTM, block, "iso4", PAN, vault.hash_pin(PAN, PIN))
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert caught.value.__context__ is None
    assert "4829" not in told


def test_hashes_do_not_show_equal_pins_and_need_the_pepper(vault: PinVault, tmp_path: Path) -> None:
    first, second = vault.hash_pin(PAN, PIN), vault.hash_pin(PAN, PIN)
    assert first != second
    assert first.startswith("$argon2id$")
    other = PinVault(tmp_path / "other")
    other.working_key_block(VTM)
    block = encrypted(machine_key(other, tmp_path / "other"), PIN, PAN)
    assert not other.verify(VTM, block, "iso4", PAN, first)


def test_the_working_key_is_kept_and_wrapped_anew(vault: PinVault, tmp_path: Path) -> None:
    blocks = {vault.working_key_block(VTM) for _ in range(3)}
    assert len(blocks) == 3
    assert machine_key(PinVault(tmp_path), tmp_path) == machine_key(vault, tmp_path)
    assert machine_key(vault, tmp_path) != machine_key(vault, tmp_path, "iso0")[:32]


def test_a_machine_that_was_first_keeps_its_key(vault: PinVault, tmp_path: Path) -> None:
    kek = bytes(range(32))
    (tmp_path / "keys" / f"{VTM}.kek").write_text(kek.hex())
    header, _ = psec.tr31.unwrap(kek, vault.working_key_block(VTM))
    assert header.key_usage == "P0"


def test_keys_are_private_and_the_working_key_is_encrypted(vault: PinVault, tmp_path: Path) -> None:
    vault.working_key_block(VTM)
    key = machine_key(vault, tmp_path)
    files = list((tmp_path / "keys").iterdir())
    assert {path.name for path in files} == {"pin.key", f"{VTM}.kek", f"{VTM}.iso4.wk"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert not any(key.hex() in path.read_text() for path in files)


def test_a_working_key_moved_to_another_machine_does_not_open(vault: PinVault, tmp_path: Path) -> None:
    vault.working_key_block(VTM)
    (tmp_path / "keys" / f"{VTM}.iso4.wk").rename(tmp_path / "keys" / "K-03.iso4.wk")
    with pytest.raises(ServiceError, match=r"^keys\.unreadable$"):
        vault.working_key_block("K-03")


@pytest.mark.parametrize("name", ["", "../K-02", "K 02", "K-02/x", "K-02\n", "x" * 65, "柜"])
def test_a_machines_name_is_no_path(vault: PinVault, name: str) -> None:
    with pytest.raises(UserError, match=r"^pin\.bad_machine$"):
        vault.working_key_block(name)


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "１２３４", "1234\n"])
def test_what_is_no_pin(vault: PinVault, pin: str) -> None:
    with pytest.raises(UserError, match=r"^pin\.bad_pin$"):
        vault.hash_pin(PAN, pin)


def test_other_wrong_requests(vault: PinVault) -> None:
    with pytest.raises(UserError, match=r"^pin\.bad_pan$"):
        vault.hash_pin("123", PIN)
    with pytest.raises(UserError, match=r"^pin\.bad_pan$"):
        vault.verify(VTM, bytes(16), "iso4", "123", "")
    with pytest.raises(UserError, match=r"^pin\.bad_format$"):
        vault.working_key_block(VTM, "iso3")  # type: ignore[arg-type]


@pytest.mark.parametrize("stored", ["", "hello", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
def test_a_spoilt_hash_is_the_servers_fault(vault: PinVault, tmp_path: Path, stored: str) -> None:
    vault.working_key_block(VTM)
    block = encrypted(machine_key(vault, tmp_path), PIN, PAN)
    with pytest.raises(ServiceError, match=r"^pin\.bad_hash$"):
        vault.verify(VTM, block, "iso4", PAN, stored)
