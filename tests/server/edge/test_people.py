"""One contract for the sessions' store, on the fake and on the database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.errors import UserError
from server.edge.limits import GuessThrottle
from server.services.directory import GuessTable, SessionTable, Users
from server.services.ports import SessionRecord, SessionStore, UserDirectory
from server.store.database import Database, sqlite_url
from tests.fakes.clock import HandClock
from tests.fakes.services import FakeSessionStore, FakeUsers

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
Stores = tuple[UserDirectory, SessionStore]


@pytest.fixture(params=["fake", "database"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    users = FakeUsers()
    if request.param == "fake":
        yield users, FakeSessionStore()
        return
    database = Database(sqlite_url(tmp_path))
    database.migrate()
    with database.write() as unit:
        for login in ("t-01", "k-01"):
            user = users.by_login(login)
            assert user is not None
            unit.people.add(user)
    yield Users(database), SessionTable(database)
    database.close()


def session(name: str, minutes: int) -> SessionRecord:
    return SessionRecord(name * 64, "user-T-01", NOW + timedelta(minutes=minutes))


def test_users_are_found_by_login_and_id(stores: Stores) -> None:
    users, _ = stores
    found = users.by_login("t-01")
    assert found is not None
    assert found.principal.number == "T-01"
    assert users.by_id("user-T-01") == found
    assert users.by_login("T-01' OR 1=1 --") is None
    assert users.by_id("nobody") is None


def test_sessions_are_kept_found_and_forgotten(stores: Stores) -> None:
    _, store = stores
    store.add(session("a", 5))
    store.add(session("b", -1))
    assert store.get("a" * 64) == session("a", 5)
    store.remove_expired(NOW)
    assert store.get("b" * 64) is None
    store.remove("a" * 64)
    assert store.get("a" * 64) is None
    store.add(session("a", 1))
    assert store.get("a" * 64) == session("a", 1)


def test_wrong_passwords_are_counted_by_every_process_and_the_oldest_names_forgotten(tmp_path: Path) -> None:
    clock = HandClock()
    here, there = (Database(sqlite_url(tmp_path)) for _ in range(2))
    here.migrate()
    try:
        one, other = (GuessThrottle(GuessTable(each, keep=2), clock, free=2) for each in (here, there))
        one.failed("t-01")
        other.check("t-01")
        other.failed("t-01")
        with pytest.raises(UserError) as refused:
            one.check("t-01")
        assert (refused.value.code, refused.value.params["retry_after_s"]) == ("auth.too_many", 1)
        for name in ("second", "third"):
            clock.at += 0.1
            other.failed(name)
        one.check("t-01")
        clock.at += 0.1
        one.failed("third")
        one.succeeded("third")
        other.check("third")
        with here.read() as unit:
            rows = unit.connection.exec_driver_sql("SELECT * FROM failed_sign_ons").all()
        assert len(rows) == 1
        assert "second" not in repr(rows)
    finally:
        here.close()
        there.close()
