"""The rig as a fixture: whatever a test does on it, every recorded message is checked when it ends."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.devices.rig import Rig, assert_conformant, start_rig


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    bench = await start_rig(tmp_path)
    yield bench
    await bench.hands.close()
    await bench.machine.close()
    await bench.vtm.close()
    assert assert_conformant(bench.trace) > 10
