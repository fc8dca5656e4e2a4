"""A fresh copy of the demo bank for each test: on SQLite, or with GUITAI_TEST_DATABASE=postgresql on PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.counter import Counter, copied, seeded
from tests.fakes.postgres import PrivatePostgres

ON_POSTGRESQL = os.environ.get("GUITAI_TEST_DATABASE") == "postgresql"


@dataclass(frozen=True)
class Template:
    """The demo bank, made once: its folder and, on PostgreSQL, the database that copies are made of."""

    folder: Path
    database: str | None = None


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo bank on SQLite, made once."""
    return seeded(tmp_path_factory.mktemp("bank"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Template:
    if not ON_POSTGRESQL:
        return Template(request.getfixturevalue("bank"))
    folder = tmp_path_factory.mktemp("template")
    server: PrivatePostgres = request.getfixturevalue("postgres")
    url = server.fresh_url()
    Counter(folder, url=url, seed_bank=True).close()
    return Template(folder, url.rsplit("/", 1)[1])


@pytest.fixture
def counter(template: Template, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Counter]:
    url = None
    if template.database is not None:
        url = request.getfixturevalue("postgres").fresh_url(template.database)
    made = Counter(copied(template.folder, tmp_path / "bank"), url=url)
    made.machine.report()
    yield made
    made.close()
