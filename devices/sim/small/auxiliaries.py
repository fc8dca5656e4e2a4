"""Doors, sensors, indicators and the battery (interfaces Auxiliaries and PowerManagement)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from devices.sim.bench import Bench
from devices.sim.interface import Handler, Interface, Running, integer
from devices.sim.world.cabinet import BOLTED, CLOSED, OPEN, Cabinet
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

BATTERY_LOW = 20
SENSORS = (
    "tamperSensor",
    "seismicSensor",
    "heatSensor",
    "proximitySensor",
    "handsetSensor",
    "fasciaMicrophoneSensor",
    "operatorCallButtonSensor",
    "cabinetDoor",
    "safeDoor",
    "ups",
)
_LISTENING = ("publicAudioManual", "privateAudioManual")
"""Loudspeaker and microphone of the machine's front, or those of the handset."""
# Output: its values as the standard names them, the first one at the start.
OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "openClose": ("closed", "open"),
    "heating": ("off", "on"),
    "consumerDisplayBackLight": ("on", "off"),
    "signageDisplay": ("on", "off"),
    "audibleAlarm": ("off", "on"),
    "ups": ("engage", "disengage"),
    "enhancedAudioControl": _LISTENING,
    "enhancedMicrophoneControl": _LISTENING,
}
VOLUMES = ("volume", "microphoneVolume")
_STATUS_NAMES = {
    "openClose": "openClosedIndicator",
    "heating": "heating",
    "consumerDisplayBackLight": "consumerDisplayBacklight",
    "signageDisplay": "signageDisplay",
    "audibleAlarm": "audibleAlarm",
    "enhancedAudioControl": "enhancedAudioControl",
    "enhancedMicrophoneControl": "enhancedMicrophoneControl",
}
DOORS = {"cabinetDoors": "cabinet", "safeDoor": "safe"}
MAX_VOLUME = 1000


