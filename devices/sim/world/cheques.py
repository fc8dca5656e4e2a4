"""Cheques, certificates and other single papers that the machine takes back: where each one lies."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, first_reason

FEEDER = "feeder"
STACKER = "stacker"
SLOT = "slot"
BIN = "unit1"
RETRACT = "unit2"
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """One paper, itself and no other that looks the same.

    ``codeline`` as printed on it, empty: none; ``image`` a JPEG file in base64, empty: not drawn yet.
    """

    codeline: str = ""
    image: str = ""
    suspect: bool = False


class Papers(Part):
    """The way of the papers: feeder, stacker, bins, and the slot where they come back."""

    name = "papers"

    def __init__(self, within_reach: Callable[[], bool]) -> None:
        self._within_reach = within_reach  # of hands, where the bins are: the cabinet is open
        self.places: dict[str, list[Paper]] = {place: [] for place in (FEEDER, STACKER, SLOT, BIN, RETRACT)}
        self.accepting = False
        self.jammed = False
        self.taken = 0  # how often hands took something out of the slot, since the machine was switched on

    def actions(self) -> Mapping[str, Action]:
        return {
            "put_papers": Action(self._put, self._why_no_put),
            "take_papers": Action(self._take, lambda: first_reason((not self.places[SLOT], "hands.no_document"))),
            "empty_paper_bins": Action(
                self._empty, lambda: first_reason((not self._within_reach(), "hands.cabinet_shut"))
            ),
        }

    def _why_no_put(self) -> str | None:
        return first_reason(
            (bool(self.places[FEEDER]), "hands.slot_taken"), (not self.accepting, "hands.reader_not_waiting")
        )

    def _put(self, params: Json) -> None:
        given = params.get("papers")
        if not isinstance(given, list) or not 0 < len(given) <= MOST_AT_ONCE:
            raise UserError("hands.bad_parameter", parameter="papers")
        self.places[FEEDER] = [_paper(each) for each in given]

    def _take(self, _: Json) -> Json:
        self.taken += 1
        taken, self.places[SLOT] = self.places[SLOT], []
        return {"papers": [asdict(paper) for paper in taken]}

    def _empty(self, _: Json) -> Json:
        count = len(self.places[BIN]) + len(self.places[RETRACT])
        self.places[BIN], self.places[RETRACT] = [], []
        return {"papers": count}

    def move(self, source: str, target: str, papers: list[Paper] | None = None) -> int:
        """Move papers (all, unless some are named); how many."""
        moving = list(self.places[source]) if papers is None else papers
        for paper in moving:
            self.places[source].remove(paper)
        self.places[target] += moving
        return len(moving)

    def view(self) -> Json:
        return {
            "places": {place: [paper.codeline for paper in papers] for place, papers in self.places.items()},
            "jammed": self.jammed,
        }

    def dump(self) -> Any:
        places = {place: [asdict(paper) for paper in papers] for place, papers in self.places.items()}
        return {"places": places, "jammed": self.jammed}

    def load(self, data: Any) -> None:
        for place, papers in data["places"].items():
            self.places[place] = [Paper(**paper) for paper in papers]
        self.jammed = data["jammed"]


def _paper(given: object) -> Paper:
    fields = given if isinstance(given, dict) else {}
    codeline, image, suspect = fields.get("codeline", ""), fields.get("image", ""), fields.get("suspect", False)
    try:
        good = isinstance(codeline, str) and isinstance(suspect, bool) and len(codeline) <= 80
        base64.b64decode(image, validate=True)
    except (binascii.Error, ValueError, TypeError):
        good = False
    if not isinstance(given, dict) or not good:
        raise UserError("hands.bad_parameter", parameter="papers")
    return Paper(codeline, image, suspect)
