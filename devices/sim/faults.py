"""The fault board: what shall go wrong, and when.

A device asks :meth:`FaultBoard.strikes` at every point where something can break. A fault that was put on the
board strikes at the n-th such moment, once; or at each with a probability, until it is taken off. What can happen
without anybody's order (a card that lies inside gets stuck) also happens at once: the device that can bring it about
says how with :meth:`FaultBoard.at_once`. What is a way of carrying an order out (two notes stick together) cannot, and
:meth:`FaultBoard.kinds` says so. New faults register in :data:`FAULTS`.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from common.errors import UserError
from devices.sim.fault_parameters import Amount, Known, Parameter, Word, defaults
from devices.xfs.catalogue import load
from devices.xfs.codes import CompletionCode


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One way to fail: its name, what happens, and its parameters."""

    name: str
    effect: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def defaults(self) -> dict[str, Any]:
        """The parameters where nothing is said of them."""
        return defaults(self.parameters.items())


ERROR = "command.error"
MOST_NOTES = 300
"""In one movement: a bunch has no more."""
MOST_EXTRA = 100
"""Notes that may slip out uncounted: so many more than a bunch find room in the slot."""
_SERVICE = {"service": Word()}
_COMMAND = {"command": Word(), **_SERVICE}
_PAPER = {"service": Word("Printer"), "source": Word()}
_FACE = {"face": Word()}


def _unit(default: str) -> Mapping[str, Parameter]:
    return {"unit": Word(default, free=False)}


_KINDS = (
    FaultKind("card.jam", "the card stops on its way; CardReader.Reset frees it", _SERVICE),
    FaultKind("card.unreadable", "neither stripe nor chip can be read", _SERVICE),
    FaultKind("dispense.jam_before", "the feed of the first cassette blocks before any note has left"),
    FaultKind(
        "dispense.jam_midway",
        "some notes lie on the stacker, two on the transport",
        {"moved": Amount(3, 0, MOST_NOTES)},
    ),
    FaultKind("dispense.cassette_empty", "the cassette gives no note although its counter says it has some"),
    FaultKind("present.shutter_stuck", "the output shutter does not open; Reset frees it"),
    FaultKind("retract.jam", "the notes cannot be pulled back; they stay in the slot until Reset"),
    FaultKind("cash_in.jam", "the transport blocks while counting; Reset frees it"),
    FaultKind("cash_in.shutter_stuck", "the input shutter does not open; Reset frees it"),
    FaultKind("printer.paper_out", "roll or tray is empty; no source: all trays", _PAPER),
    FaultKind("printer.paper_low", "little paper is left", _PAPER),
    FaultKind("printer.jam", "the paper jams; Printer.Reset frees it"),
    FaultKind("camera.inoperable", "a camera takes no picture", _SERVICE),
    FaultKind(
        "wire.lose_completion",
        "the command is carried out, then the connection drops before its completion",
        _COMMAND,
    ),
    FaultKind(
        "wire.drop_connection",
        "the connection drops as the command arrives, nothing moves; at once: every connection drops",
        _COMMAND,
    ),
    FaultKind(
        "wire.swallow_completion",
        "the command is carried out, its completion is never sent",
        _COMMAND,
    ),
    FaultKind("service.not_ready", "the command completes with deviceNotReady; nothing moves", _COMMAND),
    FaultKind("service.restart", "every connection of the service drops, what was queued is gone", _SERVICE),
    FaultKind(
        ERROR,
        "the device reports an error of the standard instead of carrying the command out",
        {**_COMMAND, "code": Word("hardwareError", free=False), "error_code": Word()},
    ),
    FaultKind(
        "motor.slow",
        "the next movement takes longer, as a worn shutter or belt does; at once: what moves now",
        {"factor": Amount(10, 1, 1000)},
    ),
    FaultKind("transport.jam", "the transport of the notes blocks where it stands; CashManagement.Reset frees it"),
    FaultKind("dispense.double_pick", "two notes stick together; the pair goes to the reject unit"),
    FaultKind(
        "dispense.wrong_count",
        "more notes leave the cassette than its counter notices",
        {"extra": Amount(1, 1, MOST_EXTRA)},
    ),
    FaultKind("dispense.unfit", "a note of a cassette turns out to be worn; it goes to the reject unit"),
    FaultKind("cash_in.counterfeit", "a note of those put in is counterfeit; face: of that value only", _FACE),
    FaultKind("cash_in.suspect", "a note of those put in is suspect", _FACE),
    FaultKind("cash_in.unrecognized", "a note of those put in is none that the reader knows", _FACE),
    FaultKind("cash_in.unfit", "a note of those put in is worn; it is kept, not paid out again", _FACE),
    FaultKind("cash_in.foreign_object", "something that is no note lies in the slot"),
    FaultKind("cassette.missing", "somebody has taken a cassette out of the machine", _unit("unit3")),
    FaultKind("cassette.manipulated", "a cassette was out of the machine without an exchange", _unit("unit3")),
    FaultKind("cassette.inoperative", "a cassette's feed is broken", _unit("unit3")),
    FaultKind("cassette.full", "a cassette's sensor says full, whatever the counter", _unit("unit6")),
    FaultKind("cassette.empty", "a cassette's sensor says empty, whatever the counter", _unit("unit3")),
    FaultKind("printer.ink_out", "ribbon, ink or toner is at its end", _SERVICE),
    FaultKind("print.fails", "the sheet jams in one of the other printers", _SERVICE),
    FaultKind("biometric.unreadable", "the finger or palm is not recognised", _SERVICE),
    FaultKind("barcode.unreadable", "the code cannot be read"),
    FaultKind("check.jam", "the cheque jams; Check.Reset frees it"),
    FaultKind("coin.jam", "a hopper jams; CashManagement.Reset frees it"),
)

