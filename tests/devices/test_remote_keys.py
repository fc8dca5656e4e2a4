"""Remote key loading: pad and host prove who they are by the maker's signature, and only then a key travels."""

import asyncio
import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from psec import tr31

from common.errors import ServiceError
from devices.client.remote_keys import CRYPT_KEY, HOST_KEY, ISSUER, KeyHost, load_key
from devices.sim.epp.rsa_store import key_in
from devices.sim.main import Folders
from devices.xfs import rsa
from tests.devices.workbench import Line, Workbench, workbench

MASTER = bytes(range(32))
SIGNED = {"cryptoMethod": "rsassaPss", "hashAlgorithm": "sha256"}


class Pad:
    """The pad's line, as the host sees it."""

    def __init__(self, line: Line) -> None:
        self.line = line

    async def command(self, name: str, payload: Any = None, *, timeout_s: float = 60.0) -> dict[str, Any]:
        return await asyncio.wait_for(self.line.ok(name, payload), timeout_s)


@cache
def pair(name: str) -> RSAPrivateKey:
    """A key pair; making one takes its time, so a name has one for all tests."""
    return rsa.new_pair()


def host(folder: Path, *, issuer: RSAPrivateKey | None = None) -> KeyHost:
    issuer = issuer or key_in(Folders(folder, "K-02").issuer)
    vouched = rsa.sign(issuer, rsa.public_der(pair("host").public_key()))
    return KeyHost(pair("host"), vouched, issuer.public_key())


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def sent(line: Line, key: Mapping[str, Any], value: bytes, signer: RSAPrivateKey, **changes: Any) -> str:
    """Send a key as a host does; the pad's error code."""
    payload = {"key": "K", "verifyKey": HOST_KEY, "verifyAttributes": SIGNED, **key, "value": text(value)}
    payload["verificationData"] = text(rsa.sign(signer, value))
    done = await line.give("KeyManagement.ImportKey", {**payload, **changes})
    return done.error_code or done.completion_code or "ok"


