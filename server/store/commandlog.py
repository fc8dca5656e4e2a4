"""The command log: a key, whose it is, what was asked, what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text

from server.store.tables import commands
from server.store.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """``outcome``: JSON; ``state``: started | done | refused."""

    key: str
    maker: str
    name: str
    body_digest: str
    at: datetime
    state: str
    outcome: str


class CommandLog:
    """Stored first, then carried out, in the same transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, record: CommandRecord) -> bool:
        """Whether the key is new. A second one waits here for the first one's transaction to end."""
        statement = text(
            "INSERT INTO commands (key, maker, name, body_digest, at, state, outcome) "
            "VALUES (:key, :maker, :name, :body_digest, :at, :state, :outcome) ON CONFLICT (key) DO NOTHING"
        ).bindparams(bindparam("at", type_=UtcDateTime()))
        values = {name: getattr(record, name) for name in CommandRecord.__dataclass_fields__}
        return self._connection.execute(statement, values).rowcount == 1

    def get(self, key: str) -> CommandRecord | None:
        row = self._connection.execute(select(commands).where(commands.c.key == key)).first()
        return None if row is None else CommandRecord(*row)

    def finish(self, key: str, outcome: str) -> None:
        this = commands.c.key == key
        self._connection.execute(commands.update().where(this).values(state="done", outcome=outcome))
