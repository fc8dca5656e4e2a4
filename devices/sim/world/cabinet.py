"""The machine's body: doors, sensors, mains and battery, handset; and what hands do to them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, first_reason

CLOSED, OPEN, BOLTED = "closed", "open", "bolted"
# Action by hand: which state it sets to what.
_SWITCHES: Mapping[str, tuple[str, Any]] = {
    "open_cabinet": ("cabinet", OPEN),
    "close_cabinet": ("cabinet", CLOSED),
    "open_safe": ("safe", OPEN),
    "close_safe": ("safe", CLOSED),
    "tamper": ("tampered", True),
    "clear_tamper": ("tampered", False),
    "shake": ("shaken", True),
    "calm": ("shaken", False),
    "heat": ("hot", True),
    "cool": ("hot", False),
    "cut_mains": ("mains", False),
    "restore_mains": ("mains", True),
    "approach": ("somebody", True),
    "step_back": ("somebody", False),
    "lift_handset": ("handset_lifted", True),
    "hang_up_handset": ("handset_lifted", False),
    "press_call_button": ("called", True),
    "release_call_button": ("called", False),
}
MOST_BATTERY = 100


class Cabinet(Part):
    """Doors are CLOSED, OPEN or BOLTED; a bolted door does not open."""

    name = "cabinet"

    def __init__(self) -> None:
        self.state: dict[str, Any] = {
            "cabinet": BOLTED,
            "safe": BOLTED,
            "tampered": False,
            "shaken": False,
            "hot": False,
            "mains": True,
            "battery": MOST_BATTERY,
            "ups_engaged": True,
            "somebody": False,
            "handset_lifted": False,
            "called": False,
        }

    @property
    def safe_open(self) -> bool:
        """Whether hands could reach the cash: nothing may move."""
        return bool(self.state["safe"] == OPEN)

    @property
    def cabinet_open(self) -> bool:
        """Whether hands could reach cards, paper and rollers: nothing may move."""
        return bool(self.state["cabinet"] == OPEN)

    @property
    def on_battery(self) -> bool:
        """Whether the UPS feeds the machine."""
        return bool(not self.state["mains"] and self.state["ups_engaged"] and self.state["battery"] > 0)

    @property
    def powered(self) -> bool:
        """Whether there is current for anything that moves."""
        return bool(self.state["mains"] or self.on_battery)

    def actions(self) -> Mapping[str, Action]:
        offered = {
            name: Action(partial(self._set, key, value), self._why_not(key, value))
            for name, (key, value) in _SWITCHES.items()
        }
        drained = Action(self._drain, lambda: None)
        return {**offered, "drain_battery": drained, "unbolt_doors": Action(self._unbolt, lambda: None)}

    def _why_not(self, key: str, value: Any) -> Callable[[], str | None]:
        def reason() -> str | None:
            now = self.state[key]
            return first_reason((now == value, "hands.nothing_there"), (now == BOLTED, "hands.door_bolted"))

        return reason

    def _set(self, key: str, value: Any, _: Json) -> None:
        self.state[key] = value
        if self.state["mains"] and key == "mains":
            self.state["battery"] = MOST_BATTERY

    def _drain(self, params: Json) -> None:
        """So many per cent are left, none when nothing is said."""
        left = params.get("left", 0)
        if not isinstance(left, int) or isinstance(left, bool) or not 0 <= left <= MOST_BATTERY:
            raise UserError("hands.bad_parameter", parameter="left")
        self.state["battery"] = left

    def _unbolt(self, _: Json) -> None:
        """The engineer's key is the cabinet's. The safe has none: its bolt is drawn over the wire."""
        if self.state["cabinet"] == BOLTED:
            self.state["cabinet"] = CLOSED

    def view(self) -> Json:
        return dict(self.state)

    def dump(self) -> Any:
        return self.view()

    def load(self, data: Any) -> None:
        self.state |= data
