"""CashDispenser of type ``selfServiceCoin``: coins fall into an open tray, so that a dispense presents at once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from devices.sim.bench import Bench
from devices.sim.holding import Holding
from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.coins import CAPACITY, HOPPERS, CoinPlaces
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

CURRENCY = "CNY"
POSITION = "outBottom"
MIX = "mix1"
COIN_S = 0.05
MAX_COINS = 100
LOW = 50


def note_type(fen: int) -> str:
    """Name of a kind of coin on the wire, by its value in fen."""
    return f"type{CURRENCY}C{fen}"


class CoinBox:
    """Hoppers and counters; what the three interfaces share."""

    def __init__(self, bench: Bench, coins: CoinPlaces) -> None:
        self.world, self.motor, self.faults = bench.world, bench.motor, bench.faults
        self.coins = coins
        kept = bench.world.remember("coin_box", self._dump) or {}
        self.initial: dict[str, int] = kept.get("initial", dict(coins.hoppers))
        self.presented: dict[str, int] = kept.get("presented", dict.fromkeys(HOPPERS, 0))
        self.exchange: bool = kept.get("exchange", False)
        self.held = Holding("exchange")
        self.last: dict[str, int] | None = kept.get("last")
        coins.loading_allowed = lambda: self.exchange
        self.faults.at_once("coin.jam", lambda _: self._jam_now())

    def _dump(self) -> Any:
        return {
            "initial": self.initial,
            "presented": self.presented,
            "exchange": self.exchange,
            "last": self.last,
        }

    def _jam_now(self) -> bool:
        """The first hopper in which coins lie is stuck from now on."""
        full = next((key for key, count in self.coins.hoppers.items() if count), None)
        if full is not None:
            self.coins.jammed = self.coins.jammed or full
            self.world.changed()
        return full is not None

    def counted(self, key: str) -> int:
        """What the counters say lies in a hopper."""
        return self.initial[key] - self.presented[key]

    def check_ready(self) -> None:
        """Raise when nothing can move now."""
        if self.exchange:
            raise refused("exchangeActive")
        if self.coins.jammed is not None:
            raise CommandFailed(CompletionCode.HARDWARE_ERROR, f"{self.coins.jammed} is jammed")
        self.motor.check()


def amount_of(plan: Mapping[str, int]) -> Payload:
    """A denomination object."""
    fen = sum(HOPPERS[key] * count for key, count in plan.items())
    return {"currencies": {CURRENCY: Decimal(fen) / 100}, "values": dict(plan)}


class CoinDispenser(Interface):
    """Pays amounts below a note."""

    name: ClassVar[str] = "CashDispenser"
    events: ClassVar[tuple[str, ...]] = ("StartDispenseEvent", "IncompleteDispenseEvent")
    immediate: ClassVar[frozenset[str]] = frozenset({"GetMixTypes", "GetPresentStatus"})

    def __init__(self, box: CoinBox) -> None:
        super().__init__()
        self._box = box
        self._seen = any(box.coins.tray.values())
        box.world.listen(self._watch)

    def _watch(self) -> None:
        lying = any(self._box.coins.tray.values())
        if self._seen and not lying:
            self.broadcast("CashManagement.ItemsTakenEvent", {"position": POSITION, "additionalBunches": "0"})
        self._seen = lying

    def commands(self) -> Mapping[str, Handler]:
        return {
            "GetMixTypes": self._mix_types,
            "Denominate": self._denominate,
            "Dispense": self._dispense,
            "GetPresentStatus": self._present_status,
        }

    async def _mix_types(self, _: Running) -> Payload:
        return {"mixes": {MIX: {"type": "algorithm", "algorithm": "minimumBills", "name": "fewest coins"}}}

    def _plan(self, denomination: Mapping[str, Any]) -> dict[str, int]:
        service, application = denomination.get("service"), denomination.get("app")
        if (service is None) == (application is None):
            raise CommandFailed(CompletionCode.INVALID_DATA, "either app or service is needed")
        chosen: Mapping[str, Any] = service if service is not None else application or {}
        if chosen["currencies"].keys() != {CURRENCY}:
            raise refused("invalidCurrency")
        fen = Decimal(chosen["currencies"][CURRENCY]) * 100
        if fen != int(fen) or fen <= 0:
            raise refused("notDispensable")
        if service is not None and service.get("mix", MIX) != MIX:
            raise refused("invalidMixNumber")
        named = self._there((service.get("partial") if service is not None else chosen["counts"]) or {})
        plan = self._fewest(int(fen), named) if service is not None else self._given(int(fen), named)
        if sum(plan.values()) > MAX_COINS:
            raise refused("tooManyItems")
        return plan

    def _there(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Coins that a host names by their hoppers, if these can give them."""
        plan = {key: int(count) for key, count in sorted(counts.items()) if count}
        if any(key not in HOPPERS or not 0 < count <= self._box.counted(key) for key, count in plan.items()):
            raise refused("notDispensable")
        return plan

    def _fewest(self, fen: int, wanted: Mapping[str, int]) -> dict[str, int]:
        plan = dict(wanted)
        fen -= sum(HOPPERS[key] * count for key, count in wanted.items())
        for key, value in HOPPERS.items():
            count = min(fen // value, self._box.counted(key) - wanted.get(key, 0))
            if count > 0:
                plan[key] = plan.get(key, 0) + count
                fen -= count * value
        if fen:
            raise refused("notDispensable")
        return plan

    def _given(self, fen: int, plan: dict[str, int]) -> dict[str, int]:
        if sum(HOPPERS[key] * count for key, count in plan.items()) != fen:
            raise refused("invalidDenomination")
        return plan

    async def _denominate(self, running: Running) -> Payload:
        if self._box.exchange:
            raise refused("exchangeActive")
        return {"result": amount_of(self._plan(running.payload["request"]["denomination"]))}

    async def _dispense(self, running: Running) -> Payload:
        box = self._box
        if running.payload.get("position", POSITION) not in (POSITION, "outDefault"):
            raise refused("unsupportedPosition")
        box.check_ready()
        if any(box.coins.tray.values()):  # it holds one dispense, and has no shutter behind which another could wait
            raise refused("itemsLeft")
        plan = self._plan(running.payload["denomination"]["denomination"])
        running.check()
        box.last = {}
        running.event("CashDispenser.StartDispenseEvent")
        for key, count in plan.items():
            await self._count_out(running, key, count)
        position = {"position": POSITION, "additionalBunches": "0"}
        self.broadcast("CashManagement.ItemsPresentedEvent", position)
        return {"denomination": amount_of(plan), "bunches": "1"}

    async def _count_out(self, running: Running, key: str, count: int) -> None:
        box, coins = self._box, self._box.coins
        assert box.last is not None
        jam = box.faults.strikes("coin.jam") is not None
        for _ in range(count // 2 if jam else count):
            await self._drop(running)
            if not coins.hoppers[key] or coins.jammed is not None:
                jam = True
                break
            coins.hoppers[key] -= 1
            coins.tray[key] += 1
            box.presented[key] += 1
            box.last[key] = box.last.get(key, 0) + 1
            box.world.changed()
        if jam:
            coins.jammed = coins.jammed or key
            box.world.changed()
            running.event("CashDispenser.IncompleteDispenseEvent", amount_of(box.last))
            raise refused("cashUnitError", f"{key} gives no coin")

    async def _drop(self, running: Running) -> None:
        try:
            await self._box.motor.run(COIN_S)
        except CommandFailed:  # the door was opened between two coins: those before lie in the tray
            running.event("CashDispenser.IncompleteDispenseEvent", amount_of(self._box.last or {}))
            raise

    async def _present_status(self, running: Running) -> Payload:
        if running.payload.get("position", POSITION) not in (POSITION, "outDefault"):
            raise refused("unsupportedPosition")
        last = self._box.last
        if last is None:
            return {"presentState": "notPresented"}
        return {"presentState": "presented" if last else "notPresented", "denomination": amount_of(last)}

    def status(self) -> Payload:
        lying = any(self._box.coins.tray.values())
        position = {
            "position": POSITION,
            "shutter": "open",
            "positionStatus": "notEmpty" if lying else "empty",
            "transport": "inoperative" if self._box.coins.jammed else "ok",
        }
        return {"cashDispenser": {"positions": [position]}}

    def common_status(self) -> Payload:
        exchange = "active" if self._box.exchange else "inactive"
        return {"exchange": exchange, "device": "hardwareError" if self._box.coins.jammed else "online"}

    def capabilities(self) -> Payload:
        return {
            "cashDispenser": {
                "type": "selfServiceCoin",
                "maxDispenseItems": MAX_COINS,
                "shutterControl": False,
                "intermediateStacker": False,
                "itemsTakenSensor": True,
                "positions": {"bottom": True},
                "moveItems": {"fromCashUnit": True},
            }
        }


def level(count: int) -> str:
    """``replenishmentStatus`` of a hopper."""
    return "full" if count >= CAPACITY else "empty" if count <= 0 else "low" if count < LOW else "ok"
