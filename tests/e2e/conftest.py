"""One counter for all visits of a module: starting it takes longer than serving a customer."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from benchmarks.people.scene import QUICK, Scene, scene


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def counter(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """Server, machine, kiosk, teller T-03 and authoriser A-07, all signed on."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GUITAI_FACE__GESTURES", "2")  # two are as good as four where no thief is about
        async with scene(tmp_path_factory.mktemp("counter")) as made:
            await made.staff("T-03")
            await made.staff("A-07")
            await made.kiosk()
            await made.reported()
            yield made


@pytest_asyncio.fixture(loop_scope="module")
async def visit(counter: Scene) -> AsyncIterator[Scene]:
    """The counter at rest; whatever a failed test left behind is ended first."""
    if counter.agent is not None:
        counter.agent.limits = QUICK
    await counter.rest()
    yield counter
    await counter.hands.faults.clear()
