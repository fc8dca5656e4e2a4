"""What must not be moved, lit or filmed by an engineer's test: a customer's card, paper or money in the machine."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from common.errors import UserError
from devices.client.discovery import FoundService
from devices.xfs.codes import DeviceError
from devices.xfs.envelope import Payload

ASK_S = 5.0
_INSIDE = ("present", "entering", "latched", "position")
_DOUBTFUL = ("jammed", "unknown")


async def undisturbed(services: Mapping[str, FoundService], *, alone: bool = False) -> None:
    """Nothing of a customer's lies anywhere in the machine.

    Args:
        alone: the machine is the engineer's alone: a service that says nothing keeps nobody from work then.

    Raises:
        UserError: ``probe.*``, the first thing that does, with the service it is in.
        ConnectionLost: a service went away meanwhile.
    """
    names = sorted(services)
    told = await asyncio.gather(*(_status(services[name]) for name in names))
    for name, status in zip(names, told, strict=True):
        code = held(status) if status is not None else None if alone else "probe.no_word"
        if code is not None:
            raise UserError(code, service=name)
    for name in names:
        if "CashAcceptor" in services[name].interfaces and await _deposit_open(services[name]):
            raise UserError("probe.deposit_open", service=name)


async def may_reset(name: str, services: Mapping[str, FoundService], vendor_mode: str) -> None:
    """A reset of this service moves nothing of a customer's. What is stuck may be moved, but only while the machine is
    the engineer's alone: nobody waits for it then.

    Args:
        vendor_mode: the standard's word; empty: the machine knows no such mode.

    Raises:
        UserError: ``probe.*``, ``device.exchange_active``.
        ConnectionLost: a service went away meanwhile.
    """
    status = await _status(services[name])
    if status is not None and status.get("common", {}).get("exchange") == "active":
        raise UserError("device.exchange_active")
    await undisturbed(services, alone=vendor_mode == "active")
    if status is not None and stuck(status) and vendor_mode not in ("", "active"):
        raise UserError("probe.stuck", service=name)


async def _status(found: FoundService) -> Payload | None:
    """None: it does not say."""
    try:
        return await found.connection.command("Common.Status", timeout_s=ASK_S)
    except DeviceError:
        return None


async def _deposit_open(found: FoundService) -> bool:
    try:
        answer = await found.connection.command("CashAcceptor.GetCashInStatus", timeout_s=ASK_S)
    except DeviceError:  # it knows no such question now: where its notes lie was asked already
        return False
    return bool(answer.get("status") == "active")


def held(status: Mapping[str, Any]) -> str | None:
    """Code of what one service has of a customer's; None: nothing that it knows of."""
    if status.get("cardReader", {}).get("media") in _INSIDE:
        return "probe.card"
    printer = status.get("printer", {})
    if printer.get("media") in _INSIDE or printer.get("mediaOnStacker"):
        return "probe.paper"
    if _papers(status.get("check", {})):
        return "probe.cheques"
    if any(_filled(position.get("positionStatus")) for position in _positions(status)):
        return "probe.money_slot"
    ways = [position.get("transportStatus") for position in _positions(status)]
    stackers = [status.get(side, {}).get("intermediateStacker") for side in ("cashDispenser", "cashAcceptor")]
    if not _jammed(status) and any(_filled(word) for word in (*ways, *stackers)):
        return "probe.money_inside"
    return None


def stuck(status: Mapping[str, Any]) -> bool:
    """Whether something sits where a service cannot tell or cannot move it, without a reset."""
    media = [status.get(name, {}).get("media") for name in ("cardReader", "printer", "check")]
    return any(word in _DOUBTFUL for word in media) or _jammed(status)


def _jammed(status: Mapping[str, Any]) -> bool:
    return any(position.get("transport") == "inoperative" for position in _positions(status))


def _positions(status: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for side in ("cashDispenser", "cashAcceptor"):
        yield from status.get(side, {}).get("positions", ())


def _papers(check: Mapping[str, Any]) -> bool:
    places = [check.get(name) for name in ("stacker", "rebuncher", "mediaFeeder")]
    places += [position.get("positionStatus") for position in check.get("positions", {}).values()]
    return check.get("media") in _INSIDE or any(_filled(word) for word in places)


def _filled(word: object) -> bool:
    """The standard's words for a place with something in it: notEmpty, notEmptyCustomer, full, foreignItems …"""
    return str(word).startswith(("notEmpty", "full", "foreign"))
