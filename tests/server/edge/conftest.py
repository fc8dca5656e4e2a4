"""A server for the tests of a module, and one of its own for those that change its timings or stop it."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from common.settings import Settings
from server.edge.timings import Timings
from server.main import build
from tests.server.edge.harness import QUICK, Bank, Server
from tests.server.edge.real import RealServer

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


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a demonstration bank that no server runs on; to be copied."""
    data = tmp_path_factory.mktemp("seeded")

    async def open_and_close() -> None:
        app = build(Settings(data_dir=data), seed_demo=True)
        async with app.router.lifespan_context(app):
            pass

    asyncio.run(open_and_close())
    return data


@pytest.fixture(scope="session")
def real(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """The real server with the demonstration bank, for tests that do not mind what others do with it."""
    one = RealServer(shutil.copytree(seeded, tmp_path_factory.mktemp("real") / "bank"), "--seed-demo")
    yield one
    one.stop()
