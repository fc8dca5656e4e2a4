"""Crypto: random numbers, digests, data and authentication under keys of the module."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from cryptography.hazmat.primitives.ciphers import modes

from devices.sim.epp.keys import StoredKey
from devices.sim.epp.module import SecureModule
from devices.sim.interface import Handler, Interface, Running, integer
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

METHODS = ("ecb", "cbc")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Crypto(Interface):
    """Keys of use D0 for data, M3 (TDES) and M6 (AES) for authentication."""

    name: ClassVar[str] = "Crypto"

    def __init__(self, module: SecureModule) -> None:
        super().__init__()
        self._keys = module.keys

    def commands(self) -> Mapping[str, Handler]:
        return {
            "GenerateRandom": self._random,
            "Digest": self._digest,
            "CryptoData": self._data,
            "GenerateAuthentication": self._authenticate,
            "VerifyAuthentication": self._verify,
        }

    async def _random(self, _: Running) -> Payload:
        return {"randomNumber": _text(secrets.token_bytes(8))}

    async def _digest(self, running: Running) -> Payload:
        data = base64.b64decode(running.payload["data"])
        algorithm = running.payload["hashAlgorithm"]
        # The standard offers SHA-1, and whoever asks for it gets it; nothing of ours does.
        digest = hashlib.sha256(data) if algorithm == "sha256" else hashlib.sha1(data, usedforsecurity=False)
        return {"digest": _text(digest.digest())}

    async def _data(self, running: Running) -> Payload:
        payload = running.payload
        key = self._keys.get(payload["key"])
        wanted = payload.get("modeOfUse", key.mode if key.mode in "ED" else "E")
        if wanted not in ("E", "D"):
            raise refused("modeOfUseNotSupported")
        key.check(("D0",), f"{wanted}B")
        if {"storedKey", "key"} & payload.get("iv", {}).keys() or "storedKey" in payload:
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "a clear initialisation vector only")
        data = base64.b64decode(payload["data"])
        if wanted == "E":
            data += bytes([integer(payload, "padding")]) * (-len(data) % key.block_bytes)
        if not data or len(data) % key.block_bytes:
            raise CommandFailed(CompletionCode.INVALID_DATA, "whole blocks only")
        cipher = key.cipher(self._mode(key, payload))
        return {"data": _text(key.run(cipher.encryptor() if wanted == "E" else cipher.decryptor(), data))}

    @staticmethod
    def _mode(key: StoredKey, payload: Mapping[str, Any]) -> Any:
        method = payload.get("cryptoMethod", "ecb")
        if method not in METHODS:
            raise refused("cryptoMethodNotSupported")
        if method == "ecb":
            return modes.ECB()  # noqa: S305 -- what the caller asked for
        vector = base64.b64decode(payload.get("iv", {}).get("value", "")) or bytes(key.block_bytes)
        if len(vector) != key.block_bytes:
            raise CommandFailed(CompletionCode.INVALID_DATA, "an initialisation vector of one block")
        return modes.CBC(vector)

    def _code(self, payload: Mapping[str, Any], uses: str) -> bytes:
        key = self._keys.get(payload["key"])
        key.check(("M3", "M6"), f"{uses}C")
        if {"M3": "T", "M6": "A"}[key.usage] != key.algorithm:
            raise refused("algorithmNotSupported")
        if "cryptoMethod" in payload or "hashAlgorithm" in payload:
            raise refused("cryptoMethodNotSupported", "no signatures")
        return key.mac(base64.b64decode(payload["data"]))

    async def _authenticate(self, running: Running) -> Payload:
        code = self._code(running.payload, "G")
        return {"authenticationData": _text(code[: integer(running.payload, "authenticationDatalength", 8)])}

    async def _verify(self, running: Running) -> None:
        code = self._code(running.payload, "V")
        given = base64.b64decode(running.payload["verifyData"])
        if not 4 <= len(given) <= len(code) or not hmac.compare_digest(code[: len(given)], given):
            raise refused("macInvalid")

    def capabilities(self) -> Payload:
        method = {"cryptoMethod": dict.fromkeys(METHODS, True)}
        both = {"E": method, "D": method}
        return {
            "crypto": {
                "emvHashAlgorithm": {"sha1Digest": True, "sha256Digest": True},
                "cryptoAttributes": {"D0": {"A": both, "T": both}},
                "authenticationAttributes": {"M3": {"T": {"G": {}}}, "M6": {"A": {"G": {}}}},
                "verifyAttributes": {"M3": {"T": {"V": {}}}, "M6": {"A": {"V": {}}}},
            }
        }