FAULTS: Mapping[str, FaultKind] = {kind.name: kind for kind in _KINDS}


@dataclass(slots=True)
class Fault:
    """A fault on the board; ``countdown`` moments are left before it strikes (1: at the next).

    With ``dice`` it strikes at each moment with the probability ``chance`` and stays.
    """

    name: str
    countdown: int
    params: dict[str, Any]
    chance: float = 0.0
    dice: random.Random | None = None

    def hits(self) -> bool:
        """Whether it strikes at this moment; counts the moment."""
        if self.dice is not None:
            return self.dice.random() < self.chance
        self.countdown -= 1
        return self.countdown == 0

    def fits(self, **where: str) -> bool:
        """Whether this is the command or service that the fault was made for.

        An error for whatever comes next is none for the questions that are asked all the time.
        """
        if self.name == ERROR and not self.params["command"] and where.get("command", "").startswith("Common."):
            return False
        return all(str(self.params.get(key, "")) in ("", value) for key, value in where.items())


ON_ORDER = ("next", "nth", "chance")
NOW = "now"
AtOnce = Callable[[Mapping[str, Any]], bool]
"""Brings a fault about; False: there is nothing here that it could happen to."""


class FaultBoard:
    """The faults waiting to strike."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._at_once: dict[str, list[AtOnce]] = {}
        self._places: dict[str, list[str]] = {}
        self.known = Known()
        self.known.tell(ERROR, "code", sorted(set(CompletionCode) - {CompletionCode.COMMAND_ERROR_CODE}))

    def at_once(self, name: str, effect: AtOnce) -> None:
        """Tell how a fault is brought about without waiting for an opportunity; each device that can, does."""
        self._at_once.setdefault(name, []).append(effect)

    def place(self, service: str, names: Iterable[str]) -> None:
        """Tell that a service has what these faults spoil, so that they can be aimed at it."""
        for name in names:
            self._places.setdefault(name, []).append(service)

    def kinds(self) -> dict[str, dict[str, Any]]:
        """What can be put on the board.

        Of each kind: effect, parameters, ``triggers``, the ``services`` it can be aimed at, ``choices`` of what a
        parameter may be (by service, under ``""`` where none is named; ``""`` among them: any) and ``bounds`` of
        numbers. Commands are too many to be listed; the board knows them all the same.
        """
        return {
            kind.name: {
                "effect": kind.effect,
                "params": kind.defaults,
                "triggers": [*ON_ORDER, *((NOW,) if kind.name in self._at_once else ())],
                "services": list(self._places.get(kind.name, ())) if "service" in kind.parameters else [],
                "choices": self._choices(kind),
                "bounds": {
                    name: [one.least, one.most] for name, one in kind.parameters.items() if isinstance(one, Amount)
                },
            }
            for kind in FAULTS.values()
        }

    def _choices(self, kind: FaultKind) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for name, parameter in kind.parameters.items():
            if isinstance(parameter, Word) and name != "command" and (told := self.known.choices(kind.name, name)):
                any_of_them = [""] if parameter.free else []
                found[name] = {service: any_of_them + words for service, words in told.items()}
        return found

    def inject(self, name: str, when: object = "next", **params: Any) -> None:
        """The same as :meth:`put`, its parameters by name."""
        self.put(name, when, params)

    def put(self, name: str, when: object, params: Mapping[str, Any]) -> None:
        """Let a fault strike.

        Args:
            when: ``next`` moment, the n-th from now, ``{"probability": 0..1, "seed": n}`` at each moment until
                cleared, or ``now``: it has happened when this returns.

        Raises:
            UserError: ``hands.fault_unknown`` or ``hands.fault_invalid``, which names the parameter;
                ``hands.fault_not_now``, it comes only with an order; ``hands.fault_nothing_now``, nothing lies where
                it could happen.
        """
        kind = FAULTS.get(name)
        if kind is None:
            raise UserError("hands.fault_unknown", fault=name)
        said = {**kind.defaults, **params}
        wrong = self._wrong(kind, said)
        fault = _fault(name, 1 if when in ("next", NOW) else when, said)
        if wrong is not None or fault is None:
            raise UserError("hands.fault_invalid", fault=name, parameter=wrong or "when")
        if when == NOW:
            self._bring_about(fault)
        else:
            self._waiting.append(fault)

    def _wrong(self, kind: FaultKind, said: Mapping[str, Any]) -> str | None:
        """The first parameter that is none, or may not be what is said."""
        # The service first: what the others may be depends on it, and codes on the command.
        for name in sorted(said, key=lambda name: (name != "service", name != "command", name)):
            allowed = kind.parameters.get(name)
            if allowed is None or not allowed.allows(said[name], self._known(kind.name, name, said)):
                return name
        return None

    def _known(self, fault: str, parameter: str, said: Mapping[str, Any]) -> Iterable[str]:
        service = str(said.get("service", ""))
        if parameter == "service":
            return self._places.get(fault, ())
        if parameter == "command":
            return self.known.anywhere(fault, parameter, service)
        if parameter == "error_code":
            return load().error_codes(said["command"]) if said["command"] else ()
        return self.known.words(fault, parameter, service)

    def _bring_about(self, fault: Fault) -> None:
        effects = self._at_once.get(fault.name)
        if effects is None:
            raise UserError("hands.fault_not_now", fault=fault.name)
        happened = [effect(fault.params) for effect in effects]
        if not any(happened):
            raise UserError("hands.fault_nothing_now", fault=fault.name)

    def clear(self) -> None:
        """Take every fault off the board."""
        self._waiting.clear()

    def strikes(self, name: str, **where: str) -> Fault | None:
        """The fault that strikes now at the point ``name``, if any; counts one moment.

        ``command``, ``service`` and ``face`` say where we are; a fault that names one waits for that one only.
        """
        if not self._waiting:
            return None
        for fault in self._waiting:
            if fault.name == name and fault.fits(**where) and fault.hits():
                if fault.dice is None:
                    self._waiting.remove(fault)
                return fault
        return None

    def view(self) -> list[dict[str, Any]]:
        """The board as data."""
        return [
            {"fault": f.name, "in": f.countdown, "params": f.params}
            | ({"probability": f.chance} if f.dice is not None else {})
            for f in self._waiting
        ]


def _fault(name: str, when: object, params: dict[str, Any]) -> Fault | None:
    if isinstance(when, int) and not isinstance(when, bool) and when >= 1:
        return Fault(name, when, params)
    if not isinstance(when, Mapping) or when.keys() - {"probability", "seed"}:
        return None
    chance, seed = when.get("probability"), when.get("seed", 0)
    if not isinstance(chance, int | float) or isinstance(chance, bool) or not 0 < chance <= 1:
        return None
    if not isinstance(seed, int):
        return None
    # Not for secrets: a fault that comes by chance must come again with the same seed.
    return Fault(name, 0, params, float(chance), random.Random(seed))  # noqa: S311