async def test_a_master_key_comes_from_afar_and_brings_session_keys(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("PinPad")
        loaded = await load_key(Pad(line), host(tmp_path), "MASTER", MASTER, usage="K1", algorithm="A")
        said = await line.ok("KeyManagement.GenerateKCV", {"key": "MASTER", "keyCheckMode": "zero"})
        assert base64.b64decode(said["kcv"]).hex().upper() == loaded.check_value
        assert loaded.pad.startswith("GT-SIM-EPP-")
    async with workbench(tmp_path) as bench:
        line = bench.line("PinPad")
        block = str(tr31.wrap(MASTER, tr31.Header("D", "P0", "T", "E", "00", "N"), bytes(range(16))))
        session = {"key": "SESSION", "value": text(block.encode()), "decryptKey": "MASTER"}
        assert (await line.ok("KeyManagement.ImportKey", session))["keyLength"] == 128
        details = (await line.ok("KeyManagement.GetKeyDetail"))["keyDetails"]
        assert details[HOST_KEY]["keyBlockInfo"]["keyUsage"] == "S0"
        await line.ok("KeyManagement.Initialization")
        assert set((await line.ok("KeyManagement.GetKeyDetail"))["keyDetails"]) == {"KEK", CRYPT_KEY}
    for file in (each for each in tmp_path.rglob("*") if each.is_file()):
        assert MASTER not in file.read_bytes()


async def encrypted(line: Line, secret: bytes, method: str = "rsaesOaep") -> bytes:
    """A key for the pad, beginning with the random number of this exchange."""
    said = await line.ok("KeyManagement.ExportRSAIssuerSignedItem", {"exportItemType": "publicKey", "name": CRYPT_KEY})
    public = rsa.read_public(base64.b64decode(said["value"]))
    assert public is not None
    random = (await line.ok("KeyManagement.StartKeyExchange"))["randomItem"]
    return base64.b64decode(random) + rsa.encrypt(public, secret, method)


async def test_whoever_is_not_vouched_for_brings_no_key(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("PinPad")
        with pytest.raises(ServiceError, match=r"device\.key_pad_untrusted"):
            await load_key(Pad(line), host(tmp_path, issuer=pair("stranger")), "K", MASTER, usage="K1", algorithm="A")
        public = rsa.public_der(pair("stranger").public_key())
        attributes = {"keyUsage": "S0", "algorithm": "R", "modeOfUse": "V"}
        stranger = {"key": "S", "keyAttributes": attributes, "verifyKey": ISSUER}
        assert await sent(line, stranger, public, pair("stranger")) == "signatureInvalid"
        issuer = key_in(Folders(tmp_path, "K-02").issuer)
        assert await sent(line, stranger, b"no key", issuer) == "invalidValue"
        assert await sent(line, stranger, public, issuer, verifyAttributes={}) == "signatureNotSupported"
        use = {"keyAttributes": {**attributes, "keyUsage": "D0"}}
        assert await sent(line, stranger, public, issuer, **use) == "useViolation"
        await load_key(Pad(line), host(tmp_path), "GOOD", MASTER, usage="K1", algorithm="A")
        assert await sent(line, stranger, public, pair("host"), verifyKey=HOST_KEY) == "accessDenied"
        assert await sent(line, {**stranger, "key": CRYPT_KEY}, public, issuer) == "duplicateKey"


class Babbler:
    """A pad whose words nobody can read."""

    def __init__(self, word: str) -> None:
        self._word = word

    async def command(self, name: str, payload: Any = None, *, timeout_s: float = 60.0) -> dict[str, Any]:
        return {"value": self._word, "signature": self._word, "rsaSignatureAlgorithm": "rsassaPss"}


@pytest.mark.parametrize("word", ["!!", "abc", "钥匙", "TQ==\x00"])
async def test_a_pad_that_says_no_base64_is_not_trusted(word: str, tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"device\.key_pad_untrusted"):
        await load_key(Babbler(word), host(tmp_path, issuer=pair("host")), "K", MASTER, usage="K1", algorithm="A")


async def test_a_key_comes_once_and_unchanged_or_not_at_all(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line, ours = bench.line("PinPad"), pair("host")
        await load_key(Pad(line), host(tmp_path), "GOOD", MASTER, usage="K1", algorithm="A")
        attributes = {"keyUsage": "K0", "algorithm": "A", "modeOfUse": "D"}
        key = {"keyAttributes": attributes, "decryptKey": CRYPT_KEY, "decryptMethod": "rsaesOaep"}
        value = await encrypted(line, MASTER)
        assert await sent(line, key, value, pair("stranger")) == "signatureInvalid"
        assert await sent(line, key, value, ours, verifyKey="NOBODY") == "keyNotFound"
        assert await sent(line, key, value, ours) == "ok"
        assert await sent(line, key, value, ours) == "randomInvalid"
        assert await sent(line, key, await encrypted(line, MASTER[:9]), ours) == "invalidKeyLength"
        value = await encrypted(line, MASTER)
        assert await sent(line, key, value[:-1] + bytes([value[-1] ^ 1]), ours) == "contentInvalid"
        older = {**key, "key": "OLD", "decryptMethod": "rsaesPkcs1V15"}
        assert await sent(line, older, await encrypted(line, MASTER, "rsaesPkcs1V15"), ours) == "ok"
        wrong = {**key, "keyAttributes": {**attributes, "keyUsage": "P0"}}
        assert await sent(line, wrong, await encrypted(line, MASTER), ours) == "useViolation"


async def signed_by(bench: Workbench, **asked: Any) -> tuple[str, Mapping[str, Any]]:
    done = await bench.line("PinPad").give("KeyManagement.ExportRSADeviceSignedItem", asked)
    return done.error_code or done.completion_code or "ok", done.payload or {}


async def test_pairs_of_its_own_sign_for_the_pad(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("PinPad")
        assert (await signed_by(bench, name="SIGN", exportItemType="publicKey"))[0] == "noRSAKeyPair"
        make = {"key": "SIGN", "use": "rsaPrivateSign", "modulusLength": 2048, "exponentValue": "exponent16"}
        await line.ok("KeyManagement.GenerateRSAKeyPair", make)
        assert await line.fails("KeyManagement.GenerateRSAKeyPair", make) == "duplicateKey"
        short = {**make, "key": "S", "modulusLength": 1024}
        assert await line.fails("KeyManagement.GenerateRSAKeyPair", short) == "invalidModulusLength"
        code, said = await signed_by(
            bench, exportItemType="publicKey", name=CRYPT_KEY, sigKey="SIGN", signatureAlgorithm="rsassaPkcs1V15"
        )
        _, signer = await signed_by(bench, exportItemType="publicKey", name="SIGN")
        value, public = base64.b64decode(said["value"]), rsa.read_public(base64.b64decode(signer["value"]))
        assert code == "ok"
        assert public is not None
        assert rsa.verified(public, base64.b64decode(said["signature"]), value, "rsassaPkcs1V15")
        asked = {"exportItemType": "deviceId", "sigKey": CRYPT_KEY, "signatureAlgorithm": "rsassaPss"}
        assert (await signed_by(bench, **asked))[0] == "accessDenied"
        await line.ok("KeyManagement.DeleteKey", {"key": "SIGN"})
        assert (await signed_by(bench, name="SIGN", exportItemType="publicKey"))[0] == "noRSAKeyPair"
