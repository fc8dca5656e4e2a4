"""A server for the tests of a module, and one of its own for those that change its timings or stop it."""

from collections.abc import Callable, Iterator

import pytest

from server.edge.timings import Timings
from tests.server.edge.harness import QUICK, Bank, Server

MakeServer = Callable[..., Server]


@pytest.fixture
def make_server() -> Iterator[MakeServer]:
    """``make_server(bank, timings, …)``: a running server that is stopped at the end."""
    made: list[Server] = []

    def make(bank: Bank | None = None, timings: Timings = QUICK, **more: object) -> Server:
        server = Server(bank or Bank(), timings, **more)  # type: ignore[arg-type]
        made.append(server)
        return server.start()

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    return make_server()
