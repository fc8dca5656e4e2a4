"""What a simulated machine's hands do at its safe while cassettes are exchanged."""

from collections.abc import Mapping

from devices.hands.client import Hands


class SafeHands:
    """Empties cassettes and hoppers and puts new notes and coins in; see `ui.engineer_app.exchanging.AtTheSafe`."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    async def open(self) -> None:
        """Open the safe's door."""
        if (await self._hands.get_view()).actions["open_safe"] != "hands.nothing_there":
            await self._hands.act("open_safe")

    async def carry(self, unit: str, notes: Mapping[str, int]) -> None:
        """Fill one cassette."""
        await self._hands.act("load_cassette", unit=unit, notes=dict(notes))

    async def pour(self, unit: str, count: int) -> None:
        """Fill one hopper."""
        await self._hands.act("load_hopper", unit=unit, count=count)

    async def close(self) -> None:
        """Close the door again, if it is not."""
        if (await self._hands.get_view()).actions["close_safe"] is None:
            await self._hands.act("close_safe")
