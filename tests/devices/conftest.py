"""The rig as a fixture: whatever a test does on it, every recorded message is checked when it ends.

Over all tests of the devices, :data:`tests.devices.judge.VERDICT` keeps the sum: not one message may be wrong.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.devices.judge import VERDICT
from tests.devices.rig import Rig, assert_conformant, start_rig


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    bench = await start_rig(tmp_path)
    yield bench
    await bench.hands.close()
    await bench.machine.close()
    await bench.vtm.close()
    assert assert_conformant(bench.trace) > 10


@pytest.fixture(scope="session", autouse=True)
def every_message_conforms() -> Iterator[None]:
    """What any service wrote in any test of the session conforms to the catalogue."""
    yield
    assert VERDICT.wrong == []
