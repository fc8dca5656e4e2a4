"""What ``Storage.SetStorage`` may say about a unit: what can be set, and what the unit has already."""

from collections.abc import Collection, Mapping
from typing import Any

from devices.xfs.codes import CommandFailed, CompletionCode
from devices.xfs.envelope import Payload


def check_setting(setting: Mapping[str, Any], unit: Payload, section: str, settable: Collection[str] = ()) -> None:
    """Look at one unit's setting before any unit is touched: accepted and ignored would be a lie to the client.

    Args:
        unit: as ``Storage.GetStorage`` shows it.
        section: the kind of the unit's device: ``cash``, ``card`` or ``printer``.
        settable: members of the configuration that the device takes over.

    Raises:
        CommandFailed: ``unsupportedData``, something that cannot be set differs from what the unit has.
    """
    foreign = [name for name, said in setting.items() if name != section and said != {}]
    now = unit.get(section, {}).get("configuration", {})
    wanted = setting.get(section, {}).get("configuration", {})
    fixed = [name for name, said in wanted.items() if name not in settable and not _same(said, now.get(name))]
    if foreign or fixed:
        raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, f"cannot be set here: {', '.join(foreign + fixed)}")


def _same(said: Any, now: Any) -> bool:
    """Whether both mean the same: a flag that is not shown is not set, and lists here have no order."""
    if isinstance(said, dict):
        shown = now or {}
        return all(bool(value) == bool(shown.get(flag)) for flag, value in said.items())
    if isinstance(said, list):
        return sorted(said) == sorted(now or [])
    return bool(said == now)
