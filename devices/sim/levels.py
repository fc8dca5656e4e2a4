"""Tells every client which units of a device have become fuller or emptier."""

from collections.abc import Callable

from devices.sim.interface import Interface
from devices.sim.world.base import World


class Levels:
    """Says ``StorageThresholdEvent`` for a Storage interface whenever the world has changed a unit's level.

    Args:
        kind: the member under which the standard has units of this kind: ``card`` or ``cash``.
        read: ``replenishmentStatus`` of each unit now.
    """

    def __init__(self, storage: Interface, kind: str, read: Callable[[], dict[str, str]], world: World) -> None:
        self._storage, self._kind, self._read = storage, kind, read
        self._told = read()
        world.listen(self._watch)

    def _watch(self) -> None:
        levels = self._read()
        changed = {key: level for key, level in levels.items() if level != self._told[key]}
        self._told = levels
        if changed:
            self._storage.broadcast(
                "StorageThresholdEvent",
                {key: {self._kind: {"status": {"replenishmentStatus": level}}} for key, level in changed.items()},
            )
