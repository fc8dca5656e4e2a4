"""How long the bookings of a withdrawal take, beside the same rows written by hand in the same run.

``python -m benchmarks.posting --cases 50 [--database URL] [--json]``. Whole cases are played through the services;
two commands of each are timed, in milliseconds at the caller:

- ``execute``: customer account → payout clearing, with command log, hold, movement and the case's next version;
- ``settle``: the outcome, clearing → machine cash, without the voucher, which is made in a transaction of its own;
- ``raw``: a hand-written transaction of as many rows of the same sizes on the same database.

Sealing, PIN hashing and the edge are not part of it.
"""

import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection, text

from benchmarks.people.counter import Counter, new_key
from common.commandline import OneLineParser
from common.wire import cases as wire
from common.wire.cases import CardState
from server.services.casework import CaseWork
from server.services.cash import CashService
from server.services.commands import Commands
from server.services.vouchers import VoucherService
from server.store.database import Database

_RAW = (
    "INSERT INTO bench_commands VALUES (:key, 'T-03', 'case.execute', :digest, :at, 'started', '{}')",
    "UPDATE bench_cases SET version = version + 1, document = :document WHERE id = 1",
    "UPDATE bench_balances SET minor = minor - 1 WHERE code = 'a'",
    "UPDATE bench_balances SET minor = minor + 1 WHERE code = 'b'",
    "INSERT INTO bench_entries VALUES (:key, 'cash.payout', :at)",
    "INSERT INTO bench_postings VALUES (:key, 1, 'a', 1)",
    "INSERT INTO bench_postings VALUES (:key, 2, 'b', -1)",
    "UPDATE bench_cases SET version = version WHERE id = 2",
    "INSERT INTO bench_movements VALUES (:key, :movement)",
    "UPDATE bench_commands SET state = 'done' WHERE key = :key",
)
_RAW_TABLES = (
    "CREATE TABLE bench_commands (key VARCHAR(64) PRIMARY KEY, maker TEXT, name TEXT, digest TEXT, at TEXT,"
    " state TEXT, outcome TEXT)",
    "CREATE TABLE bench_cases (id INTEGER PRIMARY KEY, version INTEGER, document TEXT)",
    "CREATE TABLE bench_balances (code VARCHAR(8) PRIMARY KEY, minor BIGINT)",
    "CREATE TABLE bench_entries (id VARCHAR(64) PRIMARY KEY, kind TEXT, at TEXT)",
    "CREATE TABLE bench_postings (entry VARCHAR(64), line INTEGER, account TEXT, minor BIGINT,"
    " PRIMARY KEY (entry, line))",
    "CREATE TABLE bench_movements (id VARCHAR(64) PRIMARY KEY, document TEXT)",
    "INSERT INTO bench_cases VALUES (1, 1, ''), (2, 1, '')",
    "INSERT INTO bench_balances VALUES ('a', 0), ('b', 0)",
)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def figures(samples: Sequence[float]) -> dict[str, float]:
    """p50, p95 and the slowest, in milliseconds."""
    ordered = sorted(samples)
    at = min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))
    return {
        "p50_ms": round(statistics.median(ordered), 2),
        "p95_ms": round(ordered[at], 2),
        "max_ms": round(ordered[-1], 2),
    }


class _Later(VoucherService):
    """Leaves the voucher for after the measurement."""

    def __init__(self) -> None:
        pass

    def make_if_due(self, case_id: str) -> None:
        pass


def _play(counter: Counter, samples: dict[str, list[float]]) -> int:
    """One withdrawal from arrival to goodbye; the size of its document."""
    case_id = counter.visits.ready_withdrawal("100")
    services = counter.services
    samples["execute"].append(_timed(lambda: services.execution.execute(new_key(), counter.teller, case_id)))
    counter.customer.card(case_id, CardState.TAKEN)
    movement = counter.machine.moving(case_id)
    body = wire.CashOutcome(movement_id=movement, known=True, taken={"100": 1})
    service = CashService(counter.parts, CaseWork(counter.parts, Commands(counter.database, counter.clock)), _Later())
    samples["settle"].append(_timed(lambda: service.outcome(new_key(), counter.kiosk, case_id, body)))
    counter.services.vouchers.make_if_due(case_id)
    counter.visits.end(case_id)
    return len(counter.seen(case_id).model_dump_json())


def _raw(database: Database, count: int, size: int) -> list[float]:
    """The rows of ``execute`` written by hand, one transaction each."""
    with database.write() as unit:
        connection: Connection = unit.connection
        for statement in _RAW_TABLES:
            connection.execute(text(statement))
    document = "x" * size

    def batch() -> None:
        values = {"key": str(uuid.uuid4()), "digest": "d" * 64, "at": "2026-11-22", "document": document}
        values["movement"] = "x" * 600
        with database.write() as unit:
            for statement in _RAW:
                unit.connection.execute(text(statement), values)

    return [_timed(batch) for _ in range(count)]


def run(cases: int, url: str | None) -> dict[str, object]:
    """Play and measure; the figures of `main`'s JSON."""
    samples: dict[str, list[float]] = {"execute": [], "settle": []}
    with tempfile.TemporaryDirectory(prefix="guitai-posting-") as folder:
        counter = Counter(Path(folder), url=url, seed_bank=True)
        try:
            counter.machine.report()
            _play(counter, {"execute": [], "settle": []})  # warms statement caches, as a running server has them
            size = max(_play(counter, samples) for _ in range(cases))
            raw = _raw(counter.database, cases, size)
            counter.books.are_right()
        finally:
            counter.close()
    ratio = statistics.median(raw) / statistics.median(samples["execute"])
    return {
        "cases": cases,
        "database": "sqlite" if url is None else url.partition(":")[0],
        "document_bytes": size,
        **{name: figures(values) for name, values in samples.items()},
        "raw": figures(raw),
        "rate_of_raw": round(ratio, 2),
    }


def main(words: Sequence[str] | None = None) -> int:
    parser = OneLineParser(prog="python -m benchmarks.posting", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--database", metavar="URL", help="an empty database; default: SQLite in a new directory")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(words)
    found = run(given.cases, given.database)
    if given.json:
        print(json.dumps(found, indent=1))
    else:
        for name in ("execute", "settle", "raw"):
            print(f"{name:8} {found[name]}")
        print(f"rate of raw: {found['rate_of_raw']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