class Auxiliaries(Interface):
    """What is around the devices. Sensors tell through ``Common.StatusChangedEvent``."""

    name: ClassVar[str] = "Auxiliaries"

    def __init__(self, bench: Bench, cabinet: Cabinet) -> None:
        super().__init__()
        self._world = bench.world
        self._cabinet = cabinet
        self._outputs: dict[str, Any] = {name: values[0] for name, values in OUTPUTS.items()}
        # The only one that is on disk: switched on again, a machine has no other battery than before.
        self._outputs["ups"] = "engage" if cabinet.state["ups_engaged"] else "disengage"
        self._volumes = dict.fromkeys(VOLUMES, 500)
        self._audio: Payload = {"rate": "off"}
        self._start: Payload | None = None
        kept = bench.world.remember("auxiliaries", lambda: self._start)
        self._start = kept

    def commands(self) -> Mapping[str, Handler]:
        return {
            "Register": self._register,
            "SetAuxiliaries": self._set,
            "SetAutoStartupTime": self._set_start,
            "GetAutoStartupTime": self._get_start,
            "ClearAutoStartupTime": self._clear_start,
        }

    async def _register(self, running: Running) -> None:
        """Every client is told of every change anyway; only what is here can be registered for."""
        if set(running.payload) - {*SENSORS, *OUTPUTS, *VOLUMES, "openCloseIndicator", "heatingIndicator"}:
            raise refused("invalidAuxiliary")

    async def _set(self, running: Running) -> None:
        wanted = running.payload
        if set(wanted) - {*OUTPUTS, *DOORS, *VOLUMES, "audio"}:
            raise refused("invalidAuxiliary")
        if any(value not in OUTPUTS[name] for name, value in wanted.items() if name in OUTPUTS):
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "nothing here tells by itself who listens")
        doors = {DOORS[name]: value for name, value in wanted.items() if name in DOORS}
        if doors and not self._cabinet.powered:
            raise CommandFailed(CompletionCode.DEVICE_NOT_READY, "there is no power for the bolts")
        if any(value == "bolt" and self._cabinet.state[door] == OPEN for door, value in doors.items()):
            raise CommandFailed(CompletionCode.SEQUENCE_ERROR, "an open door cannot be bolted")
        for door, value in doors.items():
            if value == "bolt":
                self._cabinet.state[door] = BOLTED
            elif self._cabinet.state[door] == BOLTED:
                self._cabinet.state[door] = CLOSED
        self._outputs |= {name: value for name, value in wanted.items() if name in OUTPUTS}
        self._cabinet.state["ups_engaged"] = self._outputs["ups"] == "engage"
        self._volumes = {name: integer(wanted, name, now) for name, now in self._volumes.items()}
        self._audio = dict(wanted.get("audio", self._audio))
        self._world.changed()

    async def _set_start(self, running: Running) -> None:
        if running.payload.get("mode") is None or not running.payload.get("startTime"):
            raise CommandFailed(CompletionCode.INVALID_DATA, "a mode and a time are needed")
        self._start = dict(running.payload)
        self._world.changed()

    async def _get_start(self, _: Running) -> Payload:
        return dict(self._start or {})

    async def _clear_start(self, _: Running) -> None:
        self._start = None
        self._world.changed()

    @property
    def _private(self) -> bool:
        """Whether the handset's microphone is the one that listens."""
        return str(self._outputs["enhancedMicrophoneControl"]).startswith("private")

    def status(self) -> Payload:
        state = self._cabinet.state
        shown: Payload = {
            "tamperSensor": "on" if state["tampered"] else "off",
            "seismicSensor": "on" if state["shaken"] else "off",
            "heatSensor": "on" if state["hot"] else "off",
            "proximitySensor": "present" if state["somebody"] else "notPresent",
            "handsetSensor": "offTheHook" if state["handset_lifted"] else "onTheHook",
            "fasciaMicrophoneSensor": "off" if self._private else "on",
            "operatorCallButtonSensor": "on" if state["called"] else "off",
            "cabinetDoor": state["cabinet"],
            "safeDoor": state["safe"],
            **self._volumes,
            "audio": self._audio,
            "UPS": {
                "low": state["battery"] < BATTERY_LOW,
                "engaged": state["ups_engaged"],
                "powering": self._cabinet.on_battery,
                "recovered": state["mains"],
            },
        }
        return {"auxiliaries": shown | {_STATUS_NAMES[name]: self._outputs[name] for name in _STATUS_NAMES}}

    def common_status(self) -> Payload:
        return {"device": "fraudAttempt"} if self._cabinet.state["tampered"] else {}

    def capabilities(self) -> Payload:
        door = {"closed": True, "open": True, "bolted": True}
        names = (
            "tamperSensor", "seismicSensor", "heatSensor", "proximitySensor", "operatorCallButtonSensor",
            "fasciaMicrophoneSensor",
        )  # fmt: skip
        shown: Payload = dict.fromkeys(names, True)
        shown |= dict.fromkeys(("openCloseIndicator", "heating", "signageDisplay", "audibleAlarm", "audio"), True)
        shown |= {
            "handsetSensor": {"manual": True, "microphone": True},
            "enhancedAudioControl": {"modeControllable": True},
            "enhancedMicrophoneControl": {"modeControllable": True},
            "cabinetDoor": door,
            "safeDoor": door,
            "consumerDisplayBacklight": True,
            **dict.fromkeys(VOLUMES, MAX_VOLUME),
            "ups": {"low": True, "engaged": True, "powering": True, "recovered": True},
            "autoStartupMode": {"specific": True, "daily": True, "weekly": True},
        }
        return {"auxiliaries": shown}


class PowerManagement(Interface):
    """Mains and battery."""

    name: ClassVar[str] = "PowerManagement"
    DEEPEST_S = 60

    def __init__(self, bench: Bench, cabinet: Cabinet) -> None:
        super().__init__()
        self._world = bench.world
        self._cabinet = cabinet
        self._recovery_s = 0

    def commands(self) -> Mapping[str, Handler]:
        return {"PowerSaveControl": self._save}

    async def _save(self, running: Running) -> None:
        self._recovery_s = min(integer(running.payload, "maxPowerSaveRecoveryTime"), self.DEEPEST_S)
        self._world.changed()

    def status(self) -> Payload:
        state = self._cabinet.state
        mains = state["mains"]
        full = state["battery"] >= 100
        charging = "discharging" if self._cabinet.on_battery else "charging" if mains and not full else "notCharging"
        battery = "full" if full else "operational" if state["battery"] >= BATTERY_LOW else "low"
        info = {
            "powerInStatus": "powering" if mains else "noPower",
            "powerOutStatus": "powering" if self._cabinet.powered else "noPower",
            "batteryStatus": battery if state["battery"] else "critical",
            "batteryChargingStatus": charging,
        }
        return {"powerManagement": {"info": info, "powerSaveRecoveryTime": self._recovery_s}}

    def capabilities(self) -> Payload:
        return {"powerManagement": {"powerSaveControl": True, "batteryRechargeable": True}}
