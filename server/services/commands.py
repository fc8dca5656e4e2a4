"""Commands: stored first, carried out once, the outcome kept under the key.

The row of the log, the change and its outcome are one transaction. A retry with the same key gets the stored
outcome, be it done or refused; the same key with another body, name or person is refused.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel

from common.clock import Clock
from common.errors import UserError
from server.services.ports import Principal
from server.store.commandlog import CommandRecord
from server.store.database import Database
from server.store.unit import Unit

_KEY = re.compile(r"[0-9a-fA-F-]{32,36}\Z")


@dataclass(frozen=True)
class Done:
    """What a handler answers: ``ref`` names the thing to fetch; ``after`` runs once the transaction is committed."""

    ref: str
    after: tuple[Callable[[], None], ...] = field(default=())


Body = BaseModel | bytes | None


def body_digest(name: str, target: str, body: Body) -> str:
    """SHA-256 over what was asked, so that a reused key is noticed."""
    if isinstance(body, BaseModel):
        content = json.dumps(body.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode()
    else:
        content = body or b""
    return hashlib.sha256(f"{name}\n{target}\n".encode() + content).hexdigest()


class Commands:
    """Runs commands against the log."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def run(self, key: str, who: Principal, name: str, target: str, body: Body, handler: Callable[[Unit], Done]) -> str:
        """Carry a command out, or answer what it came to the first time; the handler's ``ref``.

        Raises:
            UserError: ``command.key_missing``, ``command.key_reused``; whatever the handler refuses with.
            ServiceError: ``store.unavailable``; nothing was kept, the same key may be tried again.
        """
        if not _KEY.match(key):
            raise UserError("command.key_missing")
        record = CommandRecord(
            key, who.number, name, body_digest(name, target, body), self._clock.now(), "started", "{}"
        )
        try:
            with self._database.write() as unit:
                if not unit.commands.begin(record):
                    return self._stored(unit, record)
                done = handler(unit)
                unit.commands.finish(key, json.dumps({"ref": done.ref}))
        except UserError as error:
            if not error.retryable and not error.code.startswith("command."):
                self._refused(record, error)
            raise
        for notify in done.after:
            notify()
        return done.ref

    def _stored(self, unit: Unit, asked: CommandRecord) -> str:
        known = unit.commands.get(asked.key)
        same = known is not None and (known.maker, known.name, known.body_digest) == (
            asked.maker,
            asked.name,
            asked.body_digest,
        )
        if known is None or not same:
            raise UserError("command.key_reused")
        outcome = json.loads(known.outcome)
        if known.state == "refused":
            raise UserError(outcome["code"], **outcome["params"])
        ref: str = outcome["ref"]
        return ref

    def _refused(self, record: CommandRecord, error: UserError) -> None:
        """Keep the refusal; nothing else of the command was kept."""
        outcome = json.dumps({"code": error.code, "params": dict(error.params)}, ensure_ascii=False)
        refused = CommandRecord(
            record.key, record.maker, record.name, record.body_digest, record.at, "refused", outcome
        )
        with self._database.write() as unit:
            unit.commands.begin(refused)
