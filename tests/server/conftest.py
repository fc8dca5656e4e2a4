"""A PostgreSQL of the tests' own, for whoever asks for it."""

from collections.abc import Iterator

import pytest

from tests.fakes.postgres import PrivatePostgres, binaries, private_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    found = binaries()
    if found is None:
        pytest.skip("PostgreSQL's initdb is not installed: apt install postgresql")
    with private_postgres(found) as made:
        yield made
