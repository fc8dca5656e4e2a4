"""How a window starts and ends: a process of its own, signed on to a real server."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from ui.kit.automation_client import AutomationClient

pytestmark = pytest.mark.asyncio(loop_scope="module")
SCRIPT = Path(__file__).with_name("window_for_app.py")
HOME = Path(__file__).resolve().parents[3]


class House:
    """A server with the demo bank, and the windows opened at it."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, 0
        self.credentials = data / "demo-credentials.json"
        self.processes: list[Process] = []

    async def start(self, *words: str) -> Process:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(HOME)}
        process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE, env=environment, cwd=HOME)
        self.processes.append(process)
        return process

    async def server(self) -> None:
        process = await self.start(
            str(HOME / "guitai.py"), "server", "--port", "0", "--seed-demo", "--data", str(self.data)
        )
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        self.port = int(line.split()[1].rsplit(":", 1)[1])

    async def window(self, role: str, login: str, credentials: Path | None = None, contact: str = "") -> Process:
        file = str(self.data / contact) if contact else ""
        known = str(credentials or self.credentials)
        return await self.start(str(SCRIPT), str(self.data), str(self.port), role, login, known, file)

    async def contact(self, name: str) -> dict[str, Any]:
        file = self.data / name
        async with asyncio.timeout(60):
            while not file.exists():
                await asyncio.sleep(0.02)
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found

    async def close(self) -> None:
        for process in reversed(self.processes):
            if process.returncode is None:
                process.terminate()
                try:
                    await asyncio.wait_for(process.wait(), 20)
                except TimeoutError:
                    process.kill()
            await process.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    made = House(tmp_path_factory.mktemp("house"))
    try:
        await made.server()
        yield made
    finally:
        await made.close()


async def said(process: Process) -> tuple[int, str]:
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode().strip()


async def test_a_window_signs_on_from_the_file_and_ends_in_order_when_told(house: House) -> None:
    process = await house.window("teller", "T-03", contact="one.json")
    found = await house.contact("one.json")
    assert found["pid"] == process.pid
    assert (house.data / "one.json").stat().st_mode & 0o777 == 0o600
    async with AutomationClient(found["port"], found["token"]) as player:
        assert await player.text("test.number") == "T-03"
        assert (await player.metrics())["line"] == {"lost": False}
    process.send_signal(signal.SIGTERM)
    assert await said(process) == (0, "ready T-03")
    fault = house.data / "logs" / "teller-T-03.fault"
    assert not fault.exists() or fault.stat().st_size == 0


async def test_a_wrong_password_ends_the_process_with_its_code(house: House, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"passwords": {"T-03": "not this one"}}', encoding="utf-8")
    assert await said(await house.window("teller", "T-03", wrong)) == (3, "auth.bad_credentials")


async def test_a_file_without_the_login_ends_the_process(house: House, tmp_path: Path) -> None:
    assert await said(await house.window("teller", "T-03", tmp_path / "none.json")) == (3, "signon.credentials")


async def test_a_login_of_another_role_does_not_get_the_window(house: House) -> None:
    assert await said(await house.window("teller", "A-07")) == (3, "signon.wrong_role")


async def test_a_replaced_window_is_shut_and_can_be_taken_back(house: House) -> None:
    first = await house.window("teller", "T-03", contact="first.json")
    before = await house.contact("first.json")
    second = await house.window("teller", "T-03", contact="second.json")
    after = await house.contact("second.json")
    async with (
        AutomationClient(before["port"], before["token"]) as old,
        AutomationClient(after["port"], after["token"]) as new,
    ):
        await old.wait("out_of_use.again")
        assert (await old.metrics())["line"] == {"lost": True}
        assert not await new.exists("out_of_use.again")
        await old.click("out_of_use.again")
        await new.wait("out_of_use.again")
        async with asyncio.timeout(10):
            while await old.exists("out_of_use.again") or (await old.metrics())["line"]["lost"]:
                await asyncio.sleep(0.02)
    for process in (first, second):
        process.send_signal(signal.SIGTERM)
        assert await said(process) == (0, "ready T-03")
