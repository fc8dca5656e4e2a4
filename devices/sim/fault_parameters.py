"""What may be said of a fault: which parameters it has, and what each of them may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Amount:
    """A whole number within bounds."""

    default: int
    least: int
    most: int

    def allows(self, value: object, _: Iterable[str]) -> bool:
        """Whether it may be that; what is no number, or a truth value, may not."""
        return type(value) is int and self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class Word:
    """A name that some part of the machine knows: a service, a command, a unit, a tray…

    Args:
        free: it may be left empty, and then means any of them.
    """

    default: str = ""
    free: bool = True

    def allows(self, value: object, known: Iterable[str]) -> bool:
        """Whether it may be that, where these are known."""
        return isinstance(value, str) and ((self.free and not value) or value in known)


Parameter = Amount | Word


class Known:
    """The names that parts of the machine have told, by fault and parameter, of each service by itself."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}

    def tell(self, fault: str, parameter: str, words: Iterable[str], service: str = "") -> None:
        """A part of the machine has these; no service: there is one such part only."""
        self._told.setdefault((fault, parameter), {})[service] = tuple(words)

    def words(self, fault: str, parameter: str, service: str) -> tuple[str, ...]:
        """Those of a service; where none is named, those that each has: whichever it strikes, it can happen there."""
        told = self._told.get((fault, parameter), {})
        if service in told:
            return told[service]
        lists = list(told.values())
        return tuple(word for word in lists[0] if all(word in other for other in lists)) if lists else ()

    def anywhere(self, fault: str, parameter: str, service: str) -> frozenset[str]:
        """Those of a service; where none is named, all of them."""
        told = self._told.get((fault, parameter), {})
        lists = [told.get(service, ())] if service else list(told.values())
        return frozenset(word for words in lists for word in words)

    def choices(self, fault: str, parameter: str) -> dict[str, list[str]]:
        """All that was told, by service; under no service what fits whichever it strikes."""
        told = self._told.get((fault, parameter), {})
        return {service: list(self.words(fault, parameter, service)) for service in ("", *told)} if told else {}


def defaults(parameters: Iterable[tuple[str, Parameter]]) -> dict[str, Any]:
    """What holds where nothing is said."""
    return {name: parameter.default for name, parameter in parameters}
