"""Live connections by user number. Lives on the event loop."""

import logging
from collections.abc import Callable
from datetime import datetime

from common.wire.sessions import Role
from common.wire.signalling import Message
from server.edge.connection import CloseCode, Connection, Pass
from server.edge.metrics import Metrics
from server.services.ports import Principal, SessionRecord

log = logging.getLogger(__name__)


class Hub:
    """One live connection a number: a newer one replaces the older. Listeners are told of arrivals and departures."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._by_number: dict[str, Connection] = {}
        self._on_arrival: list[Callable[[Principal], None]] = []
        self._on_departure: list[Callable[[Principal], None]] = []

    def listen(self, arrival: Callable[[Principal], None], departure: Callable[[Principal], None]) -> None:
        """Add a pair of listeners, called in the order they were added. A replacement is an arrival only."""
        self._on_arrival.append(arrival)
        self._on_departure.append(departure)

    def attach(self, connection: Connection) -> None:
        """A client has signed on; an older connection of the same number is closed (4409)."""
        old = self._by_number.get(connection.number)
        self._by_number[connection.number] = connection
        if old is not None:
            old.close(CloseCode.REPLACED, "signed on elsewhere")
        self._metrics.count("connections opened")
        for tell in self._on_arrival:
            tell(connection.holder.principal)

    def detach(self, connection: Connection) -> None:
        """A connection ended; no matter if it was replaced before."""
        if self._by_number.get(connection.number) is not connection:
            return
        del self._by_number[connection.number]
        self._metrics.count("connections ended")
        for tell in self._on_departure:
            tell(connection.holder.principal)

    def send(self, number: str, message: Message) -> None:
        """To one user, if connected."""
        if (connection := self._by_number.get(number)) is not None:
            self._metrics.count(f"sent {message.type}")
            connection.send(message)

    def broadcast(self, roles: frozenset[Role], message: Message) -> None:
        """To every connected user of these roles."""
        for connection in list(self._by_number.values()):
            if connection.holder.principal.role in roles:
                connection.send(message)

    def refreshed(self, old_hash: str, new: SessionRecord) -> None:
        """A session got a new token: the connection it opened may stay until that one ends."""
        for connection in self._by_number.values():
            if connection.holder.token_hash == old_hash:
                who = connection.holder.principal
                connection.holder = Pass(who, new.token_hash, new.expires_at)

    def revoked(self, token_hash: str) -> None:
        """A session was ended: so is its connection."""
        for connection in list(self._by_number.values()):
            if connection.holder.token_hash == token_hash:
                connection.close(CloseCode.NOT_SIGNED_ON, "signed off")

    def sweep(self, now: datetime) -> None:
        """Close connections whose session ran out without a refresh."""
        for connection in list(self._by_number.values()):
            if connection.holder.expires_at <= now:
                connection.close(CloseCode.NOT_SIGNED_ON, "session expired")

    def close_all(self) -> None:
        """The server stops; clients come back by themselves."""
        for connection in list(self._by_number.values()):
            connection.close(CloseCode.RESTARTING, "server restarting")

    def __len__(self) -> int:
        return len(self._by_number)
