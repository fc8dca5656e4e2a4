"""The hands' side in side panel, demo and tests."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from common.aio import LatestValue, cancel_and_wait
from common.errors import ServiceError, UserError
from devices.hands.protocol import LINE_LIMIT, from_line, seal_key, to_line


@dataclass(frozen=True, slots=True)
class HandsView:
    """The full truth of the simulated world at one moment.

    ``actions`` maps every action to None (possible) or to the code of the reason why not.
    """

    world: Mapping[str, Any]
    actions: Mapping[str, str | None]
    customer_away: bool
    faults: tuple[Mapping[str, Any], ...]
    fault_kinds: Mapping[str, Mapping[str, Any]]

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "HandsView":
        """The view from its wire form."""
        return cls(body["world"], body["actions"], body["customer"]["away"], tuple(body["faults"]), body["fault_kinds"])

    def notes_at(self, place: str) -> dict[str, int]:
        """Notes by kind (``"100:fit"``) at a place: ``unit1``…, stacker, transport, escrow, input, output, customer."""
        return dict(self.world["cash"]["places"].get(place, {}))


Ask = Callable[..., Awaitable[dict[str, Any]]]


class FaultHands:
    """What only an engineer does: put faults on the machine's board and take them off."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def inject(self, fault: str, when: object = "next", **params: Any) -> None:
        """Let something go wrong; names, parameters and which ``when`` each knows: ``view.fault_kinds``.

        ``when``: ``next`` opportunity, the n-th, ``now``, or ``{"probability": p, "seed": n}`` until cleared.

        Raises:
            UserError: ``hands.fault_unknown``, ``hands.fault_invalid``, ``hands.fault_not_now`` (it comes only with
                an order), ``hands.fault_nothing_now`` (nothing lies where it could happen).
        """
        await self._ask("inject", fault=fault, when=when, params=params)

    async def clear(self) -> None:
        """Take every fault off the board."""
        await self._ask("clear_faults")


class HandsLine:
    """The connection to a machine's hands: questions go out, answers and views come back."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader = reader
        self._writer = writer
        self._token = token
        self._serial = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._views: LatestValue[HandsView] = LatestValue()
        self._new_view = asyncio.Event()
        self._listener = asyncio.create_task(self._listen(), name="hands client")
        self.faults = FaultHands(self._ask)

    @classmethod
    async def connect(cls, host: str, port: int, token: str) -> Self:
        """Reach for a machine.

        Raises:
            ServiceError: ``hands.unreachable``.
            UserError: ``hands.not_allowed``.
        """
        try:
            reader, writer = await asyncio.open_connection(host, port, limit=LINE_LIMIT)
        except OSError as error:
            raise ServiceError("hands.unreachable", port=port) from error
        hands = cls(reader, writer, token)
        try:
            await hands._ask("hello", token=token)
        except BaseException:
            await hands.close()
            raise
        return hands

    async def close(self) -> None:
        """Let go."""
        await cancel_and_wait(self._listener)
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
        self._drop()

    def _drop(self) -> None:
        for future in self._answers.values():
            if not future.done():
                future.set_exception(ServiceError("hands.unreachable"))
        self._new_view.set()

    async def _listen(self) -> None:
        try:
            while line := await self._reader.readline():
                body = from_line(line)
                if body.get("push") == "view":
                    self._views.put(HandsView.parse(body["view"]))
                    self._new_view.set()
                    continue
                future = self._answers.get(body.get("id", 0))
                if future is not None and not future.done():
                    future.set_result(body)
        except (ConnectionError, ValueError):
            pass
        finally:
            self._drop()

    async def _ask(self, verb: str, **members: Any) -> dict[str, Any]:
        if self._listener.done():
            raise ServiceError("hands.unreachable")
        self._serial += 1
        number = self._serial
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[number] = future
        try:
            self._writer.write(to_line({"id": number, "do": verb, **members}))
            await self._writer.drain()
            answer = await future
        except ConnectionError as error:
            raise ServiceError("hands.unreachable") from error
        finally:
            del self._answers[number]
        if not answer["ok"]:
            raise UserError(answer["error"], **answer.get("params", {}))
        result: dict[str, Any] = answer["result"]
        return result

    async def trace(self, since: int = 0) -> list[dict[str, Any]]:
        """The next messages on the wire after number ``since``: ``{"number", "conn", "dir", "msg", "at"}``, at
        most 500.

        The machine keeps the last 2,000; ``dir`` is ``>`` to a service, ``<`` from it; ``at``: when, UTC, which a
        machine of an older version does not say.
        """
        return list((await self._ask("trace", since=since))["messages"])

    async def get_view(self) -> HandsView:
        """The truth now."""
        return HandsView.parse(await self._ask("view"))

    async def watch(self) -> AsyncIterator[HandsView]:
        """The truth now and after every change; views that nobody has read are skipped. Ends with the connection."""
        await self._ask("watch")
        while True:
            await self._new_view.wait()
            self._new_view.clear()
            view = self._views.take()
            if view is not None:
                yield view
            if self._listener.done():
                return


class Hands(HandsLine):
    """A pair of hands. Every method raises UserError with the reason when the thing cannot be done now."""

    async def act(self, action: str, **params: Any) -> dict[str, Any]:
        """Do an action by name; the methods below are the same in words."""
        return await self._ask("act", action=action, params=params)

    async def act_inside(self, action: str, **params: Any) -> dict[str, Any]:
        """Do an action behind the cabinet's door, as the engineer does: unlocked and opened for it, then closed."""
        await self.act("unbolt_doors")
        if (await self.get_view()).actions["open_cabinet"] is None:
            await self.act("open_cabinet")
        try:
            return await self.act(action, **params)
        finally:
            await self.act("close_cabinet")

    async def insert_card(self, *, pan: str, name: str = "", track2: str = "") -> None:
        """Push a card into the reader (only while it waits for one)."""
        await self.act("insert_card", pan=pan, name=name, track2=track2)

    async def take_card(self) -> None:
        """Take the card that sticks out."""
        await self.act("take_card")

    async def tear_card(self) -> None:
        """Pull the card out wherever it is, even while the machine works with it."""
        await self.act("tear_card")

    async def lay_document(self, image: bytes, chip: bytes | None = None) -> None:
        """Lay a document on the glass; ``image`` is a JPEG or PNG file, ``chip`` what its chip holds, if it has one."""
        with_chip = {} if chip is None else {"chip": base64.b64encode(chip).decode()}
        await self.act("lay_document", image=base64.b64encode(image).decode(), **with_chip)

    async def remove_document(self) -> None:
        """Clear the glass."""
        await self.act("remove_document")

    async def put_notes(self, notes: Mapping[str, int]) -> None:
        """Put one bunch into the open slot, e.g. ``{"100": 3, "50:unfit": 1, "100:counterfeit": 1}``."""
        await self.act("put_notes", notes=dict(notes))

    async def take_notes(self, notes: Mapping[str, int] | None = None) -> dict[str, int]:
        """Take the notes (or some of them) out of the open slot; what was taken, by kind."""
        taken = await self.act("take_notes", **({"notes": dict(notes)} if notes else {}))
        return dict(taken["notes"])

    async def press_key(self, key: str) -> None:
        """Press a key of the PIN pad: zero…nine, enter, cancel, clear, backspace."""
        await self.act("press_key", sealed=seal_key(self._token, key))

    async def take_receipt(self) -> list[str]:
        """Take what the printer has put out; file names in the machine's ``receipts`` directory."""
        return list((await self.act("take_receipt"))["receipts"])

    async def walk_away(self) -> None:
        """Leave everything and go."""
        await self._ask("walk_away")
