"""A fresh copy of the demo bank for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.counter import Counter, copied, seeded


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo bank, made once."""
    return seeded(tmp_path_factory.mktemp("bank"))


@pytest.fixture
def counter(bank: Path, tmp_path: Path) -> Iterator[Counter]:
    made = Counter(copied(bank, tmp_path / "bank"))
    made.report()
    yield made
    made.close()
