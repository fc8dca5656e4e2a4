"""KeyManagement: loads, lists, checks and forgets keys."""

import base64
import binascii
from collections.abc import Mapping
from typing import ClassVar

from devices.sim.epp.keys import StoredKey
from devices.sim.epp.module import KEK_NAME, MOST_KEYS, SecureModule
from devices.sim.epp.remote import RemoteKeys
from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.base import World
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload
from devices.xfs.rsa import ENCRYPTIONS, SIGNATURES

SIGNED = {"cryptoMethod": dict.fromkeys(SIGNATURES, True), "hashAlgorithm": {"sha256": True}}


class KeyManagement(Interface):
    """Keys come in as key blocks, under the machine's own key or one loaded before, or typed in parts."""

    name: ClassVar[str] = "KeyManagement"
    events: ClassVar[tuple[str, ...]] = ("InitializedEvent", "DUKPTKSNEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetKeyDetail"})

    def __init__(self, world: World, module: SecureModule, remote: RemoteKeys) -> None:
        super().__init__()
        self._remote = remote
        self._world = world
        self._module = module
        self._keys = module.keys

    def commands(self) -> Mapping[str, Handler]:
        return {
            "ImportKey": self._import,
            "GetKeyDetail": self._detail,
            "Initialization": self._initialise,
            "DeleteKey": self._delete,
            "GenerateKCV": self._check_value,
            "Reset": self._reset,
            **self._remote.commands(),
        }

    async def _import(self, running: Running) -> Payload:
        payload = running.payload
        name = payload["key"]
        if "value" not in payload:
            return self._import_typed(running)
        if self._remote.meant(payload):
            return await self._remote.import_key(payload, self._keys.keep)
        if name in self._remote.names:
            raise refused("duplicateKey")
        try:
            block = base64.b64decode(payload["value"], validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise refused("formatInvalid") from error
        wanted = payload.get("keyAttributes", {})
        key = self._keys.import_block(name, block, payload.get("decryptKey", KEK_NAME), wanted)
        self._world.changed()
        return {"keyLength": len(key.secret) * 8}

    def _import_typed(self, running: Running) -> Payload:
        """A key of which the parts were typed: one more part, or the end of it."""
        payload = running.payload
        if payload.get("constructing"):
            return {"keyLength": self._keys.add_part(payload["key"]) * 8}
        wanted = payload.get("keyAttributes", {})
        if not {"keyUsage", "algorithm", "modeOfUse"} <= wanted.keys():
            raise CommandFailed(CompletionCode.INVALID_DATA, "what is the key for?")
        key = self._keys.complete(payload["key"], wanted["keyUsage"], wanted["algorithm"], wanted["modeOfUse"])
        self._world.changed()
        return {"keyLength": len(key.secret) * 8}

    @staticmethod
    def _shown(key: StoredKey) -> Payload:
        return {
            "loaded": "yes",
            "keyBlockInfo": {
                "keyUsage": key.usage,
                "algorithm": key.algorithm,
                "modeOfUse": key.mode,
                "keyVersionNumber": key.version,
                "exportability": key.exportability,
                "keyLength": len(key.secret) * 8,
            },
        }

    @staticmethod
    def _shown_rsa(usage: str, mode: str, bits: int) -> Payload:
        info = {"keyUsage": usage, "algorithm": "R", "modeOfUse": mode, "keyVersionNumber": "00"}
        return {"loaded": "yes", "keyBlockInfo": {**info, "exportability": "N", "keyLength": bits}}

    async def _detail(self, running: Running) -> Payload:
        kek: Payload = {
            "loaded": "yes",
            "keyBlockInfo": {
                "keyUsage": "K1",
                "algorithm": "A",
                "modeOfUse": "D",
                "keyVersionNumber": "00",
                "exportability": "N",
                "keyLength": 256,
            },
        }
        details = {KEK_NAME: kek} | {name: self._shown(key) for name, key in self._keys.all.items()}
        details |= {name: self._shown_rsa(*what) for name, what in self._remote.names.items()}
        details |= {name: {"loaded": "construct"} for name in self._keys.under_construction}
        wanted = running.payload.get("keyName")
        if wanted is None:
            return {"keyDetails": details}
        if wanted not in details:
            raise refused("keyNotFound")
        return {"keyDetails": {wanted: details[wanted]}}

    async def _check_value(self, running: Running) -> Payload:
        key = self._keys.get(running.payload["key"])
        return {"kcv": base64.b64encode(key.check_value(running.payload["keyCheckMode"] == "self")).decode()}

    async def _initialise(self, running: Running) -> None:
        self._check_no_authentication(running)
        self._module.erase()
        self._remote.erase()
        self._world.changed()
        self.broadcast("InitializedEvent")

    async def _delete(self, running: Running) -> None:
        self._check_no_authentication(running)
        name = running.payload.get("key", "")
        if not self._remote.forget(name):
            self._keys.delete(name)
        self._world.changed()

    @staticmethod
    def _check_no_authentication(running: Running) -> None:
        if "authentication" in running.payload:
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "this machine asks for no authentication of it")

    async def _reset(self, _: Running) -> None:
        self._module.drop_pin()
        self._keys.typed = b""

    def status(self) -> Payload:
        return {"keyManagement": {"encryptionState": "ready" if self._keys.all else "initialized"}}

    def capabilities(self) -> Payload:
        modes: Payload = {"E": {}}
        return {
            "keyManagement": {
                "keyNum": MOST_KEYS,
                "keyCheckModes": {"self": True, "zero": True},
                "rsaAuthenticationScheme": {"twoPartySig": True, "threePartyCert": False, "threePartyCertTr34": False},
                "rsaSignatureAlgorithm": {"pkcs1V15": True, "pss": True},
                "rsaCryptAlgorithm": {"pkcs1V15": True, "oaep": True},
                "rsaKeyCheckMode": {"sha1": False, "sha256": True},
                "signatureScheme": {"randomNumber": True, "exportDeviceId": True, "enhancedRkl": False},
                "keyBlockImportFormats": {"A": False, "B": False, "C": False, "D": True},
                "keyImportThroughParts": True,
                "symmetricKeyManagementMethods": {"fixedKey": False, "masterKey": True, "tdesDukpt": True},
                "keyAttributes": {
                    "P0": {"A": modes, "T": modes},
                    "B1": {"T": {"X": {}}},
                    "K0": {"A": {"D": {}}},
                    "K1": {"A": {"D": {}}},
                    "S0": {"R": {"V": {}}},
                    "D0": {"A": {"B": {}}, "T": {"B": {}}},
                    "M6": {"A": {"C": {}}},
                    "M3": {"T": {"C": {}}},
                },
                "decryptAttributes": {
                    "A": {"decryptMethod": {"cbc": True}},
                    "R": {"decryptMethod": dict.fromkeys(ENCRYPTIONS, True)},
                },
                "verifyAttributes": {"S0": {"R": {"V": SIGNED}}},
            }
        }
