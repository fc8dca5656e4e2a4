"""CashManagement and Storage of the coin dispenser."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from devices.sim.coins.dispenser import CURRENCY, LOW, CoinBox, level, note_type
from devices.sim.interface import Handler, Interface, Outlet, Running
from devices.sim.levels import Levels
from devices.sim.settings import check_setting
from devices.sim.world.coins import CAPACITY, HOPPERS
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

RESET_S = 2.0


class CoinManagement(Interface):
    """Kinds of coins, and freeing a jam."""

    name: ClassVar[str] = "CashManagement"
    events: ClassVar[tuple[str, ...]] = ("ItemsTakenEvent", "ItemsPresentedEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetBankNoteTypes"})

    def __init__(self, box: CoinBox) -> None:
        super().__init__()
        self._box = box

    def commands(self) -> Mapping[str, Handler]:
        return {"GetBankNoteTypes": self._types, "Reset": self._reset}

    async def _types(self, _: Running) -> Payload:
        return {
            "items": {
                note_type(fen): {
                    "cashItem": {"noteID": index, "currency": CURRENCY, "value": Decimal(fen) / 100, "release": 0},
                    "enabled": True,
                }
                for index, fen in enumerate(HOPPERS.values(), 1)
            }
        }

    async def _reset(self, running: Running) -> None:
        self._box.held.check(running.outlet)
        await self._box.motor.run(RESET_S)
        self._box.coins.jammed = None
        self._box.world.changed()

    def status(self) -> Payload:
        box = self._box
        levels = {level(box.counted(key)) for key in HOPPERS}
        nothing = bool(box.coins.jammed) or levels == {"empty"}
        state = "stop" if nothing else "attention" if levels & {"empty", "low"} else "ok"
        return {"cashManagement": {"dispenser": state}}

    def capabilities(self) -> Payload:
        return {"cashManagement": {"cashBox": False, "exchangeType": {"byHand": True}, "classificationList": False}}


class CoinStorage(Interface):
    """The hoppers."""

    name: ClassVar[str] = "Storage"
    events: ClassVar[tuple[str, ...]] = ("CountsChangedEvent", "StorageThresholdEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetStorage"})

    def __init__(self, box: CoinBox) -> None:
        super().__init__()
        self._box = box
        Levels(self, "cash", lambda: {key: level(box.counted(key)) for key in HOPPERS}, box.world)

    def commands(self) -> Mapping[str, Handler]:
        return {
            "GetStorage": self._get,
            "SetStorage": self._set,
            "StartExchange": self._start,
            "EndExchange": self._end,
        }

    def _unit(self, key: str, fen: int) -> Payload:
        box = self._box
        name = note_type(fen)
        types = {"cashOut": True}
        return {
            "id": f"C{fen}",
            "positionName": f"hopper {key.removeprefix('unit')}",
            "capacity": CAPACITY,
            "status": "inoperative" if box.coins.jammed == key else "ok",
            "cash": {
                "capabilities": {"types": types, "items": {"fit": True}, "hardwareSensors": True, "cashItems": [name]},
                "configuration": {
                    "types": types,
                    "items": {"fit": True},
                    "currency": CURRENCY,
                    "value": Decimal(fen) / 100,
                    "lowThreshold": LOW,
                    "cashItems": [name],
                },
                "status": {
                    "index": int(key.removeprefix("unit")),
                    "initial": {name: {"fit": box.initial[key]}},
                    "out": {"presented": {name: {"fit": box.presented[key]}}} if box.presented[key] else {},
                    "accuracy": "accurate",
                    "replenishmentStatus": level(box.counted(key)),
                },
            },
        }

    async def _get(self, _: Running) -> Payload:
        return {"storage": {key: self._unit(key, fen) for key, fen in HOPPERS.items()}}

    def left(self, outlet: Outlet) -> None:
        self._box.held.left(outlet)

    async def _start(self, running: Running) -> None:
        if self._box.exchange:
            self._box.held.take(running.outlet)
            raise refused("exchangeActive")
        if any(self._box.coins.tray.values()):
            raise refused("transactionActive", "coins lie in the tray")
        self._box.exchange = True
        self._box.held.take(running.outlet)
        self._box.world.changed()

    async def _end(self, running: Running) -> None:
        if not self._box.exchange:
            raise refused("noExchangeActive")
        self._box.held.check(running.outlet)
        self._box.exchange = False
        self._box.held.release()
        self._box.world.changed()

    async def _set(self, running: Running) -> None:
        box, wanted = self._box, running.payload["storage"]
        box.held.check(running.outlet)
        if not wanted.keys() <= HOPPERS.keys():
            raise refused("invalidUnit")
        for key, unit in wanted.items():
            check_setting(unit, self._unit(key, HOPPERS[key]), "cash")
        counts: dict[str, int] = {}
        for key, unit in wanted.items():
            initial = unit.get("cash", {}).get("status", {}).get("initial")
            if initial is None:
                continue
            if not box.exchange:
                raise refused("noExchangeActive")
            if initial.keys() - {note_type(HOPPERS[key])}:
                raise CommandFailed(CompletionCode.INVALID_DATA, "another kind of coin")
            counts[key] = int(initial.get(note_type(HOPPERS[key]), {}).get("fit", 0))
            if counts[key] > CAPACITY:
                raise CommandFailed(CompletionCode.INVALID_DATA, "more coins than the hopper holds")
        if box.exchange:
            box.held.take(running.outlet)
        box.initial |= counts
        box.presented |= dict.fromkeys(counts, 0)
        box.world.changed()
