"""Card, PIN and paper: steps in which no money moves."""

import asyncio
import base64
import logging
import time

from common.errors import AppError, Cancelled, ServiceError, UserError
from common.wire.cases import CardMoved, CardState, CustomerStep, PinEntry, ReadCard, ReceiptResult
from devices.client.errors import ConnectionLost, DeviceError
from ui.vtm_app.agent.host import Host

log = logging.getLogger(__name__)
PIN_FORMAT = "iso4"


async def insert_card(host: Host) -> None:
    """Wait for the card and read it, as often as it takes."""
    while host.at(CustomerStep.INSERT_CARD):
        host.show(phase="waiting", deadline=None)
        try:
            card = await host.machine.card.read(
                timeout_s=host.limits.card_s, on_prompt=lambda what: _reading(host, what)
            )
        except DeviceError as error:
            if error.code != "device.timeout":
                host.show(problem=error)
                await _give_back(host)
            continue
        except ConnectionLost as error:
            host.show(problem=error)
            await host.machine.wait_ready(host.limits.machine_back_s)
            continue
        host.card = card
        try:
            await host.send("card", ReadCard(track2=card.track2))
        except UserError as error:
            host.card = None
            host.show(problem=error)
            await _give_back(host)


def _reading(host: Host, what: str) -> None:
    if what == "inserted":
        host.show(phase="reading", problem=None)


async def _give_back(host: Host) -> None:
    """A card that is no use here goes back to its owner before the next is asked for."""
    try:
        if await host.machine.card.media() != "present":
            await asyncio.sleep(host.limits.again_s)  # jammed or in the dark the reader says no at once, time and again
            return
        await host.machine.card.eject()
        if not await host.machine.card.wait_taken(timeout_s=host.limits.take_card_s):
            await host.machine.card.retain()
    except (DeviceError, ConnectionLost) as error:
        host.show(problem=error)
        await asyncio.sleep(host.limits.again_s)


async def take_card(host: Host) -> None:
    """Give the card back; one that nobody takes is kept."""
    card = host.machine.card
    if await card.media() == "present":
        await card.eject()
    await _card_moved(host, CardState.RETURNED)
    host.show(phase="out", deadline=time.monotonic() + host.limits.take_card_s)
    if await card.wait_taken(timeout_s=host.limits.take_card_s):
        host.card = None
        await _card_moved(host, CardState.TAKEN)
    else:
        await retain_card(host)


async def retain_card(host: Host) -> None:
    """Keep the card in the bin and say so."""
    if await host.machine.card.media() != "notPresent":
        await host.machine.card.retain()
    host.card = None
    await _card_moved(host, CardState.RETAINED)


async def _card_moved(host: Host, state: CardState) -> None:
    known = host.case.card
    if known is not None and known.state is not state:
        await host.send("card/state", CardMoved(state=state))


async def load_pin_key(host: Host) -> None:
    """Fetch this machine's working key and load it into the PIN pad."""
    block = (await host.api.get_bytes("/machines/me/pin-key")).decode("ascii").strip()
    await host.machine.pin_pad.import_key("PIN", block)


async def enter_pin(host: Host) -> None:
    """Ask for the PIN until the server is content or asks for something else."""
    if host.card is None and host.case.pin_mode != "set":
        # A kiosk that was restarted has to read the card again; it is inside, nobody has to do anything.
        host.card = await host.machine.card.read(timeout_s=host.limits.card_s)
    while host.at(CustomerStep.PIN):
        host.show(phase="opening", digits=0, deadline=time.monotonic() + host.limits.pin_s)
        try:
            await host.machine.pin_pad.enter_pin(
                timeout_s=host.limits.pin_s, on_progress=lambda typed: _typed(host, typed)
            )
        except Cancelled:
            host.show(problem=UserError("pin.cancelled"))
            continue
        except DeviceError as error:
            host.show(problem=error)
            if error.code != "device.timeout":
                await asyncio.sleep(host.limits.again_s)
            continue
        host.show(phase="checking", deadline=None)
        await _check_pin(host)


def _typed(host: Host, digits: int) -> None:
    """The first call says that the keys are live; the problem of the last try stays until the first digit."""
    host.show(phase="typing", digits=digits, **({"problem": None} if digits else {}))


async def _check_pin(host: Host) -> None:
    number = host.case.pin_reference if host.case.pin_mode == "set" else host.card.pan if host.card else None
    assert number is not None, "a PIN is asked for a card, or for what the server names"
    try:
        block = await host.machine.pin_pad.pin_block(number, block_format=PIN_FORMAT)
        case = await host.send("pin", PinEntry(pin_block=base64.b64encode(block), format=PIN_FORMAT))
    except DeviceError as error:
        if error.code == "pin.key_missing":
            await load_pin_key(host)
        host.show(problem=error)
        return
    except UserError as error:
        host.show(problem=error)
        return
    if case.pin_state == "differs":
        host.show(problem=UserError("pin.differs"))
    if case.pin_state == "wrong":
        host.show(problem=UserError("pin.wrong", tries_left=case.pin_tries_left))


async def take_receipt(host: Host) -> None:
    """Print the receipt. A printer without paper does not hold up anybody: the voucher is in the archive."""
    host.show(phase="printing", deadline=None)
    problem: AppError | None = None
    try:
        lines = await host.api.get_json(f"/cases/{host.case.id}/receipt")
        await host.machine.printer.print_receipt("", lines)
    except (DeviceError, ConnectionLost, ServiceError) as error:
        problem = error
    if problem is None:
        host.show(phase="out", deadline=time.monotonic() + host.limits.take_paper_s)
        if not await host.machine.printer.wait_taken(timeout_s=host.limits.take_paper_s):
            await _pull_back(host)
    host.show(problem=problem)
    await host.send("receipt", ReceiptResult(printed=problem is None, error=problem.code if problem else None))


async def _pull_back(host: Host) -> None:
    """Nobody finds somebody else's receipt. Where it cannot be pulled back it hangs out until somebody takes it."""
    try:
        await host.machine.printer.retain()
    except (DeviceError, ConnectionLost) as error:
        if isinstance(error, DeviceError) and error.error_code == "noMediaPresent":
            return  # taken in the last moment
        log.warning("receipt not pulled back", extra={"code": error.code})
