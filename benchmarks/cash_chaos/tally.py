"""What an amount of visits and exchanges came to; adds up, and goes through JSON without loss."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

COUNTED = ("cuts", "faults", "ends")


@dataclass
class Tally:
    """Of some runs. ``differences``: of each after which anything did not agree; ``stuck``: came to no end;
    ``broken``: where the harness itself failed, so that some runs were not done."""

    runs: int = 0
    not_done: int = 0
    exchanges: int = 0
    taken_over: int = 0
    unnoticed_minor: int = 0
    """Notes that left without any counter noticing, all found again by a count at the open machine."""
    cuts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    suspense_opened: int = 0
    suspense_open: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)
    stuck: list[dict[str, Any]] = field(default_factory=list)
    broken: list[dict[str, Any]] = field(default_factory=list)
    cpu_s: float = 0.0

    def add(self, other: "Tally") -> None:
        """Take another tally in."""
        for each in fields(self):
            mine = getattr(self, each.name)
            if isinstance(mine, Counter):
                mine.update(getattr(other, each.name))
            else:
                setattr(self, each.name, mine + getattr(other, each.name))

    @property
    def good(self) -> bool:
        """Every run was done, came to its end, and everything agreed after it."""
        return not (self.differences or self.stuck or self.broken or self.not_done)

    def as_data(self) -> dict[str, Any]:
        """For a line of the progress file."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in values}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """From such a line."""
        values: dict[str, Any] = {name: Counter(value) if name in COUNTED else value for name, value in data.items()}
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """For the report. Amounts in minor units."""
        largest = max((abs(v) for found in self.differences for v in found["what"].values()), default=0)
        killed: Counter[str] = Counter()
        for where, times in self.cuts.items():
            killed[where.split(" ", 1)[0]] += times
        return {
            "runs": self.runs,
            "runs_not_done": self.not_done,
            "exchanges": self.exchanges,
            "exchanges_taken_over": self.taken_over,
            "cpu_seconds": round(self.cpu_s, 1),
            "cuts": dict(sorted(killed.items())),
            "seams_cut": len(self.cuts),
            "faults": dict(sorted(self.faults.items())),
            "ends": dict(sorted(self.ends.items())),
            "difference": f"{largest / 100:.2f}",
            "runs_with_a_difference": len(self.differences),
            "stuck": len(self.stuck),
            "harness_failed": len(self.broken),
            "unnoticed_and_found_by_count": f"{self.unnoticed_minor / 100:.2f}",
            "suspense": {
                "opened": self.suspense_opened,
                "resolved_by_themselves": self.suspense_opened - self.suspense_open,
                "left_for_a_person": self.suspense_open,
            },
            "trouble": (self.differences + self.stuck + self.broken)[:10],
        }


def total(tallies: Iterable[Tally]) -> Tally:
    """All together."""
    everything = Tally()
    for one in tallies:
        everything.add(one)
    return everything
