"""Of the parsed source nothing is kept: its million nodes would cost half a second at each later search for garbage."""

from collections.abc import Iterator

import pytest

from tests.arch.source import statements


@pytest.fixture(scope="package", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    statements.cache_clear()
