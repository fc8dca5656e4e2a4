"""The Common interface, which every service has."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from devices.sim.interface import Handler, Interface, Running, integer
from devices.xfs.catalogue import Catalogue
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import MessageType, Payload

SERVICE_VERSION = "1.0"
DEEPEST_SLEEP_S = 10
MAX_WAITING = 200
"""Commands that one connection may have in its service's queue; clients are told, and one more is refused."""
# The worst of these wins when the interfaces of a service differ.
_DEVICE_STATES = ("online", "deviceBusy", "userError", "hardwareError", "fraudAttempt", "powerOff", "offline")

Cancel = Callable[[Running, Sequence[int] | None], bool]


class Common(Interface):
    """Status, capabilities, cancel and versions of a service."""

    name: ClassVar[str] = "Common"
    events: ClassVar[tuple[str, ...]] = ("StatusChangedEvent", "NonceClearedEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"Status", "Capabilities", "Cancel"})

    def __init__(
        self,
        service: str,
        interfaces: Sequence[Interface],
        catalogue: Catalogue,
        cancel: Cancel,
        powered: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._powered = powered
        self._service = service
        self._others = interfaces
        self._catalogue = catalogue
        self._cancel = cancel
        self._transaction: str | None = None
        self._recovery_s = 0  # 0: awake
        self._has_nonce = False

    def commands(self) -> Mapping[str, Handler]:
        return {
            "Status": self._status,
            "Capabilities": self._capabilities,
            "Cancel": self._cancel_commands,
            "SetVersions": self._set_versions,
            "SetTransactionState": self._set_transaction,
            "GetTransactionState": self._get_transaction,
            "PowerSaveControl": self._power_save,
            "GetCommandNonce": self._nonce,
            "ClearCommandNonce": self._clear_nonce,
        }

    def full_status(self) -> Payload:
        """The payload of ``Common.Status``."""
        common: Payload = {"device": "online" if self._powered() else "powerOff", "devicePosition": "inPosition"}
        common["powerSaveRecoveryTime"] = self._recovery_s
        status: Payload = {"common": common}
        for interface in self._others:
            status.update(interface.status())
            more = interface.common_status()
            state = more.pop("device", "online")
            common["device"] = max(common["device"], state, key=_DEVICE_STATES.index)
            common.update(more)
        return status

    async def _status(self, _: Running) -> Payload:
        return self.full_status()

    def _interface_entry(self, interface: Interface) -> Payload:
        command_versions, event_versions = {}, {}
        for command in interface.commands():
            name = f"{interface.name}.{command}"
            command_versions[name] = {"versions": [self._catalogue.version(name, MessageType.COMMAND)]}
        for event in interface.announced():
            name = f"{interface.name}.{event}"
            event_versions[name] = {"versions": [self._catalogue.version(name, self._catalogue.event_type(name))]}
        entry: Payload = {"name": interface.name, "commands": command_versions, "maximumRequests": MAX_WAITING}
        if event_versions:
            entry["events"] = event_versions
        return entry

    async def _capabilities(self, _: Running) -> Payload:
        information = {
            "modelName": f"Guitai {self._service}",
            "serialNumber": "SIM-0001",
            "revisionNumber": SERVICE_VERSION,
            "modelDescription": "simulated",
            "software": [{"softwareName": "guitai devices", "softwareVersion": SERVICE_VERSION}],
        }
        payload: Payload = {
            "interfaces": [self._interface_entry(each) for each in (self, *self._others) if each.listed],
            "common": {
                "serviceVersion": SERVICE_VERSION,
                "deviceInformation": [information],
                "powerSaveControl": True,
                "antiFraudModule": False,
            },
        }
        for interface in self._others:
            payload.update(interface.capabilities())
        return payload

    async def _cancel_commands(self, running: Running) -> None:
        if not self._cancel(running, running.payload.get("requestIds")):
            raise refused("noMatchingRequestIDs")

    async def _set_versions(self, running: Running) -> None:
        for asked in (running.payload.get("commands", {}), running.payload.get("events", {})):
            for name, major in asked.items():
                try:
                    kind = (
                        MessageType.COMMAND if self._catalogue.has_command(name) else self._catalogue.event_type(name)
                    )
                    version = self._catalogue.version(name, kind)
                except KeyError:
                    raise CommandFailed(CompletionCode.INVALID_DATA, f"{name} is unknown") from None
                if int(version.partition(".")[0]) != major:
                    raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, f"{name} has version {version} only")

    async def _set_transaction(self, running: Running) -> None:
        active = running.payload["state"] == "active"
        identifier = running.payload.get("transactionID")
        if active and not identifier:
            raise CommandFailed(CompletionCode.INVALID_DATA, "an active transaction needs an id")
        self._transaction = identifier if active else None

    async def _power_save(self, running: Running) -> None:
        """Sleep as deeply as the given time to wake up allows; 0 or nothing: wake up."""
        self._recovery_s = min(integer(running.payload, "maxPowerSaveRecoveryTime"), DEEPEST_SLEEP_S)

    def wake(self) -> bool:
        """A command of another interface wakes the device; False: it was awake."""
        slept = self._recovery_s > 0
        self._recovery_s = 0
        return slept

    async def _nonce(self, _: Running) -> Payload:
        """A number for a token that would authorise a command; this machine asks for none, and checks none."""
        self._has_nonce = True
        return {"commandNonce": secrets.token_hex(16).upper()}

    async def _clear_nonce(self, _: Running) -> None:
        if self._has_nonce:
            self.broadcast("NonceClearedEvent", {"reasonDescription": "cleared by command"})
        self._has_nonce = False

    async def _get_transaction(self, _: Running) -> Payload:
        if self._transaction is None:
            return {"state": "inactive"}
        return {"state": "active", "transactionID": self._transaction}
