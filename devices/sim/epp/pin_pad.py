"""PinPad: turns the PIN just entered into an encrypted block."""

import base64
from collections.abc import Mapping
from typing import ClassVar

from devices.sim.epp.module import SecureModule
from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.base import World
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

FORMATS = ("iso0", "iso3", "iso4")


class PinPad(Interface):
    """ISO 9564 formats 0 and 3 under TDES keys (fixed, or one for each PIN), format 4 under AES keys."""

    name: ClassVar[str] = "PinPad"
    immediate: ClassVar[frozenset[str]] = frozenset({"GetQueryPCIPTSDeviceId"})

    def __init__(self, world: World, module: SecureModule) -> None:
        super().__init__()
        self._world = world
        self._module = module

    def commands(self) -> Mapping[str, Handler]:
        return {
            "GetPinBlock": self._pin_block,
            "MaintainPin": self._maintain,
            "GetQueryPCIPTSDeviceId": self._identify,
            "Reset": self._reset,
        }

    async def _pin_block(self, running: Running) -> Payload:
        payload = running.payload
        if payload["format"] not in FORMATS:
            raise refused("formatNotSupported")
        if payload.get("cryptoMethod", "ecb") != "ecb":
            raise refused("cryptoMethodNotSupported")
        data = payload.get("customerData", "")
        if not data.isdecimal() or not 12 <= len(data) <= 19 or "key" not in payload:
            raise CommandFailed(CompletionCode.INVALID_DATA, "customerData must be 12 to 19 digits, with a key")
        block, ksn = self._module.pin_block(payload["format"], payload["key"], data)
        if ksn is not None:
            self._world.changed()  # the counter must never be used again, not even after a power cut
            number = base64.b64encode(ksn).decode()
            running.event("KeyManagement.DUKPTKSNEvent", {"key": payload["key"], "ksn": number})
        return {"pinBlock": base64.b64encode(block).decode()}

    async def _maintain(self, running: Running) -> None:
        self._module.maintain = bool(running.payload["maintainPIN"])
        if not self._module.maintain:
            self._module.drop_pin()

    async def _identify(self, _: Running) -> Payload:
        return {
            "manufacturerIdentifier": "GUITAI",
            "modelIdentifier": "SIM-EPP",
            "hardwareIdentifier": "simulated",
            "firmwareIdentifier": "1.0",
            "applicationIdentifier": "1.0",
        }

    async def _reset(self, _: Running) -> None:
        self._module.drop_pin()
        self._module.maintain = False

    def capabilities(self) -> Payload:
        ecb = {"E": {"cryptoMethod": {"ecb": True}}}
        return {
            "pinPad": {
                "pinFormats": dict.fromkeys(FORMATS, True),
                "display": {"none": True},
                "idcConnect": False,
                "pinCanPersistAfterUse": True,
                "typeCombined": False,
                "setPinblockDataRequired": False,
                "pinBlockAttributes": {"P0": {"A": ecb, "T": ecb}},
            }
        }
