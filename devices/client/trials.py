"""Tests of a service by its interfaces: small, over the wire, and nothing of worth is moved by them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from common.errors import ServiceError
from devices.client.discovery import FoundService
from devices.xfs.codes import DeviceError
from devices.xfs.envelope import Payload

ANSWER_S = 30.0
LOOK_S = 1.5
"""How long lights shine and a scanner looks."""
RESETS = ("CardReader", "Printer", "CashManagement", "Check", "Biometric", "BarcodeReader")
ALARMS = ("tamperSensor", "internalTamperSensor", "seismicSensor", "heatSensor")
PIN_USES = ("P0", "B0", "B1")
"""A key that encrypts PINs, or one that such keys are derived from (TR-31)."""
Work = Callable[[FoundService], Awaitable[object]]


class Care(StrEnum):
    """ASKS: may be done at any time; QUIET: not while anything of a customer's is in the machine; RESET: likewise, and
    see :func:`devices.client.guard.may_reset`."""

    ASKS = "asks"
    QUIET = "quiet"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Trial:
    """One test. ``name``: its own within a service; ``word``: what it is, for the text table; ``needs``: a command
    without which it means nothing."""

    name: str
    word: str
    work: Work
    care: Care = Care.ASKS
    needs: str = "Common.Status"


def trials_of(found: FoundService) -> Iterator[Trial]:
    """What can be tested at a service."""
    yield Trial("Common.Status", "status", _online)
    for trial in (*_ASKING, *_LIVELY):
        if offers(found, trial.name) and offers(found, trial.needs):
            yield trial
    if offers(found, "Camera.TakePicture"):
        cameras = found.capabilities.get("camera", {}).get("cameras", {})
        for camera in [name for name, there in sorted(cameras.items()) if there]:
            yield Trial(f"Camera.TakePicture {camera}", "picture", partial(_picture, camera), Care.QUIET)
    for role, form in (("Printer", "receipt"), ("PagePrinter", "letter")):
        if found.serves(role) and offers(found, "Printer.PrintForm"):
            yield Trial("Printer.PrintForm", "print", partial(_print, form), Care.QUIET)
    for interface in RESETS:
        name = f"{interface}.Reset"
        if offers(found, name):
            yield Trial(name, "reset", partial(_give, name), Care.RESET)


def offers(found: FoundService, command: str) -> bool:
    """Whether a service says that it has a command (or an interface); one that lists none has all of its interface."""
    interface, _, of_it = command.partition(".")
    for entry in found.capabilities.get("interfaces", ()):
        if str(entry.get("name", "")).lower() == interface.lower():
            return not of_it or "commands" not in entry or command in entry["commands"]
    return False


async def _give(name: str, found: FoundService, payload: Payload | None = None) -> Payload:
    return await found.connection.command(name, {} if payload is None else payload, timeout_s=ANSWER_S)


async def _ask(name: str, found: FoundService) -> Payload:
    return await found.connection.command(name, timeout_s=ANSWER_S)


async def _online(found: FoundService) -> None:
    word = str((await _ask("Common.Status", found)).get("common", {}).get("device", "unknown"))
    if word not in ("online", "deviceBusy"):
        raise ServiceError("probe.not_online", retryable=False, word=word)


async def _told(name: str, member: str, found: FoundService) -> None:
    """The answer has this member, and something in it."""
    if not (await _ask(name, found)).get(member):
        raise ServiceError("probe.nothing_told", retryable=False)


async def _keys(found: FoundService) -> None:
    details: Mapping[str, Any] = (await _ask("KeyManagement.GetKeyDetail", found)).get("keyDetails", {})
    if not any(one.get("keyBlockInfo", {}).get("keyUsage") in PIN_USES for one in details.values()):
        raise ServiceError("pin.key_missing", retryable=False)


async def _sensors(found: FoundService) -> None:
    told: Mapping[str, Any] = (await _ask("Common.Status", found)).get("auxiliaries", {})
    if not told:
        raise ServiceError("probe.nothing_told", retryable=False)
    alarm = next((name for name in ALARMS if told.get(name) == "on"), None)
    if alarm is not None:
        raise ServiceError("probe.alarm", retryable=False, sensor=alarm)


async def _lights(found: FoundService) -> None:
    """All of them shine for a moment, then each as it did before."""
    before: Payload = (await _ask("Common.Status", found)).get("lights", {})
    lit = {
        light: {position: _shining(can) for position, can in positions.items()}
        for light, positions in found.capabilities.get("lights", {}).get("lights", {}).items()
        if light in before
    }
    await _give("Lights.SetLight", found, lit)
    try:
        await asyncio.sleep(LOOK_S)
    finally:
        await _give("Lights.SetLight", found, {light: before[light] for light in lit})


def _shining(can: Mapping[str, Any]) -> dict[str, str]:
    rates = [name for name, there in can.get("flashRate", {}).items() if there and name != "off"]
    colors = [name for name, there in can.get("color", {}).items() if there]
    rate = "continuous" if "continuous" in rates or not rates else rates[0]
    return {"flashRate": rate, "color": colors[0]} if colors else {"flashRate": rate}


async def _beep(found: FoundService) -> None:
    await _give("TextTerminal.Beep", found, {"beep": {"continuous": False, "beepType": "exclamation"}})


async def _scan(found: FoundService) -> None:
    """The scanner looks for a moment; that nothing was held before it is no fault."""
    try:
        await found.connection.command("BarcodeReader.Read", {}, timeout_s=LOOK_S)
    except DeviceError as error:
        if error.completion != "timeOut":
            raise


async def _shutters(found: FoundService) -> None:
    """Each shutter opens and closes again."""
    status = await _ask("Common.Status", found)
    places = {
        position["position"]: None
        for side in ("cashDispenser", "cashAcceptor")
        for position in status.get(side, {}).get("positions", ())
        if position.get("shutter") == "closed"
    }
    for place in places:
        await _give("CashManagement.OpenShutter", found, {"position": place})
        await _give("CashManagement.CloseShutter", found, {"position": place})


async def _picture(camera: str, found: FoundService) -> None:
    if not (await _give("Camera.TakePicture", found, {"camera": camera})).get("pictureFile"):
        raise ServiceError("probe.nothing_told", retryable=False)


async def _print(form: str, found: FoundService) -> None:
    """A test page that says so, handed out."""
    fields = {"title": "测试页 TEST PAGE", "body": found.connection.name, "footer": "Guitai"}
    control = {"move": "eject", "cut": True, "flush": True}
    payload = {"formName": form, "fields": fields, "mediaControl": control, "paperSource": "any"}
    await _give("Printer.PrintForm", found, payload)


_ASKING = (
    Trial("CardReader.QueryIFMIdentifier", "module", partial(_told, "CardReader.QueryIFMIdentifier", "ifmIdentifiers")),
    Trial("CashManagement.GetBankNoteTypes", "money", partial(_told, "CashManagement.GetBankNoteTypes", "items")),
    Trial("Printer.GetFormList", "forms", partial(_told, "Printer.GetFormList", "formList"), needs="Printer.PrintForm"),
    Trial("Keyboard.GetLayout", "layout", partial(_told, "Keyboard.GetLayout", "layout")),
    Trial("KeyManagement.GetKeyDetail", "keys", _keys),
    Trial("Auxiliaries", "sensors", _sensors),
)
_LIVELY = (
    Trial("Lights.SetLight", "lights", _lights, Care.QUIET),
    Trial("TextTerminal.Beep", "beep", _beep, Care.QUIET),
    Trial("BarcodeReader.Read", "scan", _scan, Care.QUIET),
    Trial("CashManagement.OpenShutter", "shutters", _shutters, Care.QUIET),
)
