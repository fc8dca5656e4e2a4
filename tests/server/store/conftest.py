"""The store's contract runs on SQLite and, where Debian's server is installed, on a private PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.database import Database, sqlite_url
from tests.fakes.postgres import PrivatePostgres


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    server: PrivatePostgres = request.getfixturevalue("postgres")
    return server.fresh_url()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = Database(url)
    made.migrate()
    yield made
    made.close()
