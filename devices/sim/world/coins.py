"""Every coin, by place: hoppers ``unit1``…, the tray, the customer. Coins only move; none is made or lost."""

from collections.abc import Callable, Mapping
from typing import Any

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, first_reason, text_param

CUSTOMER = "customer"
# Hopper: value of its coins in fen.
HOPPERS: Mapping[str, int] = {"unit1": 100, "unit2": 50, "unit3": 10}
CAPACITY = 1000
FIRST_FILL = 400


class CoinPlaces(Part):
    """Coins by hopper; in tray and pocket, by the hopper's name that they came from."""

    name = "coins"

    def __init__(self, within_reach: Callable[[], bool]) -> None:
        self._within_reach = within_reach  # of hands, where the hoppers are: the safe is open
        self.hoppers = dict.fromkeys(HOPPERS, FIRST_FILL)
        self.tray = dict.fromkeys(HOPPERS, 0)
        self.pocket = dict.fromkeys(HOPPERS, 0)
        self.jammed: str | None = None
        self.loading_allowed: Callable[[], bool] = lambda: False

    def actions(self) -> Mapping[str, Action]:
        return {
            "take_coins": Action(
                self._take, lambda: first_reason((not any(self.tray.values()), "hands.nothing_there"))
            ),
            "load_hopper": Action(self._load, self._why_no_load),
        }

    def _why_no_load(self) -> str | None:
        return first_reason(
            (not self.loading_allowed(), "hands.no_exchange"), (not self._within_reach(), "hands.safe_shut")
        )

    def _take(self, _: Json) -> Json:
        taken = {key: count for key, count in self.tray.items() if count}
        for key, count in taken.items():
            self.pocket[key] += count
            self.tray[key] = 0
        return {"coins": taken}

    def _load(self, params: Json) -> None:
        unit, count = text_param(params, "unit"), params.get("count")
        if unit not in HOPPERS or not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= CAPACITY:
            raise UserError("hands.bad_parameter", parameter="count")
        self.hoppers[unit] = count

    def view(self) -> Json:
        return {
            "hoppers": dict(self.hoppers),
            "tray": dict(self.tray),
            "pocket": dict(self.pocket),
            "jammed": self.jammed,
        }

    def dump(self) -> Any:
        return self.view()

    def load(self, data: Any) -> None:
        self.hoppers, self.tray, self.pocket = data["hoppers"], data["tray"], data["pocket"]
        self.jammed = data["jammed"]
